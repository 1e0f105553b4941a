"""Time to read a message is bounded whatever the text: no hostile text takes much longer than ordinary talk of the same length.

A sample by default; with HYPOTHESIS_PROFILE=explore every fixed text and many drawn ones. `python -m tests.fuzz_reading` looks longer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.pasted import own_part
from agents.questions import is_question
from agents.unwished import says_not_to
from models.parsers.text import MAX_CHARS, fold
from tests.fuzz_reading import everything, ordinary, seconds
from tests.support.examples import drawn as examples
from tests.support.hostile_texts import ORDINARY, Hostile, drawn, fixed, repeated

#: Times that ordinary talk of the same length takes. A quadratic pattern takes hundreds.
MOST_TIMES = 12
#: What was slow once.
ONCE_SLOW = (" ", "\n\n", "ﷺ", "1,", "1 ", "#", "talk to ", "not but ", "a@", "card ", "no, ")


def texts() -> Iterator[Hostile]:
    """What is tried."""
    if os.environ.get("HYPOTHESIS_PROFILE") == "explore":
        yield from fixed()
        yield from islice(drawn(int.from_bytes(os.urandom(4))), 400)
    else:
        yield from map(repeated, ONCE_SLOW)
        yield from islice(fixed(), 0, None, 16)
        yield from islice(drawn(0), 10)


@pytest.fixture(scope="module")
def limit() -> float:
    everything(ORDINARY[-1])  # lists and patterns are loaded
    return ordinary("everything")[1] * MOST_TIMES


@pytest.mark.process  # seconds; the long half has the time
def test_no_text_is_much_slower_to_read_than_ordinary_talk_of_its_length(limit: float) -> None:
    slow = [text for text in texts() if seconds("everything", text.text) > limit]

    assert [text.recipe for text in slow if seconds("everything", text.text, 5) > limit] == []


@examples(40)
@given(st.text(max_size=200), st.integers(min_value=1, max_value=60))
def test_whatever_is_written_and_however_often_is_read(piece: str, times: int) -> None:
    text = piece * times

    everything(text)
    assert len(fold(text)) <= MAX_CHARS
    assert fold(fold(text)) == fold(text)
    assert len(own_part(text)) <= len(text)
    is_question(text)
    says_not_to(text)
