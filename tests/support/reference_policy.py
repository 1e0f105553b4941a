"""The same policy a second time: five actions as plain Python, written row by row from the banking rules, without the packs.

It shares nothing with `policy`: own day counting, own order of questions, verdicts as (word, level, four eyes). Where the rows
leave room, the reading chosen is said beside the line, so that a disagreement with the gate is a question about a row.

Facts are a plain mapping; a name that is absent could not be learned.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

Facts = Mapping[str, bool | int | str]
INDIA = ZoneInfo("Asia/Kolkata")
LAKH_PAISE = 100_000 * 100


class Answer(NamedTuple):
    verdict: str
    level: int | None = None
    four_eyes: bool = False


DENY, HUMAN, APPROVE = Answer("deny"), Answer("human"), Answer("approve")


def step_up(level: int) -> Answer:
    return Answer("step_up", level)


def verdict(action: str, facts: Facts, now: datetime) -> Answer:
    if action in ("disclose_balance", "disclose_transactions"):
        return disclose(facts)
    if action == "block_card":
        return APPROVE  # any AL, any mode, finders too
    if action == "open_dispute":
        return open_dispute(facts)
    return provisional_credit(facts)


def lacks(facts: Facts, *names: str) -> bool:
    return any(name not in facts for name in names)


def disclose(facts: Facts) -> Answer:
    """K, disclose_balance; statements alike."""
    # what cannot be learned denies.
    if lacks(facts, "kill_switch", "duty_mode", "auth_level", "account_owned", "customer_deceased", "account_status"):
        return DENY
    if lacks(facts, "ownership_mode", "minor_guardian", "sim_changed_h", "mobile_changed_h", "channel"):
        return DENY
    if facts["kill_switch"] or facts["duty_mode"] in ("degraded", "incident"):  # "protective only"
        return DENY
    if not facts["account_owned"]:  # third party
        return DENY
    if facts["auth_level"] in (0, 1):  # "AL0-1" stands under DENY, the strictest wins
        return DENY
    if facts["channel"] in ("email", "kiosk"):  # shared channel
        return DENY
    if facts["customer_deceased"] or facts["account_status"] == "deceased":  # deceased claimant
        return HUMAN
    if facts["ownership_mode"] == "poa":
        return HUMAN
    if facts["minor_guardian"] or facts["ownership_mode"] == "minor_guardian":
        return HUMAN
    if facts["auth_level"] == 2:
        # G-03: an OTP to a SIM (or number) changed within 24 h is no factor: HUMAN instead of a step-up that cannot succeed
        return HUMAN if int(facts["sim_changed_h"]) < 24 or int(facts["mobile_changed_h"]) < 24 else step_up(3)
    return APPROVE


def open_dispute(facts: Facts) -> Answer:
    """K, open_dispute; A-03, E-01."""
    if lacks(facts, "auth_level", "dispute_type"):
        return HUMAN  # never refused
    if not lacks(facts, "txn_found", "txn_owned") and not (facts["txn_found"] and facts["txn_owned"]):
        return HUMAN  # dispute flow: "found? no" → fraud team
    if facts["dispute_type"] == "unauthorised":
        return APPROVE  # "AL0 fraud report too"
    if facts.get("txn_rail") in ("cash", "branch"):  # cash/branch evidence
        return HUMAN
    return APPROVE if int(facts["auth_level"]) >= 1 else step_up(1)


def provisional_credit(facts: Facts) -> Answer:
    """K, provisional_credit; section B."""
    if credit_denied(facts):
        return DENY
    if credit_needs_person(facts):
        # over 50,000: maker and checker
        return Answer("human", None, int(facts["amount_minor"]) > LAKH_PAISE // 2)
    wanted = 3  # AL3
    if int(facts["risk_bp"]) >= 4000:  # P-RISK: one level more
        wanted = 4
    if int(facts["auth_level"]) < wanted:
        return step_up(wanted)
    return APPROVE


def credit_denied(facts: Facts) -> bool:
    # A-01, with the facts that row K and section J ask for. Fault, days, the payment's day and risk are not among them:
    # B-05 "never DENY", P-RISK "score missing → HUMAN".
    if lacks(facts, "kill_switch", "duty_mode", "auth_level", "proposer", "customer_deceased"):
        return True
    if lacks(
        facts, "account_owned", "account_status", "account_frozen", "account_freeze_kind", "ownership_mode", "minor_guardian"
    ):
        return True
    if lacks(facts, "txn_found", "txn_owned", "txn_amount_minor", "txn_currency", "txn_status", "txn_disputed", "dispute_type"):
        return True
    if lacks(facts, "amount_minor", "currency", "prior_credit_same_ref", "open_provisional_credits", "credits_12m_minor"):
        return True
    if lacks(facts, "sim_changed_h", "device_changed_h", "mobile_changed_h", "email_changed_h", "pin_changed_h"):
        return True
    if facts["kill_switch"] or facts["duty_mode"] in ("degraded", "incident"):
        return True
    if not (facts["account_owned"] and facts["txn_found"] and facts["txn_owned"]):
        return True
    if facts["prior_credit_same_ref"]:
        return True
    if facts["txn_status"] == "reversed":  # the money is back
        return True
    if not facts["txn_disputed"]:
        return True
    # more than the payment took, or not its currency
    return facts["currency"] != facts["txn_currency"] or int(facts["amount_minor"]) > -int(facts["txn_amount_minor"])


def credit_needs_person(facts: Facts) -> bool:
    if facts["customer_deceased"] or facts["account_status"] != "active":  # dormant, closed, deceased
        return True
    if facts["account_freeze_kind"] not in ("none", "own"):  # section G: the bot lifts none; an own block hinders no credit
        return True
    if facts["account_frozen"] and facts["account_freeze_kind"] == "none":
        return True
    if facts["ownership_mode"] in ("poa", "minor_guardian") or facts["minor_guardian"]:
        return True
    if min(int(facts[f"{what}_changed_h"]) for what in ("sim", "device", "mobile", "email", "pin")) < 24:  # P-COOL
        return True
    if facts["proposer"] in ("job", "sop") and int(facts["auth_level"]) < 3:  # nobody is there to step up
        return True
    if facts["dispute_type"] != "unauthorised" or facts["txn_status"] != "posted":
        return True
    if facts["currency"] != "INR":
        return True
    if not entitled(facts):
        return True
    amount = int(facts["amount_minor"])
    if amount > 10_000 * 100 or amount + int(facts["credits_12m_minor"]) > 25_000 * 100:
        return True
    if int(facts["open_provisional_credits"]) != 0:  # one open
        return True
    if lacks(facts, "risk_bp", "risk_age_s"):
        return True
    return int(facts["risk_bp"]) >= 7000 or int(facts["risk_age_s"]) > 15 * 60


def entitled(facts: Facts) -> bool:
    """B-01, B-02, B-21: zero liability. Everything else in section B is for a person."""
    if lacks(facts, "txn_date", "fault"):
        return False
    done = date.fromisoformat(str(facts["txn_date"]))
    if done < date(2017, 7, 6):
        return False
    # the days have to be known even where the bank itself is at fault: the file is not complete without them
    days, in_time = ("days_since_alert_calendar", 5) if done >= date(2027, 1, 1) else ("days_since_alert_working", 3)
    if lacks(facts, days):
        return False
    return facts["fault"] == "bank" or (facts["fault"] == "third_party" and int(facts[days]) <= in_time)


# --- deadlines of section B -------------------------------------------------------------------------------------------


def deadlines(action: str, facts: Facts, now: datetime) -> dict[str, date]:
    """Last days, in India, for shadow reversal and decision of an unauthorised payment; none where facts are missing."""
    if action not in ("open_dispute", "provisional_credit"):
        return {}
    if facts.get("dispute_type") != "unauthorised" or not facts.get("txn_owned") or lacks(facts, "txn_disputed", "txn_date"):
        return {}
    opening = action == "open_dispute"
    if facts["txn_disputed"] == opening:  # a second report does not start the clock again; a credit belongs to a dispute
        return {}
    if opening:
        start = now.astimezone(INDIA).date()
    elif "reported_date" in facts:
        start = date.fromisoformat(str(facts["reported_date"]))
    else:
        return {}
    done = date.fromisoformat(str(facts["txn_date"]))
    if done < date(2017, 7, 6):
        return {}
    debit = "txn_amount_minor" in facts and int(facts["txn_amount_minor"]) < 0 and "txn_currency" in facts
    credited = not opening and facts.get("prior_credit_same_ref", True)
    later = done >= date(2027, 1, 1)
    found = {}
    if debit and not credited:  # B-07, B-23
        found["shadow_reversal"] = start + timedelta(days=5) if later else working_days_later(start, 10)
    if not later:  # B-08
        found["decide_liability"] = start + timedelta(days=90)
    elif "txn_cross_border" in facts:  # B-22
        found["decide_liability"] = start + timedelta(days=60 if facts["txn_cross_border"] else 45)
    return found


def working_days_later(start: date, count: int) -> date:
    day = start
    while count:
        day += timedelta(days=1)
        saturday_of_month = (day.day - 1) // 7 + 1 if day.weekday() == 5 else 0
        national = (day.month, day.day) in ((1, 26), (8, 15), (10, 2))
        if day.weekday() != 6 and saturday_of_month not in (2, 4) and not national:
            count -= 1
    return day
