"""India: disputes, complaints, fraud reports, chargebacks, and requests to close (sections B, C, E; G-09)."""

from __future__ import annotations

from datetime import date, datetime

from tests.support.reference.answer import Answer, Facts, number, words
from tests.support.reference.days import Branch, calendar_days, months, working_days
from tests.support.reference.everywhere import (
    SIM,
    TOLD,
    learn,
    need_level,
    sim_cooling,
    somebody_elses_hand,
)

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


def liability_deadlines(answer: Answer, f: Facts, reported: date, branch: Branch) -> None:
    """B-07, B-08, B-22, B-23: they run from the report, under the regime of the day of the transaction."""
    old = date.fromisoformat(str(f["txn_date"])) < REGIME_2027
    if (
        number({"txn_amount_minor": 0, **f}, "txn_amount_minor") < 0
        and "txn_currency" in f
        and f.get("prior_credit_same_ref") is not True
    ):
        until = working_days(reported, 10, branch) if old else calendar_days(reported, 5)
        answer.owe("shadow_reversal", branch.closes(until), abs(number(f, "txn_amount_minor")), str(f["txn_currency"]))
    if old:
        answer.owe("decide_liability", branch.closes(calendar_days(reported, 90)))
    elif "txn_cross_border" in f:
        answer.owe("decide_liability", branch.closes(calendar_days(reported, 60 if f["txn_cross_border"] else 45)))


def complaint_deadlines(answer: Answer, reported: date, branch: Branch) -> None:
    """E-02: 20 and 30 days."""
    answer.owe("internal_ombudsman", branch.closes(calendar_days(reported, 20)))
    answer.owe("final_answer", branch.closes(calendar_days(reported, 30)))
    ombudsman(answer, reported, branch)


def ombudsman(answer: Answer, reported: date, branch: Branch) -> None:
    """E-03: after 30 days without a reply, 90 days long, or a year under the scheme of 2021."""
    reply = calendar_days(reported, 30)
    answer.owe("ombudsman_from", branch.closes(reply))
    until = calendar_days(reply, 90) if reported >= OMBUDSMAN_2026 else months(reply, 12)
    answer.owe("ombudsman_until", branch.closes(until))


def open_dispute(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    today = branch.today(now)
    answer.approve("K open_dispute, A-03")
    if f.get("auth_level") == 0 and f.get("dispute_type", "unauthorised") != "unauthorised":
        answer.step_up(1, "K open_dispute, AL0 for fraud only")
    if "txn_found" in f and "txn_owned" in f and not (f["txn_found"] and f["txn_owned"]):
        answer.human("K open_dispute, not found")
    if f.get("txn_rail") in ("cash", "branch") and f.get("dispute_type", "unauthorised") != "unauthorised":
        answer.human("K open_dispute, cash or branch")  # a fraud is logged before any check (E-01)
    if "auth_level" not in f or "dispute_type" not in f:
        answer.human("A-01")
    if f.get("txn_disputed") is False:  # one on record has its dates already
        ombudsman(answer, today, branch)
    if not f.get("txn_owned") or "txn_date" not in f:
        return
    day = date.fromisoformat(str(f["txn_date"]))
    if f.get("txn_disputed") is False and f.get("dispute_type") == "unauthorised":
        liability_deadlines(answer, f, today, branch)
    if (
        {"txn_amount_minor", "txn_currency"} <= f.keys()
        and f.get("txn_status") != "reversed"
        and f.get("txn_cross_border") is False
        and f.get("tat_incident", "none") != "none"
        and day >= TAT_SINCE
    ):
        back = branch.closes(calendar_days(day, TAT_DAYS[str(f["tat_incident"])]))
        answer.owe("reverse_failed", back, abs(number(f, "txn_amount_minor")), str(f["txn_currency"]))
    window = {"upi": 45, "card_pos": 120, "card_online": 120}.get(str(f.get("txn_rail")), -1)  # E-05, E-09
    own_mistake = f.get("txn_rail") == "upi" and f.get("dispute_type") == "wrong_payee"  # E-12
    if not own_mistake and number({"txn_age_days": 10**6, **f}, "txn_age_days") <= window:
        answer.owe("chargeback_until", branch.closes(calendar_days(day, window)))


def say_who(answer: Answer, f: Facts) -> None:
    """A complaint is always opened at AL1 and above; below, a fraud report (K)."""
    answer.approve("K open_complaint, A-03")
    if "auth_level" not in f:
        answer.human("A-01")
    elif number(f, "auth_level") == 0:
        answer.step_up(1, "K open_complaint, AL1")


def open_complaint(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    say_who(answer, f)
    if f.get("complaint_open_same_ref") is False:
        complaint_deadlines(answer, branch.today(now), branch)
    elif "complaint_open_same_ref" in f and "reported_date" in f:  # one on record keeps its dates
        complaint_deadlines(answer, date.fromisoformat(str(f["reported_date"])), branch)


def report_fraud(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    answer.approve("K report, E-01, A-03")


def raise_chargeback(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    payment = words("txn_found txn_owned txn_amount_minor txn_currency txn_date txn_status txn_disputed account_owned")
    claim = words("chargeback_network chargeback_clock_d chargebacks_30d chargebacks_pair_30d chargeback_raised")
    sums = words("amount_minor currency dispute_type tcc_ret reversal_state txn_age_days")
    if not learn(answer, f, (*TOLD, "auth_level", *payment, *claim, *sums)):
        return
    network, clock = f["chargeback_network"], number(f, "chargeback_clock_d")
    answer.approve("K raise_chargeback")
    if network == "none":
        answer.deny("K raise_chargeback, no procedure")
    if f["proposer"] == "assistant":
        need_level(answer, f, 1, "K open_dispute")
    if not f["txn_found"] or not f["txn_owned"] or not f["account_owned"] or not f["txn_disputed"]:
        answer.deny("A-02 ownership, dispute first")
    if number(f, "amount_minor") > abs(number(f, "txn_amount_minor")) or f["currency"] != f["txn_currency"]:
        answer.deny("A-01 amount")
    if f["chargeback_raised"] or f["reversal_state"] != "none" or f["txn_status"] == "reversed":
        answer.deny("A-05, E-08")
    if f["tcc_ret"] == "ret":
        answer.deny("E-08")
    if f["tcc_ret"] == "tcc" or f["txn_status"] in ("pending", "failed"):
        answer.human("E-08")
    if f["dispute_type"] == "wrong_payee":
        answer.deny("E-12")
    if network == "upi":
        if number(f, "txn_age_days") > 45:
            answer.deny("E-05")
        if number(f, "chargebacks_30d") >= 10 or number(f, "chargebacks_pair_30d") >= 5:
            answer.human("E-07") if f["proposer"] == "staff" else answer.deny("E-06")
    elif clock > (90 if network == "mastercard" and f["dispute_type"] == "duplicate" else 120):
        some_reason = clock <= {"visa": 540, "mastercard": 120}.get(str(network), 0)
        answer.human("E-09") if some_reason else answer.deny("K raise_chargeback, past E-09")


def close_account(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    account = words("account_owned account_status customer_deceased ownership_mode minor_guardian account_frozen")
    dues = words("account_freeze_kind account_type dues_minor lien_minor closure_requested")
    if not learn(answer, f, (*TOLD, "auth_level", *account, *dues, *SIM)):
        return
    answer.approve("K close_account, the request")
    if f["account_owned"] is False:
        answer.deny("A-02 ownership")
    if f["customer_deceased"] or f["account_status"] == "deceased":
        answer.human("G-08")
    if f["account_status"] == "closed":
        answer.deny("A-05")
    somebody_elses_hand(answer, f)
    need_level(answer, f, 4, "K close_account")
    if number(f, "auth_level") == 4:
        answer.human("K close_account, all executions")
    if number(f, "lien_minor") > 0 or f["account_freeze_kind"] in ("court", "police", "lien"):
        answer.deny("K close_account, lien or order")
    if f["account_type"] == "credit_card" and number(f, "dues_minor") > 0:
        answer.deny("K close_account, card dues")
    if f["account_freeze_kind"] == "fraud":
        answer.human("G, under review")
    if f["closure_requested"]:
        answer.deny("A-05")
    if sim_cooling(f):
        answer.human("G-03")
    if f["account_type"] == "credit_card" and number(f, "auth_level") == 4 and answer.verdict == "human":  # G-09
        answer.owe("close_by", branch.closes(working_days(branch.today(now), 7, branch)))
