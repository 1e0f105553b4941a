"""Double-entry arithmetic as pure values: entries that sum to zero, balances, what a hold may become, how a posting is undone.

Signs are the customer's: a positive entry credits the account (the bank owes more), a negative one debits it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from domain.errors import Broken, Conflict
from domain.money import Money

HoldState = Literal["pending", "posted", "voided", "expired"]
#: A hold leaves `pending` once; what it became is final.
HOLD_TRANSITIONS: Mapping[HoldState, frozenset[HoldState]] = {
    "pending": frozenset({"posted", "voided", "expired"}),
    "posted": frozenset(),
    "voided": frozenset(),
    "expired": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One leg of a posting."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Position:
    """An account's money: what stands on the ledger, and what of it cannot be used."""

    ledger: Money
    held: Money
    lien: Money
    credit_limit: Money

    @property
    def available(self) -> Money:
        """Ledger plus credit limit, less holds and liens; may be negative when a lien exceeds the balance."""
        return self.ledger + self.credit_limit - self.held - self.lien


def require_balanced(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries if they can be a posting. Raises Broken `posting_unbalanced` otherwise.

    At least two entries, none of zero, one entry an account, and in each currency they sum to zero.
    """
    legs = tuple(entries)
    sums: dict[str, int] = {}
    for leg in legs:
        sums[leg.amount.currency] = sums.get(leg.amount.currency, 0) + leg.amount.minor
    accounts = {leg.account for leg in legs}
    if len(legs) < 2 or len(accounts) != len(legs) or any(leg.amount.minor == 0 for leg in legs) or any(sums.values()):
        raise Broken("posting_unbalanced")
    return legs


def move(source: str, target: str, amount: Money) -> tuple[Entry, ...]:
    """The two entries that take a positive amount from `source` to `target`. Raises Broken `posting_unbalanced`."""
    if amount.minor <= 0:
        raise Broken("posting_unbalanced", "an amount to move is positive")
    return require_balanced((Entry(source, -amount), Entry(target, amount)))


def apply(balances: Mapping[str, Money], entries: Iterable[Entry]) -> dict[str, Money]:
    """New balances of the accounts touched. Raises KeyError for an account that is not given, ValueError for a currency."""
    return {leg.account: balances[leg.account] + leg.amount for leg in require_balanced(entries)}


def reverse(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries that undo these: the same accounts, the opposite amounts."""
    return require_balanced(Entry(leg.account, -leg.amount) for leg in entries)


def require_available(position: Position, amount: Money) -> None:
    """Raise Conflict `insufficient_funds` unless a positive amount can be taken."""
    if position.available < amount:
        raise Conflict("insufficient_funds")


def require_hold_transition(current: HoldState, target: HoldState) -> None:
    """Raise Conflict `hold_state` unless a hold in `current` may become `target`."""
    if target not in HOLD_TRANSITIONS[current]:
        raise Conflict("hold_state", f"{current} cannot become {target}")
