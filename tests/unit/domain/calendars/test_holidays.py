"""Holidays that move: against the published lists, and against a plain search of the month."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import Calendar, EasterDay, NthWeekday, easter, movable
from domain.calendars.holidays import LAST
from tests.support.calendars import FEDERAL, MOVABLE, TARGET

#: Days on which the Federal Reserve Banks are closed, from their own calendar.
FEDERAL_DAYS = {
    2026: "01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25",  # 4 July is a Saturday and not moved
    2027: "01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25",  # 19 June and 25 December are Saturdays
    2028: "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-23 12-25",  # 1 January and 11 November are Saturdays
}
#: Days on which TARGET is closed, Saturdays and Sundays apart.
TARGET_DAYS = {
    2026: "01-01 04-03 04-06 05-01 12-25",
    2027: "01-01 03-26 03-29",
    2028: "04-14 04-17 05-01 12-25 12-26",
}


@pytest.mark.parametrize(
    ("calendar", "published"), [(FEDERAL, FEDERAL_DAYS), (TARGET, TARGET_DAYS)], ids=["federal reserve", "target"]
)
def test_the_closed_weekdays_of_a_year_are_the_published_ones(calendar: Calendar, published: dict[int, str]) -> None:
    for year, days in published.items():
        all_days = [date(year, 1, 1) + timedelta(days=ahead) for ahead in range(366)]
        closed = [day for day in all_days if day.year == year and day.weekday() < 5 and calendar.closed(day)]
        assert " ".join(f"{day:%m-%d}" for day in closed) == days


@pytest.mark.parametrize(
    "sunday",
    # the earliest and the latest there can be, the exceptions of the epact, and years around now
    [
        "1818-03-22",
        "1943-04-25",
        "1954-04-18",
        "1981-04-19",
        "2019-04-21",
        "2024-03-31",
        "2026-04-05",
        "2027-03-28",
        "2038-04-25",
    ],
)
def test_easter_falls_on_the_published_sunday(sunday: str) -> None:
    assert easter(int(sunday[:4])) == date.fromisoformat(sunday)


@given(st.integers(1583, 4099))
def test_easter_is_a_sunday_from_22_march_to_25_april(year: int) -> None:
    day = easter(year)
    assert day.weekday() == 6
    assert date(year, 3, 22) <= day <= date(year, 4, 25)


@given(st.sampled_from([LAST, 1, 2, 3, 4, 5]), st.integers(0, 6), st.integers(1, 12), st.integers(2015, 2040))
def test_an_nth_weekday_is_the_one_that_a_search_of_the_month_finds(nth: int, weekday: int, month: int, year: int) -> None:
    days = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
    such = [day for day in days if day.weekday() == weekday]
    expected = [such[-1]] if nth == LAST else such[nth - 1 : nth]
    assert [day for day in days if NthWeekday(nth, weekday, month).falls_on(day)] == expected


@given(MOVABLE)
def test_a_rule_is_read_back_from_how_it_prints(rule: NthWeekday | EasterDay) -> None:
    assert movable(str(rule)) == rule


@pytest.mark.parametrize(
    "text",
    ["", "sixth Monday of May", "third Monday in May", "last Mai", "Third Monday of May", "Easter+1", "Easter +0", "Easter 1", "Easter +71", "Ostern"],
)  # fmt: skip
def test_a_rule_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a movable holiday"):
        movable(text)


def test_a_holiday_on_a_sunday_is_kept_on_monday_and_one_on_a_saturday_not_at_all() -> None:
    assert FEDERAL.closed(date(2027, 7, 4)) == "Sunday"
    assert FEDERAL.closed(date(2027, 7, 5)) == "holiday of Sunday 2027-07-04"
    assert FEDERAL.closed(date(2026, 7, 3)) is None
    assert FEDERAL.closed(date(2026, 7, 6)) is None
    assert TARGET.closed(date(2027, 12, 27)) is None  # Christmas 2027 is a weekend and not moved
