"""Which of their own cards or accounts a customer means. Pure. One is taken, several are offered, none is said; no pick among equals.

Last digits are the stronger word: where digits and kind contradict each other, the thing with those digits is meant. Payments are
found in `graphs.claims`, where what may be told by matching matters too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Thing = Mapping[str, Any]

_CARD_KINDS = (
    ("credit", re.compile(r"\bcredit\b|क्रेडिट", re.IGNORECASE)),
    ("debit", re.compile(r"\bdebit\s+card|\batm\s+card|\bdebit\s+wal[ai]|डेबिट|एटीएम कार्ड", re.IGNORECASE)),
    ("prepaid", re.compile(r"\bpre-?paid\b|\bgift\s+card|प्रीपेड", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Meant:
    """The things that fit, in their own order, and what was said that singles one out (`last4`, `kind`; empty: nothing)."""

    things: tuple[Thing, ...]
    said: tuple[str, ...] = ()

    @property
    def one(self) -> Thing | None:
        """The only thing that fits, if there is exactly one."""
        return self.things[0] if len(self.things) == 1 else None

    @property
    def missed(self) -> str:
        """What was said and fits nothing; empty where something fits, or nothing was said."""
        return "" if self.things or not self.said else self.said[0]


def card_kind(words: str) -> str:
    """debit, credit or prepaid where the words name exactly one of them, else empty."""
    named = [kind for kind, pattern in _CARD_KINDS if pattern.search(words)]
    return named[0] if len(named) == 1 else ""


def cards_meant(cards: Sequence[Thing], claim: Mapping[str, Any], words: str = "") -> Meant:
    """The cards meant, all of them where nothing was said. `claim` may hold `last4`; `words` are the customer's own."""
    return _meant(cards, str(claim.get("last4") or ""), "kind", card_kind(words))


def accounts_meant(accounts: Sequence[Thing], claim: Mapping[str, Any]) -> Meant:
    """The accounts meant by last digits or kind, all of them where nothing was said."""
    return _meant(accounts, str(claim.get("last4") or ""), "type", str(claim.get("account_type") or ""))


def _meant(things: Sequence[Thing], last4: str, kind_field: str, kind: str) -> Meant:
    said = tuple(name for name, value in (("last4", last4), ("kind", kind)) if value)
    fit = tuple(things)
    if last4:
        fit = tuple(thing for thing in fit if str(thing["number_masked"]).endswith(last4))
    if kind:
        of_kind = tuple(thing for thing in fit if thing[kind_field] == kind)
        fit = of_kind if of_kind or not last4 else fit
    return Meant(fit, said)
