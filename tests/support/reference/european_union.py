"""Pack `eu-psd2`: refunds of unauthorised payments (rows EU-01 to EU-05)."""

from __future__ import annotations

from datetime import date, datetime

from tests.support.reference.answer import Answer, Facts
from tests.support.reference.days import Branch, months, working_days
from tests.support.reference.everywhere import protective_switch


def judge(action: str, facts: Facts, now: datetime, branch: Branch) -> Answer:
    answer = Answer()
    if action == "open_dispute":
        protective_switch(answer, facts)
        open_dispute(answer, facts, now, branch)
    return answer


def open_dispute(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    answer.approve("EU-01, A-03")
    if f.get("txn_found") is False or f.get("txn_owned") is False:
        answer.human("K open_dispute, not found")
    if f.get("txn_rail") in ("cash", "branch"):
        answer.human("K open_dispute, cash or branch")
    if "debit_date" in f:
        debit = date.fromisoformat(str(f["debit_date"]))
        if f.get("dispute_type") == "unauthorised":
            answer.owe("notify_until", branch.closes(months(debit, 13)))
        if {"reported_date", "fraud_reported"} <= f.keys() and f["dispute_type"] == "unauthorised" and not f["fraud_reported"]:
            answer.owe("refund", branch.closes(working_days(date.fromisoformat(str(f["reported_date"])), 1, branch)))
