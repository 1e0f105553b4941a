"""India: fees, payments taken twice, failed payments (section K with C, G-05)."""

from __future__ import annotations

from datetime import date, datetime

from tests.support.reference.answer import Answer, Facts, number
from tests.support.reference.days import Branch
from tests.support.reference.everywhere import ACTS, SIM, customer_and_account, learn, sim_cooling
from tests.support.reference.india_cases import TAT_DAYS, TAT_SINCE
from tests.support.reference.india_credit import ACCOUNT, PAYMENT, the_payment

RS = 100


def refund_fee(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    fee = ("fee_found", "fee_kind", "fee_amount_minor", "fee_error_proven", "fee_is_tax", "fee_refunded")
    totals = ("goodwill_refunds_12m", "refunds_90d_minor", "amount_minor", "currency")
    if not learn(answer, f, (*ACTS, "auth_level", *ACCOUNT, *fee, *totals, *SIM)):
        return
    amount = number(f, "amount_minor")
    so_far = number(f, "refunds_90d_minor") + amount  # split requests add up
    if f["account_owned"] is False or not f["fee_found"]:
        answer.deny("A-02 ownership")
    if f["customer_deceased"] or f["account_status"] in ("deceased", "closed"):
        answer.human("G-08")
    if f["account_frozen"]:
        answer.human("G, no freeze is lifted")
    if sim_cooling(f):
        answer.human("G-03")
    if f["fee_refunded"] or f["fee_is_tax"]:
        answer.deny("K refund_fee")
    if amount > number(f, "fee_amount_minor") or f["currency"] != "INR":
        answer.deny("A-01 amount")
    answer.approve("K refund_fee")
    if number(f, "auth_level") < 2:
        answer.step_up(2, "K refund_fee")
    barred = f["fee_kind"] == "reactivation" or (f["fee_kind"] == "min_balance" and f["account_status"] == "dormant")  # G-05
    if f["fee_error_proven"] or barred:
        if amount > 1_000 * RS:
            answer.human("K refund_fee, error")
    elif amount > 500 * RS or number(f, "goodwill_refunds_12m") >= 2:
        answer.human("K refund_fee, goodwill")
    if so_far > 1_500 * RS:
        answer.human("K refund_fee, 90 days")
    if so_far > 5_000 * RS:
        answer.human("K refund_fee", four_eyes=True)


def reverse_duplicate_debit(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    pair = ("original_found", "same_reference", "same_amount", "settled_legs", "reversal_state", "tcc_ret", "txn_age_days")
    if not learn(answer, f, (*ACTS, "auth_level", *ACCOUNT, *PAYMENT, *pair, *SIM)):
        return
    amount = number(f, "amount_minor")
    customer_and_account(answer, f)
    the_payment(answer, f)
    if f["account_frozen"]:
        answer.human("G, no freeze is lifted")
    if sim_cooling(f):
        answer.human("G-03")
    answer.approve("K reverse_duplicate_debit")
    if number(f, "auth_level") < 2:
        answer.step_up(2, "K reverse_duplicate_debit")
    if not f["original_found"]:
        answer.deny("K reverse_duplicate_debit")
    if f["reversal_state"] != "none" or f["txn_status"] == "reversed":
        answer.deny("K reverse_duplicate_debit")
    if f["txn_status"] != "posted":
        answer.human("K reverse_duplicate_debit")
    if f["tcc_ret"] != "none":
        answer.human("E-08")
    if not f["same_reference"] or not f["same_amount"] or f["settled_legs"] != "one":
        answer.human("K reverse_duplicate_debit, a dispute")
    if amount > 10_000 * RS or number(f, "txn_age_days") > 90:
        answer.human("K reverse_duplicate_debit")
    if amount > 50_000 * RS:
        answer.human("K reverse_duplicate_debit", four_eyes=True)


def pay_tat_compensation(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    failed = ("tat_incident", "money_back", "days_to_reversal", "compensation_paid", "txn_cross_border")
    payment = ("txn_found", "txn_owned", "txn_currency", "txn_date", "amount_minor", "currency")
    if not learn(answer, f, (*ACTS, *ACCOUNT, *payment, *failed), ("failure_cause", "compensation_side")):
        return
    amount, day = number(f, "amount_minor"), date.fromisoformat(str(f["txn_date"]))
    customer_and_account(answer, f)
    if f["account_frozen"]:
        answer.human("G, no freeze is lifted")
    if not f["txn_found"] or not f["txn_owned"]:
        answer.deny("A-02 ownership")
    answer.approve("C-21")
    if f["tat_incident"] == "none" or f["failure_cause"] == "customer" or f["txn_cross_border"] or day < TAT_SINCE:
        answer.deny("C-20, C-23")
    if f["currency"] != "INR" or f["txn_currency"] != "INR":
        answer.deny("C-20 domestic")
    if f["failure_cause"] == "unknown" or not f["money_back"] or f["compensation_side"] == "unclear":
        answer.human("C-20, C-22, C-23")
    if f["compensation_side"] == "other" or f["compensation_paid"]:
        answer.deny("K pay_tat_compensation")
    if f["tat_incident"] != "none":
        computed = 100 * RS * max(0, number(f, "days_to_reversal") - TAT_DAYS[str(f["tat_incident"])])
        if computed == 0 or amount != computed:
            answer.deny("C-20 amount")
        if computed > 0 and answer.verdict != "deny":
            answer.owe("tat_compensation", None, computed, "INR")
    if amount > 1_000 * RS:
        answer.human("K pay_tat_compensation")
    if amount > 5_000 * RS:
        answer.human("K pay_tat_compensation", four_eyes=True)
