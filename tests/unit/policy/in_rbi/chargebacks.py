"""Claims on the other bank: E-05 to E-09, E-12."""

from __future__ import annotations

from typing import Any

from tests.support.rule_rows import NOW, Row

CLAIM = "raise_chargeback"


def card(network: str, days: int, **change: Any) -> dict[str, Any]:
    return {"chargeback_network": network, "chargeback_clock_d": days, "txn_rail": "card_online", **change}


ROWS = (
    Row("UPI within 45 days", CLAIM, {"txn_age_days": 45}, reason="approved", owes=(("chargeback_until", "2027-01-04", None),)),
    Row("day 46: the complaint stays open", CLAIM, {"txn_age_days": 46}, "deny", "window_closed"),
    Row("the tenth of the account in 30 days", CLAIM, {"chargebacks_30d": 9}),
    Row("the eleventh", CLAIM, {"chargebacks_30d": 10}, "deny", "over_limit"),
    Row("the fifth on this payee", CLAIM, {"chargebacks_pair_30d": 4}),
    Row("the sixth", CLAIM, {"chargebacks_pair_30d": 5}, "deny", "over_limit"),
    Row("a person may still raise it as a genuine case", CLAIM, {"chargebacks_30d": 10, "proposer": "staff"}, "human", "over_limit", role="payments_officer"),
    Row("over either cap", CLAIM, {"chargebacks_pair_30d": 5, "proposer": "staff"}, "human", "over_limit", role="payments_officer"),
    Row("a job may not", CLAIM, {"chargebacks_30d": 10, "proposer": "job"}, "deny", "over_limit"),
    Row("a card within 120 days", CLAIM, card("visa", 120)),
    Row("counted from the payment, the last day is known", CLAIM, card("rupay", 3), owes=(("chargeback_until", "2027-03-20", None),)),
    Row("counted from the delivery, it is not", CLAIM, card("rupay", 1), owes_no=("chargeback_until",)),
    Row("a card's claims are not UPI's", CLAIM, card("visa", 3, chargebacks_30d=99, chargebacks_pair_30d=99, txn_age_days=90)),
    Row("day 121 of Visa: some reasons run longer", CLAIM, card("visa", 121), "human", "person_checks", role="payments_officer"),
    Row("day 540 too", CLAIM, card("visa", 540), "human", "person_checks"),
    Row("day 541 not", CLAIM, card("visa", 541), "deny", "window_closed"),
    *(Row(f"day 121 of {network}", CLAIM, card(network, 121), "deny", "window_closed") for network in ("mastercard", "rupay", "other")),
    Row("a Mastercard duplicate within 90 days", CLAIM, card("mastercard", 90, dispute_type="duplicate")),
    Row("day 91", CLAIM, card("mastercard", 91, dispute_type="duplicate"), "human", "person_checks", role="payments_officer"),
    Row("of Mastercard only", CLAIM, card("visa", 91, dispute_type="duplicate")),
    Row("no network, no procedure", CLAIM, {"chargeback_network": "none"}, "deny", "nothing_due"),
    Row("a payee chosen by mistake", CLAIM, {"dispute_type": "wrong_payee"}, "deny", "nothing_due"),
    Row("raised before", CLAIM, {"chargeback_raised": True}, "deny", "already_done"),
    Row("no dispute on record", CLAIM, {"txn_disputed": False}, "deny", "dispute_first"),
    Row("the other bank returns it", CLAIM, {"tcc_ret": "ret"}, "deny", "settled_elsewhere"),
    Row("the other bank confirms the credit", CLAIM, {"tcc_ret": "tcc"}, "human", "settled_elsewhere", role="payments_officer"),
    Row("reversed", CLAIM, {"txn_status": "reversed"}, "deny", "settled_elsewhere"),
    Row("a reversal waits", CLAIM, {"reversal_state": "queued"}, "deny", "settled_elsewhere"),
    Row("nobody is signed in", CLAIM, {"auth_level": 0}, "step_up", "sign_in_first", level=1),
    Row("an SOP step needs no sign-in", CLAIM, {"auth_level": 0, "proposer": "sop"}),
    Row("before 15 Jul 2025 nobody raised it over the caps", CLAIM, {"chargebacks_30d": 10, "proposer": "staff"}, "deny", at=NOW.replace(year=2025, month=7, day=14), bank=False),
)  # fmt: skip
