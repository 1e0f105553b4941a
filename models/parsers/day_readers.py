"""Ways to say a day or a stretch of time: each a pattern over folded text and what it means on a given day.

What is said without a year lies in the past, since payments do. Day comes before month, as India writes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from models.parsers import calendar_words as words
from models.parsers.number_words import UNITS
from models.parsers.text import LETTER, fold, words_pattern

#: Furthest back that "N days ago" is read.
MAX_DAYS = 730
EDGE, END = rf"(?<![{LETTER}\d/.-])", rf"(?![{LETTER}\d])"
Span = tuple[date, date] | None
Reader = Callable[[re.Match[str], date], Span]


def any_of(*alternatives: str) -> str:
    """A pattern of one of these, folded, the longest first."""
    return "(?:" + "|".join(sorted({re.escape(fold(word)) for word in alternatives}, key=len, reverse=True)) + ")"


_LARGEST_COUNTED = 31
_COUNTS = {word: value for word, value in UNITS.items() if 0 < value <= _LARGEST_COUNTED} | {"a": 1, "an": 1}
_COUNT = rf"(\d{{1,3}}|{any_of(*_COUNTS)})"
_MONTH, _WEEKDAY, _LAST, _THIS = any_of(*words.MONTHS), any_of(*words.WEEKDAYS), any_of(*words.LAST), any_of(*words.THIS)
_CLEAR_MONTH = any_of(*(set(words.MONTHS) - words.UNCLEAR_MONTHS))
_TARIKH, _ROW = any_of(*words.DAY_OF_MONTH), any_of(*words.IN_A_ROW)
_ORDINAL = r"(?:st|nd|rd|th)?"
#: A year, unless it is an amount: "12 nov 2020 rs".
_YEAR = r"(?:[ ,-]{1,2}(20[0-3]\d)(?! ?(?:rs|rupee|inr|₹|/-|रु|ka|ki|ke|का|की|के)))?"
_OF = rf"(?: {any_of('ki', 'ke', 'ka', 'mein', 'me', 'की', 'के', 'का', 'में')})?"


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


def _counted(said: str, unit_days: int) -> int:
    return (_COUNTS[said] if said in _COUNTS else int(said)) * unit_days


def _ago(unit_days: int) -> Reader:
    def read(match: re.Match[str], today: date) -> Span:
        days = _counted(match[1], unit_days)
        return _day(today - timedelta(days=days)) if 0 < days <= MAX_DAYS else None

    return read


def _last_days(unit_days: int) -> Reader:
    def read(match: re.Match[str], today: date) -> Span:
        days = _counted(match[1], unit_days)
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


def _last_year(_match: re.Match[str], today: date) -> Span:
    return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)


def _this_year(_match: re.Match[str], today: date) -> Span:
    return date(today.year, 1, 1), today


def _day_in(match: re.Match[str], today: date) -> Span:
    """The 5th of last month, the 5th of this month."""
    first = today.replace(day=1)
    if match["which"] in _LASTS:
        first = (first - timedelta(days=1)).replace(day=1)
    return _day(_safe(first.year, first.month, int(match["day"])))


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


def _month_of(year: int, month: int) -> tuple[date, date]:
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), after - timedelta(days=1)


_NO_SUCH_DAY = re.compile(r"(?<!\d)\d{1,2}(?:st|nd|rd|th)? (?:of )?$")


def _whole_month(match: re.Match[str], today: date) -> Span:
    if _NO_SUCH_DAY.search(match.string[max(0, match.start() - 8) : match.start()]):
        return None  # "30 february"
    month = words.MONTHS[match[1]]
    first, last = _month_of(_full_year(match[2]) or (today.year if month <= today.month else today.year - 1), month)
    return first, min(last, today) if first <= today else last


def _month_last_year(match: re.Match[str], today: date) -> Span:
    return _month_of(today.year - 1, words.MONTHS[match[1]])


def _back(days: int) -> Reader:
    return lambda _match, today: _day(today - timedelta(days=days))


_LASTS = frozenset(map(fold, words.LAST))
_IN_WHICH = rf"(?P<which>{_LAST}|{_THIS}) {any_of(*words.MONTH)}"
#: In this order: a text that one of them has taken is not seen by those below.
READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(rf"{EDGE}(20\d\d)-([01]?\d)-([0-3]?\d){END}"), _iso),
    (
        re.compile(
            rf"{EDGE}(?!24/7(?!/))([0-3]?\d)[/-]([01]?\d)(?:[/-]((?:20)?\d\d))?(?![{LETTER}\d/-]| ?(?:stars?|rating|marks)\b)"
        ),
        _numeric,
    ),
    (re.compile(rf"{EDGE}([0-3]?\d)\.([01]?\d)\.((?:20)?\d\d){END}"), _numeric),
    (
        re.compile(rf"{EDGE}(?P<day>[0-3]?\d)(?:(?:st|nd|rd|th)?(?: {_TARIKH})? of|st|nd|rd|th| {_TARIKH}) {_IN_WHICH}{END}"),
        _day_in,
    ),
    (re.compile(rf"{EDGE}{_IN_WHICH}{_OF} (?P<day>[0-3]?\d)(?:st|nd|rd|th|(?:st|nd|rd|th)? {_TARIKH}){END}"), _day_in),
    (re.compile(rf"{EDGE}([0-3]?\d){_ORDINAL}(?: of)?[ -]?({_MONTH})\.?{_YEAR}{END}"), _day_month),
    (re.compile(rf"{EDGE}({_MONTH})\.?[ -]?([0-3]?\d){_ORDINAL}{_YEAR}(?![{LETTER}\d,/]|\.\d)"), _month_day),
    (words_pattern(*words.BEFORE_YESTERDAY), _back(2)),
    (words_pattern(*words.YESTERDAY), _back(1)),
    (re.compile(rf"{EDGE}{_COUNT} {any_of(*words.DAYS)} {any_of(*words.AGO)}{END}"), _ago(1)),
    (re.compile(rf"{EDGE}{_COUNT} {any_of(*words.WEEKS)} {any_of(*words.AGO)}{END}"), _ago(7)),
    (re.compile(rf"{EDGE}{_LAST} {_COUNT} {any_of(*words.DAYS)}{END}"), _last_days(1)),
    (re.compile(rf"{EDGE}{_LAST} {_COUNT} {any_of(*words.WEEKS)}{END}"), _last_days(7)),
    (re.compile(rf"{EDGE}{_LAST} {_COUNT} {any_of(*words.MONTHS_COUNT)}{END}"), _last_days(30)),
    (re.compile(rf"{EDGE}({_CLEAR_MONTH}),?(?: of)? {_LAST} {any_of(*words.YEAR)}{END}"), _month_last_year),
    (re.compile(rf"{EDGE}{_LAST} {any_of(*words.WEEK)}{END}"), _last_week),
    (re.compile(rf"{EDGE}{_LAST} {any_of(*words.MONTH)}{END}"), _last_month),
    (re.compile(rf"{EDGE}{_LAST} {any_of(*words.YEAR)}{END}"), _last_year),
    (re.compile(rf"{EDGE}{_THIS} {any_of(*words.WEEK)}{END}"), _this_week),
    (re.compile(rf"{EDGE}{_THIS} {any_of(*words.MONTH)}{END}"), _this_month),
    (re.compile(rf"{EDGE}{_THIS} {any_of(*words.YEAR)}{END}"), _this_year),
    (re.compile(rf"{EDGE}{_LAST} ({_WEEKDAY}){END}"), _weekday_before),
    (re.compile(rf"{EDGE}({_WEEKDAY}){END}"), _weekday),
    (re.compile(rf"{EDGE}([0-3]?\d){_ORDINAL} {_TARIKH}{END}"), _day_of_month),
    (re.compile(rf"{EDGE}([0-3]?\d)(?:st|nd|rd|th){END}(?! {_ROW}{END})"), _day_of_month),
    (re.compile(rf"{EDGE}({_CLEAR_MONTH}){_YEAR}{END}(?! past)"), _whole_month),
    (words_pattern(*words.TODAY), _back(0)),
)
_UNITS = any_of(*words.WEEK, *words.MONTH, *words.YEAR, *words.DAYS, *words.WEEKS, *words.MONTHS_COUNT, "quarter", "weekend")
#: Days to come, and days that return: taken out of sight, so that "next Friday" is no Friday that was.
NOT_PAST = re.compile(
    rf"{EDGE}(?:{any_of(*words.TOMORROW)}|{any_of(*words.NEXT)} (?:{_COUNT} )?(?:{_UNITS}|{_WEEKDAY}|{_CLEAR_MONTH})"
    rf"|{any_of(*words.EVERY)} (?:{_UNITS}|{_WEEKDAY})){END}"
)
#: "This Friday" is the one that was or the one that comes.
THIS_WEEKDAY = re.compile(rf"{EDGE}{_THIS} {_WEEKDAY}{END}")
