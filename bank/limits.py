"""Limits of accounts and cards: as they stand, and the approved action that sets one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bank import messages, people, proofs
from bank.access import Subject
from bank.accounts import masked, owned
from bank.call import Call
from bank.ledger.tables import holders
from bank.replies import Approved, Reply
from bank.service_tables import use_limits
from domain.actions import ChangeLimit
from domain.errors import Conflict, Forbidden


def list_limits(call: Call, subject: Subject) -> dict[str, Any]:
    """Limits per payment rail, and what may be set on accounts and cards."""
    return people.list_limits(call, subject) | {"settable": settable(call, subject)}


def settable(call: Call, subject: Subject) -> list[dict[str, Any]]:
    """What the subject may set on own accounts and cards, with the version to change it by."""
    query = (
        sa.select(use_limits)
        .join(holders, (holders.c.tenant == use_limits.c.tenant) & (holders.c.account == use_limits.c.account))
        .where(use_limits.c.tenant == call.tenant, holders.c.tenant == call.tenant, holders.c.customer == subject.customer)
        .order_by(use_limits.c.account, use_limits.c.card, use_limits.c.kind)
    )
    names = ("account", "kind", "value_minor", "cap_minor", "currency", "version")
    return [{name: row[name] for name in names} | {"card": row["card"] or None} for row in call.rows(query)]


def find(call: Call, account: str, card: str | None, kind: str, *, lock: bool = False) -> sa.RowMapping | None:
    query = sa.select(use_limits).where(
        use_limits.c.tenant == call.tenant,
        use_limits.c.account == account,
        use_limits.c.card == (card or ""),
        use_limits.c.kind == kind,
    )
    return call.first(query.with_for_update() if lock else query)


def change_limit(call: Call, approved: Approved, action: ChangeLimit) -> Reply:
    """Set a limit and tell the owner.

    Raises Forbidden `approval_customer`; Conflict `limit_missing`, `version_conflict`, `currency_mismatch`, `limit_above_cap`,
    `account_closed`.
    """
    rows = owned(call, approved.subject, only=(action.account,))
    if not rows or (action.card is not None and people.card_row(call, approved.subject, action.card) is None):
        raise Forbidden("approval_customer")
    if rows[0]["status"] == "closed":
        raise Conflict("account_closed")
    row = find(call, action.account, action.card, action.limit_kind, lock=True)
    if row is None:
        raise Conflict("limit_missing")
    if row["version"] != action.version:
        raise Conflict("version_conflict", f"version is {row['version']}")
    if row["currency"] != action.currency:
        raise Conflict("currency_mismatch")
    if action.limit_new_minor > row["cap_minor"]:
        raise Conflict("limit_above_cap")
    _set(call, row, action)
    customer = people.row_of(call, approved.subject.customer)
    if customer is not None:
        shown = {"amount_minor": action.limit_new_minor, "currency": action.currency, "account": masked(rows[0]["number"])}
        messages.deliver(call, customer, "limit_changed", shown | {"limit_kind": action.limit_kind})
    proofs.trail(call, approved, "limit_changed", account=action.account, card=action.card, limit_kind=action.limit_kind)
    return Reply(proofs.receipt(call, approved, limit_old_minor=row["value_minor"], version_new=row["version"] + 1))


def _set(call: Call, row: sa.RowMapping, action: ChangeLimit) -> None:
    changed = call.connection.execute(
        use_limits.update()
        .where(
            use_limits.c.tenant == call.tenant,
            use_limits.c.account == row["account"],
            use_limits.c.card == row["card"],
            use_limits.c.kind == row["kind"],
            use_limits.c.version == row["version"],
        )
        .values(value_minor=action.limit_new_minor, version=row["version"] + 1)
    )
    if changed.rowcount != 1:
        raise Conflict("version_conflict")
