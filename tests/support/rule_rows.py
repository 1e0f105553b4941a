"""Worked rows of the Indian pack: a case that differs from the ordinary one in a few facts, and what it has to be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.decisions import Decision, FactValue
from policy.facts import NEEDS, as_facts
from policy.gate import decide
from policy.ordinary import ordinary
from policy.packs import SHIPPED, Pack, assemble, load_pack
from policy.rules import Rule

INDIA_ZONE = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # a Monday, 11:30 in India
IN_2027 = datetime(2027, 1, 5, 6, 0, tzinfo=UTC)
TODAY = "2026-11-23"
MISSING = object()
BASE: dict[str, dict[str, FactValue]] = {action: ordinary(action, names) for action, names in NEEDS.items()}
PACK = load_pack(SHIPPED / "in-rbi")
LAKH = 10_000_000
#: Changes that each start the cooling of P-COOL.
CHANGED = ("sim", "device", "mobile", "email", "pin")


@dataclass(frozen=True, eq=False)
class Row:
    """One worked example.

    Attributes:
        change: facts that differ from the ordinary case of the action; MISSING leaves one out.
        owes: (kind, last day in India or None, amount or None) that must be among what is owed.
        owes_no: kinds that must not be.
        bank: False asks the law alone, as if the bank's own rules restricted nothing.
    """

    why: str
    action: str
    change: dict[str, Any] = field(default_factory=dict)
    verdict: str = "approve"
    reason: str | None = None
    level: int | None = None
    role: str | None = None
    four_eyes: bool = False
    owes: tuple[tuple[str, str | None, int | None], ...] = ()
    owes_no: tuple[str, ...] = ()
    at: datetime = NOW
    bank: bool = True

    def __str__(self) -> str:
        return f"{self.action}: {self.why}"

    def decide(self, pack: Pack) -> Decision:
        facts = {name: value for name, value in (BASE[self.action] | self.change).items() if value is not MISSING}
        return decide(self.action, as_facts(facts, self.at, "a test"), pack, self.at, pack.calendar)

    def pack(self, pack: Pack = PACK) -> Pack:
        """The pack this row is about: the whole, or without what the bank restricts by itself."""
        return pack if self.bank else law_alone(pack)


_LAW_ALONE: dict[str, Pack] = {}
_RESTRICTING = tuple(rule.id for rule in PACK.rules if rule.text.layer == "bank" and rule.text.verdict != "approve")


def law_alone(pack: Pack) -> Pack:
    """The same pack as if the bank's own policy restricted nothing."""
    if pack.digest not in _LAW_ALONE:
        _LAW_ALONE[pack.digest] = pack.without(*_RESTRICTING)
    return _LAW_ALONE[pack.digest]


def without_for(action: str, rule: Rule) -> Pack:
    """The pack for one action with one rule less; of the other actions it knows nothing."""
    kept = tuple(each for each in PACK.by_action[action] if each.id != rule.id)
    digest = f"{PACK.digest}-{action}-{rule.id}"
    return assemble(PACK.name, PACK.version, PACK.jurisdiction, PACK.currency, PACK.calendar, digest, kept, PACK.limits)


def said(decision: Decision) -> tuple[Any, ...]:
    """What somebody is told or owed by a decision, whichever rules brought it about."""
    return (
        decision.verdict,
        decision.level,
        decision.role,
        decision.four_eyes,
        decision.customer_reason,
        [(each.kind, each.due, each.amount_minor, each.to) for each in decision.obligations],
    )


def owed(decision: Decision) -> set[tuple[str, str | None, int | None]]:
    """(kind, last day in India, amount) of everything owed."""
    return {
        (each.kind, each.due.astimezone(INDIA_ZONE).date().isoformat() if each.due else None, each.amount_minor)
        for each in decision.obligations
    }


def cooling(action: str, verdict: str, role: str | None = None, **change: Any) -> Iterator[Row]:
    """A row for each change that starts P-COOL, and one for a change a day ago."""
    for what in CHANGED:
        yield Row(f"{what} changed today", action, change | {f"{what}_changed_h": 23}, verdict, "proof_cooling", role=role)
    yield Row("all changed a day ago", action, change | {f"{what}_changed_h": 24 for what in CHANGED})
