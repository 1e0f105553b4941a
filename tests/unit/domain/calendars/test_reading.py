"""Calendars from plain data, as packs and branches write them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from domain.calendars import INDIA, parse_calendar
from domain.errors import BadInput
from tests.support.calendars import FEDERAL, TARGET


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
        ({"yearly": [101]}, "yearly holiday is not text"),
        ({"yearly": "01-26"}, "yearly is not a list"),
        ({"saturdays_off": [True]}, "Saturday number True"),
        ({"saturdays_off": [2.0]}, "Saturday number 2.0"),
        ({"weekly_off": "Sunday"}, "weekly_off is not a list"),
        ({"weekly_off": None}, "weekly_off is not a list"),
        ({"movable": ["third Mon of May"]}, "not a movable holiday: third Mon of May"),
        ({"movable": [1]}, "movable holiday is not text"),
        ({"sunday_to_monday": "yes"}, "neither true nor false"),
        ({"holidays": ["tomorrow"]}, "tomorrow"),
        ({"holidays": [datetime(2026, 1, 1)]}, "not a date"),  # noqa: DTZ001
        ({"holidays": {"2026-01-01": "New Year"}}, "holidays is not a list"),
        ({"name": ""}, "name is not text"),
        ({"name": 7}, "name is not text"),
        ({"zone": None}, "zone is not text"),
        ({1: 2}, "unknown key 1"),
        ({"holidys": []}, "holidys"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_with_the_reason(change: dict[Any, object], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_calendar({"name": "in", "zone": "Asia/Kolkata"} | change)
    assert caught.value.code == "calendar_invalid"
    assert said in str(caught.value)


def test_a_calendar_without_a_zone_is_refused() -> None:
    with pytest.raises(BadInput, match="zone is missing"):
        parse_calendar({"name": "in"})


def test_the_calendars_of_the_packs_are_written_as_rules() -> None:
    weekend: dict[str, object] = {"weekly_off": ["Saturday", "Sunday"], "saturdays_off": []}
    federal = weekend | {
        "name": "federal",
        "zone": "America/New_York",
        "yearly": ["01-01", "06-19", "07-04", "11-11", "12-25"],
        "sunday_to_monday": True,
        "movable": [
            "third Monday of January",
            "third Monday of February",
            "last Monday of May",
            "first Monday of September",
            "second Monday of October",
            "fourth Thursday of November",
        ],
    }
    target = weekend | {
        "name": "target",
        "zone": "Europe/Berlin",
        "yearly": ["01-01", "05-01", "12-25", "12-26"],
        "movable": ["Easter -2", "Easter +1"],
    }
    assert (parse_calendar(federal), parse_calendar(target)) == (FEDERAL, TARGET)
