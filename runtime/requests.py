"""Open requests: what a customer was asked for, and whether an answer still counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain.clock import to_micros
from domain.conversation import Ask
from domain.errors import BadInput, Conflict
from domain.frames import RequestClosed
from graphs.state import RequestSpec
from runtime.storage import conversations as store
from runtime.storage import record
from runtime.storage import tables as t
from runtime.storage.sealing import seal, talk_key, unseal

#: Place of sealed values.
ASK = "request.ask"
#: Expired requests closed in one sweep.
SWEEP = 100
#: Written out, not bound: a partial index serves only queries in which its own condition stands.
_OPEN = t.request.c.status == sa.literal_column("'open'")


@dataclass(frozen=True, slots=True)
class OpenRequest:
    id: str
    conversation: str
    flow_instance: str
    ask: Ask
    status: str
    expires_at: int


def find_request(connection: sa.Connection, tenant: str, conversation: str, request: str) -> OpenRequest:
    """Raises BadInput `request_unknown` for an id this conversation never had."""
    r = t.request.c
    row = connection.execute(
        sa.select(t.request).where(r.tenant == tenant, r.conversation == conversation, r.id == request)
    ).one_or_none()
    if row is None:
        raise BadInput("request_unknown")
    found = _opened(connection, row)
    if found is None:
        raise BadInput("request_unknown")
    return found


def _opened(connection: sa.Connection, row: sa.Row[Any]) -> OpenRequest | None:
    """A request as it was asked; None when what was asked has been erased."""
    ask = unseal(connection, row.tenant, ASK, row.id, row.ask)
    if ask is None:
        return None
    return OpenRequest(row.id, row.conversation, row.flow_instance, Ask.model_validate(ask), row.status, row.expires_at)


def open_requests(connection: sa.Connection, tenant: str, conversation: str) -> list[OpenRequest]:
    r = t.request.c
    rows = connection.execute(
        sa.select(t.request).where(r.tenant == tenant, r.conversation == conversation, r.status == "open")
    ).all()
    return [found for found in (_opened(connection, row) for row in rows) if found is not None]


def require_open(found: OpenRequest, kind: str, now: int) -> None:
    """Raises BadInput `request_kind`, Conflict `request_expired` or `request_closed`."""
    if found.ask.kind != kind:
        raise BadInput("request_kind", f"this request takes a {found.ask.kind}")
    if found.status == "expired" or (found.status == "open" and found.expires_at <= now):
        raise Conflict("request_expired")
    if found.status != "open":
        raise Conflict("request_closed")


def save_request(connection: sa.Connection, tenant: str, conversation: str, spec: RequestSpec) -> None:
    connection.execute(
        t.request.insert().values(
            tenant=tenant,
            id=spec.id,
            conversation=conversation,
            flow_instance=spec.flow_instance,
            kind=spec.ask.kind,
            ask=seal(talk_key(connection, tenant, conversation), tenant, ASK, spec.id, spec.ask.model_dump(mode="json")),
            status="open",
            expires_at=to_micros(spec.expires_at),
        )
    )


def close_request(connection: sa.Connection, tenant: str, request: str, reason: str) -> bool:
    """Close an open request; False when it was not open."""
    r = t.request.c
    done = connection.execute(
        t.request.update().where(r.tenant == tenant, r.id == request, r.status == "open").values(status=reason)
    )
    return done.rowcount == 1


def is_answered(connection: sa.Connection, tenant: str, request: str) -> bool:
    """True when an answer to this request was accepted."""
    r = t.request.c
    query = sa.select(r.id).where(r.tenant == tenant, r.id == request, r.status == "answered")
    return connection.execute(query).first() is not None


def any_expired(connection: sa.Connection, tenant: str, now: int) -> bool:
    r = t.request.c
    query = sa.select(r.id).where(r.tenant == tenant, _OPEN, r.expires_at <= now).limit(1)
    return connection.execute(query).first() is not None


def sweep_expired(connection: sa.Connection, tenant: str, now: int) -> list[str]:
    """Close what ran out: the frame that says so is also the event that wakes the flow. Returns the conversations touched."""
    r = t.request.c
    rows = connection.execute(
        sa.select(r.id, r.conversation).where(r.tenant == tenant, _OPEN, r.expires_at <= now).order_by(r.expires_at).limit(SWEEP)
    ).all()
    touched = []
    for row in sorted(rows, key=lambda row: (row.conversation, row.id)):  # two sweepers lock in the same order
        store.lock(connection, tenant, row.conversation)
        if not close_request(connection, tenant, row.id, "expired"):
            continue
        seq = store.next_seq(connection, tenant, row.conversation)
        record.insert_message(
            connection,
            tenant,
            row.conversation,
            seq,
            "in",
            RequestClosed(seq=seq, id=row.id, reason="expired").model_dump(mode="json"),
            input={"seq": seq, "kind": "event", "value": "request_expired", "request": row.id},
            at=now,
        )
        touched.append(row.conversation)
    return touched
