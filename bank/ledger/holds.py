"""Holds as rows: placed, posted, voided, expired. Callers hold the account's lock, so that of two that settle one comes first."""

from __future__ import annotations

import sqlalchemy as sa

from bank.call import Call
from bank.ledger.core import HoldState, require_hold_transition
from bank.ledger.tables import holds
from domain.errors import Conflict
from domain.money import Money


def place(call: Call, account: str, money: Money, merchant: str, seconds: int) -> str:
    """Keep an amount back; returns the hold's id. That it is available was checked before."""
    hold = call.ids.new("hld")
    call.insert(
        holds,
        id=hold,
        account=account,
        amount_minor=money.minor,
        currency=money.currency,
        reason="other",
        merchant=merchant,
        placed_us=call.now,
        expires_us=call.now + seconds * 1_000_000,
        state="pending",
    )
    return hold


def void(call: Call, account: str, hold: str) -> Money:
    """Give the amount back. Raises Conflict `hold_missing` or `hold_state`."""
    row = _settleable(call, account, hold, "voided")
    _set(call, hold, "voided")
    return Money(row["amount_minor"], row["currency"])


def require_postable(call: Call, account: str, hold: str, money: Money) -> str:
    """Check that a hold covers an amount; returns its merchant. Raises Conflict `hold_missing`, `hold_state`, `amount_exceeds`."""
    row = _settleable(call, account, hold, "posted")
    if money.currency != row["currency"]:
        raise Conflict("currency_mismatch")
    if money.minor > row["amount_minor"]:
        raise Conflict("amount_exceeds")
    merchant: str = row["merchant"]
    return merchant


def mark_posted(call: Call, hold: str, posting: str) -> None:
    _set(call, hold, "posted", posting)


def expire(call: Call) -> list[tuple[str, str]]:
    """Expire what is past its time; returns (hold, account) of each. A hold past its time holds nothing back even before that."""
    due = sa.select(holds.c.id, holds.c.account).where(
        holds.c.tenant == call.tenant, holds.c.state == "pending", holds.c.expires_us <= call.now
    )
    rows = call.rows(due.order_by(holds.c.expires_us, holds.c.id).with_for_update())
    for row in rows:
        _set(call, row["id"], "expired")
    return [(row["id"], row["account"]) for row in rows]


def _settleable(call: Call, account: str, hold: str, target: HoldState) -> sa.RowMapping:
    query = sa.select(holds).where(holds.c.tenant == call.tenant, holds.c.id == hold, holds.c.account == account)
    row = call.first(query.with_for_update())
    if row is None:
        raise Conflict("hold_missing")
    state: HoldState = "expired" if row["state"] == "pending" and row["expires_us"] <= call.now else row["state"]
    require_hold_transition(state, target)
    return row


def _set(call: Call, hold: str, state: HoldState, posting: str | None = None) -> None:
    """Leave `pending`, once; the condition in the statement is the guard."""
    changed = call.connection.execute(
        holds.update()
        .where(holds.c.tenant == call.tenant, holds.c.id == hold, holds.c.state == "pending")
        .values(state=state, posting=posting)
    )
    if changed.rowcount != 1:
        raise Conflict("hold_state")
