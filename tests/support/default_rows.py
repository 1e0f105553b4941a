"""Worked examples of the bank's own defaults (K), as the packs of the US and the EU hold them: the same figures in two currencies."""

from __future__ import annotations

from typing import Any

from tests.support.worked_rows import MISSING, Row

BALANCE, STATEMENT = "disclose_balance", "disclose_statement"
BLOCK, REPORT, COMPLAINT, DISPUTE = "block_card", "report_fraud", "open_complaint", "open_dispute"
HOTLIST, UNBLOCK, UNLOCK, RESET = "hotlist_card", "unblock_card", "unlock_login", "send_reset_link"
CREDIT, FEE, TWICE = "provisional_credit", "refund_fee", "reverse_duplicate_debit"
LIMIT, CLOSE, TRANSFER = "change_limit", "close_account", "transfer"
GOODWILL = {"fee_error_proven": False}
LOWER = {"limit_new_minor": 500_000, "auth_level": 2}
OWN = {"payee_kind": "own"}
COURT = {"account_frozen": True, "account_freeze_kind": "court"}
HELD = {"account_frozen": True, "account_freeze_kind": "fraud"}
DORMANT = {"account_status": "dormant"}
TODAY = "2026-11-23"


def amount(minor: int) -> dict[str, Any]:
    """A payment and a credit of that much."""
    return {"amount_minor": minor, "txn_amount_minor": -minor}


DISCLOSING = (
    Row("the owner at AL3 is told the balance", BALANCE, reason="approved"),
    Row("and gets a statement", STATEMENT, reason="approved"),
    Row("AL2 has to prove more", BALANCE, {"auth_level": 2}, "step_up", "stronger_sign_in", level=3),
    Row("AL1 is a name only", BALANCE, {"auth_level": 1}, "deny", "sign_in_first"),
    Row("another's account is like none", BALANCE, {"account_owned": False}, "deny", "not_yours"),
    Row("a SIM of today proves nothing", BALANCE, {"auth_level": 2, "sim_changed_h": 23}, "human", "proof_cooling", role="fraud_team"),
    Row("one of yesterday does", BALANCE, {"auth_level": 2, "mobile_changed_h": 24}, "step_up", level=3),
    Row("an attorney shows papers", STATEMENT, {"ownership_mode": "poa"}, "human", "papers_needed", role="branch_officer"),
    Row("so does a claimant", BALANCE, {"customer_deceased": True}, "human", "papers_needed", role="branch_officer"),
    Row("e-mail may be read by others", STATEMENT, {"channel": "email"}, "deny", "not_on_shared_channel"),
    Row("switched off", BALANCE, {"kill_switch": True}, "deny", "switched_off"),
    Row("an incident lets protection through only", BALANCE, {"duty_mode": "incident"}, "deny", "service_limited"),
    Row("who wants a person gets one", BALANCE, {"human_requested": True}, "human", "person_checks", role="service_officer"),
)  # fmt: skip
PROTECTION = (
    Row("a card is blocked at once", BLOCK, owes=(("confirm_block", TODAY, None), ("owner_told", TODAY, None))),
    Row("by anybody, in an incident", BLOCK, {"auth_level": 0, "card_owned": False, "duty_mode": "incident", "kill_switch": True}),
    Row("fraud is reported by anybody", REPORT, {"auth_level": 0}, owes=(("acknowledge", TODAY, None), ("stop_misuse", TODAY, None))),
    Row("a complaint needs to know whose it is", COMPLAINT, {"auth_level": 0}, "step_up", "sign_in_first", level=1),
    Row("and gets its number", COMPLAINT, {"auth_level": 1, "kill_switch": True, "duty_mode": "incident"}, owes=(("acknowledge", TODAY, None),)),
    Row("a second one the same", COMPLAINT, {"complaint_open_same_ref": True}, owes=(("existing_reference", TODAY, None),)),
    Row("a report of fraud needs no sign-in", DISPUTE, {"auth_level": 0, "txn_found": MISSING, "txn_owned": MISSING}, owes=(("stop_misuse", TODAY, None),)),
    Row("another dispute does", DISPUTE, {"auth_level": 0, "dispute_type": "duplicate"}, "step_up", "sign_in_first", level=1),
    Row("without its type a person asks", DISPUTE, {"dispute_type": MISSING}, "human", "missing_fact", role="disputes_officer"),
    Row("a payment nobody finds", DISPUTE, {"txn_found": False}, "human", "not_yours", role="fraud_team"),
    Row("another's payment reads the same", DISPUTE, {"txn_owned": False}, "human", "not_yours", role="fraud_team"),
    Row("cash needs papers", DISPUTE, {"txn_rail": "cash", "dispute_type": "wrong_amount"}, "human", "papers_needed", role="branch_officer", owes=(("evidence", None, None),)),
    Row("a second dispute gives the first number", DISPUTE, {"txn_disputed": True}, owes=(("existing_reference", TODAY, None),)),
)  # fmt: skip
CARDS = (
    Row("the owner blocks for good", HOTLIST, {"auth_level": 2}, owes=(("reissue_card", None, None),)),
    Row("nobody has the temporary block", HOTLIST, {"auth_level": 0}, "deny", "sign_in_first"),
    Row("what staff propose another one signs", HOTLIST, {"auth_level": 0, "proposer": "staff", "origin": "staff"}, "human", "person_checks", role="service_officer"),
    Row("a name alone does not", HOTLIST, {"auth_level": 1}, "step_up", "stronger_sign_in", level=2),
    Row("not another's card", HOTLIST, {"card_owned": False}, "deny", "not_yours"),
    Row("not twice", HOTLIST, {"card_status": "hotlisted"}, "deny", "already_done"),
    Row("not to an address of last month", HOTLIST, {"address_changed_d": 29}, "human", "person_checks", role="service_officer"),
    Row("an address of 30 days will do", HOTLIST, {"address_changed_d": 30}),
    Row("the estate settles it", HOTLIST, {"customer_deceased": True}, "human", "papers_needed"),
    Row("the owner lifts the own block", UNBLOCK, reason="approved"),
    Row("with a fresh proof", UNBLOCK, {"auth_level": 3}, "step_up", "stronger_sign_in", level=4),
    Row("not another's", UNBLOCK, {"card_owned": False}, "deny", "not_yours"),
    Row("blocked for good stays so", UNBLOCK, {"card_status": "hotlisted"}, "deny", "reissue_instead"),
    Row("an authority's block", UNBLOCK, {"card_block_reason": "legal"}, "deny", "dues_first"),
    Row("the bank's block is not the bot's to lift", UNBLOCK, {"card_status": "blocked_bank", "card_block_reason": "fraud"}, "human", "under_review", role="fraud_team"),
    Row("nobody says why it is blocked", UNBLOCK, {"card_block_reason": "none"}, "human", "under_review", role="fraud_team"),
    Row("not blocked at all", UNBLOCK, {"card_status": "active"}, "deny", "already_done"),
    Row("a device of today", UNBLOCK, {"device_changed_h": 1}, "human", "proof_cooling", role="fraud_team"),
    Row("raised risk", UNBLOCK, {"risk_bp": 4000}, "human", "person_checks", role="fraud_team"),
    Row("the dead are given no access", UNBLOCK, {"customer_deceased": True}, "deny", "papers_needed"),
)  # fmt: skip
LOGINS = (
    Row("wrong passwords are forgiven once", UNLOCK, reason="approved"),
    Row("to whom is known otherwise", UNLOCK, {"auth_level": 2}, "step_up", "stronger_sign_in", level=3),
    Row("no lock, nothing to do", UNLOCK, {"login_locked": False}, "deny", "already_done"),
    Row("locked for no reason given", UNLOCK, {"lock_reason": "none"}, "deny", "under_review"),
    Row("a lock of the fraud team", UNLOCK, {"lock_reason": "fraud"}, "deny", "under_review"),
    Row("twice in a week", UNLOCK, {"unlocks_7d": 1}, "human", "person_checks", role="fraud_team"),
    Row("a number of today", UNLOCK, {"mobile_changed_h": 3}, "human", "proof_cooling"),
    Row("no score of risk", UNLOCK, {"risk_bp": MISSING}, "human", "missing_fact", role="fraud_team"),
    Row("a link to a contact on file", RESET, owes=(("owner_told", TODAY, None),)),
    Row("to none that is not", RESET, {"contact_on_file": False}, "deny", "other_contact"),
    Row("nor to one of today while another stands", RESET, {"contact_changed_h": 2, "email_changed_h": 2}, "deny", "other_contact"),
    Row("all of today", RESET, {"contact_changed_h": 2, "email_changed_h": 2, "mobile_changed_h": 3}, "human", "proof_cooling", role="fraud_team"),
    Row("the fourth in a day", RESET, {"reset_links_24h": 3}, "deny", "over_limit"),
    Row("a login held for another reason", RESET, {"lock_reason": "legal"}, "deny", "under_review"),
    Row("who cannot sign in has no level", RESET, {"auth_level": MISSING}),
    Row("a procedure may send one", RESET, {"auth_level": 0, "proposer": "sop"}),
    Row("not one that a text set off", RESET, {"auth_level": 0, "proposer": "sop", "origin": "text"}, "deny", "sign_in_first"),
)  # fmt: skip
REFUNDS = (
    Row("a fee not due is given back", FEE, reason="approved"),
    Row("at AL2", FEE, {"auth_level": 2}),
    Row("not at AL1", FEE, {"auth_level": 1}, "step_up", "stronger_sign_in", level=2),
    Row("another's fee", FEE, {"fee_found": False}, "deny", "not_yours"),
    Row("not twice", FEE, {"fee_refunded": True}, "deny", "already_done"),
    Row("a tax by itself", FEE, {"fee_is_tax": True}, "deny", "nothing_due"),
    Row("a cent more than was charged", FEE, {"amount_minor": 2_001}, "deny", "over_limit"),
    Row("50.00 of proven error", FEE, {"amount_minor": 5_000, "fee_amount_minor": 9_000}),
    Row("a cent over", FEE, {"amount_minor": 5_001, "fee_amount_minor": 9_000}, "human", "over_limit", role="payments_officer"),
    Row("goodwill of 25.00", FEE, GOODWILL | {"amount_minor": 2_500, "fee_amount_minor": 9_000}),
    Row("a cent over", FEE, GOODWILL | {"amount_minor": 2_501, "fee_amount_minor": 9_000}, "human", "over_limit"),
    Row("the third gesture of a year", FEE, GOODWILL | {"goodwill_refunds_12m": 2}, "human", "over_limit"),
    Row("split requests add up", FEE, {"refunds_90d_minor": 5_501}, "human", "over_limit"),
    Row("250.00 exactly: one person", FEE, {"amount_minor": 25_000, "fee_amount_minor": 90_000}, "human", "over_limit"),
    Row("a cent over: two", FEE, {"amount_minor": 25_001, "fee_amount_minor": 90_000}, "human", "over_limit", four_eyes=True),
    Row("250.01 with what was given back before: two", FEE, {"refunds_90d_minor": 23_001}, "human", "over_limit", four_eyes=True),
    Row("not posted yet", TWICE, {"txn_status": "pending"}, "human", "person_checks", role="payments_officer"),
    Row("a payment taken twice is reversed", TWICE, reason="approved"),
    Row("at AL2 it is, at AL1 not", TWICE, {"auth_level": 1}, "step_up", level=2),
    Row("another's payment", TWICE, {"txn_owned": False}, "deny", "not_yours"),
    Row("its reversal waits", TWICE, {"reversal_state": "queued"}, "deny", "settled_elsewhere"),
    Row("it is reversed", TWICE, {"txn_status": "reversed"}, "deny", "already_done"),
    Row("two references are a dispute", TWICE, {"same_reference": False}, "human", "person_checks", role="payments_officer"),
    Row("two amounts too", TWICE, {"same_amount": False}, "human", "person_checks", role="payments_officer"),
    *(Row(f"settled: {legs}", TWICE, {"settled_legs": legs}, "deny", "dispute_first") for legs in ("none", "both", "unknown")),
    Row("the other one is not found", TWICE, {"original_found": False}, "deny", "not_yours"),
    Row("90 days", TWICE, {"txn_age_days": 90}),
    Row("after 90 days", TWICE, {"txn_age_days": 91}, "deny", "window_closed"),
    Row("500.00 exactly", TWICE, amount(50_000)),
    Row("a cent over", TWICE, amount(50_001), "human", "over_limit", role="payments_officer"),
    Row("over 2,500.00 two people", TWICE, amount(250_001), "human", "over_limit", four_eyes=True),
    Row("more than was taken", TWICE, {"amount_minor": 40_001}, "deny", "over_limit"),
    Row("a court's order on the account", TWICE, COURT, "human", "person_checks", role="legal_officer"),
    Row("held by the fraud team", FEE, HELD, "human", "under_review", role="fraud_team"),
    Row("a dormant account", FEE, DORMANT, "human", "person_checks", role="branch_officer"),
    Row("a job has nobody beside it", FEE, {"proposer": "job", "auth_level": 0}, "human", "person_checks", role="service_officer"),
    Row("nor have staff: another of them signs", FEE, {"proposer": "staff", "origin": "staff", "auth_level": 0}, "human", "person_checks", role="service_officer"),
    Row("whatever the level", FEE, {"proposer": "staff", "auth_level": 4}, "human", "person_checks", role="service_officer"),
    Row("a procedure that a text set off", FEE, {"proposer": "sop", "origin": "text"}, "deny", "sign_in_first"),
    Row("who set it off otherwise counts for nothing", FEE, {"proposer": "sop", "origin": "staff"}),
    Row("yen", FEE, {"currency": "JPY"}, "human", "person_checks", role="payments_officer"),
    Row("a clock that went back", FEE, {"clock_ok": False}, "deny", "service_limited"),
)  # fmt: skip
SERVICE = (
    Row("a limit is lowered at AL2", LIMIT, LOWER),
    Row("not at AL1", LIMIT, LOWER | {"auth_level": 1}, "step_up", "stronger_sign_in", level=2),
    Row("lowered whatever the risk and the phone", LIMIT, LOWER | {"risk_bp": 9000, "sim_changed_h": 1}),
    Row("raised at AL4", LIMIT, reason="approved"),
    Row("not at AL3", LIMIT, {"auth_level": 3}, "step_up", "stronger_sign_in", level=4),
    Row("not another's", LIMIT, {"account_owned": False}, "deny", "not_yours"),
    Row("not under an order", LIMIT, COURT, "deny", "dues_first"),
    Row("no rail of another country", LIMIT, {"limit_kind": "upi"}, "deny", "not_allowed"),
    Row("above the bank's cap", LIMIT, {"limit_new_minor": 10_000_001}, "human", "over_limit", role="service_officer"),
    Row("raised with a SIM of today", LIMIT, {"sim_changed_h": 5}, "human", "proof_cooling", role="fraud_team"),
    Row("raised at raised risk", LIMIT, {"risk_bp": 4000}, "human", "person_checks", role="fraud_team"),
    Row("raised on an old score", LIMIT, {"risk_age_s": 901}, "human", "person_checks", role="fraud_team"),
    Row("of an account that all holders operate", LIMIT, {"ownership_mode": "jointly"}, "human", "papers_needed"),
    Row("the wish to close goes to a person, with a checklist", CLOSE, {}, "human", "person_checks", role="service_officer", owes=(("checklist", TODAY, None),)),
    Row("and with what is still open", CLOSE, {"active_mandates": 2}, "human", owes=(("checklist", None, None),)),
    Row("an attorney's wish goes to a branch", CLOSE, {"ownership_mode": "poa"}, "human", "papers_needed", role="branch_officer"),
    Row("at AL4 only", CLOSE, {"auth_level": 3}, "step_up", "stronger_sign_in", level=4),
    Row("not with a lien", CLOSE, {"lien_minor": 1}, "deny", "dues_first"),
    Row("not under an order", CLOSE, COURT, "deny", "dues_first"),
    Row("not with dues on a card", CLOSE, {"account_type": "credit_card", "dues_minor": 1}, "deny", "dues_first"),
    Row("not twice", CLOSE, {"closure_requested": True}, "deny", "already_done"),
)  # fmt: skip
TRANSFERS = (
    Row("to the own account", TRANSFER, OWN),
    Row("2,500.00 a day exactly", TRANSFER, OWN | {"amount_minor": 200_000, "transfers_24h_minor": 50_000}),
    Row("a cent over", TRANSFER, OWN | {"amount_minor": 200_001, "transfers_24h_minor": 50_000}, "human", "over_limit", role="payments_officer"),
    Row("to a payee on file", TRANSFER, reason="approved"),
    Row("500.00 a day exactly", TRANSFER, {"transfers_24h_minor": 10_000}),
    Row("a cent over", TRANSFER, {"transfers_24h_minor": 10_001}, "human", "over_limit", role="payments_officer"),
    Row("with a fresh proof", TRANSFER, {"auth_level": 3}, "step_up", "stronger_sign_in", level=4),
    Row("to the own account too", TRANSFER, OWN | {"auth_level": 3}, "step_up", "stronger_sign_in", level=4),
    Row("a payee of today", TRANSFER, {"payee_age_h": 23}, "deny", "in_the_app"),
    Row("a new one", TRANSFER, {"payee_kind": "new"}, "deny", "in_the_app"),
    Row("out of the bank", TRANSFER, {"transfer_rail": "neft"}, "deny", "in_the_app"),
    Row("a frozen account", TRANSFER, COURT, "deny", "dues_first"),
    Row("an order, whatever the flag says", TRANSFER, {"account_freeze_kind": "police"}, "deny", "dues_first"),
    Row("one under review", TRANSFER, HELD, "deny", "under_review"),
    Row("a dormant one", TRANSFER, DORMANT, "human", "person_checks", role="branch_officer"),
    Row("a wish found in a document", TRANSFER, {"origin": "text"}, "deny", "not_allowed"),
    Row("somebody else directs", TRANSFER, {"coercion_signs": True}, "human", "person_checks", role="fraud_team"),
    Row("another name", TRANSFER, {"payee_name_match": "mismatch"}, "human", "person_checks", role="payments_officer"),
    Row("high risk", TRANSFER, {"risk_bp": 7000}, "human", "person_checks", role="fraud_team"),
    Row("an e-mail address of today", TRANSFER, {"email_changed_h": 0}, "human", "proof_cooling", role="fraud_team"),
)  # fmt: skip
CREDITS = (
    Row("AL2 has to prove more", CREDIT, {"auth_level": 2}, "step_up", "stronger_sign_in", level=3),
    Row("another's payment", CREDIT, {"txn_owned": False}, "deny", "not_yours"),
    Row("credited before", CREDIT, {"prior_credit_same_ref": True}, "deny", "already_done"),
    Row("reversed", CREDIT, {"txn_status": "reversed"}, "deny", "already_done"),
    Row("no dispute on record", CREDIT, {"txn_disputed": False}, "deny", "dispute_first"),
    Row("not posted yet", CREDIT, {"txn_status": "pending"}, "human", "person_checks", role="disputes_officer"),
    Row("a cent more than was taken", CREDIT, {"amount_minor": 40_001}, "deny", "over_limit"),
    Row("500.00 exactly", CREDIT, amount(50_000)),
    Row("a cent over", CREDIT, amount(50_001), "human", "over_limit", role="disputes_officer"),
    Row("2,500.00 exactly: one person", CREDIT, amount(250_000), "human", "over_limit"),
    Row("a cent over: two", CREDIT, amount(250_001), "human", "over_limit", four_eyes=True),
    Row("1,500.00 a year exactly", CREDIT, {"credits_12m_minor": 110_000}),
    Row("a cent over", CREDIT, {"credits_12m_minor": 110_001}, "human", "over_limit"),
    Row("another credit is open", CREDIT, {"open_provisional_credits": 1}, "human", "over_limit"),
    Row("risk 0.40 asks one level more", CREDIT, {"risk_bp": 4000}, "step_up", "stronger_sign_in", level=4),
    Row("which AL4 has", CREDIT, {"risk_bp": 6999, "auth_level": 4}),
    Row("risk 0.70 is for a person", CREDIT, {"risk_bp": 7000, "auth_level": 4}, "human", "person_checks", role="fraud_team"),
    Row("no score", CREDIT, {"risk_bp": MISSING}, "human", "missing_fact", role="fraud_team"),
    Row("an officer's order", CREDIT, COURT, "human", "person_checks", role="legal_officer"),
)  # fmt: skip
DEFAULTS = (*DISCLOSING, *PROTECTION, *CARDS, *LOGINS, *REFUNDS, *SERVICE, *TRANSFERS, *CREDITS)
#: Controls that alone stand between a row and approval: (rule, action, the row's sentence).
CONTROLS = (
    ("BRAKE-SWITCH", BALANCE, "switched off"), ("BRAKE-DUTY", BALANCE, "an incident lets protection through only"),
    ("BRAKE-CLOCK", FEE, "a clock that went back"), ("PERSON-WANTED", BALANCE, "who wants a person gets one"),
    ("DISCLOSE-SHARED", STATEMENT, "e-mail may be read by others"), ("FEE-CAP-TOTAL", FEE, "split requests add up"),
    ("PROPOSAL-ORIGIN", FEE, "a procedure that a text set off"), ("HOTLIST-ADDRESS", HOTLIST, "not to an address of last month"),
    ("UNLOCK-AGAIN", UNLOCK, "twice in a week"), ("RESET-COUNT", RESET, "the fourth in a day"), ("TWICE-OLD", TWICE, "after 90 days"),
    ("LIMIT-RISK", LIMIT, "raised on an old score"), ("TRANSFER-COERCION", TRANSFER, "somebody else directs"),
    ("TRANSFER-RAIL", TRANSFER, "out of the bank"), ("CREDIT-ONE-OPEN", CREDIT, "another credit is open"),
    ("CREDIT-NO-DISPUTE", CREDIT, "no dispute on record"), ("CREDIT-ALREADY-BACK", CREDIT, "reversed"),
    ("MORE-THAN-TAKEN", CREDIT, "a cent more than was taken"),
)  # fmt: skip
