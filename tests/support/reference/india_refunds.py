"""India: fees, payments taken twice, failed payments (section K with C, G-05)."""

from __future__ import annotations

from datetime import date, datetime

from tests.support.reference.answer import Answer, Facts, number, words
from tests.support.reference.caps import INDIA, Caps
from tests.support.reference.days import Branch
from tests.support.reference.everywhere import (
    ACTS,
    SIM,
    customer_and_account,
    frozen,
    learn,
    need_level,
    somebody_elses_hand,
    weak_sim,
)
from tests.support.reference.india_cases import TAT_DAYS, TAT_SINCE
from tests.support.reference.india_credit import ACCOUNT, STATE, SUMS, the_payment

RS = 100


def refund_fee(answer: Answer, f: Facts, now: datetime, branch: Branch, caps: Caps = INDIA) -> None:
    fee = words("fee_found fee_amount_minor fee_error_proven fee_is_tax fee_refunded")
    totals = words("goodwill_refunds_12m refunds_90d_minor amount_minor currency")
    if not learn(answer, f, (*ACTS, "auth_level", *ACCOUNT, *fee, *totals, *SIM, *(("fee_kind",) if caps is INDIA else ()))):
        return
    amount = number(f, "amount_minor")
    so_far = number(f, "refunds_90d_minor") + amount  # split requests add up
    if f["account_owned"] is False or not f["fee_found"]:
        answer.deny("A-02 ownership")
    if f["customer_deceased"] or f["account_status"] in ("deceased", "closed"):
        answer.human("G-08")
    if f["account_status"] == "dormant" and caps is not INDIA:
        answer.human("no row for a dormant account")
    if frozen(f) and not (caps is INDIA and f["account_freeze_kind"] == "dormant"):  # G-05: a dormant account gets its fee back
        answer.human("G, no freeze is lifted")
    if weak_sim(f):
        answer.human("G-03")
    if f["fee_refunded"] or f["fee_is_tax"]:
        answer.deny("K refund_fee")
    if amount > number(f, "fee_amount_minor"):
        answer.deny("A-01 amount")
    if f["currency"] != caps.currency:
        answer.human("K caps in another currency")
    somebody_elses_hand(answer, f)
    answer.approve("K refund_fee")
    need_level(answer, f, 2, "K refund_fee")
    barred = caps is INDIA and (
        f["fee_kind"] == "reactivation" or (f["fee_kind"] == "min_balance" and f["account_status"] == "dormant")
    )  # G-05
    if f["fee_error_proven"] or barred:
        if amount > caps.fee_error * RS:
            answer.human("K refund_fee, error")
    elif amount > caps.fee_goodwill * RS or number(f, "goodwill_refunds_12m") >= 2:
        answer.human("K refund_fee, goodwill")
    if so_far > caps.fee_90_days * RS:
        answer.human("K refund_fee, 90 days")
    if so_far > caps.fee_pairs * RS:
        answer.human("K refund_fee", four_eyes=True)


def reverse_duplicate_debit(answer: Answer, f: Facts, now: datetime, branch: Branch, caps: Caps = INDIA) -> None:
    pair = words("original_found same_reference same_amount settled_legs reversal_state tcc_ret txn_age_days")
    if not learn(answer, f, (*ACTS, "auth_level", *ACCOUNT, *SUMS, *pair, *SIM)):
        return
    amount = number(f, "amount_minor")
    customer_and_account(answer, f)
    somebody_elses_hand(answer, f)
    the_payment(answer, f, caps)
    if frozen(f):
        answer.human("G, no freeze is lifted")
    if weak_sim(f):
        answer.human("G-03")
    answer.approve("K reverse_duplicate_debit")
    need_level(answer, f, 2, "K reverse_duplicate_debit")
    if f["reversal_state"] != "none" or f["txn_status"] == "reversed" or f["tcc_ret"] == "ret":
        answer.deny("K reverse_duplicate_debit, E-08")
    if f["txn_status"] != "posted" or f["tcc_ret"] == "tcc":
        answer.human("K reverse_duplicate_debit, E-08")
    if not f["original_found"] or f["settled_legs"] != "one" or number(f, "txn_age_days") > 90:
        answer.deny("K reverse_duplicate_debit, no row gives it")
    if not f["same_reference"] or not f["same_amount"]:
        answer.human("K reverse_duplicate_debit, a dispute")
    if amount > caps.twice * RS:
        answer.human("K reverse_duplicate_debit")
    if amount > caps.twice_pairs * RS:
        answer.human("K reverse_duplicate_debit", four_eyes=True)


def pay_tat_compensation(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    incident = words("tat_incident money_back days_to_reversal compensation_paid txn_cross_border")
    payment = words("auth_level txn_found txn_owned txn_date amount_minor currency")
    if not learn(answer, f, (*ACTS, *STATE, *payment, *incident, "failure_cause", "compensation_side")):
        return
    amount, day = number(f, "amount_minor"), date.fromisoformat(str(f["txn_date"]))
    customer_and_account(answer, f)
    if frozen(f):
        answer.human("G, no freeze is lifted")
    if not f["txn_found"] or not f["txn_owned"]:
        answer.deny("A-02 ownership")
    answer.approve("C-21")
    if f["tat_incident"] == "none" or f["failure_cause"] == "customer" or f["txn_cross_border"] or day < TAT_SINCE:
        answer.deny("C-20, C-23")
    if f["currency"] != "INR":
        answer.deny("K in rupees")
    if not f["money_back"]:
        answer.deny("C-20 not reckoned yet")
    if f["origin"] == "text" and number(f, "auth_level") < 2:
        answer.deny("29, C-21")
    if f["failure_cause"] == "unknown" or f["compensation_side"] == "unclear":
        answer.human("C-20, C-22, C-23")
    if f["compensation_side"] == "other" or f["compensation_paid"]:
        answer.deny("K pay_tat_compensation")
    if f["tat_incident"] != "none":
        computed = 100 * RS * max(0, number(f, "days_to_reversal") - TAT_DAYS[str(f["tat_incident"])])
        if computed == 0 or amount != computed:
            answer.deny("C-20 amount")
        failed = f["failure_cause"] == "system" and not f["txn_cross_border"] and day >= TAT_SINCE and f["money_back"]
        ours = f["compensation_side"] == "ours" and not f["compensation_paid"] and f["txn_owned"] and f["account_owned"]
        if failed and ours and f["currency"] == "INR" and computed > 0:  # owed whoever may pay it (C-21)
            answer.owe("tat_compensation", now, computed, "INR")
    if amount > 1_000 * RS:
        answer.human("K pay_tat_compensation")
    if amount > 5_000 * RS:
        answer.human("K pay_tat_compensation", four_eyes=True)
