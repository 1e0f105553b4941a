"""Habits written out: a routine of a world becomes the posted transactions it stands for, the same ones at every reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bank.worlds.models import Account, Routine, Transaction, World

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: what a transaction takes over from its routine as it stands
_SAME = (
    "account", "card", "kind", "rail", "counterparty", "remark", "merchant_category", "merchant_verified", "device", "location",
    "authenticated_by",
)  # fmt: skip


def days_of(routine: Routine, today: date) -> Iterator[date]:
    """The days on which a routine happened, oldest first, today included where nothing is left out."""
    first, last = today - timedelta(days=routine.days), today - timedelta(days=routine.until_days)
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if routine.monthly is not None:
            happens = day.day == routine.monthly
        elif routine.weekly is not None:
            happens = _WEEKDAYS[day.weekday()] == routine.weekly
        else:
            happens = offset % (routine.every_days or 1) == 0
        if happens:
            yield day


def written_out(routine: Routine, account: Account, now: datetime) -> Iterator[Transaction]:
    """The routine's transactions before `now` and since the account was opened; ids are `<routine>-<yyyymmdd>`."""
    shared = {name: getattr(routine, name) for name in _SAME}
    for number, day in enumerate(days_of(routine, now.date())):
        at = datetime.combine(day, routine.time, tzinfo=now.tzinfo)
        if at >= now or day < account.opened:
            continue
        yield Transaction(id=f"{routine.id}-{day:%Y%m%d}", at=at, amount=routine.amounts[number % len(routine.amounts)], **shared)


def expand(world: World) -> World:
    """The world with its routines among its transactions, all in the order in which they happened."""
    accounts = {account.id: account for account in world.accounts}
    now = world.local_now
    happened = list(world.transactions)
    for routine in world.routines:
        happened.extend(written_out(routine, accounts[routine.account], now))
    happened.sort(key=lambda item: (item.at, item.id))
    return world.model_copy(update={"transactions": tuple(happened), "routines": ()})
