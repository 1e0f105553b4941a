"""What a text claims in words: acts of the bank, promises, states, denials, and which amount is which.

Each is compared with the template's own: the same verb with the same certainty and the same yes or no, or it is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from agents.claims import Claim, claims
from agents.folding import fold_text
from agents.problems import Problem
from agents.wordlists import WORD, sentences, wording, words


def swapped(text: str, stated: Sequence[Claim], template: str) -> Iterator[Problem]:
    """Two amounts, dates or references of one reply may not trade places, nor what each of them is of."""
    own = claims(template)
    for kind in ("amount", "date", "reference", "number", "time"):
        said = list(dict.fromkeys(claim.value for claim in stated if claim.kind == kind))
        order = list(dict.fromkeys(claim.value for claim in own if claim.kind == kind))
        places = [order.index(value) for value in said if value in order]
        if places != sorted(places):
            yield Problem("swapped", kind)
    said_roles, own_roles = _roles(text), _roles(template)
    for value, roles in said_roles.items():
        if len(said_roles) > 1 and value in own_roles and roles and not roles & own_roles[value]:
            yield Problem("swapped", value)


def _roles(text: str) -> dict[str, frozenset[str]]:
    """For each amount the role word nearest to it within its sentence."""
    roles: dict[str, set[str]] = {}
    for sentence in sentences(fold_text(text)):
        named = [
            (match.start(), wording().role[match.group()]) for match in WORD.finditer(sentence) if match.group() in wording().role
        ]
        for claim in claims(sentence):
            if claim.kind == "amount":
                nearest = sorted((abs(at - claim.start), role) for at, role in named)[:1]
                roles.setdefault(claim.value, set()).update(role for _, role in nearest)
    return {value: frozenset(found) for value, found in roles.items()}


@dataclass(frozen=True, slots=True)
class _Act:
    lemma: str
    mood: Literal["done", "future", "possible"]
    denied: bool


#: How many words before a verb say how certain it is.
_REACH = 6


def _acts_of(text: str) -> Iterator[_Act]:
    lists = wording()
    for sentence in sentences(_without_idioms(text)):
        said = words(sentence)
        asked = sentence.rstrip().endswith("?")
        for place, word in enumerate(said):
            if word not in lists.lemma:
                continue
            before = said[max(0, place - _REACH) : place]
            mood: Literal["done", "future", "possible"] = "done"
            if asked or any(one in lists.possible for one in before):
                mood = "possible"
            if any(one in lists.future for one in before):
                mood = "future"
            yield _Act(lists.lemma[word], mood, any(one in lists.negators for one in before))


def acts(text: str, template: str) -> Iterator[Problem]:
    own = set(_acts_of(template))
    plain = wording().plain
    in_plain = {wording().lemma[word] for word in words(text) if word in wording().lemma and word in plain}
    for act in set(_acts_of(text)) - own:
        if act.lemma in in_plain and act.mood != "done":
            continue  # "raise" is an act of ours, "you may raise this with us" is not
        yield Problem("claim", f"{act.lemma} {act.mood}{' denied' if act.denied else ''}")


def _pairs(text: str, first: frozenset[str], reach: int) -> Iterator[tuple[str, str]]:
    """Each word of `first` with the words that follow it within `reach`, sentence by sentence."""
    for sentence in sentences(_without_idioms(text)):
        said = words(sentence)
        for place, word in enumerate(said):
            if word in first:
                yield from ((word, after) for after in said[place + 1 : place + 1 + reach])


def promises_and_states(text: str, template: str) -> Iterator[Problem]:
    """Promises ("you will have it") and states ("your account is fine") in plain words."""
    lists = wording()
    own_future = set(_pairs(template, lists.future, 1))
    for marker, after in set(_pairs(text, lists.future, 1)) - own_future:
        if after not in lists.services:
            yield Problem("claim", f"{marker} {after}")
    told = set(words(template)) - lists.plain
    own_states = set(_pairs(template, lists.subjects, 2))
    for sentence in sentences(_without_idioms(text)):
        said = words(sentence)
        for place, subject in enumerate(said):
            for at in range(place + 1, min(place + 3, len(said))):
                stated = subject in lists.subjects and said[at] in lists.states and (subject, said[at]) not in own_states
                if stated and not told.intersection(said[at + 1 : at + 4]):
                    yield Problem("claim", f"{subject} {said[at]}")


def _without_idioms(text: str) -> str:
    folded = text.replace("’", "'")
    for idiom in wording().idioms:
        folded = re.sub(re.escape(idiom), " ", folded, flags=re.IGNORECASE)
    return folded


def _denials(text: str) -> int:
    return sum(word in wording().negators for word in words(_without_idioms(text)))


def polarity(text: str, template: str, *, whole: bool) -> Iterator[Problem]:
    said, own = _denials(text), _denials(template)
    if said > own or (whole and said < own):
        yield Problem("negation", f"{said} for {own}")
    if text.count("?") > template.count("?"):
        yield Problem("question", "added")
