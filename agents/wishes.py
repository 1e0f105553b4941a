"""Wishes that are said plainly: the first, cheapest reader of what a customer wants, several in one message and those not wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from agents.both_scripts import in_one_script
from agents.slots import dispute_type
from agents.unwished import is_denied
from agents.wish_patterns import ABOUT_MONEY, OTHER_MEANING, PATTERNS, WHOLE
from models.parsers.text import fold

#: A full stop of "Rs. 500" or "12.50" ends nothing.
_CLAUSE = re.compile(
    r"(?:(?<!\brs)(?<!\bno)\.(?!\d)|[!?;।\n])+\s*|,\s+(?:and|also|but|aur|lekin)\s+|\s(?:and also|also|and then|then|and|aur|plus|phir|साथ ही|और|तथा|फिर)\s",
    re.IGNORECASE,
)
_COMMA = re.compile(r"[,，](?!\d)")
#: More than anybody writes; what a page of text wishes at its end is still heard.
MAX_CLAUSES = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish said plainly, and where: in which clause, and how many commas into it. `denied`: it was said that this is not wanted."""

    intent: str
    clause: int
    part: int = 0
    denied: bool = False
    at: int = 0


def clauses(text: str) -> list[str]:
    """A message cut where a second wish may begin."""
    return [part.strip() for part in _CLAUSE.split(text) if part and part.strip()][:MAX_CLAUSES] or [text]


def wishes(text: str) -> list[Wish]:
    """Plain wishes of a message, in order, each intent once. A greeting before a wish is only a greeting."""
    found: dict[str, Wish] = {}
    for place, clause in enumerate(clauses(text)):
        plain = fold(clause).strip()
        for intent, pattern in PATTERNS:
            wish = _in_clause(intent, pattern, plain, clause, place)
            if wish is not None and (intent not in found or (found[intent].denied and not wish.denied)):
                found[intent] = wish
        if "dispute" not in found and dispute_type(clause) in {"unauthorised", "duplicate"} and ABOUT_MONEY.search(plain):
            found["dispute"] = Wish("dispute", place)
    if not found:
        whole = fold(text).strip()
        found = {intent: Wish(intent, 0) for intent, pattern in PATTERNS if intent in WHOLE and pattern.fullmatch(whole)}
    return _without_talk(list(found.values()))


def _in_clause(intent: str, pattern: re.Pattern[str], plain: str, clause: str, place: int) -> Wish | None:
    """The wish of this kind in one clause, tried as it is written and, where it mixes scripts, in one of them."""
    for reading in (plain, in_one_script(plain)):
        if reading is None or any(other.search(reading) for other in OTHER_MEANING.get(intent, ())):
            continue
        match = pattern.fullmatch(reading) if intent in WHOLE else pattern.search(reading)
        if match is None:
            continue
        unwished = intent not in WHOLE and is_denied(reading, match, intent)
        denied = unwished and not (intent == "dispute" and dispute_type(clause) == "unauthorised")
        return Wish(intent, place, len(_COMMA.findall(reading, 0, match.start())), denied, match.start())
    return None


def _without_talk(found: list[Wish]) -> list[Wish]:
    """Small talk beside a real wish is left out; so is a dispute's own card talk ("block my card" said by itself stays)."""
    real = [wish for wish in found if wish.intent not in {*WHOLE, "who_are_you"}]
    return sorted(real or found[:1], key=lambda wish: (wish.clause, wish.at))


def own_words(text: str, found: list[Wish]) -> list[str]:
    """What belongs to each of these wishes: from its part of the message to that of the next; what comes before the first is the first's.

    Wishes of one part share its words.
    """
    pieces = [
        (place, part, words) for place, clause in enumerate(clauses(text)) for part, words in enumerate(_COMMA.split(clause))
    ]
    starts = [max((n for n, piece in enumerate(pieces) if piece[:2] <= (wish.clause, wish.part)), default=0) for wish in found]
    bounds = sorted({0, *starts[1:], len(pieces)})
    stretches = {first: ", ".join(words for _, _, words in pieces[first:last]) for first, last in pairwise(bounds)}
    return [stretches[max(first for first in stretches if first <= start)] for start in starts]
