"""Giving back fees and payments taken twice: K, E-08, G-05."""

from __future__ import annotations

from typing import Any

from tests.support.rule_rows import MISSING, Row

FEE, TWICE = "refund_fee", "reverse_duplicate_debit"
LARGE = {"fee_amount_minor": 10_000_000}
GOODWILL = {"fee_error_proven": False, "amount_minor": 50_000}
DORMANT = {"account_status": "dormant", "fee_error_proven": False}


def of(amount: int, **change: Any) -> dict[str, Any]:
    return {"amount_minor": amount, "txn_amount_minor": -amount, **change}


ROWS = (
    # --- refund_fee ---------------------------------------------------------------------------------------------------
    Row("the bank's error is proven", FEE, {"auth_level": 2}, reason="approved"),
    Row("Rs 1,000 exactly", FEE, LARGE | {"amount_minor": 100_000}),
    Row("a paisa over", FEE, LARGE | {"amount_minor": 100_001}, "human", "over_limit", role="payments_officer"),
    Row("goodwill of Rs 500", FEE, GOODWILL),
    Row("a paisa over", FEE, GOODWILL | {"amount_minor": 50_001}, "human", "over_limit", role="payments_officer"),
    Row("the second goodwill in a year", FEE, GOODWILL | {"goodwill_refunds_12m": 1}),
    Row("the third", FEE, GOODWILL | {"goodwill_refunds_12m": 2}, "human", "over_limit", role="payments_officer"),
    Row("an error is no goodwill, however often", FEE, {"goodwill_refunds_12m": 9}),
    Row("Rs 1,500 in 90 days exactly", FEE, {"refunds_90d_minor": 91_000}),
    Row("a paisa over", FEE, {"refunds_90d_minor": 91_001}, "human", "over_limit", role="payments_officer"),
    Row("Rs 5,000: one person", FEE, LARGE | {"amount_minor": 500_000}, "human", "over_limit"),
    Row("a paisa over: two", FEE, LARGE | {"amount_minor": 500_001}, "human", "over_limit", four_eyes=True),
    Row("split requests add up", FEE, LARGE | {"amount_minor": 400_000, "refunds_90d_minor": 100_001}, "human", "over_limit", four_eyes=True),
    Row("AL1 has to prove more", FEE, {"auth_level": 1}, "step_up", "stronger_sign_in", level=2),
    Row("a SIM of today proves nothing", FEE, {"auth_level": 1, "sim_changed_h": 3}, "human", "proof_cooling", role="fraud_team"),
    Row("nor at AL2, which it may have been", FEE, {"auth_level": 2, "mobile_changed_h": 23}, "human", "proof_cooling", role="fraud_team"),
    Row("at AL2 one of yesterday", FEE, {"auth_level": 2, "sim_changed_h": 24}),
    Row("no such fee", FEE, {"fee_found": False}, "deny", "not_yours"),
    Row("given back before", FEE, {"fee_refunded": True}, "deny", "already_done"),
    Row("a tax alone", FEE, {"fee_is_tax": True}, "deny", "nothing_due"),
    Row("a paisa more than was charged", FEE, {"amount_minor": 59_001}, "deny", "over_limit"),
    Row("a counter is missing", FEE, {"refunds_90d_minor": MISSING}, "deny", "missing_fact"),
    Row("no minimum-balance penalty on a dormant account", FEE, DORMANT),
    Row("nor a charge for reactivation", FEE, DORMANT | {"fee_kind": "reactivation", "goodwill_refunds_12m": 5}),
    Row("which is charged once the account is active", FEE, {"fee_error_proven": False, "fee_kind": "reactivation", "goodwill_refunds_12m": 5}),
    Row("a paisa over Rs 1,000 of it", FEE, LARGE | {"fee_error_proven": False, "fee_kind": "reactivation", "amount_minor": 100_001}, "human", "over_limit"),
    Row("a minimum-balance penalty on an active account is goodwill", FEE, {"fee_error_proven": False}, "human", "over_limit", role="payments_officer"),
    Row("any other fee is goodwill there too", FEE, DORMANT | {"fee_kind": "atm"}, "human", "over_limit", role="payments_officer"),
    # --- reverse_duplicate_debit --------------------------------------------------------------------------------------
    Row("the same reference twice, one settled", TWICE, {"auth_level": 2}, reason="approved"),
    Row("AL1 has to prove more", TWICE, {"auth_level": 1}, "step_up", "stronger_sign_in", level=2),
    Row("a number of today proves nothing", TWICE, {"auth_level": 1, "mobile_changed_h": 3}, "human", "proof_cooling", role="fraud_team"),
    Row("nor at AL2, which it may have been", TWICE, {"auth_level": 2, "sim_changed_h": 23}, "human", "proof_cooling", role="fraud_team"),
    Row("AL3 was reached without it", TWICE, {"sim_changed_h": 23}),
    Row("Rs 10,000 exactly", TWICE, of(1_000_000)),
    Row("a paisa over", TWICE, of(1_000_001), "human", "over_limit", role="payments_officer"),
    Row("Rs 50,000: one person", TWICE, of(5_000_000), "human", "over_limit"),
    Row("a paisa over: two", TWICE, of(5_000_001), "human", "over_limit", four_eyes=True),
    Row("90 days", TWICE, {"txn_age_days": 90}),
    Row("91", TWICE, {"txn_age_days": 91}, "deny", "window_closed"),
    Row("two references are two payments", TWICE, {"same_reference": False}, "human", "person_checks", role="disputes_officer"),
    Row("so are two amounts", TWICE, {"same_amount": False}, "human", "person_checks", role="disputes_officer"),
    Row("the other one is not found", TWICE, {"original_found": False}, "deny", "not_yours"),
    *(Row(f"settled: {legs}", TWICE, {"settled_legs": legs}, "deny", "dispute_first") for legs in ("none", "both", "unknown")),
    Row("a reversal waits", TWICE, {"reversal_state": "queued"}, "deny", "settled_elsewhere"),
    Row("a reversal is done", TWICE, {"reversal_state": "done"}, "deny", "settled_elsewhere"),
    Row("reversed in the ledger", TWICE, {"txn_status": "reversed"}, "deny", "settled_elsewhere"),
    Row("the other bank returns it", TWICE, {"tcc_ret": "ret"}, "deny", "settled_elsewhere"),
    Row("the other bank confirms the credit", TWICE, {"tcc_ret": "tcc"}, "human", "person_checks", role="payments_officer"),
)  # fmt: skip
