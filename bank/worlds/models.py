"""A world: one bank at one instant, as typed values. `bank.worlds.loader` reads it from YAML, `bank.seeding` makes rows of it.

Times are aware and in the world's zone; amounts are `Money`; every list is flat and refers by id. Unknown keys are errors.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from bank.worlds.values import AbsoluteInstant, Amount, Clock, Day, Instant
from domain.actions import DisputeType
from domain.ids import derived_id
from domain.money import Money

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
DeviceRef = Annotated[str, StringConstraints(pattern=r"^(unknown:)?[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=400)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
BasisPoints = Annotated[int, Field(ge=0, le=10_000, strict=True)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

AccountType = Literal["savings", "bsbd", "current", "overdraft", "credit_card", "deposit", "wallet"]
OwnershipMode = Literal["sole", "either_survivor", "jointly", "anyone", "minor_guardian"]
FreezeKind = Literal["court", "police", "kyc", "fraud", "own"]
CardStatus = Literal["active", "blocked_own", "blocked_bank", "hotlisted", "expired"]
LockKind = Literal["wrong_password", "fraud", "legal", "deceased", "own"]
Rail = Literal["upi", "imps", "neft", "rtgs", "card_pos", "card_ecom", "atm", "nach", "cheque", "internal"]
TransactionKind = Literal[
    "purchase", "transfer", "cash_withdrawal", "cash_deposit", "salary", "interest", "fee", "refund", "emi", "bill",
    "subscription", "card_payment", "reversal", "provisional_credit",
]  # fmt: skip
TransactionStatus = Literal["posted", "pending", "failed", "reversed"]
Fault = Literal["bank", "third_party", "customer", "unknown"]


class Part(BaseModel):
    """Base of everything in a world: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bank(Part):
    name: Text
    helpline: Text = "1800-000-0000"


class Holiday(Part):
    day: Day
    name: Text


class Branch(Part):
    """A branch with its calendar; a customer's working days are those of the home branch."""

    id: Id
    name: Text
    city: Text
    #: which Saturdays of a month are closed (RBI: second and fourth)
    closed_saturdays: tuple[Annotated[int, Field(ge=1, le=5, strict=True)], ...] = (2, 4)
    weekly_off: tuple[Weekday, ...] = ("sun",)
    holidays: tuple[Holiday, ...] = ()


class Contact(Part):
    """A way to reach a customer. `sim` is the SIM behind the mobile number: its value is only a label, its change date matters."""

    kind: Literal["mobile", "email", "sim"]
    value: Text
    changed_at: Instant


class Device(Part):
    """A device the customer registered; `key` says that it holds a registered signing key."""

    id: Id
    name: Text
    registered_at: Instant
    last_seen: Instant | None = None
    location: Text | None = None
    key: StrictBool = False
    app_version: Text | None = None


class SecurityQuestion(Part):
    """The bank keeps only a salted hash of the answer."""

    id: Id
    question: Text
    answer: Annotated[Text, Field(repr=False)]


class LoginAttempt(Part):
    at: Instant
    result: Literal["ok", "wrong_password", "wrong_otp", "locked", "device_refused"]
    device: DeviceRef | None = None
    location: Text | None = None


class Lock(Part):
    """Why somebody cannot log in. `until` is null where a person has to lift it."""

    kind: LockKind
    since: Instant
    until: Instant | None = None
    reference: Text | None = None


class Login(Part):
    """The customer's access to the app. Passwords are not in a world: the sandbox app signs tokens instead."""

    password_changed_at: Instant | None = None
    pin_changed_at: Instant | None = None
    lock: Lock | None = None
    attempts: tuple[LoginAttempt, ...] = ()


class Kyc(Part):
    risk: Literal["low", "medium", "high"] = "low"
    due: Day | None = None
    notices: Annotated[int, Field(ge=0, strict=True)] = 0


class RailLimit(Part):
    rail: Rail
    per_transaction: Amount | None = None
    per_day: Amount


class Customer(Part):
    """A person who banks here. `about` is one line for pickers of a demo page; it is never a fact."""

    id: Id
    name: Text
    about: Text | None = None
    language: Literal["en", "hi"] = "en"
    date_of_birth: Day | None = None
    segment: Literal["retail", "premium", "senior", "minor", "business"] = "retail"
    home_branch: Id
    since: Day | None = None
    deceased_on: Day | None = None
    kyc: Kyc = Kyc()
    contacts: tuple[Contact, ...] = ()
    devices: tuple[Device, ...] = ()
    security_questions: tuple[SecurityQuestion, ...] = ()
    login: Login = Login()
    limits: tuple[RailLimit, ...] = ()

    def changed_at(self, kind: Literal["mobile", "email", "sim"]) -> datetime | None:
        """When the newest contact of a kind was changed; None where there is none."""
        return max((contact.changed_at for contact in self.contacts if contact.kind == kind), default=None)


class Ownership(Part):
    """Who may do what with an account. For `minor_guardian` the holder is the minor and `guardian` acts."""

    mode: OwnershipMode = "sole"
    holders: tuple[Id, ...] = Field(min_length=1)
    guardian: Id | None = None


class Freeze(Part):
    """A stop on an account. `cause` is for staff only and never told; amount, authority, reference and day may be, by kind."""

    kind: FreezeKind
    since: Instant
    amount: Amount | None = None
    authority: Text | None = None
    reference: Text | None = None
    cause: Text | None = None


class Lien(Part):
    """A marked part of the balance that cannot be used: the rest can."""

    id: Id
    kind: Literal["cyber", "court", "tax", "loan", "deposit"]
    amount: Amount
    since: Instant
    authority: Text | None = None
    reference: Text | None = None


class Hold(Part):
    """An authorisation that has not been posted yet; it lowers the available balance, not the ledger."""

    id: Id
    account: Id
    card: Id | None = None
    amount: Amount
    reason: Literal["hotel", "car_rental", "fuel", "online_order", "cheque", "transfer", "other"]
    merchant: Text
    placed_at: Instant
    expires_at: Instant
    state: Literal["pending", "voided", "expired"] = "pending"


class Account(Part):
    """`opening` is the ledger balance before the first listed transaction; what is owed on a credit card is negative."""

    id: Id
    number: Annotated[str, StringConstraints(pattern=r"^[0-9]{8,18}$")]
    type: AccountType
    product: Text
    currency: Currency = "INR"
    opening: Amount
    ownership: Ownership
    status: Literal["active", "dormant", "closed"] = "active"
    opened: Day
    dormant_since: Day | None = None
    closed_on: Day | None = None
    credit_limit: Amount | None = None
    average_balance: Amount | None = None
    freezes: tuple[Freeze, ...] = ()
    liens: tuple[Lien, ...] = ()

    @property
    def users(self) -> tuple[str, ...]:
        """Customers who may see the account: its holders and the guardian."""
        guardian = self.ownership.guardian
        return (*self.ownership.holders, guardian) if guardian else self.ownership.holders


class Card(Part):
    """A card, known by its last four digits only. A credit card's limit is its account's `credit_limit`."""

    id: Id
    account: Id
    holder: Id
    last4: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
    kind: Literal["debit", "credit", "prepaid"] = "debit"
    network: Literal["rupay", "visa", "mastercard"] = "rupay"
    status: CardStatus = "active"
    block_reason: Literal["suspected_fraud", "lost", "stolen", "customer_request", "wrong_pin"] | None = None
    blocked_at: Instant | None = None
    expires: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]


class Payee(Part):
    """Whom a transfer went to, as the sender's bank knew it."""

    name: Text
    handle: Text | None = None
    added_at: Instant | None = None
    name_match: StrictBool | None = None


def _reference(data: dict[str, Any]) -> str:
    """A made-up but stable reference of the form a rail uses: 12 digits (RRN), or 16 letters and digits (UTR)."""
    number = int(derived_id("r", str(data.get("id")))[2:], 16)
    if data.get("rail") in ("neft", "rtgs"):
        return f"DEMO{number % 10**12:012d}"
    return f"{number % 10**12:012d}"


class Transaction(Part):
    """Something that happened on an account; debits are negative.

    `debited` says whether it reached the ledger: always when posted or reversed, never when pending, and for a failed
    payment as written (money taken and not delivered, or not taken at all). `device` is one of the customer's own, or
    `unknown:<label>`. `alert_at` is when the customer was told; without it, at once; `alerted: false`, never.
    """

    id: Id
    account: Id
    card: Id | None = None
    at: Instant
    value_date: Day = Field(default_factory=lambda data: data["at"].date() if "at" in data else date.min)
    amount: Amount
    kind: TransactionKind
    rail: Rail
    counterparty: Text
    remark: Text | None = None
    merchant_category: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None
    merchant_verified: StrictBool | None = None
    status: TransactionStatus = "posted"
    debited: StrictBool | None = None
    reference: Id = Field(default_factory=_reference)
    device: DeviceRef | None = None
    location: Text | None = None
    authenticated_by: Literal["none", "pin", "otp", "biometric", "contactless", "mandate"] | None = None
    pre_debit_notice_at: Instant | None = None
    payee: Payee | None = None
    alerted: StrictBool = True
    alert_at: Instant | None = None
    reversal_of: Id | None = None

    @property
    def on_ledger(self) -> bool:
        """Whether the amount is part of the ledger balance."""
        return self.status in ("posted", "reversed") or (self.status == "failed" and bool(self.debited))

    @property
    def told_at(self) -> datetime | None:
        """When the customer received the bank's message about it; None where they never did."""
        return (self.alert_at or self.at) if self.alerted else None

    @property
    def device_known(self) -> bool | None:
        """True for a registered device, False for an unknown one, None where no device took part."""
        return None if self.device is None else not self.device.startswith("unknown:")


class Routine(Part):
    """A habit that the loader writes out as posted transactions over the past `days`: monthly on a day, weekly, or every n days.

    `amounts` are used in turn, so a world stays the same each time it is read.
    """

    id: Id
    account: Id
    card: Id | None = None
    amounts: tuple[Amount, ...] = Field(min_length=1)
    kind: TransactionKind
    rail: Rail
    counterparty: Text
    remark: Text | None = None
    merchant_category: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None
    merchant_verified: StrictBool | None = None
    device: DeviceRef | None = None
    location: Text | None = None
    authenticated_by: Literal["none", "pin", "otp", "biometric", "contactless", "mandate"] | None = None
    time: Clock
    monthly: Annotated[int, Field(ge=1, le=28, strict=True)] | None = None
    weekly: Weekday | None = None
    every_days: Annotated[int, Field(ge=1, le=60, strict=True)] | None = None
    days: Annotated[int, Field(ge=1, le=730, strict=True)] = 90
    #: how many of the latest days to leave out, for a habit that stopped
    until_days: Annotated[int, Field(ge=0, le=730, strict=True)] = 0


class RailState(Part):
    """What the payment rail knows about a transfer; the truth about a failed one is here, not in the ledger."""

    transaction: Id
    state: Literal["settled", "pending", "failed", "deemed", "returned"]
    beneficiary_credited: StrictBool | None = None
    settlement: Literal["settled", "unsettled", "unknown"] = "unknown"
    updated_at: Instant
    reversal_due: Day | None = None
    response_code: Text | None = None


class Loan(Part):
    id: Id
    customer: Id
    account: Id | None = None
    type: Literal["home", "personal", "vehicle", "education", "gold"]
    principal: Amount
    outstanding: Amount
    emi: Amount
    rate_bp: BasisPoints
    tenure_months: StrictInt
    paid_months: StrictInt
    next_due: Day | None = None
    status: Literal["regular", "overdue", "closed"] = "regular"


class Case(Part):
    """A dispute that exists already. `provisional_credit` names the transaction that credited it, where one did."""

    reference: Id
    customer: Id
    transaction: Id
    dispute_type: DisputeType
    amount: Amount
    opened_at: Instant
    status: Literal["open", "resolved_customer", "resolved_bank", "withdrawn"] = "open"
    provisional_credit: Id | None = None


class FraudAssessment(Part):
    """What the bank's fraud desk says about a transaction, over its own score. `missing: true` takes the score away."""

    transaction: Id
    fault: Fault = "unknown"
    score_bp: BasisPoints | None = None
    reasons: tuple[Id, ...] = ()
    as_of: Instant | None = None
    missing: StrictBool = False


class Event(Part):
    """Something the bank will say, or has said, by itself. A time after now is a thing to come."""

    at: Instant
    kind: Literal[
        "reset.completed", "transaction.failed", "transaction.reversed", "contact.changed", "card.changed", "hold.expired"
    ]
    customer: Id
    subject: Id | None = None


class World(Part):
    """A bank at an instant. `world` is the version of this format."""

    world: Literal[1]
    tenant: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")] = "demo"
    bank: Bank
    now: AbsoluteInstant
    zone: Text = "Asia/Kolkata"
    currency: Currency = "INR"
    branches: tuple[Branch, ...] = Field(min_length=1)
    customers: tuple[Customer, ...] = Field(min_length=1)
    accounts: tuple[Account, ...] = ()
    cards: tuple[Card, ...] = ()
    holds: tuple[Hold, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    routines: tuple[Routine, ...] = ()
    rails: tuple[RailState, ...] = ()
    loans: tuple[Loan, ...] = ()
    cases: tuple[Case, ...] = ()
    fraud: tuple[FraudAssessment, ...] = ()
    events: tuple[Event, ...] = ()

    def ledger(self, account: Account) -> Money:
        """Opening balance plus everything that reached the ledger."""
        postings = (item.amount for item in self.transactions if item.account == account.id and item.on_ledger)
        return sum(postings, start=account.opening)

    def held(self, account: Account) -> Money:
        """What pending holds keep back."""
        held = (hold.amount for hold in self.holds if hold.account == account.id and hold.state == "pending")
        return sum(held, start=Money(0, account.currency))

    def oldest(self) -> datetime:
        """The earliest instant of any transaction; the opening balances stand just before it."""
        return min((item.at for item in self.transactions), default=self.now) - timedelta(seconds=1)
