"""What names a card, a payment, a case or a payee: last four digits, references, UPI ids.

The forms are those that Indian rails print: a retrieval reference number of 12 digits (UPI, IMPS, cards), NEFT's 16 characters that begin with
the bank's four letters or with N, RTGS's 22 with R in the fifth place, an acquirer's 23 digits, our own `DSP-261122-123456`. None of
the forms of India's rails has a public check digit; whether a reference exists is the core's to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from models.parsers.calendar_words import MONTHS
from models.parsers.text import LETTER, blank, fold

Kind = Literal["last4", "reference", "upi"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that names a card, a payment or a case. References are in capitals, as banks print them; UPI ids in small letters."""

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
_DASHED = re.compile(
    rf"(?<![{LETTER}\d-])[a-z]{{2,5}}-(?=[a-z]{{0,15}}\d)[a-z0-9]{{4,20}}(?:-[a-z0-9]{{1,12}})?(?![{LETTER}\d-])"
)
_REFERENCE = (
    _DASHED,
    re.compile(rf"(?<![{LETTER}\d-])[a-z]{{4}}[a-z]?\d{{11,18}}(?![{LETTER}\d])"),
    re.compile(
        rf"(?<![{LETTER}\d-])(?:[a-z]{{4}}(?=[a-z]{{0,2}}\d)[a-z\d]{{2}}\d{{10}}|n\d{{15}}|[a-z]{{4}}r[a-z\d]\d{{16}})(?![{LETTER}\d])"
    ),
    re.compile(r"(?<![\d.,+-])(?:\d{12}|\d{16,23})(?![\d,]|\.\d)"),
)
#: Our own numbers as they are spoken or typed on a phone: "dsp 261122 123456".
_OUR_OWN = re.compile(rf"(?<![{LETTER}\d-])(dsp|cmp|frd|cbk|cls)[ -]{{0,3}}(\d{{6}})[ -]{{0,3}}(\d{{6}})(?![\d{LETTER}-])")
#: A name, an at sign, the handle of a payment app; with a dot behind the handle it is an e-mail address.
_UPI = re.compile(r"(?<![\w.@+-])([a-z0-9][a-z0-9._-]{1,63}@[a-z][a-z0-9]{1,31})(?![\w@-]|\.[a-z])")
_NAMED = re.compile(
    rf"(?<![{LETTER}])(?:rrn|utr|arn|ref|ref\.|reference|txn id|transaction id|case|complaint|ticket|dispute)"
    rf"(?: (?:no|no\.|number|id))?(?: is)?[ :#.-]{{0,4}}((?=[a-z]{{0,6}}\d)[a-z0-9]{{6,24}})(?![{LETTER}\d])"
)
#: `nov-2025` is a month and `rs-5000` an amount.
NOT_CODES = frozenset(month[:3] for month in MONTHS) | {"rs-", "inr", "usd"}


def marks(text: str) -> list[Mark]:
    """Marks of a folded text; no two of them share characters."""
    found: list[Mark] = []
    for kind, patterns in _PATTERNS:
        for pattern in patterns:
            for match in pattern.finditer(text):
                if pattern is _DASHED and match.group()[:3] in NOT_CODES:
                    continue
                found.append(Mark(kind, _value(kind, match), match.start(), match.end()))
                text = blank(text, match.start(), match.end())
    return sorted(found, key=lambda mark: mark.start)


_PATTERNS: tuple[tuple[Kind, tuple[re.Pattern[str], ...]], ...] = (
    ("upi", (_UPI,)),
    ("reference", (_OUR_OWN, _NAMED, *_REFERENCE)),
    ("last4", _LAST4),
)


def _value(kind: Kind, match: re.Match[str]) -> str:
    if match.re is _OUR_OWN:
        return "-".join(match.groups()).upper()
    value: str = match.group(match.re.groups)
    return value if kind == "upi" else value.upper()
