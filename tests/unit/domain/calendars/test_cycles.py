"""Months and billing cycles: worked dates, and the laws that hold for all of them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import MAX_MONTHS, Calendar, end_of_cycles, months_after
from tests.support.calendars import CALENDARS, DAYS, FEDERAL, TARGET


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2026-11-20", 13, "2027-12-20"),  # article 71: thirteen months
        ("2027-01-29", 1, "2027-02-28"),
        ("2027-01-31", 13, "2028-02-29"),  # into a leap year
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-12-31", 2, "2027-02-28"),  # over the year's end
        ("2026-08-31", 0, "2026-08-31"),
    ],
)
def test_months_lead_to_the_same_day_or_the_last_of_a_shorter_month(start: str, months: int, last: str) -> None:
    assert months_after(date.fromisoformat(start), months, TARGET).day.isoformat() == last


def test_a_month_that_is_too_short_is_named_in_the_derivation() -> None:
    assert months_after(date(2027, 1, 31), 1, TARGET).steps == (
        "from 2027-01-31 (Sunday)",
        "2027-02 has no day 31",
        "1 months: 2027-02-28 (Sunday)",
    )


@given(DAYS, st.integers(0, 60), CALENDARS)
def test_months_keep_the_day_or_clamp_it_and_never_run_over(start: date, months: int, calendar: Calendar) -> None:
    found = months_after(start, months, calendar)
    assert (found.day.year - start.year) * 12 + found.day.month - start.month == months
    assert found.day.day == min(start.day, monthrange(found.day.year, found.day.month)[1])
    assert found.due == calendar.end_of(found.day)


@given(st.dates(date(2015, 1, 1), date(2040, 12, 31)).filter(lambda day: day.day <= 28), st.integers(0, 40), st.integers(0, 40))
def test_months_add_up_where_no_month_is_too_short(start: date, one: int, two: int) -> None:
    between = months_after(start, one, TARGET).day
    assert months_after(between, two, TARGET).day == months_after(start, one + two, TARGET).day


@given(DAYS, st.integers(0, 400), st.integers(0, 24))
def test_a_later_start_never_ends_months_earlier(start: date, later: int, months: int) -> None:
    assert months_after(start + timedelta(days=later), months, TARGET).day >= months_after(start, months, TARGET).day


@pytest.mark.parametrize(
    ("start", "cycles", "cycle_day", "last"),
    [
        ("2026-11-20", 2, 15, "2027-02-15"),  # the cycle to 15 December is under way and does not count
        ("2026-11-15", 2, 15, "2027-01-15"),  # its last day: the next cycle is the first
        ("2026-11-16", 2, 15, "2027-02-15"),
        ("2026-12-31", 2, 31, "2027-02-28"),  # cycles end with the month
        ("2027-12-05", 2, 29, "2028-02-29"),
        ("2026-11-20", 1, 1, "2027-01-01"),
    ],
)
def test_cycles_are_counted_from_the_first_complete_one(start: str, cycles: int, cycle_day: int, last: str) -> None:
    assert end_of_cycles(date.fromisoformat(start), cycles, cycle_day, FEDERAL).day.isoformat() == last


def test_cycles_show_where_each_of_them_ends() -> None:
    assert end_of_cycles(date(2026, 11, 20), 2, 15, FEDERAL).steps == (
        "from 2026-11-20 (Friday), in the cycle that ends 2026-12-15, not counted",
        "cycle 1 ends 2027-01-15",
        "2 billing cycles: 2027-02-15 (Monday)",
    )


@given(DAYS, st.integers(1, 12), st.integers(1, 31))
def test_cycles_end_on_their_day_and_are_complete(start: date, cycles: int, cycle_day: int) -> None:
    found = end_of_cycles(start, cycles, cycle_day, FEDERAL).day
    assert found.day == min(cycle_day, monthrange(found.year, found.month)[1])
    assert 28 * cycles <= (found - start).days <= 31 * (cycles + 1)
    if cycles > 1:
        before = end_of_cycles(start, cycles - 1, cycle_day, FEDERAL).day
        assert 28 <= (found - before).days <= 31
    # whoever starts on a cycle's last day waits for exactly the cycles asked for
    assert end_of_cycles(found, cycles, cycle_day, FEDERAL).day > found


@pytest.mark.parametrize("months", [-1, MAX_MONTHS + 1])
def test_months_out_of_range_are_refused(months: int) -> None:
    with pytest.raises(ValueError, match="months out of range"):
        months_after(date(2026, 1, 1), months, TARGET)


@pytest.mark.parametrize(("cycles", "cycle_day"), [(0, 15), (-1, 15), (2, 0), (2, 32), (MAX_MONTHS + 1, 1)])
def test_cycles_out_of_range_are_refused(cycles: int, cycle_day: int) -> None:
    with pytest.raises(ValueError, match="cycles or their day"):
        end_of_cycles(date(2026, 1, 1), cycles, cycle_day, FEDERAL)


@pytest.mark.parametrize("start", [date.min, date(1899, 12, 31), date(2201, 1, 1), date.max])
def test_days_that_can_only_be_errors_are_refused_before_anything_overflows(start: date) -> None:
    with pytest.raises(ValueError, match="day out of range"):
        months_after(start, 1, TARGET)
    with pytest.raises(ValueError, match="day out of range"):
        end_of_cycles(start, 1, 1, TARGET)
