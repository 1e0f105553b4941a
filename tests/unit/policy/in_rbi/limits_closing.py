"""Changing limits and asking for an account to be closed: K, D-04, D-07, G-09."""

from __future__ import annotations

from tests.support.rule_rows import LAKH, MISSING, Row, cooling

LIMIT, CLOSE = "change_limit", "close_account"
LOWER = {"limit_new_minor": 500_000}
ROOM = {"limit_bank_cap_minor": 100 * LAKH}
CARD = {"account_type": "credit_card"}
ROWS = (
    # --- change_limit -------------------------------------------------------------------------------------------------
    Row("raised within the bank's cap", LIMIT, reason="approved"),
    Row("to the cap exactly", LIMIT, {"limit_new_minor": LAKH}),
    Row("a paisa over the bank's cap", LIMIT, {"limit_new_minor": LAKH - 1, "limit_bank_cap_minor": LAKH - 2}, "human", "over_limit", role="service_officer"),
    Row("switched on", LIMIT, {"limit_old_minor": 0}),
    Row("AL3 has to prove more", LIMIT, {"auth_level": 3}, "step_up", "stronger_sign_in", level=4),
    Row("lowered at AL2", LIMIT, LOWER | {"auth_level": 2}),
    Row("switched off at AL2", LIMIT, {"limit_new_minor": 0, "auth_level": 2}),
    Row("left as it is", LIMIT, {"limit_new_minor": 1_000_000, "auth_level": 2}),
    Row("lowered at AL1", LIMIT, LOWER | {"auth_level": 1}, "step_up", "stronger_sign_in", level=2),
    Row("UPI over Rs 1 lakh", LIMIT, ROOM | {"limit_new_minor": LAKH + 1}, "deny", "over_limit"),
    Row("another kind may", LIMIT, ROOM | {"limit_new_minor": LAKH + 1, "limit_kind": "neft"}),
    Row("IMPS of Rs 5 lakh", LIMIT, ROOM | {"limit_new_minor": 5 * LAKH, "limit_kind": "imps"}),
    Row("a paisa over", LIMIT, ROOM | {"limit_new_minor": 5 * LAKH + 1, "limit_kind": "imps"}, "deny", "over_limit"),
    *cooling(LIMIT, "deny"),
    Row("a lower limit waits for nothing", LIMIT, LOWER | {"sim_changed_h": 1, "risk_bp": 9000}),
    Row("risk 0.39", LIMIT, {"risk_bp": 3999}),
    Row("risk 0.40 is for a person", LIMIT, {"risk_bp": 4000}, "human", "person_checks", role="fraud_team"),
    Row("so is no score", LIMIT, {"risk_bp": MISSING}, "human", "missing_fact", role="fraud_team"),
    *(Row(f"{kind} order", LIMIT, {"account_frozen": True, "account_freeze_kind": kind}, "deny", "dues_first") for kind in ("court", "police", "lien")),
    # --- close_account ------------------------------------------------------------------------------------------------
    Row("a person carries it out", CLOSE, verdict="human", reason="person_checks", role="service_officer", owes_no=("checklist", "close_by")),
    Row("AL3 has to prove more", CLOSE, {"auth_level": 3}, "step_up", "stronger_sign_in", level=4, owes_no=("close_by",)),
    Row("a SIM of today proves nothing", CLOSE, {"auth_level": 3, "sim_changed_h": 3}, "human", "proof_cooling", role="fraud_team"),
    Row("a lien", CLOSE, {"lien_minor": 1}, "deny", "dues_first"),
    *(Row(f"{kind} order", CLOSE, {"account_frozen": True, "account_freeze_kind": kind}, "deny", "dues_first") for kind in ("court", "police", "lien")),
    Row(
        "a credit card paid off starts seven working days",
        CLOSE,
        CARD,
        "human",
        "person_checks",
        role="service_officer",
        owes=(("close_by", "2026-12-02", None), ("closure_penalty", "2026-12-02", 50_000)),  # a fourth Saturday and a Sunday left out
    ),
    Row("not while it is not proven who asks", CLOSE, CARD | {"auth_level": 3}, "step_up", level=4, owes_no=("close_by",)),
    Row("a card with dues", CLOSE, CARD | {"dues_minor": 1}, "deny", "dues_first", owes=(("checklist", None, 1),), owes_no=("close_by",)),
    Row("dues of an account are on the list", CLOSE, {"dues_minor": 70_000}, "human", "person_checks", owes=(("checklist", None, 70_000),)),
    Row("so are mandates", CLOSE, {"active_mandates": 2}, "human", "person_checks", owes=(("checklist", None, None),)),
    Row("and the other holders", CLOSE, {"ownership_mode": "jointly"}, "human", "person_checks", owes=(("checklist", None, None),)),
    Row("asked before", CLOSE, {"closure_requested": True}, "deny", "already_done"),
    Row("closed", CLOSE, {"account_status": "closed"}, "deny", "already_done"),
)  # fmt: skip
