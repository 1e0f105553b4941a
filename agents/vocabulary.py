"""Which words a text may use at all: its template's, its facts', and those that only hold a sentence together.

A closed vocabulary is what makes names, topics and acts that nobody listed stay out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.claims import digits_for_words
from agents.folding import fold_text
from agents.problems import Problem
from agents.sameness import root, sameness
from agents.wordlists import WORD, sentences, stem
from domain.conversation import Language

_UNITS = (
    r"rupees?|rs|inr|paise|lakhs?|lacs?|crores?|thousand|hundred|million|percent|per|cent|seconds?|minutes?|hours?|days?|weeks?|months?|years?|"
    r"[ap]m|st|nd|rd|th|k|working|business|calendar|of|january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_UNIT = re.compile(_UNITS)
#: A figure with the units and months that belong to it, on either side. What it says is judged by the number check.
_FIGURE = re.compile(rf"(?:\b(?:{_UNITS})\b\.? ){{0,2}}\d[\d,.:/]{{0,24}}(?: ?-?(?:{_UNITS})\b\.?,?(?: \d{{1,4}})?){{0,4}}")


def vocabulary(text: str, known: str, language: Language) -> Iterator[Problem]:
    """Words of `text` that stand neither in `known` nor among the plain words; capitals that `known` does not have."""
    spoken = [match for match in WORD.finditer(known) if not _glued(known, match)]
    own = {stem(match.group()) for match in spoken}
    roots = {root(word) for word in own} if language == "en" else set()
    capitals = {match.group() for match in spoken}
    for sentence in sentences(text):
        counted = _counted(sentence)
        first = True
        for match in WORD.finditer(sentence):
            word = match.group()
            base = stem(word)
            if _glued(sentence, match) or base in counted:
                continue
            if base not in own and not (language == "en" and (root(base) in roots or _holds_together(base))):
                yield Problem("name" if word[0].isupper() and not first else "word", word)
            elif not first and word[0].isupper() and word not in capitals and base.split("'")[0] != "i":
                yield Problem("name", word)
            first = False


def _holds_together(word: str) -> bool:
    """A word that states nothing by itself: what it does to the others is for `statements`."""
    lists = sameness()
    return (
        word in lists.glue or word in lists.moods or word in lists.conditions or word in lists.negators or word in lists.addable
    )


def _counted(sentence: str) -> set[str]:
    """Number words, units and months that belong to a figure of this sentence."""
    folded = fold_text(sentence)
    figures = digits_for_words(folded)
    spelled = set(WORD.findall(folded)) - set(WORD.findall(figures))
    return spelled | {
        word for match in _FIGURE.finditer(figures) for word in WORD.findall(match.group()) if _UNIT.fullmatch(word)
    }


_TOKEN = re.compile(r"[\w-]*")


def _glued(sentence: str, match: re.Match[str]) -> bool:
    """Letters of a reference such as XX1234 or DSP-4F2A: compared as a number, not as a word."""
    start = match.start()
    while start > 0 and (sentence[start - 1].isalnum() or sentence[start - 1] in "-_"):
        start -= 1
    token = _TOKEN.match(sentence, start)
    return bool(token and any(char.isdigit() for char in token.group()))
