"""Secrets are taken out of a message before it is stored anywhere; the door calls this first.

What may be told apart by a checksum is (cards by Luhn, Aadhaar by Verhoeff); what has none is known by the words around it or by
what the conversation waits for. In doubt about a secret it is masked; amounts, dates, last four digits and payment references stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agents.codes import (
    find_announced_code,
    find_awaited_otp,
    find_codes,
    find_cvv_after_card,
)
from agents.finders import SEAM, Hit, Kind, Scan, find_aadhaar, find_cards, scan
from agents.folding import fold, fold_text
from agents.passwords import find_passwords, find_security_answer
from domain.conversation import Flag

#: How many of the customer's last messages are read together with the new one: a card typed in groups of four takes four.
JOINED_MESSAGES = 4
#: Characters at the edge of a message that may hold part of a number.
_EDGE = 80
_MARK: dict[Kind, str] = {
    "aadhaar": "[Aadhaar number]",
    "otp": "[one-time password]",
    "cvv": "[CVV]",
    "pin": "[PIN]",
    "password": "[password]",
    "security_answer": "[security answer]",
}


@dataclass(frozen=True, slots=True)
class Found:
    """One secret. `value` lives in memory only: never store, log or send it anywhere but to the bank's identity check."""

    kind: Kind
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Masked:
    """The storable text, what was taken out of it, and `earlier`: the last messages without their part of a split secret.

    `earlier` is aligned with the end of `recent` as given; entries equal to what was given need no change.
    """

    text: str
    found: tuple[Found, ...] = ()
    flags: tuple[Flag, ...] = ()
    earlier: tuple[str, ...] = ()

    def value(self, kind: str | None) -> str | None:
        """The first secret of this kind: what was typed into the chat while a request of that purpose was open."""
        return next((found.value for found in self.found if found.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Secret:
    """Where one secret stands: offsets in the text as given."""

    kind: Kind
    start: int
    end: int


def find_secrets(text: str, *, open_purpose: str | None = None) -> tuple[Secret, ...]:
    """The places that `mask` would replace in a message that stands alone, in order, none overlapping."""
    own = scan(fold(text))
    return tuple(Secret(hit.kind, *own.folded.span(hit.start, hit.end)) for hit in _merged(list(_hits(own, open_purpose))))


def mask(text: str, *, open_purpose: str | None = None, recent: Sequence[str] = ()) -> Masked:
    """Take secrets out of `text`.

    Args:
        text: the raw message.
        open_purpose: what the open request waits for: otp, security_answer, reference, card_number …
        recent: the customer's own last messages as stored, oldest first.

    Returns:
        Masked. Pure; time grows linearly with the length of the texts.
    """
    earlier = tuple(recent[-JOINED_MESSAGES:])
    own = scan(fold(text))
    hits = list(_hits(own, open_purpose))
    if not hits and earlier:
        hits = list(find_announced_code(own, fold_text(earlier[-1])))
    if not hits and open_purpose == "security_answer":
        hits = list(find_security_answer(own))
    masked, found = _replace(own, hits)
    if not earlier or not any(char.isdigit() for char in own.text):
        return _result(masked, found, earlier)
    return _joined(masked, found, earlier, open_purpose)


def _result(text: str, found: Sequence[Found], earlier: tuple[str, ...]) -> Masked:
    return Masked(text, tuple(found), ("secret",) if found else (), earlier)


def _joined(masked: str, found: list[Found], earlier: tuple[str, ...], purpose: str | None) -> Masked:
    """Look again at the last messages and this one as one text, for long numbers that were sent in pieces.

    Only the edges are read: the end of each earlier message and the start of this one.
    """
    own, rest = masked[:_EDGE].replace(SEAM, " "), masked[_EDGE:]
    ends = [part[-_EDGE:].replace(SEAM, " ") for part in earlier]
    whole = scan(fold(SEAM.join([*ends, own])))
    hits = [
        hit for hit in (*find_cards(whole, purpose), *find_aadhaar(whole, purpose)) if SEAM in whole.text[hit.start : hit.end]
    ]
    if not hits:
        return _result(masked, found, earlier)
    text, split = _replace(whole, hits, keep_seams=True)
    *before, own = text.split(SEAM)
    return _result(own + rest, [*found, *split], tuple(part[:-_EDGE] + end for part, end in zip(earlier, before, strict=True)))


def _hits(found: Scan, purpose: str | None) -> Iterator[Hit]:
    cards = list(find_cards(found, purpose))
    yield from cards
    for card in cards:
        yield from find_cvv_after_card(found, card.end)
    yield from find_aadhaar(found, purpose)
    yield from find_codes(found)
    yield from find_passwords(found)
    if purpose == "otp":
        yield from find_awaited_otp(found)


def _merged(hits: Sequence[Hit]) -> list[Hit]:
    """Overlapping finds become one span; the longest names it."""
    merged: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if merged and hit.start < merged[-1].end:
            last = merged[-1]
            best = max(last, hit, key=lambda one: one.end - one.start)
            merged[-1] = Hit(best.kind, last.start, max(last.end, hit.end), best.value)
        else:
            merged.append(hit)
    return merged


def _mark(hit: Hit) -> str:
    return f"[card ending {hit.value[-4:]}]" if hit.kind == "card" else _MARK[hit.kind]


def _replace(found: Scan, hits: Sequence[Hit], *, keep_seams: bool = False) -> tuple[str, list[Found]]:
    source, out, at, values = found.folded.source, [], 0, []
    for hit in _merged(hits):
        start, end = found.folded.span(hit.start, hit.end)
        pieces = source[start:end].count(SEAM) + 1 if keep_seams else 1
        out += [source[at:start], SEAM.join([_mark(hit)] * pieces)]
        values.append(Found(hit.kind, hit.value))
        at = end
    return "".join([*out, source[at:]]), values
