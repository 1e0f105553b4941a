"""Compensation for failed payments (section C) and for small frauds (B-24, B-25)."""

from __future__ import annotations

from typing import Any

from tests.support.rule_rows import IN_2027, MISSING, TODAY, Row

TAT, FRAUD, DISPUTE = "pay_tat_compensation", "pay_fraud_compensation", "open_dispute"
#: Rows C-01 to C-11: what failed, and the last day T+n.
AFTER_FIVE = ("atm", "pos", "ecom", "upi_merchant", "aeps")
AFTER_ONE = ("card_to_card", "imps", "upi_transfer", "apbs", "nach", "ppi_onus")
#: The base case is of 20 Nov 2026.
FIVE_LATER, ONE_LATER = "2026-11-25", "2026-11-21"
TEN_DAYS = 50_000


def late(incident: str, days: int, amount: int, **change: Any) -> dict[str, Any]:
    return {"tat_incident": incident, "days_to_reversal": days, "amount_minor": amount, **change}


def lost(net: int, amount: int, **change: Any) -> dict[str, Any]:
    return {"net_loss_minor": net, "amount_minor": amount, **change}


ROWS = (
    # --- the reversal is owed by T+n ----------------------------------------------------------------------------------
    *(Row(f"{each} is back by T+5", DISPUTE, {"tat_incident": each}, owes=(("reverse_failed", FIVE_LATER, 500_000),)) for each in AFTER_FIVE),
    *(Row(f"{each} is back by T+1", DISPUTE, {"tat_incident": each}, owes=(("reverse_failed", ONE_LATER, 500_000),)) for each in AFTER_ONE),
    Row("abroad the table does not hold", DISPUTE, {"tat_incident": "atm", "txn_cross_border": True}, owes_no=("reverse_failed",)),
    Row("nor for money that is back", DISPUTE, {"tat_incident": "atm", "txn_status": "reversed"}, owes_no=("reverse_failed",)),
    Row("nor before 15 Oct 2019", DISPUTE, {"tat_incident": "atm", "txn_date": "2019-10-14"}, owes_no=("reverse_failed",)),
    Row("nor where nothing failed", DISPUTE, owes_no=("reverse_failed",)),
    # --- Rs 100 a day after T+n, no more and no less ------------------------------------------------------------------
    *(Row(f"{each}: day 6 is the first", TAT, late(each, 6, 10_000), owes=(("tat_compensation", TODAY, 10_000),)) for each in AFTER_FIVE),
    *(Row(f"{each}: day 5 is in time", TAT, late(each, 5, 10_000), "deny", "nothing_due") for each in AFTER_FIVE),
    *(Row(f"{each}: day 2 is the first", TAT, late(each, 2, 10_000), owes=(("tat_compensation", TODAY, 10_000),)) for each in AFTER_ONE),
    *(Row(f"{each}: day 1 is in time", TAT, late(each, 1, 10_000), "deny", "nothing_due") for each in AFTER_ONE),
    Row("a job needs no sign-in", TAT, {"proposer": "job", "origin": "bank_system", "channel": "system", "auth_level": 0}),
    Row("a paisa more", TAT, {"amount_minor": TEN_DAYS + 1}, "deny", "nothing_due", owes=(("tat_compensation", None, TEN_DAYS),)),
    Row("a paisa less", TAT, {"amount_minor": TEN_DAYS - 1}, "deny", "nothing_due", owes=(("tat_compensation", None, TEN_DAYS),)),
    Row("a paisa more after T+1", TAT, late("imps", 10, 90_001), "deny", "nothing_due", owes=(("tat_compensation", None, 90_000),)),
    Row("Rs 1,000 exactly", TAT, late("atm", 15, 100_000)),
    Row("a day more is for a person", TAT, late("atm", 16, 110_000), "human", "over_limit", role="payments_officer"),
    Row("Rs 5,000: one person", TAT, late("atm", 55, 500_000), "human", "over_limit"),
    Row("a day more: two", TAT, late("atm", 56, 510_000), "human", "over_limit", four_eyes=True),
    Row("it did not fail", TAT, {"tat_incident": "none"}, "deny", "nothing_due"),
    Row("the customer mistyped the payee", TAT, {"failure_cause": "customer"}, "deny", "nothing_due"),
    Row("nobody knows whose doing", TAT, {"failure_cause": "unknown"}, "human", "person_checks", role="payments_officer"),
    Row("the money is not back", TAT, {"money_back": False}, "deny", "nothing_due"),
    Row("the other side's to pay", TAT, {"compensation_side": "other"}, "deny", "nothing_due"),
    Row("the side is unclear", TAT, {"compensation_side": "unclear"}, "human", "person_checks", role="payments_officer"),
    Row("paid before", TAT, {"compensation_paid": True}, "deny", "already_done"),
    Row("abroad", TAT, {"txn_cross_border": True}, "deny", "nothing_due"),
    Row("dollars", TAT, {"currency": "USD"}, "deny", "nothing_due"),
    Row("the day before the table", TAT, {"txn_date": "2019-10-14"}, "deny", "nothing_due"),
    Row("its first day", TAT, {"txn_date": "2019-10-15"}),
    Row("a text of nobody known", TAT, {"origin": "text", "auth_level": 1}, "deny", "sign_in_first"),
    Row("an authenticated customer may ask", TAT, {"origin": "text", "auth_level": 2}),
    Row("the days are not known", TAT, {"days_to_reversal": MISSING}, "deny", "missing_fact"),
    # --- small-value compensation: always two persons -----------------------------------------------------------------
    Row(
        "85 percent within 5 days, for two persons",
        FRAUD,
        verdict="human",
        reason="person_checks",
        role="payments_officer",
        four_eyes=True,
        at=IN_2027,
        owes=(
            ("fraud_compensation", "2027-01-10", 425_000),
            ("fraud_share_rbi", None, 325_000),
            ("fraud_share_bank", None, 50_000),
            ("fraud_share_beneficiary", None, 50_000),
        ),
    ),
    Row(
        "Rs 29,411: the last with shares in percent",
        FRAUD,
        lost(2_941_100, 2_499_935),
        "human",
        four_eyes=True,
        at=IN_2027,
        owes=(("fraud_compensation", "2027-01-10", 2_499_935), ("fraud_share_rbi", None, 1_911_715), ("fraud_share_bank", None, 294_110)),
    ),
    Row(
        "Rs 29,412: Rs 25,000 and fixed shares",
        FRAUD,
        lost(2_941_200, 2_500_000),
        "human",
        four_eyes=True,
        at=IN_2027,
        owes=(
            ("fraud_compensation", "2027-01-10", 2_500_000),
            ("fraud_share_rbi", None, 1_911_800),
            ("fraud_share_bank", None, 294_100),
            ("fraud_share_beneficiary", None, 294_100),
        ),
    ),
    Row("Rs 50,000 is the most that counts", FRAUD, lost(5_000_000, 2_500_000), "human", four_eyes=True, at=IN_2027),
    Row("a paisa over", FRAUD, lost(5_000_001, 2_500_000), "deny", "nothing_due", at=IN_2027),
    Row("no loss", FRAUD, lost(0, 1), "deny", "nothing_due", at=IN_2027),
    Row("more than 85 percent", FRAUD, {"amount_minor": 425_001}, "deny", "nothing_due", at=IN_2027),
    Row("less than 85 percent", FRAUD, {"amount_minor": 424_999}, "deny", "nothing_due", at=IN_2027),
    Row("more than Rs 25,000", FRAUD, lost(5_000_000, 2_500_001), "deny", "nothing_due", at=IN_2027),
    Row("once in a lifetime", FRAUD, {"compensated_before": True}, "deny", "already_done", at=IN_2027),
    Row("a sole proprietor too", FRAUD, {"customer_kind": "sole_proprietor"}, "human", four_eyes=True, at=IN_2027),
    Row("a company not", FRAUD, {"customer_kind": "other"}, "deny", "nothing_due", at=IN_2027),
    Row("five days to the bank", FRAUD, {"days_to_bank_report": 5, "days_to_ncrp_report": 5}, "human", four_eyes=True, at=IN_2027),
    Row("six", FRAUD, {"days_to_bank_report": 6}, "deny", "window_closed", at=IN_2027),
    Row("six to NCRP", FRAUD, {"days_to_ncrp_report": 6}, "deny", "window_closed", at=IN_2027),
    Row("not reported there", FRAUD, {"ncrp_reported": False}, "deny", "window_closed", at=IN_2027),
    Row("a payment of 31 Dec 2026", FRAUD, {"txn_date": "2026-12-31"}, "deny", "nothing_due", at=IN_2027),
    Row("no dispute on record", FRAUD, {"txn_disputed": False}, "deny", "dispute_first", at=IN_2027),
    Row("dollars", FRAUD, {"currency": "USD"}, "deny", "nothing_due", at=IN_2027),
)  # fmt: skip
