"""Hotlisting and unblocking a card, opening a login, sending a reset link: K."""

from __future__ import annotations

from tests.support.rule_rows import MISSING, TODAY, Row, cooling

HOTLIST, UNBLOCK, UNLOCK, RESET = "hotlist_card", "unblock_card", "unlock_login", "send_reset_link"
ROWS = (
    # --- hotlist_card -------------------------------------------------------------------------------------------------
    Row("the owner hotlists it", HOTLIST, {"auth_level": 2}, owes=(("confirm_block", TODAY, None), ("reissue_card", None, None), ("owner_told", TODAY, None))),
    Row("a card blocked by the owner too", HOTLIST, {"card_status": "blocked_own"}),
    Row("and by the bank", HOTLIST, {"card_status": "blocked_bank"}),
    Row("AL1 has to prove more", HOTLIST, {"auth_level": 1}, "step_up", "stronger_sign_in", level=2),
    Row("AL0 has the temporary block", HOTLIST, {"auth_level": 0}, "deny", "sign_in_first"),
    Row("so has who does not own it", HOTLIST, {"card_owned": False}, "deny", "not_yours"),
    Row("an address of 29 days", HOTLIST, {"address_changed_d": 29}, "human", "person_checks", role="service_officer"),
    Row("an address of 30", HOTLIST, {"address_changed_d": 30}),
    Row("done before", HOTLIST, {"card_status": "hotlisted"}, "deny", "already_done"),
    Row("expired", HOTLIST, {"card_status": "expired"}, "deny", "nothing_due"),
    Row("the holder has died", HOTLIST, {"customer_deceased": True}, "human", "papers_needed", role="branch_officer"),
    Row("a SIM of today proves nothing", HOTLIST, {"auth_level": 1, "sim_changed_h": 23}, "human", "proof_cooling", role="fraud_team"),
    Row("a number of today neither", HOTLIST, {"auth_level": 1, "mobile_changed_h": 23}, "human", "proof_cooling", role="fraud_team"),
    Row("whose card is not known", HOTLIST, {"card_owned": MISSING}, "deny", "missing_fact"),
    # --- unblock_card -------------------------------------------------------------------------------------------------
    Row("the owner's own block", UNBLOCK, owes=(("owner_told", TODAY, None),)),
    Row("AL3 has to prove more", UNBLOCK, {"auth_level": 3}, "step_up", "stronger_sign_in", level=4),
    Row("another's card", UNBLOCK, {"card_owned": False}, "deny", "not_yours"),
    Row("blocked by the bank", UNBLOCK, {"card_status": "blocked_bank", "card_block_reason": "bank"}, "human", "under_review", role="fraud_team"),
    Row("by its fraud team: the cause is not told", UNBLOCK, {"card_block_reason": "fraud"}, "human", "under_review", role="fraud_team"),
    Row("nobody says why", UNBLOCK, {"card_block_reason": "none"}, "human", "under_review", role="fraud_team"),
    Row("an order", UNBLOCK, {"card_block_reason": "legal"}, "deny", "under_review"),
    Row("hotlisted: a new one comes", UNBLOCK, {"card_status": "hotlisted"}, "deny", "reissue_instead"),
    Row("expired: a new one comes", UNBLOCK, {"card_status": "expired"}, "deny", "reissue_instead"),
    Row("not blocked", UNBLOCK, {"card_status": "active"}, "deny", "already_done"),
    Row("the holder has died", UNBLOCK, {"customer_deceased": True}, "deny", "papers_needed"),
    Row("risk 0.39", UNBLOCK, {"risk_bp": 3999}),
    Row("risk 0.40 is for a person", UNBLOCK, {"risk_bp": 4000}, "human", "person_checks", role="fraud_team"),
    Row("an old score too", UNBLOCK, {"risk_age_s": 901}, "human", "person_checks", role="fraud_team"),
    Row("and none", UNBLOCK, {"risk_bp": MISSING}, "human", "missing_fact", role="fraud_team"),
    *cooling(UNBLOCK, "human", "fraud_team"),
    # --- unlock_login -------------------------------------------------------------------------------------------------
    Row("wrong passwords", UNLOCK, owes=(("owner_told", TODAY, None),)),
    Row("AL2 has to prove more", UNLOCK, {"auth_level": 2}, "step_up", "stronger_sign_in", level=3),
    Row("the second in a week", UNLOCK, {"unlocks_7d": 1}, "human", "person_checks", role="service_officer"),
    Row("held by the fraud team: the cause is not told", UNLOCK, {"lock_reason": "fraud"}, "deny", "under_review"),
    Row("an order", UNLOCK, {"lock_reason": "legal"}, "deny", "under_review"),
    Row("deceased by the lock", UNLOCK, {"lock_reason": "deceased"}, "deny", "papers_needed"),
    Row("deceased by the bank", UNLOCK, {"customer_deceased": True}, "deny", "papers_needed"),
    Row("another's login", UNLOCK, {"login_locked": False}, "deny", "not_yours"),
    Row("no lock", UNLOCK, {"lock_reason": "none"}, "deny", "not_yours"),
    Row("risk 0.40 is for a person", UNLOCK, {"risk_bp": 4000}, "human", "person_checks", role="fraud_team"),
    Row("so is no score", UNLOCK, {"risk_bp": MISSING}, "human", "missing_fact", role="fraud_team"),
    *cooling(UNLOCK, "human", "fraud_team"),
    # --- send_reset_link ----------------------------------------------------------------------------------------------
    Row("who cannot sign in has no level", RESET, {"auth_level": 0}, owes=(("owner_told", TODAY, None),)),
    Row("locked by wrong passwords or not", RESET, {"lock_reason": "none"}),
    Row("a contact of 24 hours", RESET, {"contact_changed_h": 24}),
    Row("a contact of today: another one may do", RESET, {"contact_changed_h": 23, "email_changed_h": 23}, "deny", "other_contact"),
    Row("every contact of today", RESET, {"contact_changed_h": 23, "email_changed_h": 23, "mobile_changed_h": 0}, "human", "proof_cooling", role="fraud_team"),
    Row("an address given in the chat", RESET, {"contact_on_file": False}, "deny", "other_contact"),
    Row("the third in a day", RESET, {"reset_links_24h": 2}),
    Row("the fourth", RESET, {"reset_links_24h": 3}, "deny", "over_limit"),
    Row("held by the fraud team: the cause is not told", RESET, {"lock_reason": "fraud"}, "deny", "under_review"),
    Row("an order", RESET, {"lock_reason": "legal"}, "deny", "under_review"),
    Row("deceased by the lock", RESET, {"lock_reason": "deceased"}, "deny", "papers_needed"),
    Row("deceased by the bank", RESET, {"customer_deceased": True}, "deny", "papers_needed"),
)  # fmt: skip
