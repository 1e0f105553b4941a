"""Erasure and the person's own export: what was said goes at once, what the law makes us keep goes on its date (`docs/retention.md`)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite

from agents.personal import hide_personal
from domain.errors import NotFound
from persistence.database import Database
from runtime.storage import content
from runtime.storage import gate_tables as g
from runtime.storage import tables as t
from runtime.storage.audit import append_audit
from runtime.storage.sealing import commitment, record_key
from runtime.storage.vault import Vault

log = structlog.get_logger(__name__)
#: Records of transactions are kept this long after the last one (PMLA; F-12 of the rules); no rule of ours keeps them longer.
RECORD_LIFE = timedelta(days=5 * 366)
DUE = "erase_record"
#: Stands for the turn that answered an input which nobody may answer any more.
ERASED_TURN = "erased"
_LONG_NUMBER = re.compile(r"\d{6,}")


def erase(database: Database, vault: Vault, tenant: str, customer: str, now_us: int) -> dict[str, Any]:
    """Destroy a customer's `talk` keys now and put their `record` keys down for their legal date. Doing it again is safe.

    Raises NotFound `customer_unknown` where nothing is kept about them; Unavailable `keys_not_destroyed`.
    """
    kept = database.read_now(lambda c: _kept(c, tenant, customer))
    if not kept:
        raise NotFound("customer_unknown", f"nothing is kept about {customer}")
    # The keys first: whatever happens after that, nobody reads a word again.
    keys = vault.destroy(tenant, customer, "talk", now_us)
    told = database.write_now(lambda c: _forget_talk(c, tenant, customer, len(keys), now_us))
    if told["record_erased_at"] <= now_us:
        sweep(database, vault, tenant, now_us)
    _tidy(database)
    return {"keys_destroyed": len(keys)} | told


def sweep(database: Database, vault: Vault, tenant: str, now_us: int) -> int:
    """Destroy the `record` keys whose date has come; returns of how many customers. A date that newer records moved is kept."""
    d = t.due.c
    query = sa.select(d.payload).where(d.tenant == tenant, d.kind == DUE, d.due_at <= now_us)
    done = 0
    for payload in database.read_now(lambda c: c.execute(query).scalars().all()):
        customer = payload["customer"]
        legal = database.read_now(lambda c, who=customer: _legal_date(c, tenant, who, now_us))  # type: ignore[misc]
        if legal > now_us:
            database.write_now(lambda c, who=customer, at=legal: _put_down(c, tenant, who, at))  # type: ignore[misc]
            continue
        # On record before the key goes: afterwards nothing can be said about the customer without making a new one.
        database.write_now(lambda c, who=customer: _note(c, tenant, who, "record", now_us))  # type: ignore[misc]
        vault.destroy(tenant, customer, "record", now_us)
        database.write_now(lambda c, who=customer: _forget_record(c, tenant, who))  # type: ignore[misc]
        done += 1
    return done


def export(database: Database, tenant: str, customer: str) -> list[dict[str, Any]]:
    """Everything kept about a person, opened, long numbers to their last four digits. Raises NotFound `customer_unknown`."""

    def job(connection: sa.Connection) -> list[dict[str, Any]]:
        if not _kept(connection, tenant, customer):
            raise NotFound("customer_unknown", f"nothing is kept about {customer}")
        found = content.of_customer(connection, tenant, customer)
        return [{"place": place, "row": row, "content": masked(value)} for place, row, value in found]

    return database.read_now(job)


def masked(value: Any) -> Any:
    """The same value with personal data in its texts named, and only the last four digits of long numbers. Ids, times and amounts stay."""
    if isinstance(value, str):
        return hide_personal(_LONG_NUMBER.sub(lambda found: "••••" + found[0][-4:], value))
    if isinstance(value, dict):
        return {name: masked(each) for name, each in value.items()}
    if isinstance(value, list):
        return [masked(each) for each in value]
    return value


def _kept(connection: sa.Connection, tenant: str, customer: str) -> bool:
    c, p = t.conversation.c, g.proposal.c
    talked = sa.select(c.id).where(c.tenant == tenant, c.customer == customer).limit(1)
    recorded = sa.select(p.id).where(p.tenant == tenant, p.customer == customer).limit(1)
    return any(connection.execute(query).first() is not None for query in (talked, recorded))


def _forget_talk(connection: sa.Connection, tenant: str, customer: str, keys: int, now: int) -> dict[str, Any]:
    """Close what cannot go on, and take away what would say something without any key."""
    c, m, r, f, k = t.conversation.c, t.message.c, t.request.c, t.flow_instance.c, t.checkpoint.c
    mine = sa.select(c.id).where(c.tenant == tenant, c.customer == customer)
    flows = sa.select(f.id).where(f.tenant == tenant, f.conversation.in_(mine))
    connection.execute(t.checkpoint.delete().where(k.tenant == tenant, k.thread.in_(flows)))
    for statement in (
        t.message.update().where(m.tenant == tenant, m.conversation.in_(mine)).values(raw_hmac=None),
        t.message.update()
        .where(m.tenant == tenant, m.conversation.in_(mine), m.direction == "in", m.turn.is_(None))
        .values(turn=ERASED_TURN),
        t.request.update().where(r.tenant == tenant, r.conversation.in_(mine), r.status == "open").values(status="cancelled"),
        t.flow_instance.update().where(f.tenant == tenant, f.conversation.in_(mine)).values(status="cancelled"),
    ):
        connection.execute(statement)
    closed = t.conversation.update().where(c.tenant == tenant, c.customer == customer).values(state="closed", resume_hash=None)
    conversations = connection.execute(closed).rowcount
    legal = _legal_date(connection, tenant, customer, now)
    _put_down(connection, tenant, customer, legal)
    _note(connection, tenant, customer, "talk", now, keys=keys, conversations=conversations)
    return {"conversations": conversations, "record_erased_at": legal}


def _forget_record(connection: sa.Connection, tenant: str, customer: str) -> None:
    r, d = g.limit_reservation.c, t.due.c
    connection.execute(g.limit_reservation.delete().where(r.tenant == tenant, r.customer == customer))
    connection.execute(t.due.delete().where(d.tenant == tenant, d.key == _due_key(customer)))


def _legal_date(connection: sa.Connection, tenant: str, customer: str, now: int) -> int:
    """When the customer's records may go, in microseconds: now where there are none."""
    p = g.proposal.c
    last = connection.execute(sa.select(sa.func.max(p.created_at)).where(p.tenant == tenant, p.customer == customer)).scalar_one()
    return now if last is None else int(last) + RECORD_LIFE // timedelta(microseconds=1)


def _due_key(customer: str) -> str:
    return f"{DUE}:{customer}"


def _put_down(connection: sa.Connection, tenant: str, customer: str, at: int) -> None:
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {"tenant": tenant, "key": _due_key(customer), "kind": DUE, "due_at": at, "payload": {"customer": customer}}
    row = insert(t.due).values(**values)
    connection.execute(row.on_conflict_do_update(index_elements=["tenant", "key"], set_={"due_at": at}))


def _note(connection: sa.Connection, tenant: str, customer: str, purpose: str, now: int, **counts: int) -> None:
    """The trail says that somebody was erased; who it was, only while their record key lives."""
    who = commitment(record_key(connection, tenant, customer), f"customer:{customer}")
    append_audit(connection, tenant, "privacy.erased", {"customer": who, "purpose": purpose} | counts, now)


def _tidy(database: Database) -> None:
    """What was freed leaves the database's log too. Nothing readable was in there; a busy database does it later by itself."""
    if database.is_sqlite and database.maintain("PRAGMA wal_checkpoint(TRUNCATE)"):
        log.info("erasure_log_not_truncated")
