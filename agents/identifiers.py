"""Is this well formed? PAN, GSTIN, IFSC, UPI id, mobile number, IBAN, Aadhaar virtual id: form and check digits, nothing looked up.

Sources: Income-tax Rules 1962, rule 114 (PAN: fourth letter is the kind of holder); CGST Rules 2017, rule 10 (GSTIN, last character by
Luhn mod 36); RBI's IFSC form (bank, zero, branch); NPCI UPI procedural guidelines (name@handle); National Numbering Plan 2003 (mobile
numbers begin with 6 to 9); ISO 13616 (IBAN, mod 97); UIDAI (virtual id: 16 digits, Verhoeff).
"""

from __future__ import annotations

import re

from agents.checksums import verhoeff

#: What PAN's fourth letter may be: the kind of holder.
HOLDERS = "ABCFGHJLPT"
_PAN = re.compile(rf"[A-Z]{{3}}[{HOLDERS}][A-Z](?!0000)\d{{4}}[A-Z]")
_GSTIN = re.compile(rf"(?:0[1-9]|[12]\d|3[0-8]|97|99)[A-Z]{{3}}[{HOLDERS}][A-Z](?!0000)\d{{4}}[A-Z][1-9A-Z]Z[0-9A-Z]")
_IFSC = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}")
_UPI = re.compile(r"[A-Za-z0-9._-]{2,256}@[A-Za-z][A-Za-z0-9]{1,63}")
_MOBILE = re.compile(r"(?:\+?91|0)?[6-9]\d{9}")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def is_pan(text: str) -> bool:
    """Ten characters. The last is a check letter whose rule is not public, so form is all that can be told."""
    return _PAN.fullmatch(text.upper()) is not None


def is_gstin(text: str) -> bool:
    """State, PAN, entity, Z and a check character."""
    text = text.upper()
    return _GSTIN.fullmatch(text) is not None and _luhn36(text[:-1]) == text[-1]


def _luhn36(body: str) -> str:
    """The check character: every second value doubled, from the first; quotient and remainder by 36 are added up."""
    total = 0
    for place, char in enumerate(body):
        quotient, rest = divmod(_BASE36.index(char) * (1 + place % 2), 36)
        total += quotient + rest
    return _BASE36[-total % 36]


def is_ifsc(text: str) -> bool:
    """Form only: whether the branch exists stands in the bank's own list."""
    return _IFSC.fullmatch(text.upper()) is not None


def is_upi(text: str) -> bool:
    """`name@handle`; a handle has no dot, which tells it from an e-mail address."""
    return _UPI.fullmatch(text) is not None


def is_mobile(text: str) -> bool:
    """An Indian mobile number, with or without country code."""
    return _MOBILE.fullmatch(re.sub(r"[\s-]", "", text)) is not None


def is_virtual_id(digits: str) -> bool:
    """Sixteen digits that stand for an Aadhaar number for a while: first 2 to 9, Verhoeff, no palindrome."""
    return len(digits) == 16 and digits.isdigit() and digits[0] in "23456789" and digits != digits[::-1] and verhoeff(digits)


def is_iban(text: str) -> bool:
    """An account number of another country, by its two check digits."""
    text = re.sub(r"\s", "", text).upper()
    if _IBAN.fullmatch(text) is None:
        return False
    return int("".join(str(_BASE36.index(char)) for char in text[4:] + text[:4])) % 97 == 1
