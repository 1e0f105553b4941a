"""The audit trail's rows: staged in the commit of the change they record, numbered and linked afterwards, read back for checking."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.audit import GENESIS, Entry, link
from runtime.clocks import wall_micros
from runtime.storage.gate_tables import audit_entry, audit_head, proposal

#: Rows linked in one transaction at most, and rows read at once while checking.
BATCH = 1_000
#: Kinds whose entry every proposal must have that has reached (at least) this state.
_REQUIRED = {
    "executing": "proposal.executing",
    "unknown": "proposal.executing",
    "never_arrived": "proposal.executing",
    "frozen": "proposal.executing",
    "failed": "proposal.executing",
    "succeeded": "proposal.succeeded",
}
_staged = itertools.count()


def append_audit(
    connection: sa.Connection, tenant: str, kind: str, body: dict[str, Any], at: int, subject: str | None = None
) -> None:
    """Add an entry to the commit that is under way: either both are there afterwards, or neither.

    `at` is business time in microseconds; `body` is plain JSON without secrets or customer text; `subject` is the proposal it
    is about, if any.
    """
    moment = f"{wall_micros():017d}.{next(_staged) % 1_000_000:06d}.{secrets.token_hex(6)}"
    connection.execute(audit_entry.insert().values(tenant=tenant, id=moment, at=at, kind=kind, subject=subject, body=body))


@dataclass(frozen=True, slots=True)
class Head:
    """Where a tenant's chain stands: how many entries, the last one's hash, and what the last anchor covered."""

    n: int
    hash: str
    anchored_n: int
    anchored_us: int


def link_staged(connection: sa.Connection, tenant: str, owner: str, now_us: int, lease_us: int) -> tuple[Head, int] | None:
    """Number and link what is staged, at most `BATCH` entries. Returns the head and how many were linked; None without the lease."""
    h = audit_head.c
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(
        insert(audit_head)
        .values(tenant=tenant, n=0, hash=GENESIS, anchored_n=0, anchored_us=0, owner=None, until_us=0)
        .on_conflict_do_nothing()
    )
    leased = connection.execute(
        audit_head.update()
        .where(h.tenant == tenant, sa.or_(h.owner.is_(None), h.owner == owner, h.until_us <= now_us))
        .values(owner=owner, until_us=now_us + lease_us)
        .returning(h.n, h.hash, h.anchored_n, h.anchored_us)
    ).one_or_none()
    if leased is None:
        return None
    e = audit_entry.c
    rows = connection.execute(
        sa.select(e.id, e.at, e.kind, e.body).where(e.tenant == tenant, e.n.is_(None)).order_by(e.id).limit(BATCH)
    ).all()
    n, head = int(leased.n), str(leased.hash)
    linked: list[dict[str, Any]] = []
    for row in rows:
        previous, n = head, n + 1
        head = link(previous, tenant, n, row.at, row.kind, row.body)
        linked.append({"entry": row.id, "number": n, "before": previous, "mark": head})
    if linked:
        connection.execute(
            audit_entry.update()
            .where(e.tenant == tenant, e.id == sa.bindparam("entry"))
            .values(n=sa.bindparam("number"), previous=sa.bindparam("before"), hash=sa.bindparam("mark")),
            linked,
        )
        connection.execute(audit_head.update().where(h.tenant == tenant, h.owner == owner).values(n=n, hash=head))
    return Head(n, head, int(leased.anchored_n), int(leased.anchored_us)), len(linked)


def mark_anchored(connection: sa.Connection, tenant: str, n: int, now_us: int) -> None:
    h = audit_head.c
    connection.execute(audit_head.update().where(h.tenant == tenant).values(anchored_n=n, anchored_us=now_us))


def read_head(connection: sa.Connection, tenant: str) -> Head | None:
    h = audit_head.c
    row = connection.execute(sa.select(h.n, h.hash, h.anchored_n, h.anchored_us).where(h.tenant == tenant)).one_or_none()
    return None if row is None else Head(*row)


def read_entries(connection: sa.Connection, tenant: str) -> Iterator[Entry]:
    """All linked entries in stored order, a batch at a time."""
    e = audit_entry.c
    after = 0
    while True:
        rows = connection.execute(
            sa.select(e.n, e.previous, e.at, e.kind, e.body, e.hash)
            .where(e.tenant == tenant, e.n > after)
            .order_by(e.n)
            .limit(BATCH)
        ).all()
        for row in rows:
            yield Entry(tenant, row.n, row.previous, row.at, row.kind, row.body, row.hash)
        if len(rows) < BATCH:
            return
        after = rows[-1].n


def unrecorded(connection: sa.Connection, tenant: str) -> list[tuple[str, str]]:
    """Proposals that reached execution without the entry that must have been committed with it: (proposal, missing kind)."""
    p, e = proposal.c, audit_entry.c
    missing: list[tuple[str, str]] = []
    for state, kind in _REQUIRED.items():
        entry = sa.exists().where(e.tenant == p.tenant, e.subject == p.id, e.kind == kind)
        found = connection.execute(
            sa.select(p.id).where(p.tenant == tenant, p.state == state, p.effect_class != "READ", ~entry).order_by(p.id)
        ).scalars()
        missing.extend((each, kind) for each in found)
    return missing


def staged_count(connection: sa.Connection, tenant: str) -> int:
    """Entries that wait for the sequencer."""
    e = audit_entry.c
    query = sa.select(sa.func.count()).select_from(audit_entry).where(e.tenant == tenant, e.n.is_(None))
    return int(connection.execute(query).scalar_one())
