"""Holidays that fall on another date each year: "third Monday of January", "last Monday of May", "Easter +1".

They are rules, not lists, so that a calendar needs no update each year; a list (`Calendar.holidays`) remains for what follows
the moon or a government's notice.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
LAST = -1
MAX_FROM_EASTER = 70
_OF_MONTH = re.compile(rf"({'|'.join(ORDINALS.values())}|last) ({'|'.join(WEEKDAYS)}) of ({'|'.join(MONTHS)})")
_OF_EASTER = re.compile(r"Easter(?: ([+-][1-9]\d?))?")


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The `nth` `weekday` (Monday = 0) of a month (1 to 12), counted from its first day; `nth` LAST is the last one."""

    nth: int
    weekday: int
    month: int

    def falls_on(self, day: date) -> bool:
        """Whether `day` is this one of its month."""
        if day.month != self.month or day.weekday() != self.weekday:
            return False
        if self.nth == LAST:
            return day.day + 7 > monthrange(day.year, day.month)[1]
        return (day.day + 6) // 7 == self.nth

    def __str__(self) -> str:
        nth = "last" if self.nth == LAST else ORDINALS[self.nth]
        return f"{nth} {WEEKDAYS[self.weekday]} of {MONTHS[self.month - 1]}"


@dataclass(frozen=True, slots=True)
class EasterDay:
    """A day so many days after Easter Sunday, or before it where `offset` is negative: -2 Good Friday, 1 Easter Monday."""

    offset: int

    def falls_on(self, day: date) -> bool:
        """Whether `day` lies that far from the Easter Sunday of its own year."""
        return day - timedelta(days=self.offset) == easter(day.year)

    def __str__(self) -> str:
        return f"Easter {self.offset:+d}" if self.offset else "Easter"


Movable = NthWeekday | EasterDay


@lru_cache(maxsize=512)
def easter(year: int) -> date:
    """Easter Sunday of the western churches, by the Gregorian computus in the form given by Meeus, Jones and Butcher.

    Right for every year of the Gregorian calendar, 1583 and later.
    """
    golden = year % 19
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - correction + 15) % 30
    quarter, remainder = divmod(of_century, 4)
    to_sunday = (32 + 2 * rest + 2 * quarter - epact - remainder) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def movable(text: str) -> Movable:
    """The rule that a text states. Raises ValueError when it states none, or one that never falls (a fifth Monday may)."""
    if found := _OF_MONTH.fullmatch(text):
        nth = LAST if found[1] == "last" else next(each for each, word in ORDINALS.items() if word == found[1])
        return NthWeekday(nth, WEEKDAYS.index(found[2]), MONTHS.index(found[3]) + 1)
    if found := _OF_EASTER.fullmatch(text):
        offset = int(found[1] or 0)
        if abs(offset) <= MAX_FROM_EASTER:
            return EasterDay(offset)
    raise ValueError(f"not a movable holiday: {text}")
