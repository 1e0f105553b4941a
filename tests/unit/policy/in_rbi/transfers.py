"""Transfers: K, D-01, D-04, D-05, D-07, D-08, P-PAYEE, P-COOL."""

from __future__ import annotations

from typing import Any

from tests.support.rule_rows import CHANGED, LAKH, MISSING, TODAY, Row

MOVE = "transfer"
OWN = {"payee_kind": "own"}
NEW = {"payee_kind": "new", "payee_age_h": 0}
LARGE_KINDS = ("capital_market", "insurance", "gem_emd", "travel", "collections", "hospital", "education")


def merchant(category: str, amount: int, before: int = 0) -> dict[str, Any]:
    return {"merchant_verified": True, "merchant_category": category, "amount_minor": amount, "rail_24h_minor": before}


def capped(category: str, payment: int, day: int | None) -> tuple[Row, ...]:
    """A category at its cap, where a person decides, and a paisa over it, where nobody does; amounts in lakh."""
    rows = [
        Row(f"{category}: Rs {payment} lakh", MOVE, merchant(category, payment * LAKH), "human", "over_limit"),
        Row(f"{category}: a paisa over", MOVE, merchant(category, payment * LAKH + 1), "deny", "over_limit"),
    ]
    if day is None:
        return (*rows, Row(f"{category}: no sum a day", MOVE, merchant(category, LAKH, 90 * LAKH), "human", "over_limit"))
    return (
        *rows,
        Row(f"{category}: Rs {day} lakh a day", MOVE, merchant(category, LAKH, (day - 1) * LAKH), "human", "over_limit"),
        Row(f"{category}: a paisa over in a day", MOVE, merchant(category, LAKH, (day - 1) * LAKH + 1), "deny", "over_limit"),
    )


ROWS = (
    Row("to a payee known for long", MOVE, reason="approved", owes=(("name_check", TODAY, None),)),
    Row("AL3 has to prove more", MOVE, {"auth_level": 3}, "step_up", "stronger_sign_in", level=4),
    Row("the law alone asks two factors", MOVE, {"auth_level": 2}, "step_up", "stronger_sign_in", level=3, bank=False),
    Row("Rs 10,000 a day", MOVE, {"transfers_24h_minor": 500_000}),
    Row("a paisa over", MOVE, {"transfers_24h_minor": 500_001}, "human", "over_limit", role="payments_officer"),
    Row("own accounts: Rs 50,000 a day", MOVE, OWN | {"transfers_24h_minor": 4_500_000}, owes_no=("name_check",)),
    Row("a paisa over", MOVE, OWN | {"transfers_24h_minor": 4_500_001}, "human", "over_limit", role="payments_officer"),
    Row("a payee of 24 hours is known", MOVE, {"payee_age_h": 24}),
    Row("one of 23 is paid in the app", MOVE, {"payee_age_h": 23}, "deny", "in_the_app"),
    Row("so is a new one", MOVE, NEW, "deny", "in_the_app"),
    Row("Rs 50,000 to a new one", MOVE, NEW | {"payee_24h_minor": 4_500_000}, "deny", "in_the_app"),
    Row("a paisa over", MOVE, NEW | {"payee_24h_minor": 4_500_001}, "deny", "over_limit"),
    *(
        Row(f"{what} changed today: UPI takes Rs 5,000", MOVE, {f"{what}_changed_h": 23, "rail_24h_minor": 1}, "deny", "over_limit")
        for what in CHANGED
    ),
    Row("Rs 5,000 exactly", MOVE, {"sim_changed_h": 23}),
    Row("another rail is not UPI", MOVE, {"sim_changed_h": 23, "rail_24h_minor": 1, "transfer_rail": "imps"}),
    Row("a day later", MOVE, {"sim_changed_h": 24, "rail_24h_minor": 1}),
    Row("another name", MOVE, {"payee_name_match": "mismatch"}, "human", "person_checks", role="fraud_team"),
    Row("a similar one is shown", MOVE, {"payee_name_match": "close"}, owes=(("name_check", TODAY, None),)),
    Row("none could be looked up", MOVE, {"payee_name_match": "unavailable"}, "human", "person_checks", role="payments_officer"),
    Row("an own account needs none", MOVE, OWN | {"payee_name_match": "unavailable", "transfer_rail": "internal"}),
    Row("signs that somebody else directs it", MOVE, {"coercion_signs": True}, "human", "person_checks", role="fraud_team"),
    Row("risk 0.39", MOVE, {"risk_bp": 3999}),
    Row("risk 0.40: there is no level more", MOVE, {"risk_bp": 4000}, "human", "person_checks", role="fraud_team"),
    Row("nor below, since that would be needed first", MOVE, {"risk_bp": 4000, "auth_level": 3}, "human", "person_checks", role="fraud_team"),
    Row("risk 0.70 is for a person", MOVE, {"risk_bp": 7000}, "human", "person_checks", role="fraud_team"),
    Row("an old score too", MOVE, {"risk_age_s": 901}, "human", "person_checks", role="fraud_team"),
    Row("and none", MOVE, {"risk_bp": MISSING}, "human", "missing_fact", role="fraud_team"),
    Row("an instruction found in a document", MOVE, {"origin": "text"}, "deny", "in_the_app"),
    Row("dollars", MOVE, {"currency": "USD"}, "deny", "in_the_app"),
    # --- rails --------------------------------------------------------------------------------------------------------
    Row("UPI to a person: Rs 1 lakh a day", MOVE, {"amount_minor": LAKH}, "human", "over_limit"),
    Row("a paisa over", MOVE, {"amount_minor": LAKH + 1}, "deny", "over_limit"),
    Row("with what was sent before", MOVE, {"rail_24h_minor": LAKH, "amount_minor": 1}, "deny", "over_limit"),
    Row("a merchant that is not verified", MOVE, merchant("tax", LAKH + 1) | {"merchant_verified": False}, "deny", "over_limit"),
    Row("a verified one of no kind", MOVE, merchant("other", LAKH + 1), "deny", "over_limit"),
    *(row for kind in LARGE_KINDS for row in capped(kind, 5, 10)),
    *capped("credit_card_bill", 5, 6),
    *capped("jewellery", 2, 6),
    *(row for kind in ("business", "ipo", "tax") for row in capped(kind, 5, None)),
    *(row for kind in ("fx_retail", "term_deposit") for row in capped(kind, 5, 5)),
    *capped("account_opening", 2, 2),
    Row("IMPS of Rs 5 lakh", MOVE, {"transfer_rail": "imps", "amount_minor": 5 * LAKH}, "human", "over_limit"),
    Row("a paisa over", MOVE, {"transfer_rail": "imps", "amount_minor": 5 * LAKH + 1}, "deny", "over_limit"),
    Row("RTGS of Rs 2 lakh", MOVE, {"transfer_rail": "rtgs", "amount_minor": 2 * LAKH}, "human", "over_limit"),
    Row("a paisa less", MOVE, {"transfer_rail": "rtgs", "amount_minor": 2 * LAKH - 1}, "deny", "in_the_app"),
    Row("NEFT has neither", MOVE, {"transfer_rail": "neft", "amount_minor": 1}),
)  # fmt: skip
