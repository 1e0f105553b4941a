"""Days and stretches of time, said relative to a local date: today · yesterday · last Friday · on 12 Nov · 12/11 · पिछले महीने.

What is said without a year lies in the past, since payments do. Day comes before month. Hindi *kal* is yesterday or tomorrow and gives
nothing; it is reported as ambiguous, for the caller to ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from models.parsers import calendar_words as words
from models.parsers.text import LETTER, blank, fold, words_pattern

#: Furthest back that "N days ago" is read.
MAX_DAYS = 730
_EDGE, _END = rf"(?<![{LETTER}\d/.-])", rf"(?![{LETTER}\d])"


def _any(*alternatives: str) -> str:
    return "(?:" + "|".join(sorted({re.escape(fold(word)) for word in alternatives}, key=len, reverse=True)) + ")"


_MONTH, _WEEKDAY, _LAST = _any(*words.MONTHS), _any(*words.WEEKDAYS), _any(*words.LAST)
_ORDINAL = r"(?:st|nd|rd|th)?"
#: A year, unless it is an amount: "12 nov 2020 rs".
_YEAR = r"(?:[ ,-]{1,2}(20[0-3]\d)(?! ?(?:rs|rupee|inr|₹|/-|रु|ka|ki|ke|का|की|के)))?"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included, and where the words stand."""

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


Span = tuple[date, date] | None
Reader = Callable[[re.Match[str], date], Span]


def _day(day: date | None) -> Span:
    return None if day is None else (day, day)


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full_year(text: str | None) -> int | None:
    return None if text is None else int(text) if len(text) == 4 else 2000 + int(text)


def _dated(day: int, month: int, year: int | None, today: date) -> date | None:
    """The day in the year said, else the latest such day that is not after today."""
    if year is not None:
        return _safe(year, month, day)
    found = [each for each in (_safe(today.year - back, month, day) for back in range(5)) if each is not None and each <= today]
    return found[0] if found else None


def _iso(match: re.Match[str], today: date) -> Span:
    return _day(_safe(int(match[1]), int(match[2]), int(match[3])))


def _numeric(match: re.Match[str], today: date) -> Span:
    return _day(_dated(int(match[1]), int(match[2]), _full_year(match[3]), today))


def _day_month(match: re.Match[str], today: date) -> Span:
    return _day(_dated(int(match[1]), words.MONTHS[match[2]], _full_year(match[3]), today))


def _month_day(match: re.Match[str], today: date) -> Span:
    return _day(_dated(int(match[2]), words.MONTHS[match[1]], _full_year(match[3]), today))


def _ago(unit_days: int) -> Reader:
    def read(match: re.Match[str], today: date) -> Span:
        days = int(match[1]) * unit_days
        return _day(today - timedelta(days=days)) if 0 < days <= MAX_DAYS else None

    return read


def _last_days(unit_days: int) -> Reader:
    def read(match: re.Match[str], today: date) -> Span:
        days = int(match[1]) * unit_days
        return (today - timedelta(days=days), today) if 0 < days <= MAX_DAYS else None

    return read


def _last_week(_match: re.Match[str], today: date) -> Span:
    monday = today - timedelta(days=today.weekday() + 7)
    return monday, monday + timedelta(days=6)


def _this_week(_match: re.Match[str], today: date) -> Span:
    return today - timedelta(days=today.weekday()), today


def _last_month(_match: re.Match[str], today: date) -> Span:
    end = today.replace(day=1) - timedelta(days=1)
    return end.replace(day=1), end


def _this_month(_match: re.Match[str], today: date) -> Span:
    return today.replace(day=1), today


def _weekday_before(match: re.Match[str], today: date) -> Span:
    back = (today.weekday() - words.WEEKDAYS[match[1]]) % 7
    return _day(today - timedelta(days=back or 7))


def _weekday(match: re.Match[str], today: date) -> Span:
    return _day(today - timedelta(days=(today.weekday() - words.WEEKDAYS[match[1]]) % 7))


def _day_of_month(match: re.Match[str], today: date) -> Span:
    """The latest such day of a month that is not after today."""
    month, year = today.month, today.year
    for _ in range(4):
        found = _safe(year, month, int(match[1]))
        if found is not None and found <= today:
            return found, found
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return None


def _whole_month(match: re.Match[str], today: date) -> Span:
    month = words.MONTHS[match[1]]
    year = _full_year(match[2]) or (today.year if month <= today.month else today.year - 1)
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    return first, min(after - timedelta(days=1), today) if first <= today else after - timedelta(days=1)


def _back(days: int) -> Reader:
    return lambda _match, today: _day(today - timedelta(days=days))


_CLEAR_MONTH = _any(*(set(words.MONTHS) - words.UNCLEAR_MONTHS))
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(rf"{_EDGE}(20\d\d)-([01]?\d)-([0-3]?\d){_END}"), _iso),
    (re.compile(rf"{_EDGE}([0-3]?\d)[/-]([01]?\d)(?:[/-]((?:20)?\d\d))?(?![{LETTER}\d/-])"), _numeric),
    (re.compile(rf"{_EDGE}([0-3]?\d)\.([01]?\d)\.((?:20)?\d\d){_END}"), _numeric),
    (re.compile(rf"{_EDGE}([0-3]?\d){_ORDINAL}(?: of)?[ -]?({_MONTH})\.?{_YEAR}{_END}"), _day_month),
    (re.compile(rf"{_EDGE}({_MONTH})\.?[ -]?([0-3]?\d){_ORDINAL}{_YEAR}(?![{LETTER}\d,/]|\.\d)"), _month_day),
    (words_pattern(*words.BEFORE_YESTERDAY), _back(2)),
    (words_pattern(*words.YESTERDAY), _back(1)),
    (re.compile(rf"{_EDGE}(\d{{1,3}}) {_any(*words.DAYS)} {_any(*words.AGO)}{_END}"), _ago(1)),
    (re.compile(rf"{_EDGE}(\d{{1,2}}) {_any(*words.WEEKS)} {_any(*words.AGO)}{_END}"), _ago(7)),
    (re.compile(rf"{_EDGE}{_LAST} (\d{{1,3}}) {_any(*words.DAYS)}{_END}"), _last_days(1)),
    (re.compile(rf"{_EDGE}{_LAST} (\d{{1,2}}) {_any(*words.WEEKS)}{_END}"), _last_days(7)),
    (re.compile(rf"{_EDGE}{_LAST} (\d{{1,2}}) {_any(*words.MONTHS_COUNT)}{_END}"), _last_days(30)),
    (re.compile(rf"{_EDGE}{_LAST} {_any(*words.WEEK)}{_END}"), _last_week),
    (re.compile(rf"{_EDGE}{_LAST} {_any(*words.MONTH)}{_END}"), _last_month),
    (re.compile(rf"{_EDGE}{_any(*words.THIS)} {_any(*words.WEEK)}{_END}"), _this_week),
    (re.compile(rf"{_EDGE}{_any(*words.THIS)} {_any(*words.MONTH)}{_END}"), _this_month),
    (re.compile(rf"{_EDGE}{_LAST} ({_WEEKDAY}){_END}"), _weekday_before),
    (re.compile(rf"{_EDGE}({_WEEKDAY}){_END}"), _weekday),
    (re.compile(rf"{_EDGE}([0-3]?\d){_ORDINAL} {_any(*words.DAY_OF_MONTH)}{_END}"), _day_of_month),
    (re.compile(rf"{_EDGE}([0-3]?\d)(?:st|nd|rd|th){_END}"), _day_of_month),
    (re.compile(rf"{_EDGE}({_CLEAR_MONTH}){_YEAR}{_END}"), _whole_month),
    (words_pattern(*words.TODAY), _back(0)),
)
_EITHER = words_pattern(*words.EITHER_WAY)
_BETWEEN = re.compile(r" ?(?:to|till|until|and|se|aur|-|से|और|तक) ?")


def times(text: str, today: date) -> Times:
    """What a folded text says about time, in the order it is said. `today` is the customer's local date."""
    found: list[Period] = []
    for pattern, reader in _READERS:
        for match in pattern.finditer(text):
            span = reader(match, today)
            if span is not None and span[0] <= span[1]:
                found.append(Period(*span, match.start(), match.end()))
                text = blank(text, match.start(), match.end())
    found.sort(key=lambda period: period.start)
    ambiguous = tuple(match.group() for match in _EITHER.finditer(text))
    return Times(tuple(_joined(found, text)), ambiguous)


def _joined(periods: list[Period], text: str) -> list[Period]:
    """Two days with `to` between them are one stretch."""
    out: list[Period] = []
    for period in periods:
        if out and _BETWEEN.fullmatch(text, out[-1].end, period.start) and out[-1].first <= period.last:
            period = Period(out.pop().first, period.last, out[-1].end if out else 0, period.end)
        out.append(period)
    return out
