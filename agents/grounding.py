"""The grounding check: may this text go out in place of its template?

Every number, amount, date, reference, name and claim of an act has to be in the template or in a fact; every obligation has to be
kept, nothing forbidden said, the language right. Words that are in neither may only be plain ones (`wording.yaml`). In doubt: no.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from agents.claims import claims, unsupported
from agents.problems import Problem
from agents.sameness import one_form
from agents.statements import statements, swapped
from agents.vocabulary import vocabulary
from agents.wordlists import words
from domain.conversation import Language


@dataclass(frozen=True, slots=True)
class Ground:
    """What one thing to say rests on: its rendered template, the facts, and what must or may not be in the wording."""

    text: str
    facts: Mapping[str, str] = field(default_factory=dict)
    must: tuple[str, ...] = ()
    never: tuple[re.Pattern[str], ...] = ()


_QUOTE = re.compile(r"“[^”]{0,200}”")
_GROUPED = re.compile(r"\d[\d,]*,\d[\d,]*\d|\d,\d")
#: Thousands, or thousands and lakhs; commas anywhere else make a figure that one reads so and another otherwise.
_GROUPS = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3}")
_VISIBLE = frozenset(" \n.,;:!?'’\"“”()-–—₹$€£%/&+…।")
#: Room that a phrasing may take beyond its template: half as much again, and a sentence.
LONGER = 1.5
LONGER_BY = 160


def _unquoted(text: str) -> str:
    return _QUOTE.sub(" ", text)


def check(text: str, grounds: Sequence[Ground], language: Language, *, whole: bool = True) -> tuple[Problem, ...]:
    """All reasons why `text` may not stand for `grounds`; none means that it may.

    Args:
        text: what a model wrote.
        grounds: what it was to say. Text of others stands between “ and ” in it and supports nothing.
        language: what it has to be written in.
        whole: False for a sentence of an unfinished text: then obligations and length are not asked for yet.
    """
    templates = [ground.text for ground in grounds]
    facts = [fact for ground in grounds for fact in ground.facts.values()]
    template, known = "\n".join(templates), "\n".join([*templates, *facts])
    problems = list(_form(text, template))
    if any(problem.kind == "too_long" for problem in problems):
        return tuple(problems)  # nothing is gained by reading what a model wrote without end
    problems += [
        *_quotes(text, known),
        *_language(_unquoted(text), _unquoted(known), language),
        *_numbers(_unquoted(text), _unquoted(template), _unquoted(known)),
        *(Problem("never", pattern.pattern) for ground in grounds for pattern in ground.never if pattern.search(text)),
    ]
    if language == "en":
        said, own, more = (
            one_form(_unquoted(text)),
            [one_form(_unquoted(one)) for one in templates],
            [_unquoted(one) for one in facts],
        )
        problems += vocabulary(said, "\n".join([*own, *more]), language)
        problems += statements(said, own, more, whole=whole)
    else:
        problems += vocabulary(_unquoted(text), _unquoted(known), language)
        problems += _verbatim(text, template)
    if whole:
        problems += _obligations(text, grounds)
    return tuple(problems)


def _verbatim(text: str, template: str) -> Iterator[Problem]:
    """A Hindi reply is its template: its words may not even trade places."""
    if " ".join(text.split()) not in " ".join(template.split()):
        yield Problem("word", "not the template")


def _form(text: str, template: str) -> Iterator[Problem]:
    if not text.strip():
        yield Problem("empty")
    if len(text) > len(template) * LONGER + LONGER_BY:
        yield Problem("too_long", str(len(text)))
    known = set(template)
    if _repeats(text) > _repeats(template):
        yield Problem("repeated")
    odd = [char for char in text if not (char.isalnum() or char in _VISIBLE or char in known or "\u0900" <= char <= "\u097f")]
    if odd:
        yield Problem("markup", "".join(odd[:8]))


def _repeats(text: str) -> int:
    """How often three words in a row are said again: small models go round in circles."""
    said = words(text)
    return len(said) - 2 - len(set(zip(said, said[1:], said[2:], strict=False))) if len(said) > 2 else 0


def _quotes(text: str, known: str) -> Iterator[Problem]:
    theirs = Counter(_QUOTE.findall(known))
    for quote in _QUOTE.findall(text):
        if quote not in theirs:
            yield Problem("quote", quote)
    bare = _QUOTE.sub("", text)
    if any(mark in bare for mark in '“”"'):
        yield Problem("quote", "unmatched")


def _language(text: str, known: str, language: Language) -> Iterator[Problem]:
    if language != "en":
        return  # a Hindi text is held to its template's own words by the vocabulary check
    own = set(known)
    for char in text:
        if (char.isalpha() or char.isdigit()) and not char.isascii() and char not in own:
            yield Problem("language", char)
            return


def _numbers(text: str, template: str, known: str) -> Iterator[Problem]:
    stated, ground = claims(text), claims(known)
    for claim in unsupported(stated, ground):
        yield Problem("number", f"{claim.kind} {claim.value}")
    for figure in _GROUPED.findall(text):
        if figure not in template and not _GROUPS.fullmatch(figure):
            yield Problem("number", figure)
    yield from swapped(text, stated, template)


def _kept(fact: str, flat: str, meanings: set[tuple[str, str]]) -> bool:
    """The fact's own words are there, or, for one that is a single amount or date, its value is."""
    if " ".join(fact.split()).casefold() in flat:
        return True
    stated = claims(fact)
    return len(stated) == 1 and stated[0].kind in {"amount", "date"} and stated[0].meaning in meanings


def _obligations(text: str, grounds: Iterable[Ground]) -> list[Problem]:
    """Facts that may not be lost: those a reply must name, and all others that its template names, except words of others."""
    flat = " ".join(text.split()).casefold()
    meanings = {claim.meaning for claim in claims(_unquoted(text))}
    return [
        Problem("must", name)
        for ground in grounds
        for name in dict.fromkeys(
            (*ground.must, *(name for name, fact in ground.facts.items() if fact in ground.text and "“" not in fact))
        )
        if not _kept(ground.facts.get(name, "\x00"), flat, meanings)
    ]
