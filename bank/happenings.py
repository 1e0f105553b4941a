"""What the bank says by itself, and what time does to it: holds expire, events of a world come due."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bank import audit
from bank.call import Call, rfc3339
from bank.ledger import holds
from bank.ledger.tables import holders
from bank.ledger.tables import holds as hold_rows
from bank.tables import due_events, events

PAGE = 200


def is_due(call: Call) -> bool:
    """Whether time has something to do: cheap, for readers who would rather not write."""
    expired = sa.select(hold_rows.c.id).where(
        hold_rows.c.tenant == call.tenant, hold_rows.c.state == "pending", hold_rows.c.expires_us <= call.now
    )
    coming = sa.select(due_events.c.n).where(due_events.c.tenant == call.tenant, due_events.c.at_us <= call.now)
    return call.first(expired.limit(1)) is not None or call.first(coming.limit(1)) is not None


def catch_up(call: Call) -> int:
    """Expire holds and emit events that are due; returns how many. Doing it twice does it once."""
    done = 0
    for hold, account in holds.expire(call):
        owners = sa.select(holders.c.customer).where(holders.c.tenant == call.tenant, holders.c.account == account)
        for row in call.rows(owners.order_by(holders.c.customer)):
            audit.emit(call, "hold.expired", row["customer"], hold)
        audit.append(call, "hold_expired", {"hold": hold, "account": account})
        done += 1
    coming = sa.select(due_events).where(due_events.c.tenant == call.tenant, due_events.c.at_us <= call.now)
    for row in call.rows(coming.order_by(due_events.c.at_us, due_events.c.n).with_for_update()):
        audit.emit(call, row["kind"], row["customer"], row["subject"], at=row["at_us"])
        call.connection.execute(due_events.delete().where(due_events.c.tenant == call.tenant, due_events.c.n == row["n"]))
        done += 1
    return done


def page(call: Call, after: int) -> dict[str, Any]:
    """Events after a cursor, in order, at most `PAGE`; `next` is the cursor to ask with then."""
    query = sa.select(events).where(events.c.tenant == call.tenant, events.c.cursor > after)
    rows = call.rows(query.order_by(events.c.cursor).limit(PAGE))
    return {
        "events": [
            {
                "cursor": row["cursor"],
                "at": rfc3339(row["at_us"]),
                "kind": row["kind"],
                "customer": row["customer"],
                "subject": row["subject"],
            }
            for row in rows
        ],
        "next": rows[-1]["cursor"] if rows else after,
        "now": rfc3339(call.now),
    }
