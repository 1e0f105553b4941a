"""What a changed pack would have answered: past decisions weighed again on the facts they were given, at the time they were made.

Pure: who stored the decisions, and where, is the caller's business. Old is what the pack in force answers on those facts, so that only
the change itself shows; decisions that the pack in force answers otherwise than they were answered then are counted as drifted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.decisions import Fact
from policy.gate import Weighed, weigh
from policy.packs import Pack


@dataclass(frozen=True, slots=True)
class Past:
    """A decision on record: which action of which proposal, on which facts, when, and the verdict of that time."""

    proposal: str
    action: str
    at: datetime
    verdict: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Answered:
    """What decides how a proposal goes on, and the rules that gave it."""

    verdict: str
    level: int | None
    role: str | None
    four_eyes: bool
    rules: tuple[str, ...]

    def same_way(self, other: Answered) -> bool:
        """Whether a proposal would go on alike: another rule or role alone is no flip."""
        return (self.verdict, self.level, self.four_eyes) == (other.verdict, other.level, other.four_eyes)


@dataclass(frozen=True, slots=True)
class Flip:
    """A decision that the changed pack answers otherwise. `gone` and `come` are the rules that spoke before only, and now only."""

    past: Past
    old: Answered
    new: Answered

    @property
    def gone(self) -> tuple[str, ...]:
        return tuple(rule for rule in self.old.rules if rule not in self.new.rules)

    @property
    def come(self) -> tuple[str, ...]:
        return tuple(rule for rule in self.new.rules if rule not in self.old.rules)


@dataclass(slots=True)
class Simulation:
    """What came of the replay; `counts` by "old to new", levels and four eyes included."""

    decisions: int = 0
    drifted: int = 0
    flips: list[Flip] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def simulate(past: Iterable[Past], in_force: Pack, changed: Pack) -> Simulation:
    """Weigh every past decision with both packs and keep those whose answer flips."""
    simulation = Simulation()
    for each in past:
        old, new = _answered(each, in_force), _answered(each, changed)
        simulation.decisions += 1
        simulation.drifted += old.verdict != each.verdict
        if not old.same_way(new):
            simulation.flips.append(Flip(each, old, new))
            simulation.counts[f"{shown(old)} to {shown(new)}"] += 1
    return simulation


def _answered(past: Past, pack: Pack) -> Answered:
    weighed: Weighed = weigh(past.action, past.facts, pack, past.at, pack.calendar)
    return Answered(weighed.verdict, weighed.level, weighed.role, weighed.four_eyes, tuple(weighed.rules))


def shown(answer: Answered) -> str:
    """The verdict with its level or the need of four eyes."""
    level = f" AL{answer.level}" if answer.level is not None else ""
    return f"{answer.verdict}{level}{' four eyes' if answer.four_eyes else ''}"


def as_data(simulation: Simulation, in_force: Pack, changed: Pack) -> dict[str, Any]:
    """One object for programs."""
    return {
        "in_force": {"pack": in_force.label, "digest": in_force.digest},
        "changed": {"pack": changed.label, "digest": changed.digest},
        "decisions": simulation.decisions,
        "drifted": simulation.drifted,
        "flipped": len(simulation.flips),
        "counts": dict(sorted(simulation.counts.items())),
        "flips": [
            {
                "proposal": flip.past.proposal,
                "action": flip.past.action,
                "at": flip.past.at.isoformat(),
                "old": shown(flip.old),
                "new": shown(flip.new),
                "rules_gone": list(flip.gone),
                "rules_come": list(flip.come),
            }
            for flip in simulation.flips
        ],
    }


def as_text(data: Mapping[str, Any]) -> str:
    """The same as lines for people."""
    lines = [
        f"{data['decisions']} decisions, {data['flipped']} flip from {data['in_force']['pack']} to {data['changed']['pack']}"
    ]
    lines += [f"  {count:>6}  {change}" for change, count in data["counts"].items()]
    if data["drifted"]:
        lines.append(f"  {data['drifted']} were answered otherwise when they were made; the pack has changed since")
    for flip in data["flips"]:
        gone, come = ", ".join(flip["rules_gone"]) or "-", ", ".join(flip["rules_come"]) or "-"
        lines.append(
            f"{flip['proposal']} {flip['action']} {flip['at']}: {flip['old']} to {flip['new']} (gone: {gone}; come: {come})"
        )
    return "\n".join(lines)
