"""Plain wishes are precise: over all example utterances hardly any is taken for another wish, and no question of others' things is."""

from __future__ import annotations

from pathlib import Path

from agents.wishes import wishes
from models.parsers.answers import read_answer
from models.utterances import load_utterances

FOLDER = Path(__file__).parents[3] / "graphs" / "utterances"
#: Of a hundred utterances that the first reader takes, so many are read as what they are.
PRECISION = 0.99


def _read(text: str) -> str | None:
    answer = read_answer(text)
    wanted = [wish.intent for wish in wishes(text) if not wish.denied]
    return answer.kind if answer and not answer.rest else wanted[0] if wanted else None


def test_what_the_first_reader_takes_it_reads_rightly() -> None:
    read = [(item.text, item.intent, found) for item in load_utterances(FOLDER).items if (found := _read(item.text)) is not None]
    wrong = [row for row in read if row[1] != row[2]]

    assert len(read) > 500
    assert len(wrong) <= len(read) * (1 - PRECISION), wrong


def test_what_is_out_of_scope_starts_nothing() -> None:
    others = [item.text for item in load_utterances(FOLDER).items if item.intent == "other"]

    assert [text for text in others if _read(text) in {"balance", "block_card", "dispute", "login_problem"}] == []
