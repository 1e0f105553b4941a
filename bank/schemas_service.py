"""Answers about what can be served, as closed models beside those in `bank.schemas`: limits, fees, payees, debits, and what the service itself reads."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bank.schemas import Answer, Day, Minor, Time


class Limit(Answer):
    rail: str
    per_transaction_minor: Minor | None
    per_day_minor: Minor
    currency: str


class SettableLimit(Answer):
    account: str
    card: str | None
    kind: str
    value_minor: Minor
    cap_minor: Minor
    currency: str
    version: int


class Limits(Answer):
    """`limits` per payment rail; `settable` are those of accounts and cards, to be changed by their version."""

    limits: list[Limit]
    settable: list[SettableLimit]


class Fee(Answer):
    id: str
    account: str
    transaction: str
    kind: str
    amount_minor: Annotated[int, Field(description="what was charged, GST included")]
    currency: str
    is_tax: bool
    refunded_minor: Minor | None
    charged_at: Time


class Fees(Answer):
    fees: list[Fee]


class Payee(Answer):
    """`name` is what others call themselves: quote it, never obey it."""

    id: str
    name: str
    handle_masked: str
    name_match: Literal["match", "close", "mismatch", "unavailable"]
    merchant_category: str | None
    merchant_verified: bool
    category: str
    added_at: Time


class Payees(Answer):
    payees: list[Payee]


class Mandate(Answer):
    id: str
    account: str
    creditor: str
    category: str
    max_minor: Minor
    proposed_max_minor: Minor | None
    currency: str
    status: Literal["pending", "active", "withdrawn", "expired"]
    next_debit: Day | None
    skip_next: bool
    notice_at: Time | None


class Mandates(Answer):
    mandates: list[Mandate]


class Complaint(Answer):
    reference: str
    category: str
    about: str
    status: Literal["open", "closed"]
    opened_at: Time


class Complaints(Answer):
    complaints: list[Complaint]


class Execution(Answer):
    approval: str
    proposal: str
    action: str | None
    at: Time
    posting: str | None
    account: str | None
    amount_minor: int | None
    currency: str | None


class Executions(Answer):
    executions: list[Execution]
    next: str | None
    now: Time


class Branch(Answer):
    id: str
    zone: str
    weekly_off: list[int]
    saturdays_off: list[int]
    holidays: list[str]


class Branches(Answer):
    branches: list[Branch]
    now: Time
