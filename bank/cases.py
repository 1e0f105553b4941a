"""Disputes and cards: what a customer sees of them, and the approved actions that open one or block the other."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bank import approvals, audit, messages, people
from bank.access import Subject
from bank.actions import BlockCard, OpenDispute, UnblockCard
from bank.call import Call, rfc3339
from bank.replies import Approved, Reply
from bank.tables import cards, disputes
from bank.transactions import find
from domain.errors import Broken, Conflict, Forbidden

REFERENCE_DIGITS = 6
REFERENCE_TRIES = 8


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
    reference = _register(call, approved, action, payment)
    audit.append(
        call,
        "dispute_opened",
        {
            "dispute": reference,
            "transaction": action.transaction,
            "customer": approved.subject.customer,
            "operation": approved.operation,
            "approval": approved.claims.jti,
        },
    )
    body = {
        "operation": approved.operation,
        "action": action.action,
        "dispute": reference,
        "transaction": action.transaction,
        "dispute_type": action.dispute_type,
        "amount_minor": action.amount_minor,
        "currency": action.currency,
    }
    return Reply(body | _proof(call, approved), 201)


def block_card(call: Call, approved: Approved, action: BlockCard) -> Reply:
    """Block a card for now and tell its owner. A card that does not work anyway stays as it is: never a refusal."""
    row = _own_card(call, approved, action.card)
    status = row["status"]
    if status == "active":
        status = "blocked_own"
        _set_card(call, action.card, status, action.reason, call.now)
        approvals.release_effect(call, f"unblock_card:{action.card}")
        _announce(call, approved, action.card, "card_blocked", row)
    audit.append(call, "card_blocked", _card_trail(approved, action.card, status))
    return Reply(_card_receipt(call, approved, action.card, status))


def unblock_card(call: Call, approved: Approved, action: UnblockCard) -> Reply:
    """Lift the customer's own block. Raises Conflict `card_state` for any other state: those the bank's people lift."""
    row = _own_card(call, approved, action.card)
    if row["status"] != "blocked_own":
        raise Conflict("card_state", row["status"])
    _set_card(call, action.card, "active", None, None)
    approvals.release_effect(call, f"block_card:{action.card}")
    _announce(call, approved, action.card, "card_unblocked", row)
    audit.append(call, "card_unblocked", _card_trail(approved, action.card, "active"))
    return Reply(_card_receipt(call, approved, action.card, "active"))


def _register(call: Call, approved: Approved, action: OpenDispute, payment: sa.RowMapping) -> str:
    """Insert under `DSP-<yymmdd>-<digits>`; the digits are drawn again where they are taken."""
    day = call.today().strftime("%y%m%d")
    for _ in range(REFERENCE_TRIES):
        reference = f"DSP-{day}-{call.ids.digits(REFERENCE_DIGITS)}"
        if call.insert_new(
            disputes,
            reference=reference,
            customer=approved.subject.customer,
            account=payment["account"],
            transaction=action.transaction,
            dispute_type=action.dispute_type,
            amount_minor=action.amount_minor,
            currency=action.currency,
            status="open",
            opened_us=call.now,
        ):
            return reference
    raise Broken("reference_space_full")


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


def _own_card(call: Call, approved: Approved, card: str) -> sa.RowMapping:
    row = people.card_row(call, approved.subject, card, lock=True)
    if row is None:
        raise Forbidden("approval_customer")
    return row


def _set_card(call: Call, card: str, status: str, reason: str | None, at: int | None) -> None:
    call.connection.execute(
        cards.update()
        .where(cards.c.tenant == call.tenant, cards.c.id == card)
        .values(status=status, block_reason=reason, blocked_us=at)
    )


def _announce(call: Call, approved: Approved, card: str, template: str, row: sa.RowMapping) -> None:
    customer = people.row_of(call, approved.subject.customer)
    if customer is not None:
        messages.deliver(call, customer, template, {"card": f"XX{row['last4']}"})
    audit.emit(call, "card.changed", approved.subject.customer, card)


def _card_trail(approved: Approved, card: str, status: str) -> dict[str, Any]:
    return {
        "card": card,
        "status": status,
        "customer": approved.subject.customer,
        "operation": approved.operation,
        "approval": approved.claims.jti,
    }


def _card_receipt(call: Call, approved: Approved, card: str, status: str) -> dict[str, Any]:
    named = {"operation": approved.operation, "action": approved.action.arguments()["action"], "card": card, "status": status}
    return named | _proof(call, approved)


def _proof(call: Call, approved: Approved) -> dict[str, Any]:
    return {"effect": approved.claims.effect, "approval_jti": approved.claims.jti, "at": rfc3339(call.now)}
