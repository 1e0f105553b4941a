"""Disputes and chargebacks: what a customer sees of them, and the approved actions that register them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bank import proofs
from bank.access import Subject
from bank.call import Call, rfc3339
from bank.case_tables import chargebacks
from bank.networks import network_of, other_side
from bank.payee_names import handle_of
from bank.references import register
from bank.replies import Approved, Reply
from bank.tables import cards, disputes
from bank.transactions import find
from domain.actions import OpenDispute, RaiseChargeback
from domain.errors import Conflict, Forbidden


def list_disputes(call: Call, subject: Subject) -> dict[str, Any]:
    return {"disputes": [_dispute(row) for row in call.rows(_mine(call, subject).order_by(disputes.c.opened_us.desc()))]}


def one_dispute(call: Call, subject: Subject, reference: str) -> dict[str, Any] | None:
    row = call.first(_mine(call, subject).where(disputes.c.reference == reference))
    return None if row is None else _dispute(row)


def open_dispute(call: Call, approved: Approved, action: OpenDispute) -> Reply:
    """Register a dispute about one of the customer's payments under a fresh reference.

    Raises Forbidden `approval_customer` for another's payment; Conflict `amount_exceeds` (more than was paid, or another
    currency), `effect_exists` with the dispute that is there.
    """
    payment = find(call, approved.subject, action.transaction)
    if payment is None:
        raise Forbidden("approval_customer")
    if payment["dispute"] is not None:
        raise Conflict("effect_exists", first={"dispute": payment["dispute"]})
    if action.currency != payment["currency"] or action.amount_minor > abs(payment["amount_minor"]):
        raise Conflict("amount_exceeds")
    reference = register(
        call,
        "DSP",
        disputes,
        customer=approved.subject.customer,
        account=payment["account"],
        transaction=action.transaction,
        dispute_type=action.dispute_type,
        amount_minor=action.amount_minor,
        currency=action.currency,
        status="open",
        opened_us=call.now,
    )
    proofs.trail(call, approved, "dispute_opened", dispute=reference, transaction=action.transaction)
    return Reply(proofs.receipt(call, approved, dispute=reference), 201)


def raise_chargeback(call: Call, approved: Approved, action: RaiseChargeback) -> Reply:
    """Claim a disputed payment back from the other bank, once.

    Raises Forbidden `approval_customer`; Conflict `dispute_missing` (none that is open about it), `amount_exceeds`,
    `no_chargeback` (the rail has none), `effect_exists` with the one that was raised.
    """
    payment = find(call, approved.subject, action.transaction)
    if payment is None:
        raise Forbidden("approval_customer")
    dispute = call.first(
        _mine(call, approved.subject).where(
            disputes.c.reference == action.dispute, disputes.c.transaction == action.transaction, disputes.c.status == "open"
        )
    )
    if dispute is None:
        raise Conflict("dispute_missing")
    if action.currency != dispute["currency"] or action.amount_minor > dispute["amount_minor"]:
        raise Conflict("amount_exceeds")
    before = call.first(
        sa.select(chargebacks.c.reference).where(
            chargebacks.c.tenant == call.tenant, chargebacks.c.transaction == action.transaction
        )
    )
    if before is not None:
        raise Conflict("effect_exists", first={"chargeback": before["reference"]})
    card = call.first(sa.select(cards.c.network).where(cards.c.tenant == call.tenant, cards.c.id == (payment["card"] or "")))
    network = network_of(payment["rail"], card["network"] if card else None)
    if network == "none":
        raise Conflict("no_chargeback")
    reference = register(
        call,
        "CBK",
        chargebacks,
        customer=approved.subject.customer,
        account=payment["account"],
        transaction=action.transaction,
        dispute=action.dispute,
        network=network,
        payee=other_side(handle_of(payment), payment["counterparty"]),
        amount_minor=action.amount_minor,
        currency=action.currency,
        status="raised",
        raised_us=call.now,
    )
    proofs.trail(call, approved, "chargeback_raised", chargeback=reference, transaction=action.transaction)
    return Reply(proofs.receipt(call, approved, chargeback=reference, network=network), 201)


def _mine(call: Call, subject: Subject) -> sa.Select[Any]:
    return sa.select(disputes).where(disputes.c.tenant == call.tenant, disputes.c.customer == subject.customer)


def _dispute(row: sa.RowMapping) -> dict[str, Any]:
    return {
        "reference": row["reference"],
        "account": row["account"],
        "transaction": row["transaction"],
        "dispute_type": row["dispute_type"],
        "amount_minor": row["amount_minor"],
        "currency": row["currency"],
        "status": row["status"],
        "opened_at": rfc3339(row["opened_us"]),
        "provisional_credit": row["credit"],
    }
