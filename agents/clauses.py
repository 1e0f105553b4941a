"""A text as clauses of tokens: each word or figure with what is said of it — denied, over, to come, allowed, asked for, on what condition, by whom.

Plain rules over word order, for short replies in English. They need not understand a text: they have to find the same for the same
wording, and something else as soon as what is stated differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agents.claims import Claim, claims_in, figures_written
from agents.sameness import root, sameness
from agents.wordlists import WORD, sentences

#: How many words a "not" or a "may" reaches over.
REACH = 6
#: Words before a figure or a word that change what is said whatever they stand before: a day until which is no day from which.
STRONG = frozenset(
    {"until", "till", "from", "after", "before", "since", "within", "over", "under", "above", "below", "than", "to"}
)
#: All that may stand before a figure.
RELATIONS = STRONG | {"by", "on", "in", "of", "for", "at"}
#: Before a word that is no figure: which way it goes.
_WAYS = frozenset(["from", "to", "into", "until", "before", "after", "without"])
#: "Could you please …?" asks for something and is no question.
REQUEST = re.compile(r"\W*(?:(?:and|so|but) )?please\b", re.IGNORECASE)
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "am"})
_BEFORE_NOUNS = frozenset(["a", "an", "the", "this", "that", "these", "those", "your", "our", "my", "any", "no", "its"])
_OWNERS = frozenset({"my", "our", "your", "their", "his", "her"})
_PERSONS = frozenset({"i", "we", "you", "he", "she"})
_RELATIVE = frozenset({"that", "which", "who"})
_PAST = frozenset({"was", "were", "had"})
_LIGHT = frozenset(["just", "also", "then", "now", "still", "yet", "already", "too", "please", "and", "but", "or", "so"])


@dataclass(frozen=True, slots=True)
class Piece:
    """One word or figure that states something. `key` is its root or the figure's meaning; the rest is what is said of it."""

    key: str
    figure: bool = False
    denied: bool = False
    time: str = ""
    mood: str = ""
    condition: str = ""
    agent: str = ""
    owner: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """What stands together. `loose` is what a clause says after its last piece, or without any: "… that it is not you"."""

    pieces: tuple[Piece, ...]
    loose: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    claim: Claim | None = None


@lru_cache(maxsize=64)
def sentences_of(text: str) -> tuple[tuple[Clause, ...], ...]:
    """The sentences of a text in one form (`sameness.one_form`), each as its clauses; empty ones are left out."""
    flat = figures_written(text)
    found, start = [], 0
    claims = claims_in(flat)
    for sentence in sentences(flat):
        end = start + len(sentence)
        inside = [claim for claim in claims if start <= claim.start < end]
        clauses = tuple(
            _clause(tokens, sentence.rstrip().endswith("?") and not REQUEST.match(sentence))
            for tokens in _cut(flat, start, end, inside)
            if tokens
        )
        if clauses:
            found.append(clauses)
        start = end
    return tuple(found)


def _cut(flat: str, start: int, end: int, claims: list[Claim]) -> Iterator[list[_Token]]:
    """The sentence's tokens, clause by clause. The word that opens a clause belongs to it; marks inside figures cut nothing."""
    spans = [(claim.start, claim.end) for claim in claims]
    free = [match for match in sameness().clause.finditer(flat, start, end) if not any(a <= match.start() < b for a, b in spans)]
    bounds = [start, *(match.start() for match in free), end]
    for left, right in zip(bounds, bounds[1:], strict=False):
        marks: list[tuple[int, _Token]] = [(claim.start, _Token("", claim)) for claim in claims if left <= claim.start < right]
        for match in WORD.finditer(flat, left, right):
            if not any(a <= match.start() < b for a, b in spans):
                word = match.group()
                marks.append((match.start(), _Token(word[:-2] if word.endswith("'s") else word)))
        yield [token for _, token in sorted(marks, key=lambda mark: mark[0])]


def _clause(tokens: list[_Token], asked: bool) -> Clause:
    lists, words = sameness(), [token.word for token in tokens]
    content = [place for place, token in enumerate(tokens) if token.claim or _states(token.word)]
    pieces = tuple(_piece(tokens, words, place, content, asked) for place in content)
    ending = words[content[-1] + 1 :] if content else words
    loose = frozenset(word for word in ending if word not in lists.connectors and word not in _LIGHT)
    says = any(word in lists.stating or not (word in lists.glue or _states(word)) for word in loose)
    return Clause(pieces, loose if says else frozenset())


def _states(word: str) -> bool:
    lists = sameness()
    return not (word in lists.glue or word in lists.moods or word in lists.conditions or word in lists.negators)


def _piece(tokens: list[_Token], words: list[str], place: int, content: list[int], asked: bool) -> Piece:
    token, lists = tokens[place], sameness()
    key = f"{token.claim.kind} {token.claim.value}" if token.claim else root(token.word)
    earlier = [at for at in content if at < place]
    near = words[earlier[-1] + 1 if earlier else 0 : place]
    if key in lists.unmarked:
        return Piece(key, denied=_denied(near))
    verb = token.claim is None and key in lists.verbs and not (place and words[place - 1] in _BEFORE_NOUNS)
    reach = _reaching(words, place, content) if verb else near
    relations = RELATIONS if token.claim else _WAYS - {"to"} if verb else _WAYS
    return Piece(
        key=key,
        figure=token.claim is not None,
        denied=_denied(reach),
        time=_time(words[place], key if token.claim is None else "", near, bool(place) and tokens[place - 1].claim is None),
        mood=_mood(words, place, reach, verb, asked),
        condition=_condition(reach, verb),
        agent=_agent(words, place, near) if verb else _person(near),
        owner=next((word for word in reversed(near) if word in _OWNERS), ""),
        relation=next((word for word in reversed(near) if word in relations), ""),
    )


def _denied(words: list[str]) -> bool:
    return sum(word in sameness().negators for word in words) % 2 == 1


def _condition(reach: list[str], verb: bool) -> str:
    """The condition a word stands under; one verb takes it up: "while we were talking our systems changed"."""
    lists = sameness()
    for at in range(len(reach) - 1, -1, -1):
        if reach[at] in lists.conditions:
            return "" if verb and _taken(reach, at) else lists.conditions[reach[at]]
    return ""


def _taken(reach: list[str], at: int) -> bool:
    """Whether a word about a verb has found its verb already."""
    return any(root(word) in sameness().verbs for word in reach[at + 1 :])


def _reaching(words: list[str], place: int, content: list[int]) -> list[str]:
    """The words before a verb that bear on it. What stands in "that is not final" says nothing of the verb that follows."""
    earlier = [at for at in content if at < place]
    first = earlier[-1] + 1 if earlier else 0
    for at, before in zip(earlier, [-1, *earlier], strict=False):
        if any(word in _RELATIVE for word in words[before + 1 : at]):
            return words[max(first if at == earlier[-1] else at + 1, place - REACH) : place]
    return words[max(0, place - REACH) : place]


def _mood(words: list[str], place: int, reach: list[str], verb: bool, asked: bool) -> str:
    lists = sameness()
    marked = [lists.moods[word] for at, word in enumerate(reach) if word in lists.moods and not (verb and _taken(reach, at))]
    if marked:
        return "+".join(sorted(set(marked)))
    if not verb:
        return ""
    if reach[-1:] == ["to"] or reach[-2:] == ["to", "be"]:
        return "to"
    if all(word in _LIGHT for word in words[:place]):
        return "asked" if asked else _imperative(words[place])
    if asked:
        return "asked"
    return (
        "going on"
        if root(words[place]) in lists.acts and words[place].endswith("ing")
        else "going on"
        if "being" in reach[-2:]
        else ""
    )


def _imperative(word: str) -> str:
    """A bare verb at the start of a clause asks for something; one with an ending goes on from the clause before."""
    return "" if re.search(r"(?:s|ed|ing)$", word) or word in sameness().stems else "please"


def _time(word: str, key: str, near: list[str], follows_word: bool) -> str:
    """`over` for what was, `done` for what has been, nothing for what is. Of what is done in a moment all say the same."""
    lists = sameness()
    if "had" in near:
        return "over"
    if "been" in near:
        return "done"
    going_on = key in lists.acts and (word.endswith("ing") or "being" in near)
    if key in lists.events and not going_on:
        return ""
    helped = _BE.intersection(near) or "have" in near or "has" in near
    past = key in lists.verbs and (word.endswith("ed") or word in lists.stems) and follows_word and not helped
    own = past and (key in lists.acts or near[-1:] in (["we"], ["i"]))  # "we kept it" says that it is kept
    return "done" if own else "over" if past or _PAST.intersection(near) else ""


def _person(near: list[str]) -> str:
    """Of whom a word that is no act is said: "you are angry", "as far as you know"."""
    for word in reversed(near):
        if word in _PERSONS:
            return word
        if not (
            word in _BE
            or word in _LIGHT
            or word in sameness().moods
            or word in sameness().negators
            or word in {"a", "the", "do", "have"}
        ):
            return ""
    return ""


def _agent(words: list[str], place: int, near: list[str]) -> str:
    """Who does it: the last subject before an active verb, or the one after "by"."""
    lists = sameness()
    passive = any(word in _BE for word in near[-2:]) and not words[place].endswith("ing")
    if passive:
        after = words[place + 1 : place + 5]
        if "by" in after:
            return next((word for word in after[after.index("by") + 1 :] if word in lists.agents), "")
        return ""
    return next((word for word in reversed(words[:place]) if word in lists.agents), "")
