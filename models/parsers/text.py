"""The plain form that the parsers read: lower case, ASCII digits, one spelling for what Hindi spells in two ways."""

from __future__ import annotations

import re
import unicodedata

#: No parser looks further; a chat message holds 4,000 characters.
MAX_CHARS = 4000
#: A word in Latin or Devanagari letters; Python's own word class leaves out Devanagari vowel marks.
LETTER = r"a-z\u0900-\u0963\u0970-\u097f"
NUKTA = "\u093c"
_SAME = {"\u0901": "\u0902", "’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "\u00a0": " "}


def fold(text: str) -> str:
    """The text as patterns see it. हज़ार and हजार, पाँच and पांच, ५ and 5 become the same."""
    out: list[str] = []
    for char in unicodedata.normalize("NFKC", text[:MAX_CHARS]).lower():
        digit = unicodedata.decimal(char, None)
        if digit is not None:
            out.append(str(digit))
        elif char != NUKTA and unicodedata.category(char) != "Cf":
            out.append(_SAME.get(char, char))
    return " ".join("".join(out).split())


def words_pattern(*alternatives: str) -> re.Pattern[str]:
    """A pattern of whole words, longest first; the alternatives are folded as the text will be."""
    folded = sorted({fold(word) for word in alternatives}, key=len, reverse=True)
    return re.compile(rf"(?<![{LETTER}\d])(?:{'|'.join(map(re.escape, folded))})(?![{LETTER}\d])")


def blank(text: str, start: int, end: int) -> str:
    """The text with a stretch taken out of sight of later parsers; lengths stay, so offsets do."""
    return f"{text[:start]}{'~' * (end - start)}{text[end:]}"
