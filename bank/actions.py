"""What the bank can be asked to do with an approval: the service's actions, and the sandbox core's own, all closed models."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from domain.actions import (
    Action,
    DebitMandate,
    PayFraudCompensation,
    PayTatCompensation,
    ProvisionalCredit,
    RefundFee,
    ReverseDuplicateDebit,
    Transfer,
)

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
Amount = Annotated[int, Field(gt=0, le=10**15)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
#: Chosen by the caller: the same reference is the same effect, so it happens once.
Reference = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
#: The account version the caller saw; another one now is a `version_conflict`.
Version = Annotated[int, Field(ge=0)]


class CoreMoney(Action):
    """Base of the sandbox core's own money actions."""

    effect: ClassVar[Any] = "MONEY"


class Debit(CoreMoney):
    """Take money from an account to the bank's settlement account."""

    action: Literal["debit"] = "debit"
    account: Id
    amount_minor: Amount
    currency: Currency
    reference: Reference
    expected_version: Version | None = None

    def effect_key(self) -> str:
        return f"debit:{self.reference}"


class Credit(CoreMoney):
    """Put money on an account from the bank's settlement account."""

    action: Literal["credit"] = "credit"
    account: Id
    amount_minor: Amount
    currency: Currency
    reference: Reference
    expected_version: Version | None = None

    def effect_key(self) -> str:
        return f"credit:{self.reference}"


class PlaceHold(CoreMoney):
    """Keep an amount back for a merchant until it is posted, voided or expires."""

    action: Literal["hold"] = "hold"
    account: Id
    amount_minor: Amount
    currency: Currency
    merchant: str = Field(min_length=1, max_length=80)
    seconds: int = Field(gt=0, le=30 * 86400)
    reference: Reference
    expected_version: Version | None = None

    def effect_key(self) -> str:
        return f"hold:{self.reference}"


class PostHold(CoreMoney):
    """Turn a pending hold into a debit of at most its amount; what is left of it is free again."""

    action: Literal["post"] = "post"
    account: Id
    hold: Id
    amount_minor: Amount
    currency: Currency

    def effect_key(self) -> str:
        return f"settle_hold:{self.hold}"


class VoidHold(CoreMoney):
    """Give a pending hold back."""

    action: Literal["void"] = "void"
    account: Id
    hold: Id

    def effect_key(self) -> str:
        return f"settle_hold:{self.hold}"


class Reversal(CoreMoney):
    """Undo a posted transaction by posting it back. A provisional credit is never reversed this way."""

    action: Literal["reversal"] = "reversal"
    account: Id
    transaction: Id

    def effect_key(self) -> str:
        return f"reversal:{self.transaction}"


#: What POST /transaction takes.
TransactionAction = Annotated[
    ProvisionalCredit
    | RefundFee
    | ReverseDuplicateDebit
    | PayTatCompensation
    | PayFraudCompensation
    | Transfer
    | DebitMandate
    | Debit
    | Credit
    | PlaceHold
    | PostHold
    | VoidHold
    | Reversal,
    Field(discriminator="action"),
]

__all__ = ["Credit", "Debit", "PlaceHold", "PostHold", "Reversal", "TransactionAction", "VoidHold"]
