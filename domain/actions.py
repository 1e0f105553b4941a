"""Everything that may be proposed, as closed typed models. `arguments()` is exactly what the core bank is asked to do."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from domain.ids import derived_id

DisputeType = Literal[
    "unauthorised", "duplicate", "wrong_amount", "not_received", "failed_transfer", "subscription", "wrong_payee"
]
Protective = frozenset({"block_card", "open_dispute"})


class Action(BaseModel):
    """Base of all actions. Unknown keys are errors; values are frozen once made."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    #: READ needs no approval at the core; RECORD needs a key; MONEY and ACCOUNT need an approval.
    effect: ClassVar[Literal["READ", "RECORD", "MONEY", "ACCOUNT"]]

    def arguments(self) -> dict[str, Any]:
        """The plain JSON arguments, `action` included; the digest an approval carries is over these."""
        return self.model_dump(mode="json")

    def effect_key(self) -> str:
        """The one effect this action may have in the world; unique among open or succeeded proposals and at the bank."""
        raise NotImplementedError


class DiscloseBalance(Action):
    """Tell the customer balances of the accounts they own."""

    effect: ClassVar[Any] = "READ"
    action: Literal["disclose_balance"] = "disclose_balance"
    accounts: tuple[str, ...] = Field(min_length=1, max_length=50)

    def effect_key(self) -> str:
        return derived_id("eff", self.action, *self.accounts)


class DiscloseTransactions(Action):
    """Tell the customer about transactions of an account they own."""

    effect: ClassVar[Any] = "READ"
    action: Literal["disclose_transactions"] = "disclose_transactions"
    accounts: tuple[str, ...] = Field(min_length=1, max_length=50)

    def effect_key(self) -> str:
        return derived_id("eff", self.action, *self.accounts)


class BlockCard(Action):
    """Block a card at once, temporarily; the owner is told and can undo it."""

    effect: ClassVar[Any] = "ACCOUNT"
    action: Literal["block_card"] = "block_card"
    card: str
    reason: Literal["suspected_fraud", "lost", "stolen", "customer_request"]

    def effect_key(self) -> str:
        return f"block_card:{self.card}"


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


class ProvisionalCredit(Action):
    """Shadow reversal: credit the disputed amount while the bank investigates."""

    effect: ClassVar[Any] = "MONEY"
    action: Literal["provisional_credit"] = "provisional_credit"
    account: str
    transaction: str
    leg: Literal["principal"] = "principal"
    dispute: str
    amount_minor: int = Field(gt=0)
    currency: str

    def effect_key(self) -> str:
        return f"provisional_credit:{self.transaction}:{self.leg}"


AnyAction = Annotated[
    DiscloseBalance | DiscloseTransactions | BlockCard | OpenDispute | ProvisionalCredit, Field(discriminator="action")
]
ACTIONS: dict[str, type[Action]] = {
    "disclose_balance": DiscloseBalance,
    "disclose_transactions": DiscloseTransactions,
    "block_card": BlockCard,
    "open_dispute": OpenDispute,
    "provisional_credit": ProvisionalCredit,
}
_adapter: TypeAdapter[Any] = TypeAdapter(AnyAction)


def parse_action(arguments: dict[str, Any]) -> Action:
    """Rebuild an action from its stored arguments. Raises pydantic.ValidationError for anything unknown."""
    import json

    action: Action = _adapter.validate_json(json.dumps(arguments))
    return action
