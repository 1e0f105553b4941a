"""What changes how an account may be used: limits and standing debits."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from domain.actions.base import Action, Currency, Ref

LimitKind = Literal["upi", "imps", "neft", "rtgs", "atm", "card_pos", "card_online", "card_international", "card_contactless"]


class ChangeLimit(Action):
    """Set a limit of an account or card. `version` is the one the customer saw; 0 switches the use off."""

    effect: ClassVar[Any] = "ACCOUNT"
    action: Literal["change_limit"] = "change_limit"
    account: Ref
    card: Ref | None = None
    limit_kind: LimitKind
    limit_new_minor: int = Field(ge=0, le=10**13)
    currency: Currency
    version: int = Field(ge=0)

    def effect_key(self) -> str:
        return f"change_limit:{self.card or self.account}:{self.limit_kind}:{self.version}"


class ChangeMandate(Action):
    """Register, change or withdraw a standing debit, or leave out its next debit (D-03)."""

    effect: ClassVar[Any] = "ACCOUNT"
    action: Literal["change_mandate"] = "change_mandate"
    mandate: Ref
    mandate_operation: Literal["register", "modify", "withdraw", "skip_next"]
    reference: Ref

    def effect_key(self) -> str:
        return f"change_mandate:{self.mandate}:{self.reference}"
