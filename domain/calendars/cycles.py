"""Periods counted in months: to the same day of a later month, and to the end of whole billing cycles."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache

from domain.calendars.days import Calendar, Deadline, counted_day, named

MAX_MONTHS = 120


@lru_cache(maxsize=4096)
def months_after(start: date, months: int, calendar: Calendar) -> Deadline:
    """The same day of the month `months` later, or the last day of a month that is shorter. Raises ValueError when out of range."""
    if not 0 <= months <= MAX_MONTHS:
        raise ValueError(f"months out of range: {months}")
    last = _in_month(counted_day(start).year, start.month + months, start.day)
    steps = [f"from {named(start)}", f"{months} months: {named(last)}"]
    if last.day != start.day:
        steps.insert(1, f"{last.isoformat()[:7]} has no day {start.day}")
    return Deadline(last, calendar.end_of(last), tuple(steps))


@lru_cache(maxsize=4096)
def end_of_cycles(start: date, cycles: int, cycle_day: int, calendar: Calendar) -> Deadline:
    """The end of the `cycles`-th complete billing cycle after `start`; cycles end on `cycle_day` of each month, 1 to 31.

    The cycle in which `start` falls is not complete and does not count; where `start` is its last day, the next one is the first
    (12 CFR 1026.2(a)(4), 1026.13(c)(2)). Raises ValueError for a number out of range.
    """
    if not 1 <= cycles <= MAX_MONTHS or not 1 <= cycle_day <= 31:
        raise ValueError(f"cycles or their day out of range: {cycles}, {cycle_day}")
    current = _in_month(counted_day(start).year, start.month, cycle_day)
    if current < start:
        current = _in_month(start.year, start.month + 1, cycle_day)
    ends = [_in_month(current.year, current.month + ahead, cycle_day) for ahead in range(1, cycles + 1)]
    steps = (
        f"from {named(start)}, in the cycle that ends {current.isoformat()}, not counted",
        *(f"cycle {number} ends {end.isoformat()}" for number, end in enumerate(ends[:-1], 1)),
        f"{cycles} billing cycle{'' if cycles == 1 else 's'}: {named(ends[-1])}",
    )
    return Deadline(ends[-1], calendar.end_of(ends[-1]), steps)


def _in_month(year: int, month: int, day: int) -> date:
    """`day` of a month counted on from January of `year`, or the last day of that month."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day, monthrange(year, month)[1]))
