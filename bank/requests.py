"""Complaints, fraud reports and requests to close an account: put on record under a number, told to the customer, decided by people."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from bank import messages, people, proofs
from bank.access import Subject
from bank.accounts import masked, owned
from bank.call import Call, rfc3339
from bank.case_tables import closures, complaints, fraud_reports
from bank.ledger.tables import freezes, holds
from bank.references import register
from bank.replies import Approved, Reply
from bank.service_tables import mandates
from domain.actions import CloseAccount, OpenComplaint, ReportFraud
from domain.errors import Conflict, Forbidden


def list_complaints(call: Call, subject: Subject) -> dict[str, Any]:
    rows = call.rows(_complaints(call, subject).order_by(complaints.c.opened_us.desc(), complaints.c.reference))
    return {"complaints": [_complaint(row) for row in rows]}


def one_complaint(call: Call, subject: Subject, reference: str) -> dict[str, Any] | None:
    row = call.first(_complaints(call, subject).where(complaints.c.reference == reference))
    return None if row is None else _complaint(row)


def open_complaint(call: Call, approved: Approved, action: OpenComplaint) -> Reply:
    """Register a complaint. Never refused but where it is on record: Conflict `effect_exists` with the one that is open."""
    mine = _complaints(call, approved.subject).where(
        complaints.c.category == action.category, complaints.c.about == action.reference, complaints.c.status == "open"
    )
    before = call.first(mine)
    if before is not None:
        raise Conflict("effect_exists", first={"complaint": before["reference"]})
    reference = register(
        call,
        "CMP",
        complaints,
        customer=approved.subject.customer,
        category=action.category,
        about=action.reference,
        status="open",
        opened_us=call.now,
    )
    _tell(call, approved, "case_noted", {"reference": reference})
    proofs.trail(call, approved, "complaint_opened", complaint=reference, category=action.category)
    return Reply(proofs.receipt(call, approved, complaint=reference), 201)


def report_fraud(call: Call, approved: Approved, action: ReportFraud) -> Reply:
    """Put a report of fraud on record before anything is checked, with its number and time (E-01)."""
    report = register(
        call,
        "FRD",
        fraud_reports,
        customer=approved.subject.customer,
        kind=action.kind,
        about=action.reference,
        reported_us=call.now,
    )
    _tell(call, approved, "fraud_reported", {"reference": report})
    proofs.trail(call, approved, "fraud_reported", report=report, report_kind=action.kind)
    return Reply(proofs.receipt(call, approved, report=report), 201)


def close_account(call: Call, approved: Approved, action: CloseAccount) -> Reply:
    """Note the wish to close an account, with what stands in the way. Nothing is closed here.

    Raises Forbidden `approval_customer`; Conflict `account_closed`, `effect_exists` with the request that is there.
    """
    rows = owned(call, approved.subject, only=(action.account,))
    if not rows:
        raise Forbidden("approval_customer")
    if rows[0]["status"] == "closed":
        raise Conflict("account_closed")
    before = call.first(
        sa.select(closures.c.reference).where(
            closures.c.tenant == call.tenant, closures.c.account == action.account, closures.c.status == "requested"
        )
    )
    if before is not None:
        raise Conflict("effect_exists", first={"closure": before["reference"]})
    checklist = _checklist(call, rows[0])
    reference = register(
        call,
        "CLS",
        closures,
        customer=approved.subject.customer,
        account=action.account,
        reason=action.reason,
        checklist=json.dumps(checklist),
        status="requested",
        requested_us=call.now,
    )
    _tell(call, approved, "closure_requested", {"reference": reference, "account": masked(rows[0]["number"])})
    proofs.trail(call, approved, "closure_requested", closure=reference, account=action.account)
    return Reply(proofs.receipt(call, approved, closure=reference, checklist=checklist), 201)


def _checklist(call: Call, row: sa.RowMapping) -> list[str]:
    """What has to be done before the account can be closed, as plain codes in a fixed order."""
    freeze = sa.select(freezes.c.scope).where(
        freezes.c.tenant == call.tenant, freezes.c.account == row["id"], freezes.c.lifted_us.is_(None)
    )
    scopes = {stop["scope"] for stop in call.rows(freeze)}
    hold = sa.select(holds.c.id).where(
        holds.c.tenant == call.tenant, holds.c.account == row["id"], holds.c.state == "pending", holds.c.expires_us > call.now
    )
    debit = sa.select(mandates.c.id).where(
        mandates.c.tenant == call.tenant, mandates.c.account == row["id"], mandates.c.status == "active"
    )
    found = {
        "freeze": "full" in scopes,
        "lien": "lien" in scopes,
        "dues": row["ledger_minor"] < 0 or bool(row["dues_minor"]),
        "holds": call.first(hold.limit(1)) is not None,
        "mandates": call.first(debit.limit(1)) is not None,
        "move_balance": row["ledger_minor"] > 0,
        "all_holders_sign": row["ownership"] == "jointly",
        "branch_visit": row["ownership"] == "minor_guardian" or row["status"] == "dormant",
    }
    return [name for name, stands in found.items() if stands]


def _tell(call: Call, approved: Approved, template: str, fields: dict[str, Any]) -> None:
    customer = people.row_of(call, approved.subject.customer)
    if customer is not None:
        messages.deliver(call, customer, template, fields)


def _complaints(call: Call, subject: Subject) -> sa.Select[Any]:
    return sa.select(complaints).where(complaints.c.tenant == call.tenant, complaints.c.customer == subject.customer)


def _complaint(row: sa.RowMapping) -> dict[str, Any]:
    names = ("reference", "category", "about", "status")
    return {name: row[name] for name in names} | {"opened_at": rfc3339(row["opened_us"])}
