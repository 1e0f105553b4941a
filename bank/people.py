"""The customer as the bank knows them: profile, devices, log-in attempts, limits, loans, cards."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bank.access import Subject
from bank.call import Call, rfc3339
from bank.tables import cards, customers, devices, loans, logins, rail_limits

MAX_LOGINS = 50


def row_of(call: Call, customer: str) -> sa.RowMapping | None:
    return call.first(sa.select(customers).where(customers.c.tenant == call.tenant, customers.c.id == customer))


def masked_mobile(mobile: str | None) -> str | None:
    """`XXXXXX3210`: enough for the owner to know which phone."""
    return None if not mobile else "XXXXXX" + mobile[-4:]


def masked_email(email: str | None) -> str | None:
    """`a***@example.org`"""
    if not email or "@" not in email:
        return None
    name, _, host = email.rpartition("@")
    return f"{name[:1]}***@{host}"


def profile(call: Call, subject: Subject) -> dict[str, Any] | None:
    row = row_of(call, subject.customer)
    if row is None:
        return None
    locked = row["lock_kind"] is not None and (row["lock_until_us"] is None or row["lock_until_us"] > call.now)
    return {
        "id": row["id"],
        "name": row["name"],
        "language": row["language"],
        "segment": row["segment"],
        "zone": call.zone,
        "home_branch": row["home_branch"],
        "mobile_masked": masked_mobile(row["mobile"]),
        "email_masked": masked_email(row["email"]),
        "deceased": row["deceased_on"] is not None,
        "kyc": {"due": row["kyc_due"], "notices": row["kyc_notices"]},
        "login": {
            "locked": locked,
            "lock": row["lock_kind"] if locked else None,
            "lock_id": row["lock_id"] if locked else None,
            "since": rfc3339(row["lock_since_us"]) if locked else None,
            "until": rfc3339(row["lock_until_us"]) if locked else None,
        },
        "changed_at": {name: rfc3339(row[f"{name}_changed_us"]) for name in ("mobile", "email", "sim", "password", "pin")},
    }


def list_devices(call: Call, subject: Subject) -> dict[str, Any]:
    query = sa.select(devices).where(devices.c.tenant == call.tenant, devices.c.customer == subject.customer)
    return {
        "devices": [
            {
                "id": row["id"],
                "name": row["name"],
                "registered_at": rfc3339(row["registered_us"]),
                "last_seen": rfc3339(row["last_seen_us"]),
                "location": row["location"],
                "key": row["has_key"],
                "app_version": row["app_version"],
            }
            for row in call.rows(query.order_by(devices.c.registered_us, devices.c.id))
        ]
    }


def list_logins(call: Call, subject: Subject) -> dict[str, Any]:
    query = sa.select(logins).where(logins.c.tenant == call.tenant, logins.c.customer == subject.customer)
    rows = call.rows(query.order_by(logins.c.at_us.desc(), logins.c.id).limit(MAX_LOGINS))
    return {
        "logins": [
            {
                "id": row["id"],
                "at": rfc3339(row["at_us"]),
                "result": row["result"],
                "device": row["device"],
                "location": row["location"],
            }
            for row in rows
        ]
    }


def list_limits(call: Call, subject: Subject) -> dict[str, Any]:
    query = sa.select(rail_limits).where(rail_limits.c.tenant == call.tenant, rail_limits.c.customer == subject.customer)
    return {
        "limits": [
            {
                "rail": row["rail"],
                "per_transaction_minor": row["per_transaction_minor"],
                "per_day_minor": row["per_day_minor"],
                "currency": row["currency"],
            }
            for row in call.rows(query.order_by(rail_limits.c.rail))
        ],
    }


def list_loans(call: Call, subject: Subject) -> dict[str, Any]:
    query = sa.select(loans).where(loans.c.tenant == call.tenant, loans.c.customer == subject.customer)
    return {
        "loans": [
            {
                "id": row["id"],
                "type": row["type"],
                "account": row["account"],
                "principal_minor": row["principal_minor"],
                "outstanding_minor": row["outstanding_minor"],
                "emi_minor": row["emi_minor"],
                "currency": row["currency"],
                "rate_bp": row["rate_bp"],
                "tenure_months": row["tenure_months"],
                "paid_months": row["paid_months"],
                "next_due": row["next_due"],
                "status": row["status"],
            }
            for row in call.rows(query.order_by(loans.c.id))
        ]
    }


def list_cards(call: Call, subject: Subject) -> dict[str, Any]:
    return {"cards": [_card(row) for row in call.rows(_cards(call, subject).order_by(cards.c.id))]}


def one_card(call: Call, subject: Subject, card: str) -> dict[str, Any] | None:
    row = card_row(call, subject, card)
    return None if row is None else _card(row)


def card_row(call: Call, subject: Subject, card: str, *, lock: bool = False) -> sa.RowMapping | None:
    """The row of one of the subject's own cards, locked if asked for."""
    query = _cards(call, subject).where(cards.c.id == card)
    return call.first(query.with_for_update() if lock else query)


def _cards(call: Call, subject: Subject) -> sa.Select[Any]:
    return sa.select(cards).where(cards.c.tenant == call.tenant, cards.c.customer == subject.customer)


def _card(row: sa.RowMapping) -> dict[str, Any]:
    return {
        "id": row["id"],
        "account": row["account"],
        "number_masked": f"XX{row['last4']}",
        "kind": row["kind"],
        "network": row["network"],
        "status": row["status"],
        "block_reason": row["block_reason"],
        "blocked_at": rfc3339(row["blocked_us"]),
        "block": row["block_id"],
        "expires": row["expires"],
    }
