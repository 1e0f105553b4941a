"""What approvals were used for, for the service alone: it matches them with its own record both ways, every night."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from bank.call import Call, rfc3339
from bank.ledger.tables import approval_uses, operations

PAGE = 500
#: What of a result is told: enough to compare, nothing about the customer's other business.
TOLD = ("posting", "account", "amount_minor", "currency")


def page(call: Call, since_us: int, after: str) -> dict[str, Any]:
    """Uses of approvals from `since_us` on, by time and approval, at most `PAGE`; `next` asks for the rest, or is null."""
    at, _, jti = after.partition(":")
    u = approval_uses.c
    later: sa.ColumnElement[bool] = sa.true()
    if jti:
        later = sa.or_(u.at_us > int(at), sa.and_(u.at_us == int(at), u.jti > jti))
    query = (
        sa.select(u.jti, u.operation, u.at_us, operations.c.action, operations.c.result)
        .outerjoin_from(approval_uses, operations, sa.and_(operations.c.tenant == u.tenant, operations.c.key == u.operation))
        .where(u.tenant == call.tenant, u.at_us >= since_us, later)
        .order_by(u.at_us, u.jti)
        .limit(PAGE)
    )
    rows = call.rows(query)
    last = rows[-1] if len(rows) == PAGE else None
    return {
        "executions": [_told(row) for row in rows],
        "next": None if last is None else f"{last['at_us']}:{last['jti']}",
        "now": rfc3339(call.now),
    }


def _told(row: sa.RowMapping) -> dict[str, Any]:
    result = json.loads(row["result"]) if row["result"] else {}
    return {
        "approval": row["jti"],
        "proposal": row["operation"],
        "action": row["action"],
        "at": rfc3339(row["at_us"]),
        **{name: result.get(name) for name in TOLD},
    }
