"""Text folded to one plain form for matching, with the way back to the original.

Customers write digits in Devanagari, full width, circled or keycap form, put invisible characters between them, or spell them out.
Patterns run over the folded text only, so each of them is written once; spans are mapped back before anything is replaced.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

#: Letters of other scripts that look like Latin ones; enough to recognise "ОТР" written in Cyrillic.
_LOOKALIKE = str.maketrans("аеорсхуіткмнвαοτρνικ", "aeopcxyitkmhbaotpvik")
_KEYCAP_AND_VARIATION = frozenset({0x20E3, *range(0xFE00, 0xFE10), *range(0x0300, 0x0370)})
#: A character that stands for more than this is a word or a blessing, no figure or letter; a message of them would become a book.
MAX_EXPANSION = 4
#: Longest stretch of punctuation and space that still joins two groups of one number.
MAX_GAP = 5


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is lower case with ASCII digits and without invisible characters; `origin[i]` is where its i-th character came from."""

    source: str
    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of `source` behind folded characters start..end, invisible ones at the end included."""
        first, last = self.origin[start], self.origin[end - 1] + 1
        while last < len(self.source) and _dropped(self.source[last]):
            last += 1
        return first, last


@dataclass(frozen=True, slots=True)
class Atom:
    """Digits written together, or one spelled-out digit. Offsets are those of the folded text."""

    digits: str
    start: int
    end: int
    word: bool = False


def _dropped(char: str) -> bool:
    return ord(char) in _KEYCAP_AND_VARIATION or unicodedata.category(char) == "Cf"


def _fold_char(char: str) -> str:
    if char.isascii():
        return char.lower()
    out = []
    plain = unicodedata.normalize("NFKC", char)
    for part in plain if len(plain) <= MAX_EXPANSION else char:
        digit = unicodedata.digit(part, None)
        out.append(str(digit) if digit is not None else part.lower().translate(_LOOKALIKE))
    return "".join(out)


def fold(text: str) -> Folded:
    """Fold `text`. Linear in its length."""
    if text.isascii():
        return Folded(text, text.lower(), tuple(range(len(text))))
    folded: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        if _dropped(char):
            continue
        plain = _fold_char(char)
        folded.append(plain)
        origin.extend([index] * len(plain))
    return Folded(text, "".join(folded), tuple(origin))


def fold_text(text: str) -> str:
    """Only the folded text: for keywords and comparisons."""
    return text.lower() if text.isascii() else fold(text).text


_DIGIT_WORDS: dict[str, str] = {
    fold_text(word): str(value)
    for value, words in enumerate(
        (
            ("zero", "oh", "शून्य", "ज़ीरो", "जीरो"),
            ("one", "ek", "एक"),
            ("two", "do", "दो"),
            ("three", "teen", "तीन"),
            ("four", "char", "chaar", "चार"),
            ("five", "paanch", "panch", "पांच", "पाँच"),
            ("six", "chhe", "chhah", "che", "छह", "छः", "छे"),
            ("seven", "saat", "सात"),
            ("eight", "aath", "आठ"),
            ("nine", "nau", "नौ"),
        )
    )
    for word in words
}
_TIMES = {fold_text(word): times for word, times in (("double", 2), ("triple", 3), ("डबल", 2), ("ट्रिपल", 3), ("dabal", 2))}
#: Fewer spelled-out digits in a row than this are ordinary words ("one of the two").
_MIN_WORDS = 3
_PIECE = re.compile(r"\d+|[^\W\d_][^\W\d_\u0901-\u0903\u093a-\u094f]*(?:[\u0901-\u0903\u093a-\u094f]+[^\W\d_]*)*")


def is_letter(char: str) -> bool:
    """Letters, digits and the vowel signs that belong to them."""
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def _atoms(text: str) -> Iterator[Atom]:
    times, times_start = 1, 0
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece[0].isdigit():
            yield Atom(piece, match.start(), match.end())
        elif piece in _TIMES:
            times, times_start = _TIMES[piece], match.start()
            continue
        elif piece in _DIGIT_WORDS:
            yield Atom(_DIGIT_WORDS[piece] * times, times_start if times > 1 else match.start(), match.end(), word=True)
        times = 1


def joins(gap: str) -> bool:
    """Whether what stands between two groups of digits lets them be one number."""
    return len(gap) <= MAX_GAP and not any(is_letter(char) or char in "[]" or unicodedata.category(char) == "Sc" for char in gap)


def _without_loose_words(chain: list[Atom]) -> Iterator[list[Atom]]:
    """Split a chain where too few spelled-out digits follow each other to be meant as digits."""
    kept: list[Atom] = []
    run: list[Atom] = []
    for atom in [*chain, None]:
        if atom is not None and atom.word:
            run.append(atom)
            continue
        if sum(len(one.digits) for one in run) >= _MIN_WORDS:
            kept.extend(run)
        elif run:
            if kept:
                yield kept
            kept = []
        run = []
        if atom is not None:
            kept.append(atom)
    if kept:
        yield kept


def digit_chains(text: str) -> list[list[Atom]]:
    """All stretches of folded `text` that may be one number each: groups of digits with only punctuation between them."""
    chains: list[list[Atom]] = []
    current: list[Atom] = []
    for atom in _atoms(text):
        if current and not joins(text[current[-1].end : atom.start]):
            chains.extend(_without_loose_words(current))
            current = []
        current.append(atom)
    chains.extend(_without_loose_words(current))
    return chains
