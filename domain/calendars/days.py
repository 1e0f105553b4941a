"""Which days a branch works, how many lie between two, and on which day a number of them ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from domain.calendars.holidays import ORDINALS, WEEKDAYS, Movable
from domain.clock import require_aware

Unit = Literal["calendar", "working"]
MAX_DAYS = 3660
#: Days that are counted from or to; the ends leave room for every period, and keep clear of where a date or an instant overflows.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
_SUNDAY, _SATURDAY = 6, 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a branch works.

    Attributes:
        zone: IANA name; says on which day an instant falls and when a day ends.
        weekly_off: weekdays that are never worked, Monday = 0.
        saturdays_off: which Saturdays of a month are not worked, 1 to 5.
        yearly: (month, day) of holidays that fall on the same date each year.
        movable: holidays given by a rule, such as the third Monday of January or Easter Monday.
        sunday_to_monday: a yearly holiday that falls on a Sunday is kept on the Monday after. One on a Saturday is not moved:
            that is how the Federal Reserve Banks keep the holidays of 5 U.S.C. 6103.
        holidays: further dates; the branch's own list.
    """

    name: str
    zone: str
    weekly_off: frozenset[int] = frozenset({_SUNDAY})
    saturdays_off: frozenset[int] = frozenset({2, 4})
    yearly: frozenset[tuple[int, int]] = frozenset()
    holidays: frozenset[date] = frozenset()
    movable: frozenset[Movable] = frozenset()
    sunday_to_monday: bool = False

    def closed(self, day: date) -> str | None:
        """Why the branch does not work on `day`, or None when it does."""
        if day.weekday() in self.weekly_off:
            return WEEKDAYS[day.weekday()]
        if day.weekday() == _SATURDAY and (nth := (day.day + 6) // 7) in self.saturdays_off:
            return f"{ORDINALS[nth]} Saturday"
        if day in self.holidays or (day.month, day.day) in self.yearly:
            return "holiday"
        for each in self.movable:
            if each.falls_on(day):
                return f"holiday, {each}"
        sunday = day - _DAY
        if self.sunday_to_monday and sunday.weekday() == _SUNDAY and (sunday.month, sunday.day) in self.yearly:
            return f"holiday of Sunday {sunday.isoformat()}"
        return None

    def day_of(self, at: datetime) -> date:
        """The branch's day on which an aware instant falls. Raises ValueError for a naive one."""
        # Only instants in UTC are remembered: of two in a zone that differ in `fold` alone, Python says that they are equal.
        return _day_in(self.zone, at) if at.tzinfo is UTC else require_aware(at).astimezone(ZoneInfo(self.zone)).date()

    def end_of(self, day: date) -> datetime:
        """The last second of a day in the branch's zone, in UTC; right across both clock changes."""
        return _last_second(self.zone, day)


@lru_cache(maxsize=64)
def _day_in(zone: str, at: datetime) -> date:
    """One decision asks for the day of one instant many times."""
    return at.astimezone(ZoneInfo(zone)).date()


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

    Raises ValueError for a negative count, one over MAX_DAYS, a start no bank counts from, or a calendar that never works.
    """
    if not 0 <= days <= MAX_DAYS:
        raise ValueError(f"days out of range: {days}")
    counted_day(start)
    last, skipped = _work_through(start, days, calendar) if unit == "working" else (start + timedelta(days=days), [])
    steps = [f"from {named(start)}, not counted", *skipped, f"{days} {unit} day{'' if days == 1 else 's'}: {named(last)}"]
    return Deadline(last, calendar.end_of(last), tuple(steps))


def counted_day(day: date) -> date:
    """The day itself. Raises ValueError for one so far off that it is an error rather than a date."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"day out of range: {day.isoformat()}")
    return day


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


def named(day: date) -> str:
    """The day as the steps of a derivation show it."""
    return f"{day.isoformat()} ({WEEKDAYS[day.weekday()]})"


def days_between(start: date, end: date, unit: Unit, calendar: Calendar) -> int:
    """How many days lie in (`start`, `end`]: the start is excluded, the end counts. 0 when `end` is not after `start`."""
    if end <= start:
        return 0
    if unit == "calendar":
        return (end - start).days
    return sum(calendar.closed(start + timedelta(days=ahead)) is None for ahead in range(1, (end - start).days + 1))
