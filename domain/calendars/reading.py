"""A calendar from plain data, as packs and branches write it; anything that is not understood is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.calendars.days import Calendar
from domain.calendars.holidays import ORDINALS, WEEKDAYS, movable
from domain.errors import BadInput

_KEYS = {"name", "zone", "weekly_off", "saturdays_off", "yearly", "movable", "sunday_to_monday", "holidays"}


def parse_calendar(data: Mapping[str, Any]) -> Calendar:
    """A calendar from plain data: name, zone, and what of a Calendar's other attributes differs from an Indian branch's.

    weekly_off takes names of days, saturdays_off numbers, yearly "MM-DD", movable texts such as "last Monday of May" or
    "Easter +1", holidays ISO dates. Raises BadInput `calendar_invalid` naming what is wrong.
    """
    unknown = sorted(str(key) for key in set(data) - _KEYS)
    if unknown:
        raise BadInput("calendar_invalid", f"unknown key {unknown[0]}")
    try:
        calendar = _read(data)
    except KeyError as error:
        raise BadInput("calendar_invalid", f"{error.args[0]} is missing") from error
    except (ValueError, TypeError, OSError, ZoneInfoNotFoundError) as error:
        raise BadInput("calendar_invalid", str(error)) from error
    if len(calendar.weekly_off) == len(WEEKDAYS):
        raise BadInput("calendar_invalid", "no working day is left in a week")
    return calendar


def _read(data: Mapping[str, Any]) -> Calendar:
    base = Calendar(_text(data["name"], "name"), ZoneInfo(_text(data["zone"], "zone")).key)
    return Calendar(
        base.name,
        base.zone,
        weekly_off=frozenset(map(_weekday, _list(data, "weekly_off"))) if "weekly_off" in data else base.weekly_off,
        saturdays_off=frozenset(map(_nth, _list(data, "saturdays_off"))) if "saturdays_off" in data else base.saturdays_off,
        yearly=frozenset(map(_month_day, _list(data, "yearly"))),
        movable=frozenset(movable(_text(each, "a movable holiday")) for each in _list(data, "movable")),
        sunday_to_monday=_yes_no(data.get("sunday_to_monday", False)),
        holidays=frozenset(map(_as_date, _list(data, "holidays"))),
    )


def _list(data: Mapping[str, Any], key: str) -> list[Any] | tuple[Any, ...]:
    value = data.get(key, ())
    if not isinstance(value, list | tuple):
        raise ValueError(f"{key} is not a list")
    return value


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{what} is not text: {value!r}")
    return value


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"sunday_to_monday is neither true nor false: {value!r}")
    return value


def _weekday(value: Any) -> int:
    if value not in WEEKDAYS:
        raise ValueError(f"there is no weekday {value}")
    return WEEKDAYS.index(value)


def _nth(value: Any) -> int:
    if type(value) is not int or value not in ORDINALS:
        raise ValueError(f"there is no Saturday number {value} in a month")
    return value


def _month_day(value: Any) -> tuple[int, int]:
    day = date.fromisoformat(f"2024-{_text(value, 'a yearly holiday')}")  # a leap year, so that 29 February may be named
    return day.month, day.day


def _as_date(value: Any) -> date:
    """A date, or its ISO text; an instant is no day."""
    if isinstance(value, datetime) or not isinstance(value, date | str):
        raise ValueError(f"not a date: {value!r}")
    return date.fromisoformat(value) if isinstance(value, str) else value
