"""What protects a customer at once, and what gives a card or a login back."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from domain.actions.base import Action, Ref


class BlockCard(Action):
    """Block a card at once, temporarily; the owner is told and can undo it."""

    effect: ClassVar[Any] = "ACCOUNT"
    action: Literal["block_card"] = "block_card"
    card: str
    reason: Literal["suspected_fraud", "lost", "stolen", "customer_request"]

    def effect_key(self) -> str:
        return f"block_card:{self.card}"


class HotlistCard(Action):
    """Block a card for good and have a new one sent to the address on file."""

    effect: ClassVar[Any] = "ACCOUNT"
    action: Literal["hotlist_card"] = "hotlist_card"
    card: Ref
    reason: Literal["lost", "stolen", "fraud"]

    def effect_key(self) -> str:
        return f"hotlist_card:{self.card}"


class UnblockCard(Action):
    """Lift the temporary block that the customer put on a card. `block` names that block, so each can be lifted once."""

    effect: ClassVar[Any] = "ACCOUNT"
    action: Literal["unblock_card"] = "unblock_card"
    card: Ref
    block: Ref

    def effect_key(self) -> str:
        return f"unblock_card:{self.card}:{self.block}"


class ReportFraud(Action):
    """Put a report of fraud on record before anything is checked. `reference` is the payment, the card or the message."""

    effect: ClassVar[Any] = "RECORD"
    per_customer: ClassVar[bool] = True
    action: Literal["report_fraud"] = "report_fraud"
    kind: Literal["payment", "card", "credentials", "sim", "impersonation", "other"]
    reference: Ref

    def effect_key(self) -> str:
        return f"report_fraud:{self.reference}"


class UnlockLogin(Action):
    """Open a login that wrong passwords locked. `lock` names that lock, so each can be opened once."""

    effect: ClassVar[Any] = "ACCOUNT"
    action: Literal["unlock_login"] = "unlock_login"
    lock: Ref

    def effect_key(self) -> str:
        return f"unlock_login:{self.lock}"


class SendResetLink(Action):
    """Have the core send a link for a new password to a contact on file. The link is never seen here; `reference` is the asking."""

    effect: ClassVar[Any] = "ACCOUNT"
    per_customer: ClassVar[bool] = True
    action: Literal["send_reset_link"] = "send_reset_link"
    contact: Literal["mobile", "email"]
    reference: Ref

    def effect_key(self) -> str:
        return f"send_reset_link:{self.reference}"
