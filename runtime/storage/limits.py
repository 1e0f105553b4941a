"""What approvals under way have reserved of a customer's limits, and the hot brakes. Jobs of a connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.clock import from_micros
from domain.proposals import Proposal
from runtime.storage.gate_tables import brake, limit_reservation, limit_usage

DUTY_MODE = "duty_mode"
NORMAL = "normal"
_KILL = "kill:"
_ON = "on"


@dataclass(frozen=True, slots=True)
class Held:
    """What other proposals of the same customer and action have reserved: how many, and how much in minor units."""

    count: int
    amount_minor: int


def consumed_count(connection: sa.Connection, tenant: str, customer: str, *, lock: bool = False) -> int:
    """How many of the customer's reservations have become effects at the core.

    It grows exactly when a reservation turns into one of the core's own counters, so facts gathered before that are out of
    date. `lock` makes the customer's row if need be and holds it until the transaction ends: one mint at a time a customer.
    """
    u = limit_usage.c
    if lock:
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(insert(limit_usage).values(tenant=tenant, customer=customer, consumed=0).on_conflict_do_nothing())
    query = sa.select(u.consumed).where(u.tenant == tenant, u.customer == customer)
    return int(connection.execute(query.with_for_update() if lock else query).scalar_one_or_none() or 0)


def held_by_others(connection: sa.Connection, tenant: str, customer: str, action: str, proposal: str) -> Held:
    """Reservations under way for this customer and action, without the one of `proposal` itself."""
    r = limit_reservation.c
    row = connection.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(r.amount_minor), 0)).where(
            r.tenant == tenant, r.customer == customer, r.action == action, r.state == "reserved", r.proposal != proposal
        )
    ).one()
    return Held(int(row[0]), int(row[1]))


def reserve(connection: sa.Connection, proposal: Proposal, at: int) -> None:
    """Set the proposal's amount aside until its receipt or its failure. A retry of a released one reserves it again."""
    r = limit_reservation.c
    values = {"state": "reserved", "at": at}
    done = connection.execute(
        limit_reservation.update().where(r.tenant == proposal.tenant, r.proposal == proposal.id).values(**values)
    )
    if done.rowcount == 0:
        connection.execute(
            limit_reservation.insert().values(
                tenant=proposal.tenant,
                proposal=proposal.id,
                customer=proposal.customer,
                action=proposal.action,
                amount_minor=proposal.arguments.get("amount_minor", 0),
                currency=proposal.arguments.get("currency", ""),
                **values,
            )
        )


def consume(connection: sa.Connection, tenant: str, proposal: str, customer: str, at: int) -> None:
    """The receipt is in: from now on the core counts it. The caller holds the customer's lock."""
    if _leave(connection, tenant, proposal, "consumed", at):
        u = limit_usage.c
        connection.execute(limit_usage.update().where(u.tenant == tenant, u.customer == customer).values(consumed=u.consumed + 1))


def release(connection: sa.Connection, tenant: str, proposal: str, at: int) -> None:
    """Nothing happened, for certain: the amount is free again."""
    _leave(connection, tenant, proposal, "released", at)


def _leave(connection: sa.Connection, tenant: str, proposal: str, state: str, at: int) -> bool:
    r = limit_reservation.c
    done = connection.execute(
        limit_reservation.update()
        .where(r.tenant == tenant, r.proposal == proposal, r.state == "reserved")
        .values(state=state, at=at)
    )
    return done.rowcount == 1


@dataclass(frozen=True, slots=True)
class Brakes:
    """The hot switches as they stand: a duty mode, and whether this action (or everything) is off."""

    duty_mode: str
    kill_switch: bool


def read_brakes(connection: sa.Connection, tenant: str, action: str) -> Brakes:
    b = brake.c
    names = (DUTY_MODE, f"{_KILL}*", f"{_KILL}{action}")
    rows = {
        row.name: row.value for row in connection.execute(sa.select(b.name, b.value).where(b.tenant == tenant, b.name.in_(names)))
    }
    return Brakes(rows.get(DUTY_MODE, NORMAL), any(rows.get(name) == _ON for name in names[1:]))


def all_brakes(connection: sa.Connection, tenant: str) -> dict[str, Any]:
    """The duty mode and the names of the switches that are on, with who set each and when (RFC 3339)."""
    b = brake.c
    rows = connection.execute(sa.select(brake).where(b.tenant == tenant).order_by(b.name)).all()
    on = [row for row in rows if row.name.startswith(_KILL) and row.value == _ON]
    mode = next((row.value for row in rows if row.name == DUTY_MODE), NORMAL)
    switches = [{"action": row.name.removeprefix(_KILL), "by": row.set_by, "at": from_micros(row.at).isoformat()} for row in on]
    return {"duty_mode": mode, "kill_switches": switches}


def set_duty_mode(connection: sa.Connection, tenant: str, mode: str, by: str, at: int) -> None:
    """normal, off_hours, degraded or incident; in force with the commit."""
    _set(connection, tenant, DUTY_MODE, mode, by, at)


def set_kill_switch(connection: sa.Connection, tenant: str, action: str, on: bool, by: str, at: int) -> None:
    """Switch one action off or on again; `*` is everything. In force with the commit."""
    _set(connection, tenant, f"{_KILL}{action}", _ON if on else "off", by, at)


def _set(connection: sa.Connection, tenant: str, name: str, value: str, by: str, at: int) -> None:
    b = brake.c
    values = {"value": value, "set_by": by, "at": at}
    done = connection.execute(brake.update().where(b.tenant == tenant, b.name == name).values(**values))
    if done.rowcount == 0:
        connection.execute(brake.insert().values(tenant=tenant, name=name, **values))
