"""The values of a message as slots: figures and dates by the parsers, the rest by `slots`; what was taken back is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from agents.slots import account_type, dispute_type, merchant
from domain.ports import ReadingContext
from models.parsers.text import LETTER, fold
from models.parsers.values import Values, read_values

Slots = dict[str, str | int | bool]

_NOT_BUT = re.compile(r"\b(?:not|nahi|nahin)\b([^,.;!?]{1,40}?)\b(?:but|it(?:'s| is| was)|balki)\b", re.IGNORECASE)
_NOT_LAST = re.compile(r",?\s{1,3}(?:and )?not (?=[₹\d]|rs|on |the |xx)[^,.;!?]{1,30}$", re.IGNORECASE)
_CORRECTS = re.compile(
    r"(?<![a-z])(?:actually|i meant?|i mean|correction|my mistake|oops|sorry,? (?:it|the|i)|rather|not [^,.;!?]{1,40} but|wrong,? it|make (?:it|that)|"
    rf"asal (?:mein|me)|matlab|galti se)\b|{fold('असल में')}|{fold('मेरा मतलब')}|{fold('गलती से')}|, not [₹\d]"
    rf"|(?<![{LETTER}])(?:kal|parso|{fold('कल')}|{fold('परसों')}) (?:nahi|nahin|nhi|{fold('नहीं')})(?![{LETTER}])"
)
#: Directly before a value: it is not this one. "Galti se 500 bola": 500 was said by mistake.
_NOT = re.compile(
    rf"(?<![{LETTER}])(?:not|instead of|rather than|galti se|by mistake|{fold('गलती से')}) (?:(?:for|on|the|at|rs\.?|card|xx|i said) ?){{0,2}}₹?$"
)
#: Directly behind a value; "500 nahi mile" is about money that did not come.
_NAHI = re.compile(
    rf" ?(?:(?:ka|ki|ko|wala|wali|tha|rs|rupaye|{fold('रुपये')}|{fold('को')}|{fold('वाला')}) )?(?:nahi|nahin|nhi|{fold('नहीं')})(?![{LETTER}])"
    rf"(?! (?:mil|aay|aa|nikl|kat|hu|diy|{fold('मिल')}|{fold('आ')}|{fold('निकल')}|{fold('कट')}|{fold('हु')}))"
)
_LOOK_BACK = 24
#: A bare figure before a word for a payment is its amount: "this 5000 payment", "the 1,299 one", "500 wala".
_BARE_AMOUNT = re.compile(
    r"(?<![\w.,₹/:-])(\d{1,3}(?:,\d{2,3})+|\d{2,7})(\.\d{1,2})?\s+"
    r"(?:payment|transaction|debit|charge|deduction|purchase|transfer|one|wal[aie]|ka (?:payment|transaction)|ki payment)\b",
    re.IGNORECASE,
)
#: *kal* and *parso* look both ways; a payment that is complained about lies in the past.
_DAYS_BACK = {"kal": 1, "कल": 1, "parso": 2, "parson": 2, "parsu": 2, "परसों": 2, "परसो": 2}


@dataclass(frozen=True, slots=True)
class Said:
    """The slots of a message; `corrected`: it takes back a value said before, or one of its own."""

    slots: Slots
    corrected: bool


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Placed = TypeVar("Placed", bound=_Placed)


def said_values(text: str, context: ReadingContext, *, about_payment: bool) -> Said:
    """Slots of a message.

    Args:
        text: as stored, secrets masked.
        context: its `now` and `zone` are what "yesterday" is relative to.
        about_payment: whether it is about a payment that was made, so that Hindi words for a day before or after mean the past.
    """
    kept = _NOT_LAST.sub("", _NOT_BUT.sub(" ", text))
    plain, read = fold(kept), read_values(kept, now=context.now, zone=context.zone)
    values = _not_taken_back(read, plain)
    slots: Slots = dict(values.slots())
    days = {_DAYS_BACK.get(word) for word in values.unclear_days}
    if about_payment and len(days) == 1 and "date" not in slots and "date_from" not in slots and (back := days.pop()):
        today = context.now.astimezone(ZoneInfo(context.zone)).date()
        slots["date"] = (today - timedelta(days=back)).isoformat()
    if (
        about_payment
        and "amount_minor" not in slots
        and (bare := _BARE_AMOUNT.search(plain))
        and bare.group(1) != slots.get("last4")
    ):
        whole, part = bare.group(1).replace(",", ""), (bare.group(2) or ".0")[1:]
        slots |= {"amount_minor": int(whole) * 100 + int(part.ljust(2, "0")), "currency": "INR"}
    named = {"dispute_type": dispute_type(text), "merchant": merchant(kept), "account_type": account_type(text)}
    corrected = values != read or (kept != text and bool(slots)) or bool(_CORRECTS.search(fold(text)))
    return Said(slots | {name: value for name, value in named.items() if value is not None}, corrected)


def _not_taken_back(values: Values, plain: str) -> Values:
    """Without the values that were said only to be denied: "5000, not 500", "500 nahi 5000"; one of a kind always stays."""
    standing = {
        id(mark)
        for kind in ("last4", "reference", "upi")
        for mark in _standing(tuple(each for each in values.marks if each.kind == kind), plain)
    }
    cards = any(mark.kind == "last4" for mark in values.marks)
    amounts = tuple(each for each in values.amounts if each.explicit or not (cards and _denied(each, plain)))
    return replace(
        values,
        amounts=_standing(amounts, plain),
        periods=_standing(values.periods, plain),
        marks=tuple(mark for mark in values.marks if id(mark) in standing),
    )


def _standing(found: tuple[Placed, ...], plain: str) -> tuple[Placed, ...]:
    kept = tuple(each for each in found if not _denied(each, plain))
    return kept if kept and len(kept) < len(found) else found


def _denied(value: _Placed, plain: str) -> bool:
    return bool(_NOT.search(plain[max(0, value.start - _LOOK_BACK) : value.start]) or _NAHI.match(plain, value.end))
