"""How long a decision takes with a shipped pack, digests and gathering apart: what `make bench` prints in its section "gate"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import TypeVar

from domain.decisions import Fact
from policy.facts import NEEDS, as_facts
from policy.gate import decide, weigh
from policy.ordinary import draw, ordinary
from policy.packs import SHIPPED, Pack, load_pack

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
#: A provisional credit in which every rule is asked and the answer is approve: the longest way through the pack.
LONGEST = "provisional_credit"


@dataclass(frozen=True, slots=True)
class Figures:
    """Microseconds a decision.

    Attributes:
        p50, p99: over the decisions, each timed PASSES times with the fastest counted, so that interruptions of the machine
            by others are left out and what remains is what the gate costs.
        raw_p99: over every single timing, interruptions included.
    """

    what: str
    count: int
    p50: float
    p99: float
    raw_p99: float


PASSES = 9
C = TypeVar("C")


def cases(count: int, seed: int = 7) -> list[tuple[str, dict[str, Fact]]]:
    """Proposals of all actions: half of them the long approving way, the others with a few facts drawn anew."""
    random = Random(seed)
    drawn = []
    for number in range(count):
        action = LONGEST if number % 2 == 0 else random.choice(sorted(NEEDS))
        values = ordinary(action, NEEDS[action])
        for name in random.sample(sorted(values), 3 if number % 2 else 0):
            values[name] = draw(name, random)
        drawn.append((action, as_facts(values, NOW, "bench")))
    return drawn


def measure(seconds: Callable[[], float], count: int = 3_000, pack: Pack | None = None) -> list[Figures]:
    """Time `count` decisions without and with digests. `seconds` is a clock such as time.perf_counter, given by the caller."""
    used = pack or load_pack(SHIPPED / "in-rbi")
    drawn = cases(count)

    def weighing(action: str, facts: dict[str, Fact]) -> object:
        return weigh(action, facts, used, NOW, used.calendar)

    def deciding(action: str, facts: dict[str, Fact]) -> object:
        return decide(action, facts, used, NOW, used.calendar)

    longest = [case for case in drawn if case[0] == "provisional_credit"]
    return [
        timed("decision", weighing, drawn, seconds),
        timed("decision, longest action", weighing, longest, seconds),
        timed("decision with digests", deciding, drawn, seconds),
    ]


def timed(
    what: str,
    run: Callable[[str, C], object],
    drawn: list[tuple[str, C]],
    seconds: Callable[[], float],
) -> Figures:
    """Time each case PASSES times, after a warm-up."""
    for action, facts in drawn[:500]:
        run(action, facts)
    best, single = [float("inf")] * len(drawn), []
    for _ in range(PASSES):
        for number, (action, facts) in enumerate(drawn):
            start = seconds()
            run(action, facts)
            took = (seconds() - start) * 1e6
            single.append(took)
            best[number] = min(best[number], took)
    best.sort()
    single.sort()
    return Figures(what, len(best), _share(best, 0.5), _share(best, 0.99), _share(single, 0.99))


def _share(ordered: list[float], share: float) -> float:
    return ordered[int(len(ordered) * share)]
