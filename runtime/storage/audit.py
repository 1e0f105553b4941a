"""The audit trail's rows: staged in the commit of the change they record, numbered and linked afterwards, read back for checking."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.audit import GENESIS, body_digest, chain_hash, preimage
from runtime.clocks import wall_micros
from runtime.storage.gate_tables import audit_entry, audit_head, proposal
from runtime.storage.sealing import commitment, record_key_of

#: Names in a body under which digests of arguments, facts and receipts stand.
GUESSABLE = frozenset({"digest", "given", "arguments", "facts", "receipt", "shown"})
#: The body as it is stored and hashed, not as JSON.
RAW_BODY = sa.type_coerce(audit_entry.c.body, sa.Text).label("raw")
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
#: What would break a line of the trail into other fields.
_UNLINEABLE = frozenset("\t\n\r")


def append_audit(
    connection: sa.Connection, tenant: str, kind: str, body: dict[str, Any], at: int, subject: str | None = None
) -> None:
    """Add an entry to the commit that is under way: either both are there afterwards, or neither.

    `at` is business time in microseconds; `body` is plain JSON without secrets or customer text; `subject` is the proposal it
    is about, if any. Digests of guessable content in the body are replaced by commitments, which say nothing once the customer's
    record key is destroyed. Raises ValueError for a kind or subject with a tab or a line break: entries are hashed as lines.
    """
    if not _UNLINEABLE.isdisjoint(f"{kind}{subject or ''}"):
        raise ValueError("kind and subject of an audit entry are one word each")
    guessable = sorted(GUESSABLE & body.keys()) if subject is not None else []
    if subject is not None and guessable:
        key = record_key_of(connection, tenant, subject)
        body = body | {name: commitment(key, body[name]) for name in guessable if body[name] is not None}
    moment = f"{wall_micros():017d}.{next(_staged) % 1_000_000:06d}.{secrets.token_hex(6)}"
    connection.execute(audit_entry.insert().values(tenant=tenant, id=moment, at=at, kind=kind, subject=subject, body=body))


@dataclass(frozen=True, slots=True)
class Head:
    """Where a tenant's chain stands: how many entries, the last one's hash, and what the last anchor covered."""

    n: int
    hash: str
    anchored_n: int
    anchored_us: int


@dataclass(frozen=True, slots=True)
class Linked:
    """What one round linked: the head after it, how many entries, and where the chain stood before.

    `held`: nobody else had the lease since our last round, so `before` must be where that one left the chain.
    """

    head: Head
    count: int
    before: tuple[int, str]
    held: bool


def link_staged(connection: sa.Connection, tenant: str, owner: str, now_us: int, lease_us: int) -> Linked | None:
    """Number and link what is staged, at most `BATCH` entries. None without the lease."""
    h = audit_head.c
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(
        insert(audit_head)
        .values(tenant=tenant, n=0, hash=GENESIS, anchored_n=0, anchored_us=0, owner=None, until_us=0)
        .on_conflict_do_nothing()
    )
    holder = connection.execute(sa.select(h.owner).where(h.tenant == tenant).with_for_update()).scalar_one()
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
        sa.select(e.id, e.at, e.kind, e.subject, RAW_BODY).where(e.tenant == tenant, e.n.is_(None)).order_by(e.id).limit(BATCH)
    ).all()
    n, head = int(leased.n), str(leased.hash)
    linked: list[dict[str, Any]] = []
    for row in rows:
        previous, n = head, n + 1
        head = chain_hash(previous, tenant, n, row.at, row.kind, row.subject or "", row.raw)
        linked.append({"entry": row.id, "number": n, "before": previous, "mark": head})
    if linked:
        connection.execute(
            audit_entry.update()
            .where(e.tenant == tenant, e.id == sa.bindparam("entry"))
            .values(n=sa.bindparam("number"), previous=sa.bindparam("before"), hash=sa.bindparam("mark")),
            linked,
        )
        connection.execute(audit_head.update().where(h.tenant == tenant, h.owner == owner).values(n=n, hash=head))
    after = Head(n, head, int(leased.anchored_n), int(leased.anchored_us))
    return Linked(after, len(linked), (int(leased.n), str(leased.hash)), holder == owner)


def mark_anchored(connection: sa.Connection, tenant: str, n: int, now_us: int) -> None:
    h = audit_head.c
    connection.execute(audit_head.update().where(h.tenant == tenant).values(anchored_n=n, anchored_us=now_us))


def read_head(connection: sa.Connection, tenant: str) -> Head | None:
    h = audit_head.c
    row = connection.execute(sa.select(h.n, h.hash, h.anchored_n, h.anchored_us).where(h.tenant == tenant)).one_or_none()
    return None if row is None else Head(*row)


def read_lines(connection: sa.Connection, tenant: str) -> Iterator[bytes]:
    """All linked entries in stored order, as the lines that `audit_check` takes; whatever somebody wrote into them."""
    e = audit_entry.c
    query = sa.select(e.n, e.previous, e.at, e.kind, e.subject, RAW_BODY, e.hash).where(e.tenant == tenant, e.n.is_not(None))
    with _any_text(connection), connection.execute(query.order_by(e.n).execution_options(yield_per=BATCH)) as rows:
        for n, previous, at, kind, subject, body, mark in rows:
            text = body if isinstance(body, str) else repr(body)
            rest = preimage(previous, tenant, n, at, kind, subject or "", body_digest(text))
            yield f"{mark}\t{rest}\t{text}".encode("utf-8", "surrogateescape")


@contextmanager
def _any_text(connection: sa.Connection) -> Iterator[None]:
    """On SQLite a text column may have been given bytes that are no UTF-8: they are read all the same, to be reported."""
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    driver.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str


def executed(connection: sa.Connection, tenant: str) -> dict[str, str]:
    """Proposals that reached execution, each with the kind of entry that must have been committed with it.

    Those whose entry is staged and not yet linked are left out: they are on record, and not yet in the chain.
    """
    p, e = proposal.c, audit_entry.c
    found: dict[str, str] = {}
    for state, kind in _REQUIRED.items():
        staged = sa.exists().where(e.tenant == p.tenant, e.subject == p.id, e.kind == kind, e.n.is_(None))
        query = sa.select(p.id).where(p.tenant == tenant, p.state == state, p.effect_class != "READ", ~staged)
        found |= dict.fromkeys(connection.execute(query).scalars(), kind)
    return found


def staged_count(connection: sa.Connection, tenant: str) -> int:
    """Entries that wait for the sequencer."""
    e = audit_entry.c
    query = sa.select(sa.func.count()).select_from(audit_entry).where(e.tenant == tenant, e.n.is_(None))
    return int(connection.execute(query).scalar_one())
