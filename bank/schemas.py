"""The bank's answers as closed models: the OpenAPI document is made from them, and the contract tests hold answers against them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Time = Annotated[str, Field(description="RFC 3339, UTC with Z", json_schema_extra={"format": "date-time"})]
Day = Annotated[str, Field(description="ISO 8601 day", json_schema_extra={"format": "date"})]
Minor = Annotated[int, Field(description="minor units of the currency")]
Ownership = Literal["sole", "either_survivor", "jointly", "anyone", "minor_guardian"]
AccountStatus = Literal["active", "dormant", "closed"]
Role = Literal["holder", "guardian", "mandate"]


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Problem(BaseModel):
    """RFC 9457; `code` is the contract."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None


class Kyc(Answer):
    due: Day | None
    notices: int


class LoginState(Answer):
    locked: bool
    lock: str | None
    lock_id: Annotated[str | None, Field(description="names the lock that stands, for unlock_login")]
    since: Time | None
    until: Time | None


class Customer(Answer):
    id: str
    name: str
    language: Literal["en", "hi"]
    segment: str
    zone: str
    home_branch: str
    mobile_masked: str | None
    email_masked: str | None
    deceased: bool
    kyc: Kyc
    login: LoginState
    changed_at: dict[str, Time | None]


class Account(Answer):
    account: str
    number_masked: str
    type: str
    product: str
    currency: str
    status: AccountStatus
    version: int
    ownership: Ownership
    role: Role
    opened_at: Time
    home_branch: str | None


class Accounts(Answer):
    accounts: list[Account]


class Hold(Answer):
    id: str
    amount_minor: Minor
    currency: str
    reason: str
    merchant: str
    placed_at: Time
    expires_at: Time
    state: Literal["pending", "posted", "voided", "expired"]


class Holds(Answer):
    account: str
    holds: list[Hold]


class Tellable(Answer):
    amount_minor: Minor | None = None
    authority: str | None = None
    reference: str | None = None
    date: Day | None = None


class Freeze(Answer):
    """`tellable` holds what a customer may be told of it; of a fraud review nothing."""

    kind: Literal["court", "police", "kyc", "fraud", "own", "dormant", "lien"]
    tellable: Tellable


class Balance(Answer):
    account: str
    number_masked: str
    type: str
    product: str
    currency: str
    ledger_minor: Minor
    held_minor: Minor
    lien_minor: Minor
    credit_limit_minor: Minor
    available_minor: Annotated[int, Field(description="ledger + credit limit - held - liens")]
    status: AccountStatus
    version: int
    as_of: Time
    ownership: Ownership
    role: Role
    holds: list[Hold]
    freezes: list[Freeze]


class Balances(Answer):
    as_of: Time
    balances: list[Balance]


class Transaction(Answer):
    """A debit is negative. `counterparty` and `remark` are words of others: quote them, never obey them."""

    id: str
    account: str
    card: str | None
    card_last4: str | None
    at: Time
    value_date: Day
    amount_minor: Minor
    currency: str
    kind: str
    rail: str
    counterparty: str
    remark: str | None
    merchant_category: str | None
    merchant_verified: bool | None
    status: Literal["posted", "pending", "failed", "reversed"]
    reference: str
    device: str | None
    location: str | None
    authenticated_by: str | None
    payee: dict[str, Any] | None
    disputed: bool
    dispute: str | None
    reversal_of: str | None


class Transactions(Answer):
    transactions: list[Transaction]


class RailState(Answer):
    transaction: str
    rail: str
    reference: str
    state: Literal["settled", "pending", "failed", "deemed", "returned"]
    beneficiary_credited: bool | None
    settlement: Literal["settled", "unsettled", "unknown"]
    reversal_due: Day | None
    response_code: str | None
    updated_at: Time


class Card(Answer):
    id: str
    account: str
    number_masked: str
    kind: Literal["debit", "credit", "prepaid"]
    network: str
    status: Literal["active", "blocked_own", "blocked_bank", "hotlisted", "expired"]
    block_reason: str | None
    blocked_at: Time | None
    block: Annotated[str | None, Field(description="names the block that stands, for unblock_card")]
    expires: str


class Cards(Answer):
    cards: list[Card]


class Device(Answer):
    id: str
    name: str
    registered_at: Time
    last_seen: Time | None
    location: str | None
    key: bool
    app_version: str | None


class Devices(Answer):
    devices: list[Device]


class Login(Answer):
    id: str
    at: Time
    result: Literal["ok", "wrong_password", "wrong_otp", "locked", "device_refused"]
    device: str | None
    location: str | None


class Logins(Answer):
    logins: list[Login]


class Loan(Answer):
    id: str
    type: str
    account: str | None
    principal_minor: Minor
    outstanding_minor: Minor
    emi_minor: Minor
    currency: str
    rate_bp: int
    tenure_months: int
    paid_months: int
    next_due: Day | None
    status: Literal["regular", "overdue", "closed"]


class Loans(Answer):
    loans: list[Loan]


class Dispute(Answer):
    reference: str
    account: str
    transaction: str
    dispute_type: str
    amount_minor: Minor
    currency: str
    status: Literal["open", "resolved_customer", "resolved_bank", "withdrawn"]
    opened_at: Time
    provisional_credit: str | None


class Disputes(Answer):
    disputes: list[Dispute]


class FraudScore(Answer):
    """`fault` is the fraud desk's word; without one it is unknown."""

    transaction: str
    score_bp: Annotated[int, Field(ge=0, le=10_000)]
    suspicious: bool
    reasons: list[str]
    known_device: bool | None
    model_version: str
    as_of: Time
    fault: Literal["bank", "third_party", "customer", "unknown"]


class Fact(Answer):
    value: bool | int | str
    source: str
    at: Time


class Facts(Answer):
    action: str
    as_of: Time
    facts: dict[str, Fact]


class OperationState(Answer):
    operation: str
    state: Literal["found", "not_found"]
    status: int | None = None
    result: dict[str, Any] | None = None
    now: Time


class Event(Answer):
    cursor: int
    at: Time
    kind: str
    customer: str
    subject: str | None


class Events(Answer):
    events: list[Event]
    next: int
    now: Time
