"""Amounts and times of a world are exact, whatever form they were written in."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from bank.worlds.values import Day, Instant, Moment, parse_amount, write_amount
from domain.money import EXPONENT, Money


class Sample(BaseModel):
    at: Instant | None = None
    day: Day | None = None


def read(zone: str = "Asia/Kolkata", now: str = "2026-11-25T11:30:00+05:30", **values: str) -> Sample:
    return Sample.model_validate(values, context={"moment": Moment(datetime.fromisoformat(now), ZoneInfo(zone))})


@given(st.integers(-(10**15), 10**15), st.sampled_from(sorted(EXPONENT)))
def test_every_amount_reads_back_as_it_was_written(minor: int, currency: str) -> None:
    assert parse_amount(write_amount(Money(minor, currency))) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("INR 5000.00", Money(500_000)),
        ("INR 5000", Money(500_000)),
        ("INR 1,23,456.05", Money(12_345_605)),
        ("INR 123,456.05", Money(12_345_605)),
        ("INR -0.01", Money(-1)),
        ("JPY 500", Money(500, "JPY")),
        ("INR 90071992547409.93", Money(9_007_199_254_740_993)),
    ],
)
def test_an_amount_is_taken_to_the_last_paisa(text: str, money: Money) -> None:
    assert parse_amount(text) == money


@pytest.mark.parametrize(
    "bad",
    [5000.0, 5000, True, None, "", "5000", "₹5,000.00", "INR 5000.0", "INR 5000.005", "INR 12,34", "INR 1,2345", "inr 5", "INR  5",
     "INR +5", "INR --5", "JPY 5.00", "XYZ 5", "INR 5 ", "INR ५", "INR 5\n", "INR 1e5", "INR nan"],
)  # fmt: skip
def test_what_is_not_an_amount_in_the_one_form_is_refused(bad: object) -> None:
    with pytest.raises(ValueError, match="amount|currency|decimals"):
        parse_amount(bad)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-3h", "2026-11-25T08:30:00+05:30"),
        ("-45m", "2026-11-25T10:45:00+05:30"),
        ("-10s", "2026-11-25T11:29:50+05:30"),
        ("-2d", "2026-11-23T11:30:00+05:30"),
        ("-2d 14:30", "2026-11-23T14:30:00+05:30"),
        ("-2d 14:30:15", "2026-11-23T14:30:15+05:30"),
        ("-1w 00:00", "2026-11-18T00:00:00+05:30"),
        ("+7d", "2026-12-02T11:30:00+05:30"),
        ("2026-11-24T14:12:00Z", "2026-11-24T19:42:00+05:30"),
    ],
)
def test_relative_times_are_read_by_the_clock_of_the_zone(text: str, expected: str) -> None:
    assert read(at=text).at == datetime.fromisoformat(expected)


def test_a_time_comes_out_in_the_zone_of_the_world() -> None:
    at = read(at="2026-11-24T14:12:00Z").at
    assert at is not None
    assert str(at.tzinfo) == "Asia/Kolkata"
    assert at.hour == 19


def test_days_ago_are_whole_days_even_over_a_clock_change_while_a_clock_time_is_what_the_wall_said() -> None:
    # Clocks in Berlin went back an hour on 25 October 2026.
    berlin = {"zone": "Europe/Berlin", "now": "2026-10-26T12:00:00+01:00"}
    assert read(at="-2d", **berlin).at == datetime(2026, 10, 24, 11, 0, tzinfo=UTC)
    assert read(at="-2d 12:00", **berlin).at == datetime(2026, 10, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"), [("-2d", "2026-11-23"), ("+0d", "2026-11-25"), ("+1w", "2026-12-02"), ("2026-01-31", "2026-01-31")]
)
def test_days_are_counted_from_today_in_the_zone(text: str, expected: str) -> None:
    assert str(read(day=text).day) == expected


def test_today_is_the_day_of_the_zone_not_of_utc() -> None:
    assert str(read(now="2026-11-24T20:00:00Z", day="+0d").day) == "2026-11-25"


@pytest.mark.parametrize(
    "bad",
    [
        "2h",
        "- 2h",
        "-2",
        "-2x",
        "-2d14:30",
        "-2d 25:00",
        "-3h 14:30",
        "2026-11-24",
        "2026-11-24T10:00:00",
        "now",
        "-10000w",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_other_times_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="at"):
        read(at=bad)


@pytest.mark.parametrize("bad", ["-3h", "-2d 10:00", "2026-13-01", "20261101", "24 Nov", "2026-11-24T10:00:00Z"])
def test_other_days_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="day"):
        read(day=bad)
