"""The sets by another hand hold what their headers promise; whatever is measured on them rests on that."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import yaml

from tests.support.blind_sets import blind_utterances

UTTERANCES = Path(__file__).parents[2] / "graphs" / "utterances"
LANGUAGES = ("en", "hi", "hinglish")
COVERED = (
    "affirm",
    "balance",
    "block_card",
    "cancel",
    "deny",
    "dispute",
    "goodbye",
    "greeting",
    "human",
    "login_problem",
    "other",
    "repeat",
    "thanks",
    "who_are_you",
)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _twice(texts: list[str]) -> list[str]:
    return [text for text, times in Counter(map(_folded, texts)).items() if times > 1]


def _devanagari(text: str) -> bool:
    return any("\u0900" <= character <= "\u097f" for character in text)


def test_every_intent_has_at_least_25_messages_in_each_language() -> None:
    counts = Counter((row.label, row.language) for row in blind_utterances())

    assert {pair: n for pair, n in counts.items() if n < 25} == {}
    assert set(counts) == {(label, language) for label in COVERED for language in LANGUAGES}


def test_every_label_of_the_messages_is_an_intent() -> None:
    intents = {name for file in UTTERANCES.glob("*.yaml") for name in yaml.safe_load(file.read_text(encoding="utf-8"))}

    assert {row.label for row in blind_utterances()} - intents == set()


def test_half_of_what_is_out_of_scope_is_a_banks_business() -> None:
    kinds = Counter(row.kind for row in blind_utterances() if row.label == "other")

    assert set(kinds) == {"banking", "general"}
    assert kinds["banking"] == kinds["general"]


def test_no_message_stands_twice() -> None:
    assert _twice([row.text for row in blind_utterances()]) == []


def test_hindi_is_in_devanagari_and_the_others_are_not() -> None:
    assert [row for row in blind_utterances() if _devanagari(row.text) != (row.language == "hi")] == []


def test_messages_are_of_every_length() -> None:
    words = [len(row.text.split()) for row in blind_utterances()]

    assert min(words) == 1
    assert max(words) >= 18
    assert len(set(words)) >= 15
