"""What holds for every action that is not protective, and for what could not be learned (section A, and the head of section K)."""

from __future__ import annotations

from collections.abc import Iterable

from tests.support.reference.answer import Answer, Facts, number, words

#: A-03: never denied.
PROTECTIVE = words("block_card open_dispute open_complaint report_fraud")
#: The value that says "not known" or the worst of a fact whose absence sends a case to a person instead of denying it.
NOT_KNOWN: Facts = {
    "risk_bp": 10_000,
    "risk_age_s": 10**9,
    "fault": "unknown",
    "liability_class": "unknown",
    "days_since_alert_working": 100_000,
    "days_since_alert_calendar": 100_000,
    "failure_cause": "unknown",
    "compensation_side": "unclear",
    "payer_conduct": "unknown",
    "us_regulation": "business",
    "days_since_statement": 100_000,
    "written_confirmation": "overdue",
    "error_outcome": "no_error",
    "txn_date": "1970-01-01",
    "determined_date": "1970-01-01",
    "debit_date": "1970-01-01",
    "sca_used": True,
    "instrument_lost": True,
    "loss_detectable": True,
    "loss_after_notice": False,
    "fraud_reported": True,
    "notified_in_time": False,
}
COOLING = words("sim_changed_h device_changed_h mobile_changed_h email_changed_h pin_changed_h")
SIM = ("sim_changed_h", "mobile_changed_h")
RISK = ("risk_bp", "risk_age_s")
ACTS = words("kill_switch duty_mode clock_ok human_requested origin proposer")
TOLD = words("kill_switch duty_mode human_requested origin proposer")
#: What is told or put on record needs no clock: it moves nothing ("refuse money").
WRITTEN = ("disclose_balance", "disclose_transactions", "disclose_statement", "raise_chargeback", "close_account")


#: What staff may have done without a second of them: the customer alone learns of it.
TELLS = ("disclose_balance", "disclose_transactions", "disclose_statement", "send_reset_link")


def learn(answer: Answer, facts: Facts, needed: Iterable[str], person: Iterable[str] = ()) -> bool:
    """A-01: what could not be learned denies; where the text leads to a person, it does that. False when nothing more can be said."""
    whole = True
    for name in needed:
        if name not in facts:
            answer.deny(f"A-01 {name}")
            whole = False
    for name in person:
        if name not in facts:
            answer.human(f"A-01 {name}")
            facts[name] = NOT_KNOWN[name]
    return whole


def state_of_service(answer: Answer, facts: Facts, action: str) -> None:
    """Switches, duty mode, clock, the wish for a person, who proposes, and where the task came from."""
    writes_down = action in WRITTEN
    if facts.get("kill_switch") is True:
        answer.deny("kill switch")
    if facts.get("duty_mode") in ("degraded", "incident"):  # K, Duty
        answer.deny("K duty")
    if facts.get("clock_ok") is False and not writes_down:
        answer.deny("clock")
    if facts.get("human_requested") is True:  # F-14
        answer.human("F-14")
    if not writes_down and facts.get("proposer") in ("sop", "job") and facts.get("origin") == "text":
        answer.deny("29")  # text chooses group and priority only; it starts no procedure
    if facts.get("proposer") == "staff" and action not in TELLS:
        answer.human("A-04")  # maker and checker differ: another one of them signs


def customer_and_account(answer: Answer, facts: Facts) -> None:
    """Ownership, death, a closed or dormant account, and who asks for it."""
    if facts["account_owned"] is False:
        answer.deny("A-02 ownership")
    if facts["customer_deceased"] or facts["account_status"] == "deceased":
        answer.human("G-08")
    if facts["account_status"] in ("dormant", "closed"):
        answer.human("G-05")


def somebody_elses_hand(answer: Answer, facts: Facts) -> None:
    """A minor, a power of attorney: a person sees the papers."""
    if facts["minor_guardian"] or facts["ownership_mode"] in ("minor_guardian", "poa"):
        answer.human("K minor or POA")


def cooling(facts: Facts) -> bool:
    """P-COOL: something that proves the customer changed within 24 hours."""
    return any(number(facts, name) < 24 for name in COOLING)


def sim_cooling(facts: Facts) -> bool:
    """G-03: a code sent to a SIM or number changed within 24 hours is no factor."""
    return any(number(facts, name) < 24 for name in SIM)


def weak_sim(facts: Facts) -> bool:
    """The same below AL3, which counts no factor changed within 24 hours (joint 9)."""
    return sim_cooling(facts) and number(facts, "auth_level") < 3


def stale(facts: Facts) -> bool:
    """P-RISK: a score older than 15 minutes counts as missing."""
    return number(facts, "risk_age_s") > 900


def frozen(facts: Facts) -> bool:
    """Any freeze or lien but the customer's own block (the table of G)."""
    return facts["account_freeze_kind"] not in ("none", "own") or (
        facts["account_frozen"] and facts["account_freeze_kind"] == "none"
    )


def held(facts: Facts) -> bool:
    """Any freeze, lien or block at all: nothing leaves the account."""
    return bool(facts["account_frozen"]) or facts["account_freeze_kind"] != "none"


def need_level(answer: Answer, facts: Facts, level: int, row: str) -> None:
    """A step-up; where a procedure or a job proposes there is nobody to step up, so a person looks."""
    if number(facts, "auth_level") < level:
        answer.step_up(level, row)
        if facts["proposer"] in ("sop", "job"):
            answer.human("A-04 nobody there")


def money_out_risk(answer: Answer, facts: Facts, level: int) -> int:
    """P-RISK for money out: the level needed, one higher from 0.40; where there is none higher, or from 0.70, a person."""
    risk = number(facts, "risk_bp")
    if stale(facts) or risk >= 7000:
        answer.human("P-RISK")
    elif risk >= 4000:
        if level == 4:
            answer.human("P-RISK no higher level")
        return min(level + 1, 4)
    return level
