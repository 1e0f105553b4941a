"""Locks on logins and links for a new password: the approved actions that open one and send the other."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from bank import messages, people, proofs
from bank.call import Call, rfc3339
from bank.replies import Approved, Reply
from bank.service_tables import login_unlocks, reset_links
from bank.tables import customers
from domain.actions import SendResetLink, UnlockLogin
from domain.errors import Conflict, NotFound

#: P-OTP of the banking rules: a link lives 15 minutes and works once.
LINK_SECONDS = 15 * 60


def standing_lock(call: Call, row: sa.RowMapping) -> str | None:
    """Kind of the lock that stands on a customer's login; None while there is none, or it has run out."""
    if row["lock_kind"] is None or (row["lock_until_us"] is not None and row["lock_until_us"] <= call.now):
        return None
    kind: str = row["lock_kind"]
    return kind


def unlock(call: Call, approved: Approved, action: UnlockLogin) -> Reply:
    """Open a login that wrong passwords locked, and tell its owner.

    Raises Conflict `lock_missing` (not the lock that stands on this customer's login), `lock_state` (locked for another reason:
    those the bank's people lift).
    """
    row = _customer(call, approved)
    kind = standing_lock(call, row)
    if kind is None or row["lock_id"] != action.lock:
        raise Conflict("lock_missing")
    if kind != "wrong_password":
        raise Conflict("lock_state")
    call.connection.execute(
        customers.update()
        .where(customers.c.tenant == call.tenant, customers.c.id == row["id"])
        .values(lock_kind=None, lock_since_us=None, lock_until_us=None, lock_id=None)
    )
    call.insert(login_unlocks, lock=action.lock, customer=row["id"], at_us=call.now)
    messages.deliver(call, row, "login_unlocked", {})
    proofs.trail(call, approved, "login_unlocked", lock=action.lock)
    return Reply(proofs.receipt(call, approved, status="unlocked"))


def send_reset_link(call: Call, approved: Approved, action: SendResetLink) -> Reply:
    """Send a link to a contact on file. The link stands in that message alone: the bank keeps its hash, the answer its masked address.

    Raises Conflict `contact_missing`.
    """
    row = _customer(call, approved)
    if not row[action.contact]:
        raise Conflict("contact_missing")
    secret, link = call.ids.secret(), call.ids.new("lnk")
    expires = call.now + LINK_SECONDS * 1_000_000
    call.insert(
        reset_links,
        id=link,
        customer=row["id"],
        contact=action.contact,
        secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
        sent_us=call.now,
        expires_us=expires,
    )
    channel = "sms" if action.contact == "mobile" else "email"
    messages.deliver(call, row, "reset_link", {"secret": secret}, channels=(channel,))
    proofs.trail(call, approved, "reset_link_sent", link=link, contact=action.contact)
    mask = people.masked_mobile if action.contact == "mobile" else people.masked_email
    return Reply(proofs.receipt(call, approved, link=link, sent_to=mask(row[action.contact]), expires_at=rfc3339(expires)), 201)


def _customer(call: Call, approved: Approved) -> sa.RowMapping:
    query = sa.select(customers).where(customers.c.tenant == call.tenant, customers.c.id == approved.subject.customer)
    row = call.first(query.with_for_update())
    if row is None:
        raise NotFound
    return row
