"""How amounts, instants and days are written in a world file, and what they become. Exact or refused: never a float, never a naive time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import PlainSerializer, PlainValidator, ValidationInfo, WithJsonSchema

from domain.clock import require_aware
from domain.money import EXPONENT, Money

AMOUNT_FORM = "write it as currency and decimals, such as INR 5000.00"
INSTANT_FORM = (
    "write an absolute time with its offset (2026-11-25T11:30:00+05:30) or one relative to now (-3h, -2d, -2d 14:30, +7d)"
)
_AMOUNT = re.compile(r"([A-Z]{3}) (-?)(\d+|\d{1,3}(?:,\d{2,3})*,\d{3})(?:\.(\d+))?", re.ASCII)
_RELATIVE = re.compile(r"([+-])(\d{1,4})([smhdw])(?: (\d{2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
#: years a world may speak of; sums with spans of the relative forms stay within what a date can hold
YEARS = range(1900, 2201)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant a world file is read against: its `now` and its zone. Given to validation as context {"moment": …}."""

    now: datetime
    zone: ZoneInfo


def parse_amount(text: object) -> Money:
    """Read `INR 12,345.50` exactly. Raises ValueError for floats, bare numbers, unknown currencies and wrong numbers of decimals."""
    if isinstance(text, Money):
        return text
    if isinstance(text, bool | int | float):
        raise ValueError(f"an amount is never a bare number; {AMOUNT_FORM}")
    match = _AMOUNT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"not an amount; {AMOUNT_FORM}")
    currency, sign, whole, decimals = match.groups()
    if currency not in EXPONENT:
        raise ValueError(f"unknown currency {currency}; known are {', '.join(EXPONENT)}")
    exponent = EXPONENT[currency]
    if decimals is not None and len(decimals) != exponent:
        raise ValueError(f"{currency} has {exponent} decimals, not {len(decimals)}")
    minor = int(whole.replace(",", "")) * 10**exponent + int(decimals or 0)
    return Money(-minor if sign else minor, currency)


def write_amount(money: Money) -> str:
    """The form that `parse_amount` reads back."""
    exponent = EXPONENT[money.currency]
    whole, part = divmod(abs(money.minor), 10**exponent)
    decimals = f".{part:0{exponent}d}" if exponent else ""
    return f"{money.currency} {'-' if money.minor < 0 else ''}{whole}{decimals}"


def parse_absolute(text: object) -> datetime:
    """An aware datetime from RFC 3339 text. Raises ValueError for anything else, naive times above all."""
    if isinstance(text, datetime):
        return require_aware(text)
    if not isinstance(text, str):
        raise ValueError("a time is text; put it in quotes")
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"not a time; {INSTANT_FORM}") from error
    if at.tzinfo is None:
        raise ValueError("a time needs its offset from UTC, such as +05:30 or Z")
    if at.year not in YEARS:
        raise ValueError(f"a time lies between {YEARS[0]} and {YEARS[-1]}")
    return at


def _moment(info: ValidationInfo) -> Moment | None:
    moment: Moment | None = (info.context or {}).get("moment")
    return moment


def parse_instant(text: object, info: ValidationInfo) -> datetime:
    """An aware time in the world's zone, from an absolute or relative form.

    `-3h` is exactly three hours before now; `-2d 14:30` is half past two by the zone's clock, two days before today.
    """
    moment = _moment(info)
    match = _RELATIVE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        at = parse_absolute(text)
        return at.astimezone(moment.zone) if moment else at
    if moment is None:
        raise ValueError("a relative time needs the world's now")
    sign, count, unit, hour, minute, second = match.groups()
    span = timedelta(**{_UNITS[unit]: int(count)}) * (-1 if sign == "-" else 1)
    local = moment.now.astimezone(moment.zone)
    if hour is None:
        return (moment.now.astimezone(UTC) + span).astimezone(moment.zone)
    if unit not in "dw":
        raise ValueError("a clock time goes with days or weeks, as in -2d 14:30")
    return datetime.combine(local.date() + span, time(int(hour), int(minute), int(second or 0)), tzinfo=moment.zone)


def parse_day(text: object, info: ValidationInfo) -> date:
    """A calendar day: 2026-11-08, or relative to the day of now in the world's zone: -2d, +3w."""
    if isinstance(text, date) and not isinstance(text, datetime):
        return text
    if not isinstance(text, str):
        raise ValueError("a day is text such as 2026-11-08 or -2d; put it in quotes")
    match = _RELATIVE.fullmatch(text)
    moment = _moment(info)
    if match is None:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError("not a day; write 2026-11-08 or -2d")
        return date.fromisoformat(text)
    if match[3] not in "dw" or match[4] is not None:
        raise ValueError("a relative day counts days or weeks, such as -2d or +3w")
    if moment is None:
        raise ValueError("a relative day needs the world's now")
    span = timedelta(**{_UNITS[match[3]]: int(match[2])}) * (-1 if match[1] == "-" else 1)
    return moment.now.astimezone(moment.zone).date() + span


def _clock(text: object) -> time:
    if isinstance(text, time):
        return text
    if not isinstance(text, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.ASCII):
        raise ValueError("not a clock time; write it in quotes as 09:05")
    return time.fromisoformat(text)


def _schema(description: str, pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "description": description, "pattern": pattern})


def _iso(value: Any) -> str:
    return str(value.isoformat())


_REL = r"[+-]\d{1,4}[smhdw]( \d{2}:\d{2}(:\d{2})?)?"
_DAY = r"\d{4}-\d{2}-\d{2}"
Amount = Annotated[
    Money,
    PlainValidator(parse_amount),
    PlainSerializer(write_amount, return_type=str),
    _schema("exact amount, e.g. INR -5000.00", r"^[A-Z]{3} -?[0-9][0-9,]*(\.[0-9]+)?$"),
]
AbsoluteInstant = Annotated[
    datetime,
    PlainValidator(parse_absolute),
    PlainSerializer(_iso, return_type=str),
    _schema("absolute time with offset", rf"^{_DAY}T.*(Z|[+-]\d{{2}}:\d{{2}})$"),
]
Instant = Annotated[
    datetime,
    PlainValidator(parse_instant),
    PlainSerializer(_iso, return_type=str),
    _schema(
        "absolute time with offset, or relative to now: -3h, -2d 14:30, +7d", rf"^({_REL}|{_DAY}T.*(Z|[+-]\d{{2}}:\d{{2}}))$"
    ),
]
Day = Annotated[
    date,
    PlainValidator(parse_day),
    PlainSerializer(_iso, return_type=str),
    _schema("calendar day, or relative to today: -2d, +3w", rf"^({_DAY}|[+-]\d{{1,4}}[dw])$"),
]
Clock = Annotated[
    time,
    PlainValidator(_clock),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
    _schema("clock time by the world's zone, e.g. 09:05", r"^([01]\d|2[0-3]):[0-5]\d$"),
]
