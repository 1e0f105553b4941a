"""Pack `us-reg`: Reg E and Reg Z (rows US-01 to US-06) on disputes and provisional credits."""

from __future__ import annotations

from datetime import date, datetime

from tests.support.reference.answer import Answer, Facts, number
from tests.support.reference.days import Branch, calendar_days, cycle_end, working_days
from tests.support.reference.everywhere import protective_switch

DOLLAR = 100


def judge(action: str, facts: Facts, now: datetime, branch: Branch) -> Answer:
    answer = Answer()
    if action == "open_dispute":
        protective_switch(answer, facts)
        open_dispute(answer, facts, now, branch)
    return answer


def open_dispute(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    answer.approve("US-01, US-05, A-03")
    if f.get("txn_found") is False or f.get("txn_owned") is False:
        answer.human("K open_dispute, not found")
    if f.get("txn_rail") in ("cash", "branch"):
        answer.human("K open_dispute, cash or branch")
    if {"us_regulation", "reported_date", "days_since_statement"} <= f.keys():
        reported = date.fromisoformat(str(f["reported_date"]))
        if f["us_regulation"] == "reg_e" and {"account_new", "pos_or_foreign", "written_confirmation"} <= f.keys():
            reg_e(answer, f, reported, branch)
        if f["us_regulation"] == "reg_z" and "cycle_day" in f:
            reg_z(answer, f, reported, branch)


def reg_e(answer: Answer, f: Facts, reported: date, branch: Branch) -> None:
    """US-01, US-02, US-04."""
    if number(f, "days_since_statement") <= 60:
        long = f["account_new"] or f["pos_or_foreign"]
        if f["written_confirmation"] != "overdue":
            answer.owe("provisional_credit", branch.closes(working_days(reported, 20 if f["account_new"] else 10, branch)))
        answer.owe("decide_liability", branch.closes(calendar_days(reported, 90 if long else 45)))


def reg_z(answer: Answer, f: Facts, reported: date, branch: Branch) -> None:
    """US-05."""
    if number(f, "days_since_statement") <= 60:
        answer.owe("acknowledge", branch.closes(calendar_days(reported, 30)))
        answer.owe(
            "decide_liability",
            branch.closes(min(cycle_end(reported, 2, number(f, "cycle_day")), calendar_days(reported, 90))),
        )
        answer.owe("no_collection")
