"""Amounts of money: ₹5,000 · Rs 5000 · 5000/- · 5k · 5 lakh · 1.2 cr · पाँच हज़ार रुपये · $20."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from domain.money import EXPONENT, Money
from models.parsers.numbers import Number, numbers
from models.parsers.text import LETTER, fold

_RUPEE = "rs rs. inr rupee rupees rupay rupaye rupaya rupya rupye rupiya rupaiya rupaiye rupe rupai bucks रुपये रुपए रुपया रुपयों रुपयो रु रु. ₹"
_CURRENCY = {fold(word): "INR" for word in _RUPEE.split()}
_CURRENCY |= dict.fromkeys(("$", "usd", "dollar", "dollars", "डॉलर"), "USD")
_CURRENCY |= dict.fromkeys(("€", "eur", "euro", "euros"), "EUR") | dict.fromkeys(("£", "gbp", "pound", "pounds"), "GBP")
_NAMES = "|".join(re.escape(name) for name in sorted(_CURRENCY, key=len, reverse=True))
_BEFORE = re.compile(rf"(?:^|(?<![{LETTER}]))({_NAMES}) ?$")
_AFTER = re.compile(rf" ?({_NAMES})(?![{LETTER}])")
_SLASH = re.compile(r" ?/-")
_PAISE = re.compile(rf" ?(?:paise|paisa|पैसे|पैसा)(?![{LETTER}])")
#: What is counted here is not money.
_COUNTED = re.compile(
    rf" ?(?:times|time|payments?|transactions?|txns?|days?|weeks?|months?|years?|hours?|hrs?|minutes?|mins?|seconds?|people|persons?|cards?|accounts?"
    rf"|digits?|points?|percent|degrees?|km|kms|kg|kgs|gb|mb|st|nd|rd|th|baar|bar|din|hafte|mahine|saal|ghante|log|percent|pratishat"
    rf"|बार|दिन|हफ्ते|महीने|साल|घंटे|लोग|प्रतिशत)(?![{LETTER}])"
)
#: Words that number a thing, not a payment: "flat 302", "train 12951"; and a year: "in 2024", "2024 mein".
_NUMBERED = re.compile(
    rf"(?<![{LETTER}])(?:flat|house|room|plot|sector|gate|platform|bus|train|flight|floor|invoice|section|ext|extension|helpline|dial|route|highway|"
    r"iphone|version|model|size|page|seat|coach|ward|gali|makan|office|shop no|pin ?code|zip|option|step|line|chapter|age|aged|umar|class)"
    r"(?: (?:is|hai|no\.?|number))? ?[:#]? ?$"
)
#: Digits beside digits are a telephone number or a code that somebody typed in groups.
_DIGITS_BEFORE, _DIGITS_AFTER = re.compile(r"\d{2,} $"), re.compile(r" \d{2,}(?![\d%])")
_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")
_BEFORE_YEAR = re.compile(rf"(?<![{LETTER}])(?:in|since|year|during|saal|sal|san|from|till|until|वर्ष|साल|सन) $")
_AFTER_YEAR = re.compile(rf" (?:mein|me|se|tak|में|से|तक)(?![{LETTER}])")
_LOOK_BACK = 12
#: A bare number may be an amount from here on; smaller ones are days, places, counts.
_LEAST_BARE = 10
_LONGEST_BARE = 7
_LARGEST_MINOR = 10**14


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount that was said. `explicit`: it came with a currency or a scale; a bare number may still be something else."""

    money: Money
    start: int
    end: int
    explicit: bool


def amounts(text: str) -> list[Amount]:
    """Amounts of a folded text. Fractions of a paisa, and words without a scale or currency, are none."""
    found: list[Amount] = []
    for number in numbers(text):
        amount = _amount(text, number)
        if amount is not None and (not found or amount.start >= found[-1].end):
            found.append(amount)
    return found


def _amount(text: str, number: Number) -> Amount | None:
    before = _BEFORE.search(text[max(0, number.start - _LOOK_BACK) : number.start])
    after = _AFTER.match(text, number.end) or _SLASH.match(text, number.end)
    if not before and not after and _PAISE.match(text, number.end):
        return None  # some paise are never what a payment is known by
    if not _stands_alone(text, number, bool(before), bool(after)):
        return None
    if not before and not after and (number.implied or _COUNTED.match(text, number.end)):
        return None
    name = before.group(1) if before else after.group(1) if after and after.re is _AFTER else ""
    currency = _CURRENCY.get(name, "INR")
    minor = number.value * 10 ** EXPONENT[currency]
    if minor != minor.to_integral_value() or not 0 < minor < _LARGEST_MINOR:
        return None
    start = number.start - len(before.group(0)) if before else number.start
    explicit = bool(before or after or number.scaled)
    if not explicit and not _plausible_bare(text, number):
        return None
    return Amount(Money(int(minor), currency), start, after.end() if after else number.end, explicit)


def _stands_alone(text: str, number: Number, before: bool, after: bool) -> bool:
    """Not a piece of something longer: a code, a version, a time, a percentage."""
    left = text[number.start - 1 : number.start] if number.start else ""
    right = text[number.end : number.end + 1]
    if not before and re.match(rf"[{LETTER}\d#*:_~/.-]", left or " "):
        return False
    if after:
        return True
    following = text[number.end : number.end + 2]
    return not re.match(rf"[{LETTER}\d%:_~]|[/.,-]\d", f"{right}{following[1:]}" or " ")


def _plausible_bare(text: str, number: Number) -> bool:
    digits = text[number.start : number.end]
    if number.words or number.value < _LEAST_BARE or number.value != number.value.quantize(Decimal("0.01")):
        return False
    before = text[max(0, number.start - _LOOK_BACK - 8) : number.start]
    if _NUMBERED.search(before) or _DIGITS_BEFORE.search(before) or _DIGITS_AFTER.match(text, number.end):
        return False
    if _YEAR.fullmatch(digits) and (_BEFORE_YEAR.search(before) or (digits != "2000" and _AFTER_YEAR.match(text, number.end))):
        return False
    return len(digits.replace(",", "").split(".")[0]) <= _LONGEST_BARE and not digits.startswith("0")
