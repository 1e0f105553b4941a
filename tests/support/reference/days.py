"""Counting days by hand: a walk along the days, one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE = timedelta(days=1)


@dataclass(frozen=True)
class Branch:
    """Where days are counted: its zone, weekdays never worked (Monday 0), Saturdays of the month not worked, holidays."""

    zone: str
    never: frozenset[int]
    saturdays: frozenset[int]
    yearly: frozenset[tuple[int, int]]
    holidays: frozenset[date]

    def works(self, day: date) -> bool:
        if day.weekday() in self.never or day in self.holidays or (day.month, day.day) in self.yearly:
            return False
        if day.weekday() == 5:
            which = 1  # the first Saturday of a month falls on day 1 to 7, the second on 8 to 14, and so on
            while which * 7 < day.day:
                which += 1
            return which not in self.saturdays
        return True

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zone)).date()

    def closes(self, day: date) -> datetime:
        """The last second of a day there."""
        next_midnight = datetime.combine(day + ONE, time(0, 0), tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
        return next_midnight - timedelta(seconds=1)


def calendar_days(start: date, days: int) -> date:
    return start + days * ONE


def working_days(start: date, days: int, branch: Branch) -> date:
    """The day of `start` is not counted (B-06)."""
    day = start
    while days > 0:
        day += ONE
        if branch.works(day):
            days -= 1
    return day


def months(start: date, how_many: int) -> date:
    """The same day of a later month, or the last day of one that is shorter."""
    year, month = start.year, start.month
    for _ in range(how_many):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    day = start.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def cycle_end(start: date, cycles: int, cycle_day: int) -> date:
    """The end of so many complete billing cycles after the one in which `start` falls (12 CFR 1026.13(c)(2))."""
    ends: list[date] = []
    day = start
    while len(ends) <= cycles:
        if day.day == cycle_day or (day.day < cycle_day and (day + ONE).month != day.month):
            ends.append(day)
        day += ONE
    return ends[cycles]
