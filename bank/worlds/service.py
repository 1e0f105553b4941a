"""What can be served, and what was: the tariff and fees held against it, limits, payees, standing debits, and records of claims."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StringConstraints

from bank.worlds.part import Id, Part, Text
from bank.worlds.values import Amount, Day, Instant
from domain.actions.cases import ComplaintCategory
from domain.actions.settings import LimitKind

FeeKind = Literal[
    "min_balance", "reactivation", "sms_alert", "atm", "late_payment", "annual", "transfer", "card_replacement", "other"
]


class Tariff(Part):
    """What a fee of a kind is at most, GST included; nothing = never due. `waived_for`: account types, segments, `dormant`."""

    kind: FeeKind
    amount: Amount
    waived_for: tuple[Id, ...] = ()
    once_per: Literal["event", "month", "quarter", "year"] = "event"


class FeeRefund(Part):
    """What was given back of a fee. `error`: it was not due; `by_person`: somebody of the bank decided it."""

    amount: Amount
    at: Instant
    error: StrictBool
    by_person: StrictBool = False


class Fee(Part):
    """A fee that was charged with the transaction named. `tax`: the line is a tax by itself."""

    id: Id
    transaction: Id
    kind: FeeKind
    tax: StrictBool = False
    refund: FeeRefund | None = None


class UseLimit(Part):
    """A limit that the customer may set up to the bank's `cap`; without a card, the account's. Nothing = switched off."""

    account: Id
    card: Id | None = None
    kind: LimitKind
    value: Amount
    cap: Amount
    version: Annotated[int, Field(ge=0, strict=True)] = 1


class PayeeOnFile(Part):
    """Whom a customer may pay. `account` is one of this bank's, for a payee who has one here."""

    id: Id
    customer: Id
    name: Text
    handle: Text
    account: Id | None = None
    added_at: Instant
    name_match: Literal["match", "close", "mismatch", "unavailable"] = "match"
    merchant_category: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None
    merchant_verified: StrictBool = False


class Mandate(Part):
    """A standing debit. `pending` waits for the customer's word; `proposed_max` is a change that does."""

    id: Id
    account: Id
    creditor: Text
    category: Literal["general", "insurance", "mutual_fund", "credit_card_bill", "fastag"] = "general"
    max: Amount
    proposed_max: Amount | None = None
    status: Literal["pending", "active", "withdrawn", "expired"] = "active"
    registered_at: Instant | None = None
    next_debit: Day | None = None
    notice_at: Instant | None = None
    skip_next: StrictBool = False


class Complaint(Part):
    """A complaint on record. `about` is an account, a payment, or the message it was made in."""

    reference: Id
    customer: Id
    category: ComplaintCategory
    about: Id
    opened_at: Instant
    status: Literal["open", "closed"] = "open"


class FraudReport(Part):
    """A report of fraud; `ncrp_at` is when the customer also told NCRP or 1930."""

    reference: Id
    customer: Id
    kind: Literal["payment", "card", "credentials", "sim", "impersonation", "other"] = "payment"
    about: Id
    at: Instant
    ncrp_at: Instant | None = None


class Chargeback(Part):
    """A claim on another bank that was raised already, for a dispute of `cases`."""

    reference: Id
    case: Id
    raised_at: Instant
    status: Literal["raised", "accepted", "declined"] = "raised"


class Compensation(Part):
    """What was paid for a payment that failed (`tat`) or was a fraud (`fraud`) before."""

    kind: Literal["tat", "fraud"]
    transaction: Id
    customer: Id
    amount: Amount
    at: Instant


class Closure(Part):
    """A request to close an account that is on record."""

    reference: Id
    customer: Id
    account: Id
    reason: Literal["not_needed", "moving_bank", "charges", "service", "other"] = "not_needed"
    requested_at: Instant
    status: Literal["requested", "done", "withdrawn"] = "requested"


__all__ = [
    "Chargeback", "Closure", "Compensation", "Complaint", "Fee", "FeeRefund", "FraudReport", "Mandate", "PayeeOnFile",
    "Tariff", "UseLimit",
]  # fmt: skip
