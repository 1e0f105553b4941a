"""Pack `us-reg`: Reg E and Reg Z (rows US-01 to US-06) on disputes and provisional credits."""

from __future__ import annotations

from datetime import date, datetime

from tests.support.reference.answer import Answer, Facts, number, words
from tests.support.reference.caps import AMERICA
from tests.support.reference.days import Branch, calendar_days, cycle_end, working_days
from tests.support.reference.elsewhere import credit_gates, dispute_gates, other_pages
from tests.support.reference.everywhere import PROTECTIVE, learn, state_of_service

DOLLAR = 100
#: What a statement shows wrongly; a payment to the wrong payee or goods that did not come are no error of the transfer.
ERRORS = words("unauthorised duplicate wrong_amount failed_transfer subscription")
LIABILITY = (
    "access_device_lost", "days_since_statement", "business_days_to_notice", "loss_before_2bd_minor", "loss_after_2bd_minor",
    "txn_amount_minor",
)  # fmt: skip
NOTICE = words("us_regulation days_since_statement account_new pos_or_foreign written_confirmation")
REG_Z = words("us_regulation days_since_statement cycle_day dispute_type txn_disputed txn_amount_minor txn_currency")
PAGES = other_pages(AMERICA)


def judge(action: str, facts: Facts, now: datetime, branch: Branch) -> Answer:
    answer = Answer()
    if action == "open_dispute":
        dispute_gates(answer, facts)
        if facts.get("txn_disputed") is False and facts.get("dispute_type") in ERRORS and all(name in facts for name in NOTICE):
            deadlines(answer, facts, branch.today(now), branch)
        if all(name in facts for name in REG_Z) and facts["us_regulation"] == "reg_z" and facts.get("txn_owned"):
            reg_z(answer, facts, branch.today(now), branch)
    elif action == "provisional_credit":
        state_of_service(answer, facts, action)
        provisional_credit(answer, facts, branch)
    elif action in PAGES:
        if action not in PROTECTIVE:
            state_of_service(answer, facts, action)
        PAGES[action](answer, facts, now, branch)
    return answer


def deadlines(answer: Answer, f: Facts, reported: date, branch: Branch) -> None:
    """US-01, US-02: they run from the notice, where it came within 60 days of the statement."""
    if number(f, "days_since_statement") > 60 or f["us_regulation"] != "reg_e" or not f.get("txn_owned"):
        return
    long = f["account_new"] or f["pos_or_foreign"]
    if f["written_confirmation"] != "overdue" and f.get("prior_credit_same_ref", False) is False:
        until = working_days(reported, 20 if f["account_new"] else 10, branch)
        if {"txn_amount_minor", "txn_currency"} <= f.keys():
            answer.owe("provisional_credit", branch.closes(until), abs(number(f, "txn_amount_minor")), str(f["txn_currency"]))
    answer.owe("decide_liability", branch.closes(calendar_days(reported, 90 if long else 45)))


def reg_z(answer: Answer, f: Facts, reported: date, branch: Branch) -> None:
    """US-05."""
    if number(f, "days_since_statement") <= 60 and not f["txn_disputed"] and f["dispute_type"] != "wrong_payee":
        two = cycle_end(reported, 2, number(f, "cycle_day"))
        answer.owe("decide_liability", branch.closes(min(two, calendar_days(reported, 90))))
    if f["dispute_type"] == "unauthorised" and f["txn_currency"] == "USD":
        answer.owe("customer_liability", None, min(abs(number(f, "txn_amount_minor")), 50 * DOLLAR), "USD")


def provisional_credit(answer: Answer, f: Facts, branch: Branch) -> None:
    what_is_owed(answer, f, branch)
    if not learn(
        answer, f, (), ("us_regulation", "days_since_statement", "written_confirmation", "error_outcome", "determined_date")
    ):
        return
    if not credit_gates(answer, f, AMERICA):
        return
    if f["us_regulation"] == "reg_e" and number(f, "days_since_statement") <= 60 and f["dispute_type"] in ERRORS:
        answer.approve("US-02")
    else:
        answer.human("US-04, US-05, US-06")
    if f["written_confirmation"] in ("pending", "overdue") or f["error_outcome"] == "no_error":
        answer.human("US-02, US-03")


def what_is_owed(answer: Answer, f: Facts, branch: Branch) -> None:
    open_still = f.get("error_outcome") == "open" and f.get("txn_disputed") and f.get("dispute_type") in ERRORS
    if open_still and all(name in f for name in (*NOTICE, "reported_date")):
        deadlines(answer, f, date.fromisoformat(str(f["reported_date"])), branch)
    if f.get("us_regulation") != "reg_e":
        return
    if f.get("error_outcome", "open") != "open" and "determined_date" in f:  # US-03
        ended = date.fromisoformat(str(f["determined_date"]))
        error = f["error_outcome"] == "error"
        if f.get("txn_owned") or not error:
            answer.owe("report_result", branch.closes(working_days(ended, 3, branch)))
        if f.get("txn_owned") and error and {"txn_amount_minor", "txn_currency"} <= f.keys():
            sum_of_it = abs(number(f, "txn_amount_minor")), str(f["txn_currency"])
            answer.owe("correct_error", branch.closes(working_days(ended, 1, branch)), *sum_of_it)
    if f.get("dispute_type") == "unauthorised" and all(name in f for name in LIABILITY):
        reg_e_liability(answer, f)


def reg_e_liability(answer: Answer, f: Facts) -> None:
    """US-04: 50, or 500 where the loss of the device was told later than two business days after it was learned of."""
    if not f["access_device_lost"] or not f.get("txn_owned") or number(f, "days_since_statement") > 60:
        return
    if number(f, "business_days_to_notice") > 2:
        before = min(number(f, "loss_before_2bd_minor"), 50 * DOLLAR)
        most = min(before + number(f, "loss_after_2bd_minor"), 500 * DOLLAR)
    elif f.get("txn_currency") == "USD":
        most = min(abs(number(f, "txn_amount_minor")), 50 * DOLLAR)
    else:
        return
    answer.owe("customer_liability", None, most, "USD")
