"""Worked examples of a rule pack: the ordinary case of an action with some facts changed, and what has to be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from domain.actions import ACTIONS
from domain.decisions import Decision, Fact, FactValue
from policy.facts import as_facts, needs
from policy.gate import decide, weigh
from policy.ordinary import ordinary
from policy.packs import Pack

#: A Monday; the Thursday of that week is Thanksgiving.
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
MISSING = object()


@dataclass(frozen=True)
class Row:
    """One worked example.

    Attributes:
        why: what it shows, as a sentence.
        change: facts that differ from the ordinary case; MISSING takes one away.
        owes: (kind, last day in the pack's zone or None, amount or None) that must be among what is owed.
        owes_not: kinds that must not be.
    """

    why: str
    action: str
    change: Mapping[str, Any] = field(default_factory=dict)
    verdict: str = "approve"
    reason: str | None = None
    level: int | None = None
    role: str | None = None
    four_eyes: bool = False
    owes: tuple[tuple[str, str | None, int | None], ...] = ()
    owes_not: tuple[str, ...] = ()
    at: datetime = NOW

    def __str__(self) -> str:
        return f"{self.action}: {self.why}"


@dataclass(frozen=True)
class Book:
    """The rows of one pack and the case they start from: the ordinary one in the pack's own currency."""

    pack: Pack
    rows: tuple[Row, ...]

    def base(self, action: str) -> dict[str, FactValue]:
        """The ordinary case: 400.00 in the pack's currency, inside the bank, a fee of 20.00."""
        names = needs(action, self.pack.jurisdiction)
        here: dict[str, FactValue] = {
            "currency": self.pack.currency, "txn_currency": self.pack.currency, "transfer_rail": "internal", "limit_kind": "card_online",
            "amount_minor": 2_000 if action == "refund_fee" else 40_000, "txn_amount_minor": -40_000, "fee_amount_minor": 2_000,
        }  # fmt: skip
        return ordinary(action, names) | {name: value for name, value in here.items() if name in names}

    def decide(self, row: Row, pack: Pack | None = None) -> Decision:
        """What the gate says to a row, or what it would say with another pack."""
        used = pack or self.pack
        return decide(row.action, self.facts(row), used, row.at, used.calendar)

    def facts(self, row: Row) -> dict[str, Fact]:
        """The facts of a row, all stated at its own time."""
        values = {name: value for name, value in (self.base(row.action) | dict(row.change)).items() if value is not MISSING}
        return as_facts(values, row.at, "a test")

    def check(self, row: Row) -> None:
        """Hold the answer to the row against what the row says."""
        decision = self.decide(row)
        assert decision.verdict == row.verdict, decision.reasons
        assert (decision.level, decision.four_eyes) == (row.level, row.four_eyes)
        assert row.reason in (None, decision.customer_reason)
        assert row.role in (None, decision.role)
        assert decision.verdict == "human" or decision.role is None
        owed = self.owed(decision)
        assert set(row.owes) <= owed, owed
        assert not set(row.owes_not) & {kind for kind, _, _ in owed}

    def owed(self, decision: Decision) -> set[tuple[str, str | None, int | None]]:
        """What is owed, with days instead of instants."""
        zone = ZoneInfo(self.pack.calendar.zone)
        return {
            (each.kind, each.due.astimezone(zone).date().isoformat() if each.due else None, each.amount_minor)
            for each in decision.obligations
        }

    def missed_by(self, rule: str) -> list[Row]:
        """The rows that are told something else when a rule is taken out."""
        lost = self.pack.without(rule)
        actions = next(each for each in self.pack.rules if each.id == rule).text.actions
        return [row for row, facts, said in self._told if row.action in actions and _said(row, facts, lost) != said]

    @cached_property
    def _told(self) -> list[tuple[Row, dict[str, Fact], tuple[Any, ...]]]:
        return [(row, facts := self.facts(row), _said(row, facts, self.pack)) for row in self.rows]

    def without_rules(self) -> set[str]:
        """The actions that the pack has no rule for."""
        return {action for action in ACTIONS if not self.pack.by_action[action]}


def _said(row: Row, facts: Mapping[str, Fact], pack: Pack) -> tuple[Any, ...]:
    """Everything of a decision that anybody acts on."""
    told = weigh(row.action, facts, pack, row.at, pack.calendar)
    owed = [(each.kind, each.due, each.amount_minor, each.to) for each in told.obligations]
    return (told.verdict, told.level, told.role, told.four_eyes, told.customer_reason, owed)
