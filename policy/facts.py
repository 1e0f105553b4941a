"""The closed schema of facts: every name a rule may use, its type, who states it, and how old it may be.

A fact is a scalar with a source and the time at which that source stated it. Rules are type-checked against this schema when a
pack is loaded, and values are checked against it on every decision: a value of another type, outside its range or outside its
enumeration counts as missing. Names follow section J of the banking rules, flattened.

Units: money in minor units, ages in whole hours (`_h`) or seconds (`_s`), risk in basis points (`_bp`, 10000 = certain),
dates as ISO strings of the home branch's day.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from domain.actions import Action
from domain.decisions import Fact, FactValue

#: The exact Python type of a fact's value.
Kind = type[bool] | type[int] | type[str]
FactType = Literal["bool", "int", "str"]
#: bank = GET /facts of the core; runtime = the auth session and our own switches; proposal = the frozen arguments.
Source = Literal["bank", "runtime", "proposal"]

#: Minor units: ten thousand crore rupees. Keeps sums of rule arithmetic far inside 64 bits.
MONEY_LIMIT = 10**13
#: "A long time ago" for ages of changes, in hours.
LONG_AGO_H = 9999
BANK_MAX_AGE_S = 300
RUNTIME_MAX_AGE_S = 60


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact a rule may name.

    Attributes:
        values: the closed enumeration of a `str` fact; empty means any text (never compared with literals).
        low, high: inclusive range of an `int` fact.
        is_date: a `str` that has to be an ISO date; may select a rule by validity and anchor a deadline.
        max_age_s: older than this at decision time counts as missing; None = frozen with the proposal.
        declared: an answer of the customer; may never soften a verdict.
        doc: what it says and how it is counted.
    """

    name: str
    type: FactType
    source: Source
    doc: str
    values: tuple[str, ...] = ()
    low: int = 0
    high: int = MONEY_LIMIT
    is_date: bool = False
    max_age_s: int | None = BANK_MAX_AGE_S
    declared: bool = False

    def accepts(self, value: object) -> bool:
        """Whether `value` is of this fact's exact type, range and enumeration."""
        kind, allowed = self.kind_and_values()
        return type(value) is kind and (allowed is None or value in allowed)

    def kind_and_values(self) -> tuple[Kind, Container[object] | None]:
        """The exact Python type, and what the value has to be in; None where the type is all there is to say."""
        if self.type == "bool":
            return bool, None
        if self.type == "int":
            return int, range(self.low, self.high + 1)
        return str, frozenset(self.values) if self.values else _IsoDates() if self.is_date else None


class _IsoDates:
    """All ISO dates, as something a value can be `in`."""

    def __contains__(self, text: object) -> bool:
        return _is_iso_date(str(text))


@lru_cache(maxsize=4096)
def _is_iso_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _yes_no(name: str, doc: str, source: Source = "bank", age: int | None = BANK_MAX_AGE_S) -> FactSpec:
    return FactSpec(name, "bool", source, doc, max_age_s=age)


def _count(name: str, doc: str, high: int, low: int = 0) -> FactSpec:
    return FactSpec(name, "int", "bank", doc, low=low, high=high)


def _enum(name: str, doc: str, values: str, source: Source = "bank", age: int | None = BANK_MAX_AGE_S) -> FactSpec:
    return FactSpec(name, "str", source, doc, values=tuple(values.split()), max_age_s=age)


def _day(name: str, doc: str) -> FactSpec:
    return FactSpec(name, "str", "bank", doc, is_date=True)


def _hours(name: str, what: str) -> FactSpec:
    return _count(name, f"Whole hours since {what} last changed; {LONG_AGO_H} = longer, or never.", LONG_AGO_H)


RAILS = "upi imps neft rtgs card_pos card_online atm aeps nach ppi cheque cash branch internal"
DISPUTE_TYPES = "unauthorised duplicate wrong_amount not_received failed_transfer subscription wrong_payee"

_ALL = (
    # Who asks, how, and in which state the service is: stated by the runtime.
    FactSpec("auth_level", "int", "runtime", "AL0-AL4 of the signed-in session.", low=0, high=4, max_age_s=RUNTIME_MAX_AGE_S),
    _enum(
        "channel", "Where it was asked. email and kiosk are shared.", "web whatsapp terminal email kiosk staff system", "runtime"
    ),
    _enum("duty_mode", "State of the service.", "normal off_hours degraded incident", "runtime", RUNTIME_MAX_AGE_S),
    _yes_no("kill_switch", "This action, or everything, is switched off.", "runtime", RUNTIME_MAX_AGE_S),
    _enum("proposer", "Who proposes.", "assistant staff sop job", "runtime", None),
    # What was proposed: taken from the frozen arguments.
    FactSpec("amount_minor", "int", "proposal", "Amount of the proposal.", low=0, max_age_s=None),
    _enum("currency", "Currency of the proposal.", "INR USD EUR GBP JPY", "proposal", None),
    # The customer and the account.
    _yes_no("customer_deceased", "The bank has recorded the death of the customer whose account it is."),
    _yes_no("account_owned", "The asking customer owns the account (all of them, if several), or holds a mandate."),
    _enum("account_status", "Status of the account; of several the worst.", "active dormant closed deceased"),
    _yes_no("account_frozen", "A freeze or lien stands on the account."),
    _enum("account_freeze_kind", "Kind of the gravest freeze.", "none court police kyc fraud own dormant lien"),
    _enum(
        "ownership_mode",
        "How the account is operated, or poa when a power of attorney asks.",
        "sole either_survivor jointly anyone minor_guardian poa",
    ),
    _yes_no("minor_guardian", "The owner is a minor; a guardian asks."),
    _enum("liability_class", "Class of account for the caps of row B-04.", "bsbd standard higher unknown"),
    FactSpec("home_branch", "str", "bank", "Home branch: whose calendar counts. Read by the shell, not by rules."),
    # The payment.
    _yes_no("txn_found", "The bank has the transaction."),
    _yes_no("txn_owned", "The transaction is on an account or card of the asking customer."),
    _count("txn_amount_minor", "Signed as in the ledger: a debit is negative.", MONEY_LIMIT, -MONEY_LIMIT),
    _enum("txn_currency", "Currency of the transaction.", "INR USD EUR GBP JPY"),
    _enum("txn_rail", "How the money moved.", RAILS),
    _day("txn_date", "Day of the transaction; selects the liability regime."),
    _count("txn_age_days", "Calendar days since the transaction.", 100_000),
    _enum("txn_status", "Status in the ledger.", "posted pending failed reversed"),
    _yes_no("txn_disputed", "A dispute about it is on record."),
    _yes_no("txn_cross_border", "Acquirer or payee is outside India."),
    # The report and the assessment.
    FactSpec(
        "dispute_type",
        "str",
        "bank",
        "What the customer says went wrong.",
        values=tuple(DISPUTE_TYPES.split()),
        declared=True,
        max_age_s=None,
    ),
    _day("reported_date", "Day on which the customer first reported it; starts the bank's deadlines."),
    _count(
        "days_since_alert_working",
        "Working days of the home branch from the day after the bank's alert to the report; 0 if no alert was ever sent.",
        100_000,
    ),
    _count(
        "days_since_alert_calendar",
        "Calendar days from the day after the bank's alert to the report; 0 if no alert was ever sent.",
        100_000,
    ),
    _enum(
        "fault",
        "Whose fault, by the bank's fraud assessment or an officer; never the customer's or a model's word.",
        "bank third_party customer unknown",
    ),
    FactSpec(
        "risk_bp",
        "int",
        "bank",
        "Risk that this request is not genuine (take-over, abuse of claims); not how suspicious the disputed payment is.",
        high=10_000,
        max_age_s=None,
    ),
    _count("risk_age_s", "Seconds since that score was made.", 10**9),
    _yes_no("prior_credit_same_ref", "A provisional credit for this transaction exists already."),
    _count("open_provisional_credits", "Provisional credits of this customer not yet settled.", 100_000),
    FactSpec("credits_12m_minor", "int", "bank", "Sum of this customer's provisional credits in the last 12 months."),
    # Changes that an account take-over leaves behind.
    _hours("sim_changed_h", "the SIM"),
    _hours("device_changed_h", "the registered device"),
    _hours("mobile_changed_h", "the mobile number"),
    _hours("email_changed_h", "the e-mail address"),
    _hours("pin_changed_h", "the PIN or password"),
    # The card.
    _yes_no("card_owned", "The card is the asking customer's."),
    _enum("card_status", "Status of the card.", "active blocked_own blocked_bank hotlisted expired"),
)
SCHEMA: Mapping[str, FactSpec] = {spec.name: spec for spec in _ALL}

_SESSION = ("auth_level", "channel", "duty_mode", "kill_switch", "proposer")
_DISCLOSE = (
    "customer_deceased",
    "account_owned",
    "account_status",
    "ownership_mode",
    "minor_guardian",
    "sim_changed_h",
    "mobile_changed_h",
)
_PAYMENT = (
    "txn_found",
    "txn_owned",
    "txn_amount_minor",
    "txn_currency",
    "txn_rail",
    "txn_date",
    "txn_status",
    "txn_disputed",
    "txn_cross_border",
)
#: The facts that the shell gathers for an action; a pack may name no others for it (tested).
NEEDS: Mapping[str, tuple[str, ...]] = {
    "disclose_balance": _SESSION + _DISCLOSE,
    "disclose_transactions": _SESSION + _DISCLOSE,
    "block_card": (*_SESSION, "card_owned", "card_status"),
    "open_dispute": (*_SESSION, *_PAYMENT, "amount_minor", "currency", "dispute_type", "home_branch"),
    "provisional_credit": (
        *_SESSION, *_DISCLOSE, *_PAYMENT, "amount_minor", "currency", "dispute_type", "home_branch", "account_frozen",
        "account_freeze_kind", "liability_class", "reported_date", "days_since_alert_working", "days_since_alert_calendar", "fault",
        "risk_bp", "risk_age_s", "prior_credit_same_ref", "open_provisional_credits", "credits_12m_minor", "device_changed_h",
        "email_changed_h", "pin_changed_h",
    ),
}  # fmt: skip


def bank_needs(action: str) -> tuple[str, ...]:
    """The facts of `action` that the core bank states; the rest come from the runtime and the proposal."""
    return tuple(name for name in NEEDS[action] if SCHEMA[name].source == "bank")


def proposal_facts(action: Action, at: datetime) -> dict[str, Fact]:
    """The facts that a proposal's own frozen arguments state: amount, currency, and a declared dispute type."""
    return arguments_as_facts(action.arguments(), at)


def arguments_as_facts(arguments: Mapping[str, Any], at: datetime) -> dict[str, Fact]:
    """As `proposal_facts`, from plain arguments. Arguments that are no facts are left out."""
    return {
        name: Fact(name=name, value=arguments[name], source="proposal", at=at, declared=SCHEMA[name].declared)
        for name in ("amount_minor", "currency", "dispute_type")
        if name in arguments
    }


def as_facts(values: Mapping[str, FactValue], at: datetime, source: str) -> dict[str, Fact]:
    """Wrap plain values that one source stated at one time."""
    return {
        name: Fact(name=name, value=value, source=source, at=at, declared=_is_declared(name)) for name, value in values.items()
    }


def _is_declared(name: str) -> bool:
    return name in SCHEMA and SCHEMA[name].declared


def unknown_names(names: Iterable[str]) -> list[str]:
    """The names that are not in the schema, sorted."""
    return sorted(set(names) - SCHEMA.keys())
