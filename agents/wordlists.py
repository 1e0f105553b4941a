"""The word lists of the grounding check, and text cut into sentences and words the one way that all of it uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from agents.folding import fold_text


@dataclass(frozen=True, slots=True)
class Wording:
    """The word lists of `wording.yaml`."""

    plain: frozenset[str]
    lemma: Mapping[str, str]
    role: Mapping[str, str]


@cache
def wording() -> Wording:
    """The lists, read once."""
    data = yaml.safe_load((Path(__file__).parent / "wording.yaml").read_text(encoding="utf-8"))
    return Wording(
        plain=frozenset(data["plain"].split()),
        lemma={form: lemma for lemma, forms in data["actions"].items() for form in forms},
        role={word: role for role, words in data["roles"].items() for word in words},
    )


WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?(?:[\u0900-\u0903\u093a-\u094f]+[^\W\d_]*)*")
_SENTENCE = re.compile(r"[^.!?।\n]*(?:\.(?=\d)[^.!?।\n]*)*[.!?।\n]*")


def sentences(text: str) -> list[str]:
    """Whole sentences with their end marks, in order; joined they are the text again."""
    return [match.group() for match in _SENTENCE.finditer(text) if match.group()]


def words(text: str) -> list[str]:
    """Lower-case words; curly apostrophes made plain, possessive 's taken off."""
    return [stem(match.group()) for match in WORD.finditer(text)]


def stem(word: str) -> str:
    plain = fold_text(word).replace("’", "'")
    return plain[:-2] if plain.endswith("'s") and plain not in wording().plain else plain
