"""One spelling for Hindi in Devanagari, Hindi in Latin letters, and English words in either: their consonants.

बैलेंस, bailens and balance all come out as `blns`; पैसे, paise and paisa as `ps`. Enough to let examples in one script help another.
"""

from __future__ import annotations

import re

_CONSONANTS = {
    "क": "k", "ख": "k", "ग": "g", "घ": "g", "ङ": "n", "च": "C", "छ": "C", "ज": "j", "झ": "j", "ञ": "n", "ट": "t", "ठ": "t", "ड": "d", "ढ": "d",
    "ण": "n", "त": "t", "थ": "t", "द": "d", "ध": "d", "न": "n", "प": "p", "फ": "f", "ब": "b", "भ": "b", "म": "m", "य": "y", "र": "r", "ल": "l",
    "व": "v", "श": "s", "ष": "s", "स": "s", "ह": "h", "ं": "n", "ृ": "r", "ळ": "l",
}  # fmt: skip
_VOWELS = {"अ": "a", "आ": "a", "इ": "i", "ई": "i", "उ": "u", "ऊ": "u", "ए": "e", "ऐ": "e", "ओ": "o", "औ": "o", "ऑ": "o", "ऋ": "r"}
_LATIN = (
    (re.compile(r"tion|sion"), "sn"),
    (re.compile(r"ch+"), "C"),
    (re.compile(r"ck|q"), "k"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"c"), "k"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"sh"), "s"),
    (re.compile(r"(?<=[bdgjkptz])h"), ""),
    (re.compile(r"w"), "v"),
    (re.compile(r"z"), "j"),
    (re.compile(r"ng?\b"), "n"),
    (re.compile(r"m(?=[pb])"), "n"),
)
_WEAK = re.compile(r"[aeiouyh]")
_DOUBLE = re.compile(r"(.)\1+")


def skeleton(word: str) -> str:
    """The consonants of a folded word, after its first vowel if it begins with one; digits stay as they are."""
    latin = "".join(_CONSONANTS.get(char) or _VOWELS.get(char, char if char.isascii() else "") for char in word)
    for pattern, plain in _LATIN:
        latin = pattern.sub(plain, latin)
    first = "V" if latin[:1] in tuple("aeiou") else ""
    return first + _DOUBLE.sub(r"\1", _WEAK.sub("", latin))
