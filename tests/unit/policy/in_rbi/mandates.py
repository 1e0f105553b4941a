"""Standing debits: D-03."""

from __future__ import annotations

from tests.support.rule_rows import LAKH, MISSING, Row, cooling
from tests.unit.policy.in_rbi.general import REGISTER

CHANGE, DEBIT = "change_mandate", "debit_mandate"
SKIP = {"mandate_operation": "skip_next", "auth_level": 2}
MODIFY = {"mandate_operation": "modify"}
ROOM = {"mandate_max_minor": 90 * LAKH}
LARGE_KINDS = ("insurance", "mutual_fund", "credit_card_bill")
ROWS = (
    # --- change_mandate -----------------------------------------------------------------------------------------------
    Row("withdrawn with an additional factor", CHANGE, reason="approved"),
    Row("changed", CHANGE, MODIFY),
    Row("registered", CHANGE, REGISTER),
    *(Row(f"{each} at AL3", CHANGE, {"mandate_operation": each, "auth_level": 3, "mandate_status": status}, "step_up", "stronger_sign_in", level=4)
      for each, status in (("register", "none"), ("modify", "active"), ("withdraw", "active"))),
    Row("one debit left out at AL2", CHANGE, SKIP),
    Row("at AL1", CHANGE, SKIP | {"auth_level": 1}, "step_up", "stronger_sign_in", level=2),
    Row("another's mandate", CHANGE, {"mandate_owned": False}, "deny", "not_yours"),
    Row("on record already", CHANGE, {"mandate_operation": "register"}, "deny", "already_done"),
    Row("withdrawn before", CHANGE, {"mandate_status": "withdrawn"}, "deny", "nothing_due"),
    Row("operated jointly", CHANGE, REGISTER | {"ownership_mode": "jointly"}, "human", "papers_needed", role="branch_officer"),
    Row("one holder may withdraw", CHANGE, {"ownership_mode": "jointly"}),
    *(Row(f"{kind} order", CHANGE, what | {"account_frozen": True, "account_freeze_kind": kind}, "human", "person_checks", role="legal_officer")
      for kind in ("court", "police", "lien") for what in (REGISTER, {}, SKIP)),
    Row("the customer's own block hinders no withdrawal", CHANGE, {"account_frozen": True, "account_freeze_kind": "own"}),
    *cooling(CHANGE, "human", "fraud_team", **REGISTER),
    Row("withdrawing waits for nothing", CHANGE, {"sim_changed_h": 1, "risk_bp": 9000}),
    Row("risk 0.40 is for a person", CHANGE, MODIFY | {"risk_bp": 4000}, "human", "person_checks", role="fraud_team"),
    Row("so is no score", CHANGE, MODIFY | {"risk_bp": MISSING}, "human", "missing_fact", role="fraud_team"),
    # --- debit_mandate ------------------------------------------------------------------------------------------------
    Row("Rs 15,000, announced a day before", DEBIT, ROOM | {"amount_minor": 1_500_000, "pre_debit_notice_h": 24}, reason="approved"),
    Row("a paisa over", DEBIT, ROOM | {"amount_minor": 1_500_001}, "step_up", "stronger_sign_in", level=4),
    Row("which AL4 may", DEBIT, ROOM | {"amount_minor": 1_500_001, "auth_level": 4}),
    *(Row(f"{kind}: Rs 1 lakh", DEBIT, ROOM | {"mandate_category": kind, "amount_minor": LAKH}) for kind in LARGE_KINDS),
    *(Row(f"{kind}: a paisa over", DEBIT, ROOM | {"mandate_category": kind, "amount_minor": LAKH + 1}, "step_up", "stronger_sign_in", level=4) for kind in LARGE_KINDS),
    Row("FASTag over Rs 15,000", DEBIT, ROOM | {"mandate_category": "fastag", "amount_minor": 1_500_001}, "step_up", level=4),
    Row("the first debit", DEBIT, {"mandate_first_debit": True}, "step_up", "stronger_sign_in", level=4),
    Row("a paisa more than was registered", DEBIT, {"amount_minor": 1_500_001, "auth_level": 4}, "deny", "over_limit"),
    Row("announced 23 hours before", DEBIT, {"pre_debit_notice_h": 23}, "deny", "nothing_due", owes=(("pre_debit_notice", "2026-11-23", None),)),
    Row("FASTag needs no notice", DEBIT, {"pre_debit_notice_h": 0, "mandate_category": "fastag"}),
    Row("withdrawn", DEBIT, {"mandate_status": "withdrawn"}, "deny", "nothing_due"),
    Row("another's mandate", DEBIT, {"mandate_owned": False}, "deny", "not_yours"),
    Row("from a chat", DEBIT, {"proposer": "assistant"}, "deny", "in_the_app"),
    Row("by staff", DEBIT, {"proposer": "staff"}, "deny", "in_the_app"),
    Row("by an SOP step", DEBIT, {"proposer": "sop"}),
    Row("dollars", DEBIT, {"currency": "USD"}, "deny", "nothing_due"),
)  # fmt: skip
