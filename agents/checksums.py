"""Check digits: is this run of digits a payment card number, an Aadhaar number, an acquirer reference?"""

from __future__ import annotations

_D = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_P = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)


def luhn(digits: str) -> bool:
    """ISO/IEC 7812 check over all digits."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char)
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def verhoeff(digits: str) -> bool:
    """Verhoeff's check over all digits, as Aadhaar numbers carry it."""
    state = 0
    for place, char in enumerate(reversed(digits)):
        state = _D[state][_P[place % 8][int(char)]]
    return state == 0


def _starts(digits: str, length: int, low: int, high: int) -> bool:
    return low <= int(digits[:length]) <= high


def card_strength(digits: str) -> int:
    """How much a Luhn-valid run looks like a card number: 2 brand and usual length, 1 one of the two, 0 neither.

    Strength 1 is shared by account numbers and references, so callers ask for context before they believe it.
    """
    size = len(digits)
    if not 12 <= size <= 19 or digits[0] == "0" or not luhn(digits):
        return 0
    visa = digits[0] == "4"
    master = _starts(digits, 2, 51, 55) or _starts(digits, 4, 2221, 2720)
    rupay = digits[:2] in {"60", "65", "81", "82"} or digits[:3] in {"508", "353", "356"} or _starts(digits, 3, 644, 649)
    jcb = _starts(digits, 4, 3528, 3589)
    amex = digits[:2] in {"34", "37"}
    if (size == 16 and (visa or master or rupay or jcb or digits[:2] == "62")) or (size == 15 and amex):
        return 2
    diners = digits[:2] in {"36", "38", "39"} or _starts(digits, 3, 300, 305)
    old_jcb = digits[:4] in {"2131", "1800"}
    maestro = digits[:2] in {"56", "57", "58", "50", "63", "67", "62", "69"}
    rare = (visa and size in {13, 19}) or (diners and size == 14) or (old_jcb and size == 15) or maestro
    return 1 if rare or size == 16 or (jcb and size > 16) or (digits[:2] == "62" and size > 16) else 0


def is_aadhaar(digits: str) -> bool:
    """12 digits, first 2-9, Verhoeff-valid, not a palindrome (UIDAI issues none)."""
    return len(digits) == 12 and digits[0] in "23456789" and digits != digits[::-1] and verhoeff(digits)


def is_acquirer_reference(digits: str) -> bool:
    """The 23-digit reference (ARN) that card networks put on a settled payment; its last digit is a Luhn check."""
    return len(digits) == 23 and luhn(digits)
