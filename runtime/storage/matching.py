"""What the nightly matching needs of our record. Jobs of a connection; times are UTC microseconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from runtime.storage import gate_tables as t
from runtime.storage import proposals
from runtime.storage.approvals import approvals_of

#: Ids asked for in one query.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Executed:
    """A proposal that was sent to the core at least once: where it stands, what it was, the approvals minted for it."""

    state: str
    action: str
    arguments: Mapping[str, Any]
    approvals: frozenset[str]


def matched_until(connection: sa.Connection, tenant: str, *, set_to: int | None = None) -> int:
    """Up to when the two records were matched; 0 = never. `set_to` moves it."""
    m = t.matched.c
    if set_to is not None:
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(insert(t.matched).values(tenant=tenant, until=0).on_conflict_do_nothing())
        connection.execute(t.matched.update().where(m.tenant == tenant).values(until=set_to))
    return int(connection.execute(sa.select(m.until).where(m.tenant == tenant)).scalar_one_or_none() or 0)


def due_since(connection: sa.Connection, tenant: str, now: int, period: int) -> int | None:
    """Where to go on matching, or None while the last time is less than a period ago."""
    until = matched_until(connection, tenant)
    return until if now - until >= period else None


def executed_since(connection: sa.Connection, tenant: str, since: int, until: int, named: Sequence[str]) -> dict[str, Executed]:
    """Proposals last sent in [since, until) that need an approval, and the `named` ones whenever they were sent."""
    p = t.proposal.c
    sent = sa.select(p.id).where(p.tenant == tenant, p.sent_at >= since, p.sent_at < until, p.effect_class != "READ")
    wanted = set(connection.execute(sent).scalars())
    for start in range(0, len(named), BATCH):
        some = sa.select(p.id).where(p.tenant == tenant, p.id.in_(named[start : start + BATCH]))
        wanted |= set(connection.execute(some).scalars())
    found = {}
    for name in sorted(wanted):
        stored = proposals.load(connection, tenant, name)
        row = stored.proposal
        found[name] = Executed(row.state, row.action, row.arguments, approvals_of(connection, tenant, name))
    return found
