"""The latest business time seen, one row a tenant. Jobs of a connection."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from runtime.storage.gate_tables import clock_mark


def latest_mark(connection: sa.Connection, tenant: str) -> int:
    """Microseconds since the epoch; 0 while nothing is on record."""
    query = sa.select(clock_mark.c.at).where(clock_mark.c.tenant == tenant)
    return int(connection.execute(query).scalar_one_or_none() or 0)


def raise_mark(connection: sa.Connection, tenant: str, at: int) -> None:
    """Put a later time on record; an earlier one changes nothing."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(insert(clock_mark).values(tenant=tenant, at=at).on_conflict_do_nothing())
    m = clock_mark.c
    connection.execute(clock_mark.update().where(m.tenant == tenant, m.at < at).values(at=at))
