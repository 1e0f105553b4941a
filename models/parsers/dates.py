"""Days and stretches of time, said relative to a local date: today · yesterday · last Friday · on 12 Nov · since 12/11 · पिछले महीने.

Hindi *kal* is yesterday or tomorrow and gives nothing; it is reported as ambiguous, for the caller to ask. Nothing is made of days to come,
of feasts (their dates move from year to year and place to place), or of "before the 5th", which has no beginning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from models.parsers import calendar_words as words
from models.parsers.day_readers import END, NOT_PAST, READERS, THIS_WEEKDAY, any_of
from models.parsers.text import LETTER, blank, words_pattern


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included, and where the words stand."""

    first: date
    last: date
    start: int
    end: int

    @property
    def is_day(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Times:
    """What was said about time; `ambiguous` are words that could mean a day before or after."""

    periods: tuple[Period, ...]
    ambiguous: tuple[str, ...]


_EITHER = words_pattern(*words.EITHER_WAY)
_BETWEEN = re.compile(r" ?(?:to|till|until|and|se|aur|-|से|और|तक) ?")
_WHOLE = rf"(?<![{LETTER}])"
_SINCE = re.compile(rf"{_WHOLE}{any_of(*words.SINCE)} (?:the |about |around )?$")
_BEFORE = re.compile(rf"{_WHOLE}{any_of(*words.BEFORE)} (?:the |about |around )?$")
_AFTER = re.compile(rf"{_WHOLE}{any_of(*words.AFTER)} (?:the |about |around )?$")
_SINCE_THEN = re.compile(rf" ?{any_of(*words.SINCE_THEN)}{END}")
_BEFORE_THEN = re.compile(rf" ?{any_of(*words.BEFORE_THEN)}{END}")
_AFTER_THEN = re.compile(rf" ?{any_of(*words.AFTER_THEN)}{END}")
#: The first day of "1 to 10 November".
_FROM = re.compile(rf"(?<![{LETTER}\d./-])(?P<day>[0-3]?\d) ?(?:to|till|until|se|-|से) ?$")
#: Longest word before a day that changes what it means, with the space and "the".
_LOOK_BACK = 24


def times(text: str, today: date) -> Times:
    """What a folded text says about time, in the order it is said. `today` is the customer's local date."""
    found: list[Period] = []
    unclear: list[tuple[int, str]] = []
    for match in THIS_WEEKDAY.finditer(text):
        unclear.append((match.start(), match.group()))
        text = blank(text, match.start(), match.end())
    for match in NOT_PAST.finditer(text):
        text = blank(text, match.start(), match.end())
    for pattern, reader in READERS:
        for match in pattern.finditer(text):
            span = reader(match, today)
            if span is not None and span[0] <= span[1]:
                found.append(Period(*span, match.start(), match.end()))
                text = blank(text, match.start(), match.end())
    found.sort(key=lambda period: period.start)
    unclear += [(match.start(), match.group()) for match in _EITHER.finditer(text)]
    bounded = (_bounded(period, joined, text, today) for period, joined in _joined(found, text))
    return Times(tuple(each for each in bounded if each is not None), tuple(word for _, word in sorted(unclear)))


def _joined(periods: list[Period], text: str) -> list[tuple[Period, bool]]:
    """Two days with `to` between them are one stretch; whether each was made so."""
    out: list[tuple[Period, bool]] = []
    for period in periods:
        if out and _BETWEEN.fullmatch(text, out[-1][0].end, period.start) and out[-1][0].first <= period.last:
            before = out.pop()[0]
            out.append((Period(before.first, period.last, before.start, period.end), True))
        else:
            out.append((period, False))
    return out


def _bounded(period: Period, joined: bool, text: str, today: date) -> Period | None:
    """Since a day, after it, or before it — which gives nothing, for nobody said where it begins."""
    if joined:
        return period
    before, end = text[max(0, period.start - _LOOK_BACK) : period.start], period.end
    if period.is_day and (begins := _FROM.search(before)) and 0 < int(begins["day"]) < period.first.day:
        return replace(period, first=period.first.replace(day=int(begins["day"])), start=period.start - len(begins.group()))
    if _SINCE.search(before) or _SINCE_THEN.match(text, end):
        return replace(period, last=max(today, period.last)) if period.first <= today else None
    if _AFTER.search(before) or _AFTER_THEN.match(text, end):
        after = period.last + timedelta(days=1)
        return replace(period, first=after, last=today) if after <= today else None
    if _BEFORE.search(before) or _BEFORE_THEN.match(text, end):
        return None
    return period
