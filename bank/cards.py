"""Cards under approval: blocked for now, for good, or working again. The owner is told each time."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bank import approvals, audit, messages, people, proofs
from bank.call import Call
from bank.replies import Approved, Reply
from bank.tables import cards
from domain.actions import BlockCard, HotlistCard, UnblockCard
from domain.errors import Conflict, Forbidden


def block_card(call: Call, approved: Approved, action: BlockCard) -> Reply:
    """Block a card for now. A card that does not work anyway stays as it is: never a refusal. `block` names the block."""
    row = _own_card(call, approved, action.card)
    status, block = row["status"], row["block_id"]
    if status == "active":
        status, block = "blocked_own", call.ids.new("blk")
        _set(call, action.card, status=status, block_reason=action.reason, blocked_us=call.now, block_id=block)
        _announce(call, approved, action.card, "card_blocked", row)
    proofs.trail(call, approved, "card_blocked", card=action.card, status=status)
    return Reply(proofs.receipt(call, approved, status=status, block=block))


def hotlist_card(call: Call, approved: Approved, action: HotlistCard) -> Reply:
    """Block a card for good and order a new one to the address on file. Raises Conflict `card_state` if it is hotlisted or expired."""
    row = _own_card(call, approved, action.card)
    if row["status"] in ("hotlisted", "expired"):
        raise Conflict("card_state", row["status"])
    _set(
        call,
        action.card,
        status="hotlisted",
        block_reason=action.reason,
        blocked_us=call.now,
        block_id=call.ids.new("blk"),
        replacement_us=call.now,
    )
    _announce(call, approved, action.card, "card_hotlisted", row)
    proofs.trail(call, approved, "card_hotlisted", card=action.card)
    return Reply(proofs.receipt(call, approved, status="hotlisted", replacement="ordered"))


def unblock_card(call: Call, approved: Approved, action: UnblockCard) -> Reply:
    """Lift the customer's own block.

    Raises Conflict `card_state` for any other state (those the bank's people lift), `block_missing` for another block than stands.
    """
    row = _own_card(call, approved, action.card)
    if row["status"] != "blocked_own":
        raise Conflict("card_state", row["status"])
    if row["block_id"] != action.block:
        raise Conflict("block_missing")
    _set(call, action.card, status="active", block_reason=None, blocked_us=None, block_id=None)
    approvals.release_effect(call, f"block_card:{action.card}")
    _announce(call, approved, action.card, "card_unblocked", row)
    proofs.trail(call, approved, "card_unblocked", card=action.card, status="active")
    return Reply(proofs.receipt(call, approved, status="active"))


def _own_card(call: Call, approved: Approved, card: str) -> sa.RowMapping:
    row = people.card_row(call, approved.subject, card, lock=True)
    if row is None:
        raise Forbidden("approval_customer")
    return row


def _set(call: Call, card: str, **values: Any) -> None:
    call.connection.execute(cards.update().where(cards.c.tenant == call.tenant, cards.c.id == card).values(**values))


def _announce(call: Call, approved: Approved, card: str, template: str, row: sa.RowMapping) -> None:
    customer = people.row_of(call, approved.subject.customer)
    if customer is not None:
        messages.deliver(call, customer, template, {"card": f"XX{row['last4']}"})
    audit.emit(call, "card.changed", approved.subject.customer, card)
