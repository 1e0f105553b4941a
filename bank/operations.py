"""What became of a write: the answer to a caller who sent one and heard nothing."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from bank.access import Subject
from bank.call import Call, rfc3339
from bank.ledger.tables import operations
from bank.serving import Desk


def state(call: Call, subject: Subject, key: str, desk: Desk) -> dict[str, Any]:
    """`found` with the first result, or `not_found`; another customer's key reads like one that was never used.

    Not found is only said when nobody works on the key: once the approval has expired by `now`, it stays not found.
    Raises Conflict `idempotency_in_progress`.
    """
    desk.require_idle(call, key)
    query = sa.select(operations).where(
        operations.c.tenant == call.tenant, operations.c.key == key, operations.c.customer == subject.customer
    )
    row = call.first(query)
    found = {"state": "found", "status": row["status"], "result": json.loads(row["result"])} if row else {"state": "not_found"}
    return {"operation": key} | found | {"now": rfc3339(call.now)}
