"""Pack `eu-psd2`: refunds of unauthorised payments and payments without strong authentication (rows EU-01 to EU-05)."""

from __future__ import annotations

from datetime import date, datetime

from tests.support.reference.answer import Answer, Facts, number, words
from tests.support.reference.caps import EUROPE
from tests.support.reference.days import Branch, calendar_days, months, working_days
from tests.support.reference.elsewhere import credit_gates, dispute_gates, other_pages
from tests.support.reference.everywhere import PROTECTIVE, learn, state_of_service

EURO = 100
#: Unauthorised or executed wrongly (71); authorised through the payee, of more than could be expected (76).
WRONG = words("unauthorised duplicate wrong_amount failed_transfer")
CLAIMED = ("wrong_amount", "subscription")
CONDUCT = words("sca_used payer_conduct instrument_lost loss_detectable loss_after_notice fault")
PAGES = other_pages(EUROPE)


def judge(action: str, facts: Facts, now: datetime, branch: Branch) -> Answer:
    answer = Answer()
    if action == "open_dispute":
        dispute_gates(answer, facts)
        if facts.get("txn_owned") and "debit_date" in facts:
            last_day_to_tell(answer, facts, branch)
        if facts.get("txn_disputed") is False:
            deadlines(answer, facts, branch.today(now), branch)
            refund_claim(answer, facts, branch.today(now), branch)
    elif action == "provisional_credit":
        state_of_service(answer, facts, action)
        if facts.get("txn_disputed") and "reported_date" in facts:
            deadlines(answer, facts, date.fromisoformat(str(facts["reported_date"])), branch)
        unauthorised = facts.get("dispute_type") == "unauthorised" and facts.get("txn_owned")
        if unauthorised and all(name in facts for name in (*CONDUCT, "txn_amount_minor")):
            liability(answer, facts)
        provisional_credit(answer, facts)
    elif action in PAGES:
        if action not in PROTECTIVE:
            state_of_service(answer, facts, action)
        PAGES[action](answer, facts, now, branch)
    return answer


def last_day_to_tell(answer: Answer, f: Facts, branch: Branch) -> None:
    """EU-04: 13 months of calendar; eight weeks for a refund of what the payee initiated."""
    debit = date.fromisoformat(str(f["debit_date"]))
    if f.get("payee_initiated") is True and f.get("dispute_type") in CLAIMED and not f.get("txn_disputed"):
        answer.owe("notify_until", branch.closes(calendar_days(debit, 56)))
    if f.get("dispute_type") in WRONG:
        answer.owe("notify_until", branch.closes(months(debit, 13)))


def deadlines(answer: Answer, f: Facts, reported: date, branch: Branch) -> None:
    """EU-01, EU-04."""
    told = f.get("fraud_reported") is not False or f.get("notified_in_time") is not True
    if told or f.get("prior_credit_same_ref", False) is not False or not f.get("txn_owned"):
        return
    if f.get("dispute_type") == "unauthorised" and {"txn_amount_minor", "txn_currency"} <= f.keys():
        until = branch.closes(working_days(reported, 1, branch))
        answer.owe("refund", until, abs(number(f, "txn_amount_minor")), str(f["txn_currency"]))


def refund_claim(answer: Answer, f: Facts, reported: date, branch: Branch) -> None:
    """EU-04: of a payment that the payee initiated, claimed within eight weeks."""
    if f.get("payee_initiated") is not True or f.get("dispute_type") not in CLAIMED:
        return
    known = {"txn_amount_minor", "txn_currency", "days_since_debit"} <= f.keys()
    if f.get("txn_owned") and known and number(f, "days_since_debit") <= 56:
        until = branch.closes(working_days(reported, 10, branch))
        answer.owe("answer_refund_claim", until, abs(number(f, "txn_amount_minor")), str(f["txn_currency"]))


def provisional_credit(answer: Answer, f: Facts) -> None:
    if not learn(answer, f, (), (*CONDUCT, "fraud_reported", "notified_in_time", "debit_date")) or not credit_gates(
        answer, f, EUROPE
    ):
        return
    answer.approve("EU-01")
    if f["dispute_type"] != "unauthorised" or not f["notified_in_time"]:
        answer.human("EU-04")
    if f["dispute_type"] == "unauthorised" and bears(f):
        answer.human("EU-02, what he may have to bear")
    free = not f["sca_used"] or f["loss_after_notice"]  # EU-03
    if f["fraud_reported"] or f["payer_conduct"] == "fraud" or (f["payer_conduct"] != "normal" and not free):
        answer.human("EU-01, EU-02")


def bears(f: Facts) -> bool:
    """EU-02, EU-03."""
    lost = f["instrument_lost"] and f["loss_detectable"] and f["fault"] != "bank"
    return bool(f["payer_conduct"] == "normal" and lost and f["sca_used"] and not f["loss_after_notice"])


def liability(answer: Answer, f: Facts) -> None:
    if bears(f) and f.get("txn_currency") == "EUR":
        answer.owe("customer_liability", None, min(abs(number(f, "txn_amount_minor")), 50 * EURO), "EUR")
