"""The bank's own audit chain: one entry for every refusal and every change of money or account, in the transaction of the change."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from bank.call import Call
from bank.tables import audit_entries, events, heads
from domain.audit import GENESIS, link
from domain.canonical import canonical_json


def append(call: Call, kind: str, body: dict[str, Any]) -> int:
    """Add an entry and return its number. `body` is plain JSON without secrets, names or words of a customer.

    Takes the tenant's head row for the rest of the transaction: call it after the rows the work itself locks.
    """
    head = _lock(call)
    n: int = head["audit_n"] + 1
    hash_ = link(head["audit_hash"], call.tenant, n, call.now, kind, body)
    call.insert(
        audit_entries,
        n=n,
        previous=head["audit_hash"],
        at_us=call.now,
        kind=kind,
        body=canonical_json(body).decode(),
        hash=hash_,
    )
    call.connection.execute(heads.update().where(heads.c.tenant == call.tenant).values(audit_n=n, audit_hash=hash_))
    return n


def emit(call: Call, kind: str, customer: str, subject: str | None = None, *, at: int | None = None) -> int:
    """Say an event of the bank; returns its cursor. Cursors are in the order of commits."""
    head = _lock(call)
    cursor: int = head["event_cursor"] + 1
    call.insert(events, cursor=cursor, at_us=call.now if at is None else at, kind=kind, customer=customer, subject=subject)
    call.connection.execute(heads.update().where(heads.c.tenant == call.tenant).values(event_cursor=cursor))
    return cursor


def verify(connection: sa.Connection, tenant: str) -> int:
    """Recompute the chain; returns how many entries it has. Raises ValueError naming the first entry that does not fit."""
    previous, n = GENESIS, 0
    query = sa.select(audit_entries).where(audit_entries.c.tenant == tenant).order_by(audit_entries.c.n)
    for row in connection.execute(query).mappings():
        n += 1
        expected = link(previous, tenant, n, row["at_us"], row["kind"], json.loads(row["body"]))
        if (row["n"], row["previous"], row["hash"]) != (n, previous, expected):
            raise ValueError(f"audit entry {n} of {tenant} does not fit the chain")
        previous = expected
    head = connection.execute(sa.select(heads).where(heads.c.tenant == tenant)).mappings().first()
    if (n, previous) != ((head["audit_n"], head["audit_hash"]) if head else (0, GENESIS)):
        raise ValueError(f"audit chain of {tenant} ends before its head")
    return n


def _lock(call: Call) -> sa.RowMapping:
    query = sa.select(heads).where(heads.c.tenant == call.tenant).with_for_update()
    head = call.first(query)
    if head is None:
        call.insert_new(heads, audit_n=0, audit_hash=GENESIS, event_cursor=0)
        head = call.first(query)
        assert head is not None
    return head
