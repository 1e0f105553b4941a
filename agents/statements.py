"""What a text states, held against what its template states: the same things, said the same way of the same things, and none lost.

Compared are clauses (`clauses.py`) of both texts in one form (`sameness.py`): which words and figures stand together, and for each
whether it is denied, over, done, to come, allowed or asked for, on what condition, and by whom. English only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agents.claims import Claim, claims
from agents.clauses import REQUEST, STRONG, Clause, Piece, sentences_of
from agents.folding import fold_text
from agents.problems import Problem
from agents.sameness import sameness
from agents.wordlists import WORD, sentences, wording

#: Who may be said to do what the template says somebody else, or nobody by name, does.
_STANDS_FOR = {
    "i": {"", "i", "we"},
    "we": {"", "i", "we", "bank"},
    "bank": {"bank", "we"},
    "they": {"they", "colleague", "team", "person"},
}
#: Ways of asking and of saying it that are no other statement.
_SAME_MOOD = {("please", "asked"), ("asked", "please"), ("to", "please")}
_ASKS = re.compile(r"\?|\btell me (?:on )?(?:which|what|when|who|how|whether)\b", re.IGNORECASE)
_MINUS = re.compile(r"[-–—−]\s?(?=[₹$€£]|\d)")


_Sentence = Mapping[str, Sequence[Piece]]
#: Neighbours in one clause that are none in the template: a phrase moved brings two, words thrown together bring more.
_NEW_NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class _Stated:
    """What the template states, sentence by sentence: for each key the pieces it is said in. A fact is a sentence of its own."""

    sentences: Sequence[_Sentence]
    keys: frozenset[str]
    loose: frozenset[frozenset[str]]
    neighbours: frozenset[tuple[str, str]]


def statements(text: str, templates: Sequence[str], facts: Sequence[str], *, whole: bool) -> Iterator[Problem]:
    """What `text` states and the templates do not, or not so; with `whole` also what they state and it does not.

    All texts are in one form. A fact that no template states may only stand alone, as a name that is spoken to.
    """
    own = _stated(templates, facts)
    template = "\n".join(templates)
    if len(_MINUS.findall(text)) > len(_MINUS.findall(template)):
        yield Problem("number", "minus")
    found: dict[str, list[Piece]] = defaultdict(list)
    for clauses in sentences_of(text):
        yield from _conditions(clauses, own)
        for clause in clauses:
            yield from _clause(clause, own)
            for piece in clause.pieces:
                found[_known_as(piece.key, own.keys)].append(piece)
    if _questions(text) > _questions(template):
        yield Problem("question", "added")
    if whole:
        yield from _lost(_stated(templates, ()), found)
        if _questions(template) and not _ASKS.search(text):
            yield Problem("question", "lost")
    else:
        yield from _half_said(templates, frozenset(found))


def _questions(text: str) -> int:
    """How many sentences ask something; "Could you please enter it?" asks for something, which is another matter."""
    return sum("?" in one and not REQUEST.match(one) for one in sentences(text))


def _stated(templates: Sequence[str], facts: Sequence[str]) -> _Stated:
    said: list[_Sentence] = []
    loose: set[frozenset[str]] = set()
    near: set[tuple[str, str]] = set()
    for clauses in (clauses for text in templates for clauses in sentences_of(text)):
        keys = [piece.key for clause in clauses for piece in clause.pieces]
        near.update(pair for a, b in pairwise(keys) for pair in ((a, b), (b, a), (a, a)))
        near.update(pair for far in (2, 3) for pair in zip(keys, keys[far:], strict=False))
        said.append(_by_key(clauses))
        loose.update(clause.loose for clause in clauses)
    for fact in (_by_key(clauses) for text in facts for clauses in sentences_of(text)):
        if fact and not any(fact.keys() <= sentence.keys() for sentence in said):
            said.append(fact)
    return _Stated(said, frozenset(key for sentence in said for key in sentence), frozenset(loose), frozenset(near))


def _by_key(clauses: Sequence[Clause]) -> _Sentence:
    pieces: dict[str, list[Piece]] = defaultdict(list)
    for piece in (piece for clause in clauses for piece in clause.pieces):
        pieces[piece.key].append(piece)
    return dict(pieces)


def _known_as(key: str, said: frozenset[str]) -> str:
    """The template's own key for a figure that says it in short: a day without its year, an amount without its sign, a masked number."""
    if key in said or " " not in key:
        return key
    kind, value = key.split(" ", 1)
    for known in said:
        other, _, full = known.partition(" ")
        if kind == "date" and other == "date" and full.startswith(f"{value}-") and value.count("-") == 1:
            return known
        if kind == "number" and other == "amount" and full == value and len(value) > 2:
            return known
        if kind == "number" and other == "reference" and full.lstrip("x*") == value:
            return known
    return key


def _clause(clause: Clause, own: _Stated) -> Iterator[Problem]:
    if clause.loose and clause.loose not in own.loose:
        yield Problem("claim", " ".join(sorted(clause.loose)))
    named = [(_known_as(piece.key, own.keys), piece) for piece in clause.pieces]
    known = [(key, piece) for key, piece in named if key in own.keys]
    yield from (
        Problem("claim", key)
        for key, piece in named
        if key not in own.keys and not piece.figure and key not in sameness().addable
    )
    if not known:
        return
    if sum(pair not in own.neighbours for pair in pairwise(key for key, _ in known)) > _NEW_NEIGHBOURS:
        yield Problem("swapped", "shuffled")
    fitting = [sentence for sentence in own.sentences if all(key in sentence for key, _ in known)]
    if not fitting:
        yield Problem("swapped", " ".join(key for key, _ in known))
    else:
        yield from min(([*_said_otherwise(known, sentence)] for sentence in fitting), key=len)


def _conditions(clauses: Sequence[Clause], own: _Stated) -> Iterator[Problem]:
    """A condition stands beside what it is a condition of: "while we look into it" says when money is credited, not when it may go."""
    homes = [_homes(clause, own) for clause in clauses]
    for place, clause in enumerate(clauses):
        beside = [homes[at] for at in (place - 1, place + 1) if 0 <= at < len(clauses) and clauses[at].pieces]
        if (
            homes[place]
            and beside
            and any(piece.condition for piece in clause.pieces)
            and not any(homes[place] & one for one in beside)
        ):
            yield Problem("swapped", "condition")


def _homes(clause: Clause, own: _Stated) -> set[int]:
    """The template's sentences that hold all of a clause."""
    keys = {_known_as(piece.key, own.keys) for piece in clause.pieces} & own.keys
    return {at for at, sentence in enumerate(own.sentences) if keys and keys <= sentence.keys()}


def _said_otherwise(known: Sequence[tuple[str, Piece]], sentence: _Sentence) -> Iterator[Problem]:
    """What of a clause the template's sentence says in another way."""
    for key, piece in known:
        if not any(one.denied == piece.denied for one in sentence[key]):
            yield Problem("negation", key)
        elif not any(_fits(piece, one) for one in sentence[key]):
            yield Problem("claim", f"{key} {piece.mood}".strip())


def _fits(piece: Piece, one: Piece) -> bool:
    return (
        piece.denied == one.denied
        and (piece.time == one.time or "done" in (piece.time, one.time))
        and (piece.mood == one.mood or (piece.mood, one.mood) in _SAME_MOOD)
        and piece.condition == one.condition
        and _same_person(piece, one)
        and (piece.owner == one.owner or not piece.owner or (not one.owner and piece.owner in {"your", "our"}))
        and _same_relation(piece, one)
    )


def _same_person(piece: Piece, one: Piece) -> bool:
    if piece.agent == "you" and not one.agent:
        return piece.key not in sameness().verbs  # "you have ₹5,000" says of the amount what "your account has" says
    if not piece.agent or piece.agent == one.agent:
        return True
    done = not piece.mood or bool(one.agent)  # "is registered" is what I did; who may take it back is nobody by name
    return done and one.agent in _STANDS_FOR.get(piece.agent, set())


def _same_relation(piece: Piece, one: Piece) -> bool:
    """ "until" a day is not "from" it, and credited to an account not credited from it."""
    if one.figure and one.key.startswith(("date", "time", "duration")):
        return piece.relation == one.relation
    return piece.relation == one.relation or piece.relation not in STRONG


def _lost(own: _Stated, found: Mapping[str, Sequence[Piece]]) -> Iterator[Problem]:
    """What the template states and the text does not; of acts and denials each way of saying counts: tried, not sure, please do."""
    lists = sameness()
    for key, piece in ((key, piece) for sentence in own.sentences for key, pieces in sentence.items() for piece in pieces):
        if key in lists.droppable:
            continue
        if key not in found or (piece.denied and not any(one.denied for one in found[key])):
            yield Problem("lost", key)
        elif key in lists.acts and not any(_fits(one, piece) for one in found[key]):
            yield Problem("lost", f"{key} {piece.mood}".strip())


def _half_said(templates: Sequence[str], said: frozenset[str]) -> Iterator[Problem]:
    """An act of the bank in a sentence that goes out before the rest: all that its clause says of it is said with it ("provisionally")."""
    lists = sameness()
    for clause in (clause for text in templates for clauses in sentences_of(text) for clause in clauses):
        keys = {piece.key for piece in clause.pieces}
        if keys & lists.acts & said and len(keys & said) > 1 and (lost := keys - said - lists.droppable - lists.unmarked):
            yield Problem("lost", " ".join(sorted(lost)))


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
    """For each amount the role word nearest to it within its clause."""
    roles: dict[str, set[str]] = {}
    for part in (part for sentence in sentences(fold_text(text)) for part in re.split(r",(?!\d)|;|\band\b", sentence)):
        named = [
            (match.start(), wording().role[match.group()]) for match in WORD.finditer(part) if match.group() in wording().role
        ]
        for claim in claims(part):
            if claim.kind == "amount":
                nearest = sorted((abs(at - claim.start), role) for at, role in named)[:1]
                roles.setdefault(claim.value, set()).update(role for _, role in nearest)
    return {value: frozenset(found) for value, found in roles.items()}
