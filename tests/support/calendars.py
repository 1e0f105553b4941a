"""Calendars of every sort for property tests: odd weeks, odd zones, holidays of each kind."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from domain.calendars import Calendar, EasterDay, NthWeekday
from domain.calendars.holidays import LAST

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))
#: Clock changes at one, two and midnight, of an hour and of half an hour, and none.
ZONES = st.sampled_from(
    ["Asia/Kolkata", "America/New_York", "Europe/Berlin", "Africa/Cairo", "Asia/Beirut", "America/Havana", "Australia/Lord_Howe", "UTC"]
)  # fmt: skip
MOVABLE = st.one_of(
    st.builds(NthWeekday, st.sampled_from([LAST, 1, 2, 3, 4, 5]), st.integers(0, 6), st.integers(1, 12)),
    st.builds(EasterDay, st.integers(-60, 60)),
)
CALENDARS = st.builds(
    Calendar,
    st.just("any"),
    ZONES,
    weekly_off=st.frozensets(st.integers(0, 6), max_size=4),
    saturdays_off=st.frozensets(st.integers(1, 5)),
    yearly=st.frozensets(st.tuples(st.integers(1, 12), st.integers(1, 28)), max_size=10),
    holidays=st.frozensets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=30),
    movable=st.frozensets(MOVABLE, max_size=6),
    sunday_to_monday=st.booleans(),
)
#: Reg E's business days, as the pack for the United States counts them, and the settlement days of TARGET.
FEDERAL = Calendar(
    "federal",
    "America/New_York",
    weekly_off=frozenset({5, 6}),
    saturdays_off=frozenset(),
    yearly=frozenset({(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)}),
    movable=frozenset(
        {
            NthWeekday(3, 0, 1), NthWeekday(3, 0, 2), NthWeekday(LAST, 0, 5), NthWeekday(1, 0, 9), NthWeekday(2, 0, 10),
            NthWeekday(4, 3, 11),
        }
    ),
    sunday_to_monday=True,
)  # fmt: skip
TARGET = Calendar(
    "target",
    "Europe/Berlin",
    weekly_off=frozenset({5, 6}),
    saturdays_off=frozenset(),
    yearly=frozenset({(1, 1), (5, 1), (12, 25), (12, 26)}),
    movable=frozenset({EasterDay(-2), EasterDay(1)}),
)
