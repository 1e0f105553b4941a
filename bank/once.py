"""One key, one operation: the first result is kept with a digest of what was asked, and given again to the same question."""

from __future__ import annotations

import json
import re

import sqlalchemy as sa

from bank.call import Call
from bank.ledger.tables import operations
from bank.replies import Reply
from domain.errors import BadInput, Conflict

KEY = re.compile(r"[A-Za-z0-9_.:-]{1,128}")


def require_key(key: str) -> None:
    """Raise BadInput `idempotency_key_missing` or `idempotency_key_malformed`."""
    if not key:
        raise BadInput("idempotency_key_missing")
    if not KEY.fullmatch(key):
        raise BadInput("idempotency_key_malformed")


def claim_key(call: Call, key: str) -> None:
    """Across processes a key is worked on once: an advisory lock until the end of the transaction (PostgreSQL only)."""
    if call.connection.dialect.name != "postgresql":
        return
    taken = sa.select(sa.func.pg_try_advisory_xact_lock(sa.func.hashtextextended(f"{call.tenant}\x1f{key}", 0)))
    if not call.connection.execute(taken).scalar_one():
        raise Conflict("idempotency_in_progress")


def first_result(call: Call, key: str, inputs: str, customer: str) -> Reply | None:
    """What the key's first call was answered, marked as a replay; None for a fresh key. Raises Conflict `idempotency_conflict`."""
    row = call.first(sa.select(operations).where(operations.c.tenant == call.tenant, operations.c.key == key))
    if row is None:
        return None
    if row["inputs"] != inputs or row["customer"] != customer:
        raise Conflict("idempotency_conflict")
    return Reply(json.loads(row["result"]), row["status"], {"Idempotent-Replay": "true"})


def remember(call: Call, key: str, customer: str, action: str, inputs: str, reply: Reply) -> None:
    """Keep an answer under its key, in the transaction of the work. Raises Conflict `idempotency_in_progress` if a rival was first."""
    stored = call.insert_new(
        operations,
        key=key,
        customer=customer,
        action=action,
        inputs=inputs,
        status=reply.status,
        result=json.dumps(reply.body, ensure_ascii=False),
        at_us=call.now,
    )
    if not stored:
        raise Conflict("idempotency_in_progress")
