"""Deadlines are counted by the days the customer's home branch works, as the core tells them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast

from domain.calendars import INDIA, deadline
from domain.decisions import Fact
from domain.errors import Unavailable
from runtime.branch_calendars import BranchCalendars
from tools.bank_client import BankClient

AT = datetime(2026, 11, 20, 6, tzinfo=UTC)
LAKESIDE = {"id": "BR-1", "zone": "Asia/Kolkata", "weekly_off": [6], "saturdays_off": [2, 4], "holidays": ["2026-11-24"]}


class Core:
    """Answers GET /branches with what a test puts here."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def read(self, path: str) -> Any:
        assert path == "/branches"
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def calendars(answer: Any) -> tuple[BranchCalendars, Core]:
    core = Core(answer)
    return BranchCalendars(cast(BankClient, core)), core


def at_home(branch: str) -> dict[str, Fact]:
    return {"home_branch": Fact(name="home_branch", value=branch, source="core", at=AT)}


async def test_a_holiday_of_the_branch_moves_the_deadline() -> None:
    branches, _ = calendars({"branches": [LAKESIDE]})
    assert await branches.refresh() == 1
    start = date(2026, 11, 20)
    assert deadline(start, 3, "working", INDIA).day == date(2026, 11, 24)
    assert deadline(start, 3, "working", branches.of(at_home("BR-1"), INDIA)).day == date(2026, 11, 25)


async def test_national_holidays_count_at_every_branch() -> None:
    branches, _ = calendars({"branches": [LAKESIDE]})
    await branches.refresh()
    assert branches.of(at_home("BR-1"), INDIA).closed(date(2027, 1, 26)) == "holiday"


async def test_an_unknown_branch_or_none_counts_by_the_packs_calendar() -> None:
    branches, _ = calendars({"branches": [LAKESIDE]})
    await branches.refresh()
    assert branches.of(at_home("BR-9"), INDIA) is INDIA
    assert branches.of({}, INDIA) is INDIA


async def test_while_the_core_is_silent_or_garbled_the_last_known_days_stand() -> None:
    branches, core = calendars({"branches": [LAKESIDE]})
    await branches.refresh()
    for answer in (Unavailable("bank_unavailable"), {"branches": [{"id": "BR-1"}]}, ["nonsense"]):
        core.answer = answer
        assert await branches.refresh() == 1
    assert branches.of(at_home("BR-1"), INDIA).name == "BR-1"
