"""What the gate asks facts about, with what several rooms need of it read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bank.access import Subject
from bank.call import Call

Values = dict[str, bool | int | str]
LONG_AGO_H = LONG_AGO_D = 9999
HOUR = 3_600_000_000
DAY = 24 * HOUR
YEAR = 365 * DAY


@dataclass(frozen=True, slots=True)
class Names:
    """The things named in a question: the arguments of the action that name something of the core."""

    accounts: tuple[str, ...] = ()
    transaction: str | None = None
    original: str | None = None
    dispute: str | None = None
    card: str | None = None
    block: str | None = None
    lock: str | None = None
    contact: str | None = None
    fee: str | None = None
    limit_kind: str | None = None
    payee: str | None = None
    transfer_rail: str | None = None
    mandate: str | None = None
    category: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question.

    Attributes:
        own: rows of the accounts named that are the subject's; empty unless all of them are.
        payment: row of the transaction named, if it is the subject's.
        ages: whole hours since each means of identification changed.
    """

    call: Call
    subject: Subject
    action: str
    names: Names
    customer: sa.RowMapping | None
    own: tuple[sa.RowMapping, ...]
    payment: sa.RowMapping | None
    ages: dict[str, int | None]

    def today_minus(self, micros: int) -> int:
        """Calendar days between the local day of an instant and today, never less than 0."""
        return max(0, (self.call.today() - self.call.local(micros).date()).days)

    def hours_since(self, micros: int | None) -> int:
        return LONG_AGO_H if micros is None else min(LONG_AGO_H, max(0, (self.call.now - micros) // HOUR))

    def total(self, query: sa.Select[Any]) -> int:
        """One number that a query counts or sums; nothing is 0."""
        return int(self.call.connection.execute(query).scalar_one() or 0)
