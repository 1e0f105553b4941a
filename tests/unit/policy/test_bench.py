"""The bench measures what it says: decisions with the shipped pack, on a clock it is given."""

from __future__ import annotations

from collections.abc import Callable

from domain.actions import ACTIONS
from policy.bench import NOW, PASSES, cases, measure
from policy.facts import as_facts
from policy.gate import weigh
from policy.ordinary import ORDINARY
from policy.packs import SHIPPED, load_pack


def ticking(step: float) -> Callable[[], float]:
    """A clock that moves by `step` seconds each time it is read."""
    at = 0.0

    def read() -> float:
        nonlocal at
        at += step
        return at

    return read


def test_every_timing_is_taken_from_the_clock_it_was_given() -> None:
    figures = measure(ticking(5e-6), count=40)
    assert [each.what for each in figures] == ["decision", "decision, longest action", "decision with digests"]
    assert all(round(value, 3) == 5.0 for each in figures for value in (each.p50, each.p99, each.raw_p99))
    assert figures[0].count == 40
    assert PASSES > 1


def test_the_longest_way_is_approved_and_asks_every_rule_of_the_action() -> None:
    pack = load_pack(SHIPPED / "in-rbi")
    weighed = weigh("provisional_credit", as_facts(ORDINARY, NOW, "bench"), pack, NOW, pack.calendar)
    assert weighed.verdict == "approve"
    assert len(weighed.obligations) == 3


def test_the_cases_are_drawn_the_same_each_time_and_cover_all_actions() -> None:
    drawn = cases(400)
    assert [action for action, _ in drawn] == [action for action, _ in cases(400)]
    assert len({action for action, _ in drawn}) == len(ACTIONS)
