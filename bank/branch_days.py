"""The working days of the bank's branches: deadlines are counted by the customer's home branch."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import sqlalchemy as sa

from bank.call import Call, rfc3339
from bank.tables import branches
from domain.calendars import Calendar

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def calendar_of(call: Call, branch: str) -> Calendar:
    """The calendar of a branch; that of an ordinary Indian branch without holidays of its own where there is no such branch."""
    row = call.first(sa.select(branches).where(branches.c.tenant == call.tenant, branches.c.id == branch))
    if row is None:
        return Calendar(branch, call.zone)
    return Calendar(
        branch,
        call.zone,
        weekly_off=frozenset(_WEEKDAYS.index(day) for day in json.loads(row["weekly_off"])),
        saturdays_off=frozenset(json.loads(row["closed_saturdays"])),
        holidays=frozenset(date.fromisoformat(day) for day in json.loads(row["holidays"])),
    )


def all_of(call: Call) -> dict[str, Any]:
    """Every branch of the tenant, as `domain.calendars.Calendar` counts: weekdays from Monday = 0."""
    names = call.rows(sa.select(branches.c.id).where(branches.c.tenant == call.tenant).order_by(branches.c.id))
    calendars = [calendar_of(call, row["id"]) for row in names]
    return {
        "branches": [
            {
                "id": each.name,
                "zone": each.zone,
                "weekly_off": sorted(each.weekly_off),
                "saturdays_off": sorted(each.saturdays_off),
                "holidays": sorted(day.isoformat() for day in each.holidays),
            }
            for each in calendars
        ],
        "now": rfc3339(call.now),
    }
