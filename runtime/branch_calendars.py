"""The working days of the customer's home branch, as the core tells them: what the gate counts deadlines with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import structlog

from domain.calendars import Calendar
from domain.decisions import Fact
from domain.errors import Unavailable
from tools.bank_client import BankClient

log = structlog.get_logger(__name__)


class BranchCalendars:
    """Calendars by branch, kept in memory and asked for again now and then.

    While the core does not answer, the last known ones stand; a branch that is not known counts by the pack's own calendar.
    """

    def __init__(self, bank: BankClient) -> None:
        self._bank = bank
        self._known: dict[str, Calendar] = {}

    async def refresh(self) -> int:
        """Ask the core; returns how many branches are known. What cannot be read changes nothing."""
        try:
            answer = await self._bank.read("/branches")
            self._known = {each["id"]: _calendar(each) for each in answer["branches"]}
        except Unavailable:
            log.warning("branches_unavailable")
        except (KeyError, TypeError, ValueError):
            log.error("branches_unreadable")
        return len(self._known)

    def of(self, facts: Mapping[str, Fact], otherwise: Calendar) -> Calendar:
        """The calendar of the fact `home_branch`, with the national holidays of `otherwise`; that one where there is none."""
        branch = facts.get("home_branch")
        known = None if branch is None else self._known.get(str(branch.value))
        return otherwise if known is None else replace(known, yearly=known.yearly | otherwise.yearly)


def _calendar(given: Mapping[str, Any]) -> Calendar:
    return Calendar(
        str(given["id"]),
        str(given["zone"]),
        weekly_off=frozenset(int(day) for day in given["weekly_off"]),
        saturdays_off=frozenset(int(nth) for nth in given["saturdays_off"]),
        holidays=frozenset(date.fromisoformat(day) for day in given["holidays"]),
    )
