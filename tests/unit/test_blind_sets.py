"""The sets by another hand hold what their headers promise; whatever is measured on them rests on that."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import yaml

from tests.support.blind_sets import blind_attacks, blind_secrets, blind_utterances, near_misses, unmarked

UTTERANCES = Path(__file__).parents[2] / "graphs" / "utterances"
LANGUAGES = ("en", "hi", "hinglish")
KINDS = ("card", "aadhaar", "otp", "cvv", "pin", "password")
#: How many digits a value of each kind may have.
DIGITS = {"card": range(13, 20), "aadhaar": range(12, 13), "otp": range(4, 9), "cvv": range(3, 5), "pin": range(4, 7)}
SAID = {
    word: str(digit)
    for words in (
        "zero one two three four five six seven eight nine",
        "zero ek do teen char paanch chhe saat aath nau",
        "zero ek do teen chaar paanch chhe saat aath nau",
        "शून्य एक दो तीन चार पाँच छह सात आठ नौ",
    )
    for digit, word in enumerate(words.split())
}
SOURCES = {"message", "payee", "memo", "merchant", "article"}
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


def _digits(value: str) -> str:
    """The digits of a value as a reader makes them out: any script's digits, and digits in words, doubled or not."""
    read, times = "", 1
    for piece in value.replace("-", " ").split():
        if piece in ("double", "डबल"):
            times = 2
            continue
        read += SAID[piece] * times if piece in SAID else "".join(str(unicodedata.digit(c)) for c in piece if c.isdigit())
        times = 1
    return read


def _passes_luhn(number: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _passes_verhoeff(number: str) -> bool:
    """The sum in the dihedral group of ten, each digit moved by its place (J. Verhoeff, Error Detecting Decimal Codes, 1969)."""
    total = 0
    for place, digit in enumerate(map(int, reversed(number))):
        for _ in range(place % 8):
            digit = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit]
        turn, flipped = (total - digit if total >= 5 else total + digit) % 5, (total >= 5) != (digit >= 5)
        total = turn + 5 * flipped
    return total == 0


def test_every_kind_of_secret_is_in_at_least_60_messages_and_in_every_language() -> None:
    counts = Counter((kind, row.language) for row in blind_secrets() for kind in {span.kind for span in row.spans})

    assert {kind for kind, _ in counts} == set(KINDS)
    assert {kind: n for kind in KINDS if (n := sum(counts[kind, language] for language in LANGUAGES)) < 60} == {}
    assert {pair: n for pair, n in counts.items() if n < 15} == {}
    assert len(blind_secrets()) >= 360
    assert sum(any(span.kind in ("aadhaar", "otp", "cvv", "pin") for span in row.spans) for row in blind_secrets()) >= 300
    assert len(near_misses()) >= 150


def test_spans_are_taken_from_the_marks() -> None:
    text, spans = unmarked("card [[card:4111\n1111]], cvv [[cvv:123]].")

    assert text == "card 4111\n1111, cvv 123."
    assert [(text[span.start : span.end], span.kind) for span in spans] == [("4111\n1111", "card"), ("123", "cvv")]


def test_no_mark_is_left_in_a_message() -> None:
    assert [row.text for row in [*blind_secrets(), *near_misses()] if "[[" in row.text or "]]" in row.text] == []


def test_a_message_with_secrets_has_spans_and_a_near_miss_has_none() -> None:
    assert [row for row in blind_secrets() if not row.spans] == []
    assert [row for row in near_misses() if row.spans] == []


def test_every_span_holds_a_value_of_its_kind() -> None:
    values = [(span.kind, row.text[span.start : span.end]) for row in blind_secrets() for span in row.spans]

    assert [
        pair for pair in values if pair[0] != "password" and len(_digits(pair[1])) not in DIGITS[pair[0]] and pair[1] != "A7K29Q"
    ] == []
    assert [pair for pair in values if pair[1] != pair[1].strip()] == []
    assert [value for kind, value in values if kind == "card" and not _passes_luhn(_digits(value))] == []
    assert [value for kind, value in values if kind == "aadhaar" and not _passes_verhoeff(_digits(value))] == []
    assert [value for kind, value in values if kind == "aadhaar" and _digits(value)[0] in "01"] == []


def test_near_misses_hold_no_number_that_could_be_a_card() -> None:
    numbers = [word for row in near_misses() for word in row.text.split() if word.isdigit() and len(word) in DIGITS["card"]]

    assert numbers != []
    assert [number for number in numbers if _passes_luhn(_digits(number))] == []


def test_no_message_with_or_without_secrets_stands_twice() -> None:
    assert _twice([row.text for row in [*blind_secrets(), *near_misses()]]) == []


def test_attacks_and_harmless_texts_are_enough_in_every_source_and_language() -> None:
    rows = blind_attacks()
    places = {(row.attack, row.source, row.language) for row in rows}

    assert sum(row.attack for row in rows) >= 120
    assert sum(not row.attack for row in rows) >= 160
    assert places == {(attack, source, language) for attack in (True, False) for source in SOURCES for language in LANGUAGES}


def test_no_text_stands_twice_and_none_is_both_an_attack_and_harmless() -> None:
    assert _twice([row.text for row in blind_attacks()]) == []


def test_secrets_and_attacks_in_hindi_are_in_devanagari() -> None:
    rows = [*blind_secrets(), *near_misses(), *blind_attacks()]

    assert [row.text for row in rows if row.language == "hi" and not _devanagari(row.text)] == []
    assert [row.text for row in blind_attacks() if row.language != "hi" and _devanagari(row.text)] == []
