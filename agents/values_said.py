"""The values of a message as slots: figures and dates by the parsers, the rest by `slots`; what was taken back is left out."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from agents.slots import account_type, dispute_type, merchant
from domain.ports import ReadingContext
from models.parsers.text import fold
from models.parsers.values import read_values

Slots = dict[str, str | int | bool]

_NOT_BUT = re.compile(r"\b(?:not|nahi|nahin)\b([^,.;!?]{1,40}?)\b(?:but|it(?:'s| is| was)|balki)\b", re.IGNORECASE)
_NOT_LAST = re.compile(r",?\s+(?:and )?not (?=[₹\d]|rs|on |the |xx)[^,.;!?]{1,30}$", re.IGNORECASE)
_CORRECTS = re.compile(
    r"(?<![a-z])(?:actually|i meant?|correction|my mistake|sorry,? (?:it|the|i)|rather|not [^,.;!?]{1,40} but|wrong,? it|asal (?:mein|me)|matlab|galti se)\b"
    rf"|{fold('असल में')}|{fold('मेरा मतलब')}|{fold('गलती से')}|, not [₹\d]"
)
#: A bare figure before a word for a payment is its amount: "this 5000 payment", "the 1,299 one", "500 wala".
_BARE_AMOUNT = re.compile(
    r"(?<![\w.,₹/:-])(\d{1,3}(?:,\d{2,3})+|\d{2,7})(\.\d{1,2})?\s+"
    r"(?:payment|transaction|debit|charge|deduction|purchase|transfer|one|wal[aie]|ka (?:payment|transaction)|ki payment)\b",
    re.IGNORECASE,
)
#: *kal* and *parso* look both ways; a payment that is complained about lies in the past.
_DAYS_BACK = {"kal": 1, "कल": 1, "parso": 2, "parson": 2, "parsu": 2, "परसों": 2, "परसो": 2}


def corrects(text: str) -> bool:
    """Whether a message takes back a value said before."""
    return bool(_CORRECTS.search(fold(text)))


def said_values(text: str, context: ReadingContext, *, about_payment: bool) -> Slots:
    """Slots of a message.

    Args:
        text: as stored, secrets masked.
        context: its `now` and `zone` are what "yesterday" is relative to.
        about_payment: whether it is about a payment that was made, so that Hindi words for a day before or after mean the past.
    """
    kept = _NOT_LAST.sub("", _NOT_BUT.sub(" ", text))
    values = read_values(kept, now=context.now, zone=context.zone)
    slots: Slots = dict(values.slots())
    days = {_DAYS_BACK.get(word) for word in values.unclear_days}
    if about_payment and len(days) == 1 and "date" not in slots and "date_from" not in slots and (back := days.pop()):
        today = context.now.astimezone(ZoneInfo(context.zone)).date()
        slots["date"] = (today - timedelta(days=back)).isoformat()
    if about_payment and "amount_minor" not in slots and (bare := _BARE_AMOUNT.search(fold(kept))):
        whole, part = bare.group(1).replace(",", ""), (bare.group(2) or ".0")[1:]
        slots |= {"amount_minor": int(whole) * 100 + int(part.ljust(2, "0")), "currency": "INR"}
    named = {"dispute_type": dispute_type(text), "merchant": merchant(kept), "account_type": account_type(text)}
    return slots | {name: value for name, value in named.items() if value is not None}
