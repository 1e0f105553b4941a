"""Times of day: 5 pm · 17:45 · शाम 5 बजे · raat 11 baje · 8 o'clock in the evening. Local time, as the customer lives it.

"5 baje" or "at 5" without a part of the day is recognised, so that it is no amount, and has no time: morning and evening are equally likely.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from models.parsers.day_readers import any_of
from models.parsers.number_words import UNITS
from models.parsers.text import LETTER, blank, words_pattern


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day and where it stands; `time` is None where it was said without telling morning from evening."""

    time: time | None
    start: int
    end: int


_EDGE, _END = rf"(?<![{LETTER}\d:.,/₹$-])", rf"(?![{LETTER}\d:])"
_PARTS: dict[str, tuple[str, ...]] = {
    "morning": ("morning", "subah", "savere", "sawere", "सुबह", "सवेरे", "प्रातः"),
    "noon": ("afternoon", "dopahar", "dopehar", "dophar", "दोपहर"),
    "evening": ("evening", "shaam", "sham", "शाम", "सायं"),
    "night": ("night", "raat", "rat", "रात"),
}
_PART_OF = {word: part for part, words in _PARTS.items() for word in words}
_PART = any_of(*_PART_OF)
_HOURS = {word: value for word, value in UNITS.items() if 1 <= value <= 12}
_HOUR = rf"(?P<hour>\d{{1,2}}|{any_of(*_HOURS)})(?:[:.](?P<minute>[0-5]\d))?"
#: Half past, a quarter past, a quarter to; dedh and dhai are half past one and half past two.
_OFFSET = {
    "sadhe": 30,
    "saadhe": 30,
    "साढे": 30,
    "sava": 15,
    "sawa": 15,
    "सवा": 15,
    "paune": -15,
    "पौने": -15,
}
_SHIFT = rf"(?:(?P<shift>{any_of(*_OFFSET)}) )?"
_BAJE = any_of("baje", "bje", "baj", "बजे", "बजकर", "o'clock", "oclock")
_HALVES = re.compile(rf"{_EDGE}(?P<part>{_PART}) (?:ko |ke |को |के )?(?P<half>dedh|dhai|डेढ|ढाई) {_BAJE}{_END}")
_AM_PM = re.compile(rf"{_EDGE}(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))? ?(?P<half>[ap])\.?m\.?{_END}")
_FULL = re.compile(rf"{_EDGE}(?!\d:\d\d:)(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?{_END}")
_PART_FIRST = re.compile(
    rf"{_EDGE}(?P<part>{_PART}) (?:ko |ke |around |at |about |करीब |को |के )?(?:kareeb |karib )?{_SHIFT}{_HOUR} ?{_BAJE}{_END}"
)
_PART_LAST = re.compile(
    rf"{_EDGE}{_SHIFT}{_HOUR} ?(?:{_BAJE} ?)?(?:in the |at |ko |ke |को )(?P<part>{_PART}){_END}"
    rf"|{_EDGE}(?P<hour2>\d{{1,2}}) ?{_BAJE} (?P<part2>{_PART}){_END}"
)
_NOON = words_pattern("at noon", "noon", "12 noon")
_MIDNIGHT = words_pattern("at midnight", "midnight", "aadhi raat", "आधी रात")
_UNCLEAR = re.compile(
    rf"{_EDGE}{_SHIFT}{_HOUR} ?{_BAJE}{_END}|(?<![{LETTER}])at (?:1[0-2]|[1-9])(?![\d,.%/]| ?(?:rs|rupee|lakh|k\b|crore|%))"
)
_HALF_HOURS = {"dedh": (1, 30), "डेढ": (1, 30), "dhai": (2, 30), "ढाई": (2, 30)}


def clock_times(text: str) -> list[ClockTime]:
    """Times of day in a folded text, in order."""
    found: list[ClockTime] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            moment = read(match)
            if moment is not None or pattern is _UNCLEAR:
                found.append(ClockTime(moment, match.start(), match.end()))
                text = blank(text, match.start(), match.end())
    return sorted(found, key=lambda each: each.start)


def _half_day(match: re.Match[str]) -> time | None:
    hour = int(match["hour"])
    if not 1 <= hour <= 12:
        return None
    return time(hour % 12 + (12 if match["half"] == "p" else 0), int(match["minute"] or 0))


def _full_day(match: re.Match[str]) -> time | None:
    return time(int(match["hour"]), int(match["minute"]))


def _with_part(match: re.Match[str]) -> time | None:
    groups = match.groupdict()
    said, part = groups.get("hour") or groups.get("hour2"), groups.get("part") or groups.get("part2")
    hour = _hour_in(_PART_OF[str(part)], _HOURS[said] if said in _HOURS else int(str(said)))
    if hour is None:
        return None
    minutes = hour * 60 + int(groups.get("minute") or 0) + _OFFSET.get(str(groups.get("shift")), 0)
    return time(minutes // 60 % 24, minutes % 60)


def _half_hours(match: re.Match[str]) -> time | None:
    hour, minute = _HALF_HOURS[match["half"]]
    found = _hour_in(_PART_OF[match["part"]], hour)
    return None if found is None else time(found, minute)


def _hour_in(part: str, hour: int) -> int | None:
    """The hour of the day: "raat 2 baje" is two at night, "raat 11 baje" eleven in the evening; "subah 2" is neither usual nor read."""
    if part == "morning":
        return hour if 3 <= hour <= 11 else None
    if part == "noon":
        return hour + 12 if 1 <= hour <= 5 else hour if hour in (11, 12) else None
    if part == "evening":
        return hour + 12 if 3 <= hour <= 11 else None
    return hour + 12 if 7 <= hour <= 11 else 0 if hour == 12 else hour if 1 <= hour <= 4 else None


_READERS = (
    (_AM_PM, _half_day),
    (_PART_FIRST, _with_part),
    (_PART_LAST, _with_part),
    (_HALVES, _half_hours),
    (_FULL, _full_day),
    (_NOON, lambda _match: time(12)),
    (_MIDNIGHT, lambda _match: time(0)),
    (_UNCLEAR, lambda _match: None),
)
