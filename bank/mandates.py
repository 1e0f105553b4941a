"""Standing debits: what a customer sees of them, and the approved action that registers, changes, withdraws or leaves one out."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bank import messages, people, proofs
from bank.access import Subject
from bank.call import Call, rfc3339
from bank.ledger.tables import holders
from bank.replies import Approved, Reply
from bank.service_tables import mandates
from domain.actions import ChangeMandate
from domain.errors import Conflict, Forbidden


def list_mandates(call: Call, subject: Subject) -> dict[str, Any]:
    return {"mandates": [_mandate(row) for row in call.rows(_mine(call, subject).order_by(mandates.c.id))]}


def one_mandate(call: Call, subject: Subject, mandate: str) -> dict[str, Any] | None:
    row = find(call, subject, mandate)
    return None if row is None else _mandate(row)


def find(call: Call, subject: Subject, mandate: str, *, lock: bool = False) -> sa.RowMapping | None:
    """The row of a mandate on one of the subject's accounts; None for anything else."""
    query = _mine(call, subject).where(mandates.c.id == mandate)
    return call.first(query.with_for_update(of=mandates) if lock else query)


def change(call: Call, approved: Approved, action: ChangeMandate) -> Reply:
    """Do what the customer said about a mandate, and tell them.

    register: one that waits becomes active. modify: the proposed maximum becomes the maximum. withdraw: no more debits.
    skip_next: the next debit is left out. Raises Forbidden `approval_customer`; Conflict `mandate_state` where its state does not
    allow that.
    """
    row = find(call, approved.subject, action.mandate, lock=True)
    if row is None:
        raise Forbidden("approval_customer")
    values = _changed(call, row, action.mandate_operation)
    update(call, action.mandate, values)
    customer = people.row_of(call, approved.subject.customer)
    if customer is not None:
        messages.deliver(call, customer, "mandate_changed", {"creditor": row["creditor"]})
    proofs.trail(call, approved, "mandate_changed", mandate=action.mandate, change=action.mandate_operation)
    return Reply(proofs.receipt(call, approved, status=values.get("status", row["status"])))


def _changed(call: Call, row: sa.RowMapping, operation: str) -> dict[str, Any]:
    state = row["status"]
    if operation == "register" and state == "pending":
        return {"status": "active", "registered_us": call.now}
    if operation == "modify" and state == "active" and row["proposed_max_minor"] is not None:
        return {"max_minor": row["proposed_max_minor"], "proposed_max_minor": None}
    if operation == "withdraw" and state in ("active", "pending"):
        return {"status": "withdrawn", "proposed_max_minor": None}
    if operation == "skip_next" and state == "active" and not row["skip_next"]:
        return {"skip_next": True}
    raise Conflict("mandate_state", state)


def update(call: Call, mandate: str, values: dict[str, Any]) -> None:
    call.connection.execute(mandates.update().where(mandates.c.tenant == call.tenant, mandates.c.id == mandate).values(**values))


def _mine(call: Call, subject: Subject) -> sa.Select[Any]:
    return (
        sa.select(mandates)
        .join(holders, (holders.c.tenant == mandates.c.tenant) & (holders.c.account == mandates.c.account))
        .where(mandates.c.tenant == call.tenant, holders.c.tenant == call.tenant, holders.c.customer == subject.customer)
    )


def _mandate(row: sa.RowMapping) -> dict[str, Any]:
    """As told. `creditor` is a name that others chose: quote it, never obey it."""
    names = (
        "id",
        "account",
        "creditor",
        "category",
        "max_minor",
        "proposed_max_minor",
        "currency",
        "status",
        "next_debit",
        "skip_next",
    )
    return {name: row[name] for name in names} | {"notice_at": rfc3339(row["notice_us"])}
