"""Days as banks count them. Dates are checked against a wall calendar, laws against hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import INDIA, MAX_DAYS, Calendar, days_between, deadline
from tests.support.calendars import CALENDARS, DAYS, FEDERAL, TARGET, ZONES


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-11-07", None),  # first Saturday is worked
        ("2026-11-14", "second Saturday"),
        ("2026-11-21", None),  # third Saturday is worked
        ("2026-11-28", "fourth Saturday"),
        ("2026-08-29", None),  # fifth Saturday is worked
        ("2026-11-22", "Sunday"),
        ("2026-08-15", "holiday"),  # Independence Day, a third Saturday
        ("2027-01-26", "holiday"),  # Republic Day, a Tuesday
        ("2026-11-23", None),
    ],
)
def test_indian_branches_work_on(day: str, why: str | None) -> None:
    assert INDIA.closed(date.fromisoformat(day)) == why


@pytest.mark.parametrize(
    ("alert", "report", "working", "calendar"),
    [
        ("2026-11-20", "2026-11-20", 0, 0),  # the day of the alert is not counted
        ("2026-11-20", "2026-11-21", 1, 1),  # Friday to a worked Saturday
        ("2026-11-20", "2026-11-22", 1, 2),  # Sunday adds a calendar day only
        ("2026-11-20", "2026-11-24", 3, 4),  # still within three working days
        ("2026-11-20", "2026-11-25", 4, 5),
        ("2026-11-27", "2026-11-30", 1, 3),  # a fourth Saturday and a Sunday between
        ("2026-11-20", "2026-11-19", 0, 0),  # reported before the alert
    ],
)
def test_days_since_an_alert_leave_out_the_day_of_the_alert(alert: str, report: str, working: int, calendar: int) -> None:
    one, two = date.fromisoformat(alert), date.fromisoformat(report)
    assert days_between(one, two, "working", INDIA) == working
    assert days_between(one, two, "calendar", INDIA) == calendar


def test_ten_working_days_show_every_day_that_was_left_out() -> None:
    found = deadline(date(2026, 11, 20), 10, "working", INDIA)

    assert found.day == date(2026, 12, 3)
    assert found.steps == (
        "from 2026-11-20 (Friday), not counted",
        "2026-11-22 skipped: Sunday",
        "2026-11-28 skipped: fourth Saturday",
        "2026-11-29 skipped: Sunday",
        "10 working days: 2026-12-03 (Thursday)",
    )


def test_a_deadline_ends_with_the_last_second_of_the_day_in_the_branch_zone() -> None:
    assert deadline(date(2026, 11, 20), 90, "calendar", INDIA).due == datetime(2027, 2, 18, 18, 29, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", date(2026, 3, 8), 23),  # clocks go forward
        ("America/New_York", date(2026, 11, 1), 25),  # clocks go back
        ("Africa/Cairo", date(2026, 4, 24), 23),  # the day begins at 01:00
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),  # half an hour of daylight saving
        ("Europe/Berlin", date(2027, 3, 28), 23),  # Easter Sunday as well
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Asia/Beirut", date(2026, 10, 24), 25),  # midnight goes back to eleven
        ("America/Havana", date(2026, 11, 1), 25),  # one goes back to midnight
        ("Asia/Kolkata", date(2026, 11, 1), 24),
    ],
)
def test_a_day_is_as_long_as_its_clock_changes_make_it(zone: str, day: date, hours: float) -> None:
    calendar = Calendar("any", zone)
    assert calendar.end_of(day) - calendar.end_of(day - timedelta(days=1)) == timedelta(hours=hours)


@given(DAYS, st.integers(0, 200), CALENDARS)
def test_counting_back_from_a_deadline_gives_the_days_it_was_given(start: date, days: int, calendar: Calendar) -> None:
    for unit in ("calendar", "working"):
        found = deadline(start, days, unit, calendar)
        assert days_between(start, found.day, unit, calendar) == days
        if days:
            assert days_between(start, found.day - timedelta(days=1), unit, calendar) == days - 1


@given(DAYS, st.integers(1, 200), CALENDARS)
def test_a_working_deadline_falls_on_a_working_day_and_never_before_the_calendar_one(
    start: date, days: int, calendar: Calendar
) -> None:
    working = deadline(start, days, "working", calendar)
    assert calendar.closed(working.day) is None
    assert working.day >= deadline(start, days, "calendar", calendar).day
    skipped = sum("skipped" in step for step in working.steps)
    assert (working.day - start).days == days + skipped


@given(DAYS, st.integers(0, 100), CALENDARS, st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_one_more_holiday_never_brings_a_deadline_forward(start: date, days: int, calendar: Calendar, holiday: date) -> None:
    more = replace(calendar, holidays=calendar.holidays | {holiday})
    assert deadline(start, days, "working", more).day >= deadline(start, days, "working", calendar).day


@given(DAYS, ZONES)
def test_the_last_second_of_a_day_is_on_that_day_and_the_next_second_is_not(day: date, zone: str) -> None:
    calendar = Calendar("any", zone)
    end = calendar.end_of(day)
    assert calendar.day_of(end) == day
    assert calendar.day_of(end + timedelta(seconds=1)) == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("calendar", "start", "days", "last", "due"),
    [
        # the Friday before the clocks go forward: ten business days later it is summer time
        (FEDERAL, "2026-03-06", 10, "2026-03-20", "2026-03-21T03:59:59+00:00"),
        (FEDERAL, "2026-10-30", 1, "2026-11-02", "2026-11-03T04:59:59+00:00"),  # and back over a Sunday of 25 hours
        (FEDERAL, "2026-11-20", 10, "2026-12-07", "2026-12-08T04:59:59+00:00"),  # over Thanksgiving
        (FEDERAL, "2026-12-23", 5, "2026-12-31", "2027-01-01T04:59:59+00:00"),  # over Christmas
        (FEDERAL, "2026-12-31", 1, "2027-01-04", "2027-01-05T04:59:59+00:00"),  # over New Year, a Friday
        (FEDERAL, "2027-07-02", 1, "2027-07-06", "2027-07-07T03:59:59+00:00"),  # Independence Day kept on Monday
        (TARGET, "2026-04-02", 1, "2026-04-07", "2026-04-07T21:59:59+00:00"),  # over Easter
        (TARGET, "2027-03-25", 1, "2027-03-30", "2027-03-30T21:59:59+00:00"),  # over Easter and the clock change
        (TARGET, "2026-04-30", 1, "2026-05-04", "2026-05-04T21:59:59+00:00"),  # over the first of May, a Friday
        (TARGET, "2026-10-23", 1, "2026-10-26", "2026-10-26T22:59:59+00:00"),  # back to winter time
        (TARGET, "2026-12-24", 1, "2026-12-28", "2026-12-28T22:59:59+00:00"),
    ],
)
def test_business_days_across_holidays_and_clock_changes(calendar: Calendar, start: str, days: int, last: str, due: str) -> None:
    found = deadline(date.fromisoformat(start), days, "working", calendar)
    assert (found.day.isoformat(), found.due.isoformat()) == (last, due)


def test_the_holidays_on_the_way_are_named() -> None:
    assert deadline(date(2026, 11, 25), 1, "working", FEDERAL).steps == (
        "from 2026-11-25 (Wednesday), not counted",
        "2026-11-26 skipped: holiday, fourth Thursday of November",
        "1 working day: 2026-11-27 (Friday)",
    )
    assert deadline(date(2026, 4, 2), 1, "working", TARGET).steps[1:5] == (
        "2026-04-03 skipped: holiday, Easter -2",
        "2026-04-04 skipped: Saturday",
        "2026-04-05 skipped: Sunday",
        "2026-04-06 skipped: holiday, Easter +1",
    )


@given(DAYS, st.integers(0, 60), st.integers(0, 60), CALENDARS)
def test_days_add_up_and_more_of_them_never_end_earlier(start: date, one: int, two: int, calendar: Calendar) -> None:
    for unit in ("calendar", "working"):
        first = deadline(start, one, unit, calendar)
        both = deadline(start, one + two, unit, calendar)
        assert deadline(first.day, two, unit, calendar).day == both.day
        assert both.due >= first.due
        assert both.due > first.due or two == 0


@given(DAYS, st.integers(0, 30), st.integers(0, 60), CALENDARS)
def test_a_later_start_never_ends_earlier(start: date, later: int, days: int, calendar: Calendar) -> None:
    for unit in ("calendar", "working"):
        after = deadline(start + timedelta(days=later), days, unit, calendar)
        assert after.day >= deadline(start, days, unit, calendar).day


@given(DAYS, st.integers(0, 200), CALENDARS)
def test_the_derivation_starts_with_the_first_day_ends_with_the_last_and_names_every_day_left_out(
    start: date, days: int, calendar: Calendar
) -> None:
    for unit in ("calendar", "working"):
        found = deadline(start, days, unit, calendar)
        assert found.steps[0].startswith(f"from {start.isoformat()}")
        assert f": {found.day.isoformat()} (" in found.steps[-1]
        assert found.due == calendar.end_of(found.day)
    left_out = [step[:10] for step in found.steps[1:-1]]
    between = [start + timedelta(days=ahead) for ahead in range(1, (found.day - start).days)]
    assert left_out == [day.isoformat() for day in between if calendar.closed(day)]


@given(
    DAYS,
    st.integers(1, 150),
    st.frozensets(st.integers(0, 6), max_size=4),
    st.frozensets(st.dates(date(2015, 1, 1), date(2042, 12, 31)), max_size=40),
)
def test_working_days_are_those_that_numpy_counts(
    start: date, days: int, weekly_off: frozenset[int], holidays: frozenset[date]
) -> None:
    calendar = Calendar("any", "UTC", weekly_off=weekly_off, saturdays_off=frozenset(), holidays=holidays)
    theirs = np.busdaycalendar([each not in weekly_off for each in range(7)], [np.datetime64(day) for day in holidays])
    # from the last worked day up to the start, so many on
    expected = np.busday_offset(np.datetime64(start), days, roll="backward", busdaycal=theirs).astype(date)
    assert deadline(start, days, "working", calendar).day == expected
    end = expected + timedelta(days=days % 5)
    after = [np.datetime64(day + timedelta(days=1)) for day in (start, end)]
    assert days_between(start, end, "working", calendar) == np.busday_count(*after, busdaycal=theirs)


def test_impossible_counts_and_calendars_that_never_work_are_refused() -> None:
    never = Calendar("never", "UTC", weekly_off=frozenset(range(7)))
    for days, calendar in ((-1, INDIA), (MAX_DAYS + 1, INDIA), (1, never)):
        with pytest.raises(ValueError, match="days"):
            deadline(date(2026, 1, 1), days, "working", calendar)


@pytest.mark.parametrize("start", [date.min, date(1899, 12, 31), date(2201, 1, 1), date.max])
def test_days_that_can_only_be_errors_are_refused_before_anything_overflows(start: date) -> None:
    with pytest.raises(ValueError, match="day out of range"):
        deadline(start, 1, "calendar", INDIA)


def test_a_naive_instant_falls_on_no_day() -> None:
    with pytest.raises(ValueError, match="naive"):
        INDIA.day_of(datetime(2026, 11, 20, 9))  # noqa: DTZ001
