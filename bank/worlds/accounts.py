"""What customers have: accounts with who may use them and what stops them, holds, cards, loans."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt, StringConstraints

from bank.worlds.part import AccountType, BasisPoints, CardStatus, Currency, FreezeKind, Id, OwnershipMode, Part, Text
from bank.worlds.values import Amount, Day, Instant


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
    """`opening` is the ledger balance before the first listed transaction; what is owed on a credit card is negative.

    `dues` is owed besides the balance. `us_regulation` and `cycle_day` are for accounts under the rules of the United States.
    """

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
    credit_limit: Amount | None = None
    average_balance: Amount | None = None
    dues: Amount | None = None
    us_regulation: Literal["reg_e", "reg_z", "business"] | None = None
    cycle_day: Annotated[int, Field(ge=1, le=31, strict=True)] | None = None
    freezes: tuple[Freeze, ...] = ()
    liens: tuple[Lien, ...] = ()

    @property
    def users(self) -> tuple[str, ...]:
        """Customers who may see the account: its holders and the guardian."""
        guardian = self.ownership.guardian
        return (*self.ownership.holders, guardian) if guardian else self.ownership.holders


class Card(Part):
    """A card, known by its last four digits only. A credit card's limit is its account's `credit_limit`.

    `block` names the block that stands; without a name it is called BLK-<card>.
    """

    id: Id
    account: Id
    holder: Id
    last4: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
    kind: Literal["debit", "credit", "prepaid"] = "debit"
    network: Literal["rupay", "visa", "mastercard"] = "rupay"
    status: CardStatus = "active"
    block_reason: Literal["suspected_fraud", "lost", "stolen", "fraud", "customer_request", "wrong_pin", "legal"] | None = None
    blocked_at: Instant | None = None
    block: Id | None = None
    expires: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]


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
