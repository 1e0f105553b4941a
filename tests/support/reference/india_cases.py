"""India: disputes, complaints, fraud reports, chargebacks, and requests to close (sections B, C, E; G-09)."""

from __future__ import annotations

from datetime import date, datetime

from tests.support.reference.answer import Answer, Facts, number
from tests.support.reference.days import Branch, calendar_days, months, working_days
from tests.support.reference.everywhere import ACTS, SIM, customer_and_account, learn, sim_cooling, somebody_elses_hand

#: Transactions from this day are under the second regime (B.2); complaints from the other under RB-IOS 2026 (E-03).
REGIME_2027 = date(2027, 1, 1)
OMBUDSMAN_2026 = date(2026, 7, 1)
#: Section C: T + n calendar days.
TAT_DAYS = {
    "atm": 5,
    "card_to_card": 1,
    "pos": 5,
    "ecom": 5,
    "imps": 1,
    "upi_transfer": 1,
    "upi_merchant": 5,
    "aeps": 5,
    "apbs": 1,
    "nach": 1,
    "ppi_onus": 1,
}
TAT_SINCE = date(2019, 10, 15)
CARD_RAILS = ("card_pos", "card_online", "atm")
CARD_NETWORKS = ("visa", "mastercard", "rupay")


def liability_deadlines(answer: Answer, f: Facts, reported: date, branch: Branch) -> None:
    """B-07, B-08, B-22, B-23: they run from the report, under the regime of the day of the transaction."""
    old = date.fromisoformat(str(f["txn_date"])) < REGIME_2027
    if {"txn_amount_minor", "txn_currency"} <= f.keys() and f.get("prior_credit_same_ref") is not True:
        until = working_days(reported, 10, branch) if old else calendar_days(reported, 5)
        answer.owe("shadow_reversal", branch.closes(until), abs(number(f, "txn_amount_minor")), str(f["txn_currency"]))
    if old:
        answer.owe("decide_liability", branch.closes(calendar_days(reported, 90)))
    elif "txn_cross_border" in f:
        answer.owe("decide_liability", branch.closes(calendar_days(reported, 60 if f["txn_cross_border"] else 45)))


def complaint_deadlines(answer: Answer, reported: date, branch: Branch) -> None:
    """E-02, E-03: 20 and 30 days; then the ombudsman, 90 days long, or a year under the scheme of 2021."""
    reply = calendar_days(reported, 30)
    answer.owe("internal_ombudsman", branch.closes(calendar_days(reported, 20)))
    answer.owe("final_answer", branch.closes(reply))
    answer.owe("ombudsman_from", branch.closes(reply))
    until = calendar_days(reply, 90) if reported >= OMBUDSMAN_2026 else months(reply, 12)
    answer.owe("ombudsman_until", branch.closes(until))


def open_dispute(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    today = branch.today(now)
    answer.approve("K open_dispute, A-03")
    if f.get("auth_level") == 0 and f.get("dispute_type", "unauthorised") != "unauthorised":
        answer.step_up(1, "K open_dispute, AL0 for fraud only")
    if f.get("txn_found") is False or f.get("txn_owned") is False:
        answer.human("K open_dispute, not found")
    if f.get("txn_rail") in ("cash", "branch"):
        answer.human("K open_dispute, cash or branch")
    if f.get("txn_disputed") is not False or not f.get("txn_found") or not f.get("txn_owned") or "txn_date" not in f:
        return  # on record with its dates already, or not a payment of this customer
    day = date.fromisoformat(str(f["txn_date"]))
    if f.get("dispute_type") == "unauthorised":
        liability_deadlines(answer, f, today, branch)
    if f.get("txn_cross_border") is False and f.get("tat_incident", "none") != "none" and day >= TAT_SINCE:
        answer.owe("reverse_failed", branch.closes(calendar_days(day, TAT_DAYS[str(f["tat_incident"])])))
    if f.get("txn_rail") == "upi":  # E-05
        answer.owe("chargeback_until", branch.closes(calendar_days(day, 45)))


def open_complaint(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    answer.approve("K open_complaint, A-03")
    if "reported_date" in f:
        complaint_deadlines(answer, date.fromisoformat(str(f["reported_date"])), branch)


def report_fraud(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    answer.approve("K report, E-01, A-03")


def raise_chargeback(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    payment = (
        "txn_found",
        "txn_owned",
        "txn_amount_minor",
        "txn_currency",
        "txn_date",
        "txn_status",
        "txn_disputed",
        "account_owned",
    )
    claim = ("chargeback_network", "chargeback_clock_d", "chargebacks_30d", "chargebacks_pair_30d", "chargeback_raised")
    sums = ("amount_minor", "currency", "dispute_type", "tcc_ret", "reversal_state")
    if not learn(answer, f, (*ACTS, "auth_level", *payment, *claim, *sums)):
        return
    network, clock = f["chargeback_network"], number(f, "chargeback_clock_d")
    if network == "upi" or network in CARD_NETWORKS:
        answer.approve("K raise_chargeback")
    else:
        answer.human("K raise_chargeback, no known procedure") if network == "other" else answer.deny("K raise_chargeback")
    if number(f, "auth_level") < 2:
        answer.step_up(2, "K open_dispute, view of case")
    if not f["txn_found"] or not f["txn_owned"] or not f["account_owned"] or not f["txn_disputed"]:
        answer.deny("A-02 ownership, dispute first")
    if number(f, "amount_minor") > abs(number(f, "txn_amount_minor")) or f["currency"] != f["txn_currency"]:
        answer.deny("A-01 amount")
    if f["chargeback_raised"] or f["reversal_state"] != "none" or f["txn_status"] == "reversed":
        answer.deny("A-05, E-08")
    if f["tcc_ret"] != "none":
        answer.deny("E-08")
    if f["dispute_type"] == "wrong_payee":
        answer.deny("E-12")
    if network == "upi":
        if clock > 45:
            answer.deny("E-05")
        if number(f, "chargebacks_30d") >= 10 or number(f, "chargebacks_pair_30d") >= 5:
            answer.deny("E-06")
        answer.owe("chargeback_until", branch.closes(calendar_days(date.fromisoformat(str(f["txn_date"])), 45)))
    elif clock > (90 if network == "mastercard" and f["dispute_type"] == "duplicate" else 120):
        answer.human("E-09")


def close_account(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    account = ("account_owned", "account_status", "customer_deceased", "ownership_mode", "minor_guardian", "account_frozen")
    dues = ("account_freeze_kind", "account_type", "dues_minor", "lien_minor", "active_mandates", "closure_requested")
    if not learn(answer, f, (*ACTS, "auth_level", *account, *dues, *SIM)):
        return
    answer.approve("K close_account, the request")
    customer_and_account(answer, f)
    somebody_elses_hand(answer, f)
    if number(f, "auth_level") < 4:
        answer.step_up(4, "K close_account")
    if f["ownership_mode"] == "jointly":
        answer.human("K close_account, all holders")
    if number(f, "lien_minor") > 0 or f["account_freeze_kind"] in ("court", "police", "lien"):
        answer.deny("K close_account, lien or order")
    elif f["account_frozen"]:
        answer.human("G, no freeze is lifted")
    if f["account_type"] == "credit_card" and number(f, "dues_minor") > 0:
        answer.deny("K close_account, card dues")
    if f["closure_requested"]:
        answer.deny("A-05")
    if sim_cooling(f):
        answer.human("G-03")
    if f["account_type"] == "credit_card":  # G-09
        answer.owe("close_by", branch.closes(working_days(branch.today(now), 7, branch)))
