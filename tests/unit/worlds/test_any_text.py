"""Whatever stands in a world file, reading it gives a world or says what is wrong; nothing else comes out."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.worlds.loader import build_world, parse_world
from bank.worlds.problems import WorldInvalid
from bank.worlds.yaml_tree import read_tree
from tests.unit.worlds.small import SMALL

pytestmark = pytest.mark.process

LINES = SMALL.splitlines(keepends=True)
BITS = st.one_of(
    st.sampled_from(["~", "null", "true", "-1", "0", "1.5", ".nan", "[]", "{}", "''", "INR -1.00", "USD 1", "-9999w", "+9999w 23:59",
                     "2026-11-25T11:30:00+05:30", "unknown:x", "A2", "C2", "T1", "!!int x", "&a", "*a", ": ", "- ", "\t", "\x00", "é\u202e"]),
    st.text(max_size=6),
)  # fmt: skip
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def reads_or_says_why(text: str) -> None:
    try:
        parse_world(text)
    except WorldInvalid as error:
        assert error.problems
        assert all(problem.line >= 1 and problem.column >= 1 for problem in error.problems)


@FEW
@given(st.data())
def test_a_text_cut_and_patched_anywhere(data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(SMALL)))
    end = data.draw(st.integers(begin, min(len(SMALL), begin + 40)))
    reads_or_says_why(SMALL[:begin] + data.draw(BITS) + SMALL[end:])


@FEW
@given(st.data())
def test_lines_left_out_and_doubled(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.integers(0, len(LINES) - 1), min_size=1, max_size=3))
    doubled = data.draw(st.booleans())
    reads_or_says_why("".join(line * (2 if doubled else 0) if number in chosen else line for number, line in enumerate(LINES)))


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for key, child in below for each in paths(child, (*path, key)))]


EVERYWHERE = [path for path in paths(read_tree(SMALL).value) if path]


@FEW
@given(st.sampled_from(EVERYWHERE), BITS | PLAIN)
def test_one_value_replaced_by_any_other(path: tuple[str | int, ...], other: object) -> None:
    value = read_tree(SMALL).value
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = other
    try:
        build_world(value)
    except WorldInvalid as error:
        assert error.problems
