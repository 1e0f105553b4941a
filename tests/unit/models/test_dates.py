"""Days and stretches of time, on Sunday 22 November 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.parsers.dates import times
from models.parsers.text import fold
from models.parsers.values import read_values

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", "2026-11-22"),
        ("aaj subah", "2026-11-22"),
        ("आज", "2026-11-22"),
        ("yesterday", "2026-11-21"),
        ("beete kal", "2026-11-21"),
        ("बीते कल", "2026-11-21"),
        ("the day before yesterday", "2026-11-20"),
        ("3 days ago", "2026-11-19"),
        ("3 din pehle", "2026-11-19"),
        ("३ दिन पहले", "2026-11-19"),
        ("2 weeks ago", "2026-11-08"),
        ("on 12 Nov", "2026-11-12"),
        ("12th of November", "2026-11-12"),
        ("Nov 12", "2026-11-12"),
        ("12 नवंबर", "2026-11-12"),
        ("12 Nov 2025", "2025-11-12"),
        ("12 Nov, 2025", "2025-11-12"),
        ("25 december", "2025-12-25"),  # the last one, not the next
        ("12/11", "2026-11-12"),  # day first
        ("12-11-2025", "2025-11-12"),
        ("12/11/25", "2025-11-12"),
        ("12.11.2025", "2025-11-12"),
        ("2025-11-12", "2025-11-12"),
        ("29/2", "2024-02-29"),  # the last leap day
        ("on the 3rd", "2026-11-03"),
        ("on the 30th", "2026-10-30"),  # November's is still to come
        ("12 tareekh ko", "2026-11-12"),
        ("१२ तारीख", "2026-11-12"),
        ("last Friday", "2026-11-20"),
        ("on Friday", "2026-11-20"),
        ("Sunday", "2026-11-22"),  # today is one
        ("last Sunday", "2026-11-15"),
        ("shukravar ko", "2026-11-20"),
        ("सोमवार को", "2026-11-16"),
    ],
)
def test_that_a_day_is_read(text: str, expected: str) -> None:
    assert [(p.first.isoformat(), p.is_day) for p in times(fold(text), TODAY).periods] == [(expected, True)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("last 7 days", "2026-11-15", "2026-11-22"),
        ("pichhle 10 din", "2026-11-12", "2026-11-22"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("पिछले हफ़्ते", "2026-11-09", "2026-11-15"),
        ("this week", "2026-11-16", "2026-11-22"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("pichle mahine", "2026-10-01", "2026-10-31"),
        ("is mahine", "2026-11-01", "2026-11-22"),
        ("last 3 months", "2026-08-24", "2026-11-22"),
        ("in October", "2026-10-01", "2026-10-31"),
        ("december mein", "2025-12-01", "2025-12-31"),
        ("nov-2025", "2025-11-01", "2025-11-30"),
        ("from 1 Nov to 5 Nov", "2026-11-01", "2026-11-05"),
        ("between 1st and 5th November", "2026-11-01", "2026-11-05"),
        ("1 nov se 5 nov tak", "2026-11-01", "2026-11-05"),
    ],
)
def test_that_a_stretch_of_time_is_read(text: str, first: str, last: str) -> None:
    assert [(p.first.isoformat(), p.last.isoformat()) for p in times(fold(text), TODAY).periods] == [(first, last)]


@pytest.mark.parametrize(
    "text", ["31/2", "99/99", "may I ask", "the mar is", "sun is out", "1/2/3/4", "0 days ago", "9999 days ago", ""]
)
def test_that_what_is_no_time_gives_none(text: str) -> None:
    assert times(fold(text), TODAY).periods == ()


@pytest.mark.parametrize("text", ["kal 5000 kate", "कल पैसे कटे", "parso hua"])
def test_that_hindi_kal_is_reported_and_not_guessed(text: str) -> None:
    read = times(fold(text), TODAY)
    assert read.periods == ()
    assert len(read.ambiguous) == 1


def test_that_the_day_is_the_customers_own() -> None:
    """20:00 UTC on the 21st is already the 22nd in Kolkata."""
    evening = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    assert read_values("today", now=evening, zone="Asia/Kolkata").slots() == {"date": "2026-11-22"}
    assert read_values("today", now=evening, zone="Europe/London").slots() == {"date": "2026-11-21"}


def test_that_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        read_values("today", now=datetime(2026, 11, 22), zone="Asia/Kolkata")  # noqa: DTZ001
