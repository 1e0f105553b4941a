"""Days as banks count them: calendar days, working days of a home branch, and deadlines that show their derivation.

Pure. A day is a `date` in the branch's zone; the day something starts on is never counted (row B-06 of the banking rules: the
day of the alert is excluded), so day 1 is the day after. A deadline ends with the last second of its last day in that zone.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.clock import require_aware
from domain.errors import BadInput

Unit = Literal["calendar", "working"]
MAX_DAYS = 3660
MAX_MONTHS = 120
_SUNDAY, _SATURDAY = 6, 5
_DAY = timedelta(days=1)
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ORDINAL = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a branch works.

    Attributes:
        zone: IANA name; says on which day an instant falls and when a day ends.
        weekly_off: weekdays that are never worked, Monday = 0.
        saturdays_off: which Saturdays of a month are not worked, 1 to 5.
        yearly: (month, day) of holidays that fall on the same date each year.
        holidays: further dates; the branch's own list.
    """

    name: str
    zone: str
    weekly_off: frozenset[int] = frozenset({_SUNDAY})
    saturdays_off: frozenset[int] = frozenset({2, 4})
    yearly: frozenset[tuple[int, int]] = frozenset()
    holidays: frozenset[date] = frozenset()

    def closed(self, day: date) -> str | None:
        """Why the branch does not work on `day`, or None when it does."""
        if day.weekday() in self.weekly_off:
            return _NAMES[day.weekday()]
        if day.weekday() == _SATURDAY and (nth := (day.day + 6) // 7) in self.saturdays_off:
            return f"{_ORDINAL[nth]} Saturday"
        if day in self.holidays or (day.month, day.day) in self.yearly:
            return "holiday"
        return None

    def day_of(self, at: datetime) -> date:
        """The branch's day on which an aware instant falls. Raises ValueError for a naive one."""
        return require_aware(at).astimezone(ZoneInfo(self.zone)).date()

    def end_of(self, day: date) -> datetime:
        """The last second of a day in the branch's zone, in UTC; right across both clock changes."""
        return _last_second(self.zone, day)


@lru_cache(maxsize=4096)
def _last_second(zone: str, day: date) -> datetime:
    midnight = datetime.combine(day + _DAY, time(), tzinfo=ZoneInfo(zone))
    return midnight.astimezone(UTC) - timedelta(seconds=1)


#: Indian banks: Sundays, second and fourth Saturdays, the three national holidays. A branch adds its own list.
INDIA = Calendar("in", "Asia/Kolkata", yearly=frozenset({(1, 26), (8, 15), (10, 2)}))


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, its last second in UTC, and how the day was found."""

    day: date
    due: datetime
    steps: tuple[str, ...]


@lru_cache(maxsize=4096)
def deadline(start: date, days: int, unit: Unit, calendar: Calendar) -> Deadline:
    """`days` days after `start`, which itself is not counted; 0 = the end of `start`.

    Raises ValueError for a negative count, one over MAX_DAYS, or a calendar that never works.
    """
    if not 0 <= days <= MAX_DAYS:
        raise ValueError(f"days out of range: {days}")
    last, skipped = _work_through(start, days, calendar) if unit == "working" else (start + timedelta(days=days), [])
    steps = [f"from {_named(start)}, not counted", *skipped, f"{days} {unit} day{'' if days == 1 else 's'}: {_named(last)}"]
    return Deadline(last, calendar.end_of(last), tuple(steps))


@lru_cache(maxsize=4096)
def months_after(start: date, months: int, calendar: Calendar) -> Deadline:
    """The same day of the month `months` later, or the last day of a month that is shorter. Raises ValueError when negative."""
    if not 0 <= months <= MAX_MONTHS:
        raise ValueError(f"months out of range: {months}")
    last = _in_month(start.year, start.month + months, start.day)
    return Deadline(last, calendar.end_of(last), (f"from {_named(start)}", f"{months} months: {_named(last)}"))


@lru_cache(maxsize=4096)
def end_of_cycles(start: date, cycles: int, cycle_day: int, calendar: Calendar) -> Deadline:
    """The end of the `cycles`-th complete billing cycle after `start`; cycles end on `cycle_day` of each month, 1 to 31.

    The cycle in which `start` falls is not complete and does not count; where `start` is its last day, the next one is the first
    (12 CFR 1026.2(a)(4), 1026.13(c)(2)). Raises ValueError for a number out of range.
    """
    if not 1 <= cycles <= MAX_MONTHS or not 1 <= cycle_day <= 31:
        raise ValueError(f"cycles or their day out of range: {cycles}, {cycle_day}")
    current = _in_month(start.year, start.month, cycle_day)
    if current < start:
        current = _in_month(start.year, start.month + 1, cycle_day)
    ahead = (current.year - start.year) * 12 + current.month + cycles
    last = _in_month(start.year, ahead, cycle_day)
    steps = (
        f"from {_named(start)}, in the cycle that ends {current.isoformat()}, not counted",
        f"{cycles} billing cycles: {_named(last)}",
    )
    return Deadline(last, calendar.end_of(last), steps)


def _in_month(year: int, month: int, day: int) -> date:
    """`day` of a month counted on from January of `year`, or the last day of that month."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day, monthrange(year, month)[1]))


def _work_through(start: date, days: int, calendar: Calendar) -> tuple[date, list[str]]:
    day, counted, skipped = start, 0, []
    limit = start + timedelta(days=2 * MAX_DAYS)
    while counted < days:
        day += _DAY
        why = calendar.closed(day)
        if why is None:
            counted += 1
        else:
            skipped.append(f"{day.isoformat()} skipped: {why}")
        if day > limit:
            raise ValueError(f"calendar {calendar.name} has too few working days")
    return day, skipped


def _named(day: date) -> str:
    return f"{day.isoformat()} ({_NAMES[day.weekday()]})"


def days_between(start: date, end: date, unit: Unit, calendar: Calendar) -> int:
    """How many days lie in (`start`, `end`]: the start is excluded, the end counts. 0 when `end` is not after `start`."""
    if end <= start:
        return 0
    if unit == "calendar":
        return (end - start).days
    return sum(calendar.closed(start + timedelta(days=ahead)) is None for ahead in range(1, (end - start).days + 1))


def parse_calendar(data: Mapping[str, Any]) -> Calendar:
    """A calendar from plain data: name, zone, and optionally weekly_off (day names), saturdays_off, yearly ("MM-DD"), holidays.

    Raises BadInput `calendar_invalid` naming what is wrong.
    """
    unknown = sorted(set(data) - {"name", "zone", "weekly_off", "saturdays_off", "yearly", "holidays"})
    if unknown:
        raise BadInput("calendar_invalid", f"unknown key {unknown[0]}")
    try:
        zone = ZoneInfo(str(data["zone"])).key
        base = Calendar(str(data["name"]), zone)
        calendar = Calendar(
            base.name,
            zone,
            weekly_off=frozenset(_weekday(each) for each in data["weekly_off"]) if "weekly_off" in data else base.weekly_off,
            saturdays_off=frozenset(_nth(each) for each in data["saturdays_off"])
            if "saturdays_off" in data
            else base.saturdays_off,
            yearly=frozenset(_month_day(str(each)) for each in data.get("yearly", ())),
            holidays=frozenset(_as_date(each) for each in data.get("holidays", ())),
        )
    except KeyError as error:
        raise BadInput("calendar_invalid", f"{error.args[0]} is missing") from error
    except (ValueError, TypeError, OSError, ZoneInfoNotFoundError) as error:
        raise BadInput("calendar_invalid", str(error)) from error
    if len(calendar.weekly_off) == len(_NAMES):
        raise BadInput("calendar_invalid", "no working day is left in a week")
    return calendar


def _weekday(value: Any) -> int:
    if value not in _NAMES:
        raise ValueError(f"there is no weekday {value}")
    return _NAMES.index(value)


def _nth(value: Any) -> int:
    if value not in _ORDINAL or isinstance(value, bool):
        raise ValueError(f"there is no Saturday number {value} in a month")
    return int(value)


def _month_day(text: str) -> tuple[int, int]:
    day = date.fromisoformat(f"2024-{text}")  # a leap year, so that 29 February may be named
    return day.month, day.day


def _as_date(value: Any) -> date:
    return value if type(value) is date else date.fromisoformat(str(value))
