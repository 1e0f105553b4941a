"""What tells a customer something about an account. Nothing is changed; the record is kept with the reply."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from domain.actions.base import Action, Day, Ref
from domain.ids import derived_id


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


class DiscloseStatement(Action):
    """Tell the customer every movement on an account they own in a period, with the balances at both ends."""

    effect: ClassVar[Any] = "READ"
    action: Literal["disclose_statement"] = "disclose_statement"
    account: Ref
    since: Day
    until: Day

    def effect_key(self) -> str:
        return derived_id("eff", self.action, self.account, self.since, self.until)
