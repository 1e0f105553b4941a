"""Numbers in digits and words: 5,000 · 1.2 cr · 5k · two thousand five hundred · dhai lakh · २ हज़ार ५००.

One pass over the tokens of a text; every decision looks at the token before, so time grows with length alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from models.parsers.number_words import HALF, HALVES, OF_ONE, OFFSETS, SCALES, UNITS
from models.parsers.text import LETTER

MAX_DIGITS = 12
#: Nobody names more in one message; a pasted table is not read to its end.
MAX_NUMBERS = 60
_TOKEN = re.compile(rf"\d(?:[\d,]*\d)?(?:\.\d+)?|[{LETTER}]+")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3}")
_GAP = re.compile(r"[ -]{0,2}")

#: `l` and `k` are letters of other things unless they stand at the number; `cr` after thousands means credit.
_TIGHT = {"l": 0, "k": 1}
_LARGEST_BEFORE_CR = 1000


@dataclass(frozen=True, slots=True)
class Number:
    """A number and where it stands. `scaled`: hundred, k, lakh … belongs to it. `words`: written without digits.

    `implied`: a scale without a number, as in "hundred rupees"; it is one only beside a currency.
    """

    value: Decimal
    start: int
    end: int
    scaled: bool
    words: bool
    implied: bool = False


@dataclass(slots=True)
class _Group:
    """A number as it grows, token by token."""

    start: int
    end: int
    total: Decimal = Decimal(0)
    current: Decimal | None = None
    offset: Decimal = Decimal(0)
    last_scale: int = 0
    has_digits: bool = False
    #: room for a smaller number behind what has been said: 10 after twenty, 100 after hundred, 1 where there is none
    room: int = 1
    implied: bool = False
    half: bool = False

    @property
    def value(self) -> Decimal | None:
        if not self.last_scale and (self.half or self.current is None):
            return None
        return self.total + (self.current or Decimal(0))


def numbers(text: str) -> list[Number]:
    """Numbers of a folded text from left to right. Digits grouped in no known way, or too long, are none."""
    found: list[Number] = []
    group: _Group | None = None
    for match in _TOKEN.finditer(text):
        if len(found) >= MAX_NUMBERS:
            return found
        token, start, end = match.group(), match.start(), match.end()
        if group is not None and token == "and" and group.room == 100:
            group.end = end  # "two hundred and fifty"
            continue
        if group is not None and not _GAP.fullmatch(text, group.end, start):
            _close(group, found)
            group = None
        if group is None or not _extend(group, token, start, end):
            if group is not None:
                _close(group, found)
            group = _begin(token, start, end)
    if group is not None:
        _close(group, found)
    return found


def _close(group: _Group, found: list[Number]) -> None:
    value = group.value
    if value is not None:
        found.append(Number(value, group.start, group.end, group.last_scale > 0, not group.has_digits, group.implied))


def _begin(token: str, start: int, end: int) -> _Group | None:
    group = _Group(start, end)
    if token[0].isdigit():
        group.current, group.has_digits = _digits(token), True
        return group if group.current is not None else None
    if token in OFFSETS:
        group.offset = OFFSETS[token]
        return group
    if token in HALF:
        group.current, group.half = Decimal("0.5"), True
        return group
    value = HALVES.get(token, UNITS.get(token))
    if value is not None:
        group.current, group.room = Decimal(value), _room(value)
        return group
    if token in ("a", "an"):
        group.current = Decimal(1)
        return group
    if token in SCALES and token not in _TIGHT and token != "cr":
        group.current, group.implied = Decimal(1), True
        return group if _scale(group, SCALES[token], token, end, end) else None
    return None


def _extend(group: _Group, token: str, start: int, end: int) -> bool:
    """Whether the token belongs to the number before it; if so it is taken in."""
    if token in SCALES:
        return _scale(group, SCALES[token], token, start, end)
    if token == "a" and group.half and not group.last_scale:
        group.end = end  # "half a lakh"
        return True
    value = _digits(token) if token[0].isdigit() else UNITS.get(token)
    if value is None:
        return False
    if group.offset and group.current is None:
        group.current = Decimal(value) + group.offset
    elif group.last_scale and group.current is None and value < group.last_scale:
        group.current = Decimal(value)
    elif group.current is not None and 0 < value < group.room and (group.room == 100 or not token[0].isdigit()):
        group.current += Decimal(value)
    elif _is_short_hundreds(group, token, value):
        group.current = Decimal(value) + 100 * (group.current or 0)
    else:
        return False
    group.room = 1 if token[0].isdigit() else _room(value)
    group.has_digits = group.has_digits or token[0].isdigit()
    group.end = end
    return True


def _is_short_hundreds(group: _Group, token: str, value: Decimal | int) -> bool:
    """ "Four fifty" is 450, when both are words and no scale is named."""
    unscaled = not group.last_scale and not group.has_digits and not token[0].isdigit()
    return unscaled and group.current is not None and 1 <= group.current <= 9 and 10 <= value <= 99


def _scale(group: _Group, scale: int, token: str, start: int, end: int) -> bool:
    if group.current is None and not group.last_scale:
        group.current = OF_ONE.get(group.offset)  # "sava lakh" is a lakh and a quarter
    if group.current is None or start - group.end > _TIGHT.get(token, 2):
        return False
    if token == "cr" and group.current >= _LARGEST_BEFORE_CR:
        return False
    if scale == 100 and group.last_scale != 100:
        group.current *= 100
        group.last_scale, group.room = group.last_scale or 100, 100
    elif not group.last_scale or group.last_scale == 100 or scale < group.last_scale:
        group.total += group.current * scale
        group.current, group.last_scale, group.room = None, scale, 1
    else:
        return False
    group.end = end
    return True


def _digits(token: str) -> Decimal | None:
    whole, _, part = token.rstrip(",").partition(".")
    if "," in whole and not _GROUPED.fullmatch(whole):
        return None
    bare = whole.replace(",", "")
    return Decimal(f"{bare}.{part or 0}") if len(bare) <= MAX_DIGITS and len(part) <= 4 else None


def _room(value: Decimal | int) -> int:
    return 10 if value in range(20, 100, 10) else 1
