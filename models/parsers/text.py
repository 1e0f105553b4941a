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

#: Letters of Cyrillic and Greek that pass for Latin ones, and Latin letters that pass for others.
_LOOKALIKE = str.maketrans("аеорсхуіјѕкмнвтԁɡɑıαοτρνικеԛԝһьӏ", "aeopcxyijskmhbtdgaiaotpvikeqwhbl")
_FOREIGN = re.compile(r"[\u0370-\u052f]")
_FOREIGN_WORD = re.compile(r"\S*[\u0370-\u052f]\S*")


def fold(text: str) -> str:
    """The text as patterns see it. हज़ार and हजार, पाँच and पांच, ५ and 5, é and e become the same; *саrd* with Cyrillic letters is card.

    Never longer than `MAX_CHARS`, though one sign of a ligature script may stand for a sentence.
    """
    out: list[str] = []
    for char in unicodedata.normalize("NFKC", text[:MAX_CHARS]).lower()[:MAX_CHARS]:
        digit = unicodedata.decimal(char, None)
        if digit is not None:
            out.append(str(digit))
        elif char != NUKTA and unicodedata.category(char) != "Cf":
            out.append(_SAME.get(char) or (_base(char) if "\u00c0" <= char <= "\u024f" else char))
    folded = " ".join("".join(out).split())
    return folded if folded.isascii() else _latinised(folded)


def _base(char: str) -> str:
    """The letter under its accents."""
    return unicodedata.normalize("NFD", char)[0]


def _latinised(folded: str) -> str:
    """Words of look-alike letters in Latin ones, where the rest is Latin; Russian or Greek stays what it is."""
    foreign = len(_FOREIGN.findall(folded))
    if foreign and foreign * 2 <= sum(char.isalpha() for char in folded if char.isascii()) + foreign:
        folded = _FOREIGN_WORD.sub(lambda match: match.group().translate(_LOOKALIKE), folded)
    return folded.translate({0x0261: "g", 0x0251: "a", 0x0131: "i"})


def words_pattern(*alternatives: str) -> re.Pattern[str]:
    """A pattern of whole words, longest first; the alternatives are folded as the text will be."""
    folded = sorted({fold(word) for word in alternatives}, key=len, reverse=True)
    return re.compile(rf"(?<![{LETTER}\d])(?:{'|'.join(map(re.escape, folded))})(?![{LETTER}\d])")


def blank(text: str, start: int, end: int) -> str:
    """The text with a stretch taken out of sight of later parsers; lengths stay, so offsets do."""
    return f"{text[:start]}{'~' * (end - start)}{text[end:]}"
