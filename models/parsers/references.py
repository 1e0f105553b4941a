"""The last four digits of a card or account, and references of payments and cases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from models.parsers.calendar_words import MONTHS
from models.parsers.text import LETTER, fold

Kind = Literal["last4", "reference"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that names a card, a payment or a case. References are in capitals, as banks print them."""

    kind: Kind
    value: str
    start: int
    end: int


def _any(*alternatives: str) -> str:
    return "(?:" + "|".join(sorted({re.escape(fold(word)) for word in alternatives}, key=len, reverse=True)) + ")"


_ENDING = _any("ending", "ending in", "ending with", "ends in", "ends with", "end with", "last four", "last 4", "last four digits", "last 4 digits",
               "last digits", "akhri char", "aakhri chaar", "akhri 4", "aakhri 4", "आखिरी चार", "आख़िरी 4", "अंतिम चार", "अंतिम 4")  # fmt: skip
_THING = _any("card", "debit card", "credit card", "account", "a/c", "acct", "ac", "khata", "khate", "कार्ड", "खाता", "खाते")
_BETWEEN = r"(?: (?:no|no\.|number|is|are|hai|digits?|अंक|नंबर|है))?(?: (?:is|are|hai|अंक|नंबर|है))?[ :.-]{0,2}"
_DIGITS = rf"(\d{{4}})(?![\d,]|\.\d|[{LETTER}])"
_LAST4 = (
    re.compile(rf"(?<![{LETTER}\d])[x*•#]{{2,16}}[ -]?{_DIGITS}"),
    re.compile(rf"(?<![{LETTER}\d]){_ENDING}{_BETWEEN}{_DIGITS}"),
    re.compile(rf"(?<![{LETTER}\d]){_THING}{_BETWEEN}{_DIGITS}(?! ?(?:rs|rupees?|inr|₹|/-|rupaye|रु))"),
    re.compile(rf"(?<![{LETTER}\d.,₹/-])(\d{{4}}) (?:wala|wale|wali|वाला|वाले|वाली) {_THING}(?![{LETTER}])"),
)
#: Case numbers with a dash; 12 digits (RRN of UPI, IMPS, cards); NEFT and RTGS (bank's four letters, then digits); 23 digits (ARN).
_REFERENCE = (
    re.compile(rf"(?<![{LETTER}\d-])[a-z]{{2,5}}-(?=[a-z]{{0,15}}\d)[a-z0-9]{{4,20}}(?:-[a-z0-9]{{1,12}})?(?![{LETTER}\d-])"),
    re.compile(rf"(?<![{LETTER}\d-])[a-z]{{4}}[a-z]?\d{{11,18}}(?![{LETTER}\d])"),
    re.compile(r"(?<![\d.,+-])(?:\d{12}|\d{16,23})(?![\d,]|\.\d)"),
)
_NAMED = re.compile(
    rf"(?<![{LETTER}])(?:rrn|utr|arn|ref|ref\.|reference|txn id|transaction id|case|complaint|ticket|dispute)"
    rf"(?: (?:no|no\.|number|id))?(?: is)?[ :#.-]{{0,3}}((?=[a-z]{{0,6}}\d)[a-z0-9]{{6,24}})(?![{LETTER}\d])"
)
#: `nov-2025` is a month and `rs-5000` an amount.
NOT_CODES = frozenset(month[:3] for month in MONTHS) | {"rs-", "inr", "usd"}


def marks(text: str) -> list[Mark]:
    """Marks of a folded text; no two of them share characters."""
    found: list[Mark] = []
    for kind, patterns in (("reference", (_NAMED, *_REFERENCE)), ("last4", _LAST4)):
        for pattern in patterns:
            for match in pattern.finditer(text):
                if match.group()[:3] in NOT_CODES:
                    continue
                if all(match.end() <= mark.start or match.start() >= mark.end for mark in found):
                    value = match.group(match.re.groups).upper()
                    found.append(Mark("reference" if kind == "reference" else "last4", value, match.start(), match.end()))
    return sorted(found, key=lambda mark: mark.start)
