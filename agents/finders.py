"""Where the numbers are that must not be stored: payment cards and Aadhaar.

Each finder takes a `Scan` (the folded text with its number chains) and yields `Hit`s in folded offsets. Every pattern is linear:
no nested repetition, look-arounds of fixed length, gaps bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from agents.checksums import card_strength, is_aadhaar, is_acquirer_reference
from agents.folding import Atom, Folded, digit_chains, fold_text

Kind = Literal["card", "aadhaar", "otp", "cvv", "pin", "password", "security_answer"]
#: Stands between joined messages: no space, no letter, so contexts do not leak from one message into the next.
SEAM = "\ue000"


@dataclass(frozen=True, slots=True)
class Hit:
    """A secret found. Offsets are those of the folded text; `value` is what was meant, without separators."""

    kind: Kind
    start: int
    end: int
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Scan:
    folded: Folded
    chains: list[list[Atom]]
    #: amounts, dates and times: what looks like a secret code but is not
    plain: list[tuple[int, int]]
    #: the text with those blanked out
    bare: str

    @property
    def text(self) -> str:
        return self.folded.text

    def is_plain(self, atom: Atom) -> bool:
        return any(char == " " for char in self.bare[atom.start : atom.end]) and not atom.word


_AMOUNT_BEFORE = re.compile(r"(?:₹|rs\.?|inr|rupees|रु\.?|रुपये|रुपए|\$|usd|€|£)\s{0,2}\d[\d,]{0,15}(?:\.\d{1,2})?")
_AMOUNT_AFTER = re.compile(
    r"(?<![\d,])\d[\d,]{0,15}(?:\.\d{1,2})?\s{0,2}(?:₹|/-|rs\b|rupees?\b|rupay[ea]\b|rupaiy[ea]\b|inr\b|रु|k\b|lakhs?\b|lacs?\b|crores?\b|cr\b"
    + "|".join(["", *map(fold_text, ("हज़ार", "हजार", "लाख", "करोड़", "सौ"))])
    + r"|thousand\b|hazaa?r\b|bucks\b|paise\b)"
)
_AMOUNT_GROUPED = re.compile(r"(?<![\d,])\d{1,3}(?:,\d{2,3}){1,4}(?:\.\d{1,2})?(?![\d,])")
_DATE = re.compile(r"(?<!\d)(?:(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:20)?\d\d|20\d\d-[01]\d-[0-3]\d)(?!\d)")
_TIME = re.compile(r"(?<!\d)[012]?\d:[0-5]\d(?!\d)")
_MAX_AMOUNT_DIGITS = 11


def scan(folded: Folded) -> Scan:
    """Prepare folded text for the finders."""
    text = folded.text
    plain = [
        match.span()
        for pattern in (_AMOUNT_BEFORE, _AMOUNT_AFTER, _AMOUNT_GROUPED)
        for match in pattern.finditer(text)
        if sum(char.isdigit() for char in match.group()) <= _MAX_AMOUNT_DIGITS
    ]
    plain += [match.span() for pattern in (_DATE, _TIME) for match in pattern.finditer(text)]
    bare = list(text)
    for start, end in plain:
        bare[start:end] = " " * (end - start)
    return Scan(folded, digit_chains(text), sorted(plain), "".join(bare))


def any_of(*words: str) -> str:
    return "|".join(map(fold_text, words))


_CARD_WORD = re.compile(rf"\b(?:cards?|cc|debit|credit|visa|master ?card|rupay|amex|maestro)\b|{any_of('कार्ड')}")
_CARD_NUMBER = re.compile(rf"(?:\bcard|\bcc\b|{any_of('कार्ड')})[^\d{SEAM}]{{0,24}}$")
ACCOUNT_WORD = re.compile(rf"\b(?:account|acct?|a/c|khata|khaata|iban)\b|{any_of('खाता', 'खाते', 'अकाउंट')}")
REFERENCE_WORD = re.compile(
    r"\b(?:rrn|utr|arn|ref|refs|reference|txn|tran|transaction|order|ticket|complaint|case|dispute|upi)\b"
    rf"|{any_of('संदर्भ', 'लेनदेन', 'शिकायत', 'रेफरेंस')}"
)
_AADHAAR_WORD = re.compile(rf"\b(?:aadhaa?r|adhaa?r|uidai|uid|vid)\b|{any_of('आधार')}")
_LOOK_BACK = 40


def _before(found: Scan, start: int) -> str:
    """The words just before, within the same message."""
    return found.text[max(0, start - _LOOK_BACK) : start].rsplit(SEAM, 1)[-1]


def _windows(chain: list[Atom], low: int, high: int) -> Iterator[tuple[int, int, str]]:
    """Every run of whole groups in a chain with low..high digits: first and last index, and the digits."""
    for first in range(len(chain)):
        digits = ""
        for last in range(first, len(chain)):
            digits += chain[last].digits
            if len(digits) > high:
                break
            if len(digits) >= low:
                yield first, last, digits


def _usual_groups(chain: list[Atom], first: int, last: int) -> bool:
    sizes = tuple(len(atom.digits) for atom in chain[first : last + 1])
    return len(sizes) == 1 or sizes[:-1] == (4,) * (len(sizes) - 1) or sizes in {(4, 6, 5), (4, 6, 4)} or set(sizes) == {1}


def find_cards(found: Scan, purpose: str | None) -> Iterator[Hit]:
    """Card numbers: Luhn and brand, in any grouping; also a mistyped one where the words say that it is a card number."""
    carded = _CARD_WORD.search(found.text) is not None
    for chain in found.chains:
        for first, last, digits in _windows(chain, 12, 19):
            if _is_card(found, chain, first, last, digits, purpose, carded):
                yield Hit("card", chain[first].start, chain[last].end, digits)
        for atom in chain:
            if len(atom.digits) > 19 and not is_acquirer_reference(atom.digits) and card_strength(atom.digits[:16]) == 2:
                yield Hit("card", atom.start, atom.end, atom.digits[:16])


def _is_card(found: Scan, chain: list[Atom], first: int, last: int, digits: str, purpose: str | None, carded: bool) -> bool:
    strength = card_strength(digits)
    whole = first == 0 and last == len(chain) - 1
    if strength == 0 and not (whole and len(digits) >= 13):
        return False
    usual = _usual_groups(chain, first, last)
    if not usual and any(map(found.is_plain, chain[first : last + 1])):
        return False
    if strength == 2:
        return True
    before = _before(found, chain[first].start)
    if purpose == "card_number" or (_CARD_NUMBER.search(before) and not ACCOUNT_WORD.search(before[-12:])):
        return strength == 1 or usual
    if any(word.search(before) for word in (ACCOUNT_WORD, REFERENCE_WORD, _AADHAAR_WORD)):
        return False
    if strength == 0:
        # Written in fours like on the card, or with a card spoken of: more likely a slip of the finger than another number.
        return len(digits) == 16 and digits[0] != "0" and (len(chain) == 4 or (len(chain) == 1 and carded)) and usual
    # A licence or an order number begins with a letter; a card number of a rarer brand does not.
    lettered = found.text[chain[first].start - 1 : chain[first].start].isalpha() if chain[first].start else False
    return (len(digits) in {13, 14} and not lettered) or carded


def find_aadhaar(found: Scan, purpose: str | None) -> Iterator[Hit]:
    """Aadhaar numbers and virtual ids. A 12-digit payment reference is told apart by the words before it, else by Verhoeff."""
    mentioned = bool(_AADHAAR_WORD.search(found.text))
    for chain in found.chains:
        for first, last, digits in _windows(chain, 12, 16):
            size, genuine = len(digits), is_aadhaar(digits)
            if not genuine and not (mentioned and size in {12, 16}):
                continue
            before = _before(found, chain[first].start)
            named = bool(_AADHAAR_WORD.search(before))
            reference = purpose == "reference" or bool(REFERENCE_WORD.search(before))
            usual = _usual_groups(chain, first, last) or not any(map(found.is_plain, chain[first : last + 1]))
            part = _part_of_longer(found, chain, first, last)
            if (named and (size == 16 or not part)) or (genuine and usual and not part and not reference):
                yield Hit("aadhaar", chain[first].start, chain[last].end, digits)


def _part_of_longer(found: Scan, chain: list[Atom], first: int, last: int) -> bool:
    """Three of the four groups of a longer number are not a number of their own."""
    if first == last:
        return False
    inner = found.text[chain[first].end : chain[first + 1].start]
    left = first > 0 and found.text[chain[first - 1].end : chain[first].start] == inner
    right = last + 1 < len(chain) and found.text[chain[last].end : chain[last + 1].start] == inner
    return (left and len(chain[first - 1].digits) == 4) or (right and len(chain[last + 1].digits) == 4)
