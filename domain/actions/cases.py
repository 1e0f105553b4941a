"""What goes on record as a case: a dispute, a complaint, a claim on another bank, the wish to close an account."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from domain.actions.base import Action, Amount, Currency, DisputeType, Ref

ComplaintCategory = Literal[
    "service", "staff", "digital_banking", "cards", "payments", "fees", "account", "loan", "credit_bureau", "fraud", "other"
]


class OpenDispute(Action):
    """Register a dispute about one transaction with the bank's case system."""

    effect: ClassVar[Any] = "RECORD"
    action: Literal["open_dispute"] = "open_dispute"
    transaction: str
    dispute_type: DisputeType
    amount_minor: int = Field(gt=0)
    currency: str

    def effect_key(self) -> str:
        return f"open_dispute:{self.transaction}"


class OpenComplaint(Action):
    """Register a complaint. `reference` is what it is about: an account, a payment, or the message it was made in."""

    effect: ClassVar[Any] = "RECORD"
    per_customer: ClassVar[bool] = True
    action: Literal["open_complaint"] = "open_complaint"
    category: ComplaintCategory
    reference: Ref

    def effect_key(self) -> str:
        return f"open_complaint:{self.category}:{self.reference}"


class RaiseChargeback(Action):
    """Claim a disputed payment back from the payee's bank through the rail's own procedure (E-05, E-06, E-09)."""

    effect: ClassVar[Any] = "RECORD"
    action: Literal["raise_chargeback"] = "raise_chargeback"
    transaction: Ref
    dispute: Ref
    dispute_type: DisputeType
    amount_minor: Amount
    currency: Currency

    def effect_key(self) -> str:
        return f"raise_chargeback:{self.transaction}"


class CloseAccount(Action):
    """Ask for an account to be closed: a request with a checklist, carried out by people, never by this action itself."""

    effect: ClassVar[Any] = "RECORD"
    action: Literal["close_account"] = "close_account"
    account: Ref
    reason: Literal["not_needed", "moving_bank", "charges", "service", "other"]

    def effect_key(self) -> str:
        return f"close_account:{self.account}"
