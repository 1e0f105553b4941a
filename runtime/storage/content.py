"""Every column that holds sealed content, in one list: what an erasure takes away, an export opens and a start-up seals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from runtime.storage import gate_tables as g
from runtime.storage import tables as t
from runtime.storage.sealing import unseal
from runtime.storage.vault import Purpose


@dataclass(frozen=True, slots=True)
class Place:
    """One sealed column. `row` names the row as its seals do; `conversation` is the column that leads to the talk key, if any."""

    table: sa.Table
    column: str
    purpose: Purpose
    row: Callable[[Any], str]
    conversation: str | None = None

    @property
    def name(self) -> str:
        return f"{self.table.name}.{self.column}"


def _id(row: Any) -> str:
    return str(row.id)


PLACES = (
    Place(t.conversation, "view", "talk", _id, "id"),
    Place(t.message, "frame", "talk", lambda row: f"{row.conversation}:{row.seq}", "conversation"),
    Place(t.message, "input", "talk", lambda row: f"{row.conversation}:{row.seq}", "conversation"),
    Place(t.turn, "told", "talk", _id, "conversation"),
    Place(t.flow_instance, "data", "talk", _id, "conversation"),
    Place(t.request, "ask", "talk", _id, "conversation"),
    Place(t.handover, "summary", "talk", lambda row: f"{row.conversation}:{row.turn}", "conversation"),
    Place(t.checkpoint, "data", "talk", lambda row: str(row.thread)),
    Place(g.proposal, "arguments", "record", _id),
    Place(g.proposal, "declarations", "record", _id),
    Place(g.proposal, "decision", "record", _id),
    Place(g.proposal, "receipt", "record", _id),
    Place(g.decision, "body", "record", lambda row: f"{row.proposal}:{row.n}"),
    Place(g.decision, "facts", "record", lambda row: f"{row.proposal}:{row.n}"),
)


def of_customer(connection: sa.Connection, tenant: str, customer: str) -> Iterator[tuple[str, str, Any]]:
    """All content kept about a customer that can still be opened: (place, row, value)."""
    c, f, p = t.conversation.c, t.flow_instance.c, g.proposal.c
    mine = sa.select(c.id).where(c.tenant == tenant, c.customer == customer)
    threads = sa.select(f.id).where(f.tenant == tenant, f.conversation.in_(mine))
    proposals = sa.select(p.id).where(p.tenant == tenant, p.customer == customer)
    for place in PLACES:
        columns = place.table.c
        if place.conversation is not None:
            belongs = columns[place.conversation].in_(mine)
        elif place.table is t.checkpoint:
            belongs = columns.thread.in_(threads)
        else:
            belongs = columns["proposal" if place.table is g.decision else "id"].in_(proposals)
        for row in connection.execute(sa.select(place.table).where(columns.tenant == tenant, belongs)):
            name = place.row(row)
            value = unseal(connection, tenant, place.name, name, getattr(row, place.column))
            if value is not None:
                yield place.name, name, value


def everything(connection: sa.Connection, tenant: str) -> Iterator[tuple[str, str, Any]]:
    """All content of a tenant that can still be opened; for tests and repairs."""
    for place in PLACES:
        for row in connection.execute(sa.select(place.table).where(place.table.c.tenant == tenant)):
            value = unseal(connection, tenant, place.name, place.row(row), getattr(row, place.column))
            if value is not None:
                yield place.name, place.row(row), value
