"""Days as banks count them. Dates are checked against a wall calendar, laws against hypothesis."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendars import INDIA, MAX_DAYS, Calendar, days_between, deadline, parse_calendar
from domain.errors import BadInput

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))
ZONES = st.sampled_from(["Asia/Kolkata", "America/New_York", "Europe/Berlin", "Africa/Cairo", "Australia/Lord_Howe", "UTC"])
CALENDARS = st.builds(
    Calendar,
    st.just("any"),
    ZONES,
    weekly_off=st.frozensets(st.integers(0, 6), max_size=4),
    saturdays_off=st.frozensets(st.integers(1, 5)),
    holidays=st.frozensets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=30),
)


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
        ("Asia/Kolkata", date(2026, 11, 1), 24),
    ],
)
def test_a_day_is_as_long_as_its_clock_changes_make_it(zone: str, day: date, hours: float) -> None:
    calendar = Calendar("any", zone)
    assert calendar.end_of(day) - calendar.end_of(day - timedelta(days=1)) == timedelta(hours=hours)


@given(DAYS, st.integers(0, 200), CALENDARS)
@settings(max_examples=200, deadline=None)
def test_counting_back_from_a_deadline_gives_the_days_it_was_given(start: date, days: int, calendar: Calendar) -> None:
    for unit in ("calendar", "working"):
        found = deadline(start, days, unit, calendar)
        assert days_between(start, found.day, unit, calendar) == days
        if days:
            assert days_between(start, found.day - timedelta(days=1), unit, calendar) == days - 1


@given(DAYS, st.integers(1, 200), CALENDARS)
@settings(max_examples=200, deadline=None)
def test_a_working_deadline_falls_on_a_working_day_and_never_before_the_calendar_one(
    start: date, days: int, calendar: Calendar
) -> None:
    working = deadline(start, days, "working", calendar)
    assert calendar.closed(working.day) is None
    assert working.day >= deadline(start, days, "calendar", calendar).day
    skipped = sum("skipped" in step for step in working.steps)
    assert (working.day - start).days == days + skipped


@given(DAYS, st.integers(0, 100), CALENDARS, st.dates(date(2025, 1, 1), date(2027, 12, 31)))
@settings(max_examples=200, deadline=None)
def test_one_more_holiday_never_brings_a_deadline_forward(start: date, days: int, calendar: Calendar, holiday: date) -> None:
    more = Calendar(
        calendar.name, calendar.zone, calendar.weekly_off, calendar.saturdays_off, calendar.yearly, calendar.holidays | {holiday}
    )
    assert deadline(start, days, "working", more).day >= deadline(start, days, "working", calendar).day


@given(DAYS, ZONES)
@settings(max_examples=200, deadline=None)
def test_the_last_second_of_a_day_is_on_that_day_and_the_next_second_is_not(day: date, zone: str) -> None:
    calendar = Calendar("any", zone)
    end = calendar.end_of(day)
    assert calendar.day_of(end) == day
    assert calendar.day_of(end + timedelta(seconds=1)) == day + timedelta(days=1)


def test_impossible_counts_and_calendars_that_never_work_are_refused() -> None:
    never = Calendar("never", "UTC", weekly_off=frozenset(range(7)))
    for days, calendar in ((-1, INDIA), (MAX_DAYS + 1, INDIA), (1, never)):
        with pytest.raises(ValueError, match="days"):
            deadline(date(2026, 1, 1), days, "working", calendar)


def test_a_naive_instant_falls_on_no_day() -> None:
    with pytest.raises(ValueError, match="naive"):
        INDIA.day_of(datetime(2026, 11, 20, 9))  # noqa: DTZ001


def test_a_calendar_is_read_from_plain_data() -> None:
    data = {
        "name": "pune",
        "zone": "Asia/Kolkata",
        "weekly_off": ["Sunday"],
        "saturdays_off": [2, 4],
        "yearly": ["01-26", "12-25"],
        "holidays": ["2026-03-04", date(2026, 4, 3)],
    }
    calendar = parse_calendar(data)
    assert (
        calendar.closed(date(2026, 3, 4)) == calendar.closed(date(2026, 4, 3)) == calendar.closed(date(2031, 12, 25)) == "holiday"
    )
    assert parse_calendar({"name": "in", "zone": "Asia/Kolkata", "yearly": ["01-26", "08-15", "10-02"]}) == INDIA


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"zone": "Asia/Nowhere"}, "Nowhere"),
        ({"zone": "../../etc/passwd"}, "calendar_invalid"),
        ({"weekly_off": ["Sonntag"]}, "Sonntag"),
        ({"weekly_off": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]}, "no working day"),
        ({"saturdays_off": [6]}, "Saturday number 6"),
        ({"yearly": ["02-30"]}, "calendar_invalid"),
        ({"holidays": ["tomorrow"]}, "tomorrow"),
        ({"holidys": []}, "holidys"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_with_the_reason(change: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_calendar({"name": "in", "zone": "Asia/Kolkata"} | change)
    assert caught.value.code == "calendar_invalid"
    assert said in str(caught.value)


def test_a_calendar_without_a_zone_is_refused() -> None:
    with pytest.raises(BadInput, match="zone is missing"):
        parse_calendar({"name": "in"})
