"""Turns a world into rows of one tenant, in one transaction: either the whole bank is there or none of it.

The ledger starts with an opening posting per account and one posting per payment that reached it, so balances are sums from the
first entry on. The tenant's clock is set to the world's `now` here and only moves forward afterwards.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bank import audit, tables
from bank.call import Call
from bank.columns import metadata
from bank.config import BankConfig
from bank.identity import answer_mac
from bank.seeding_ledger import ledger_rows
from bank.seeding_service import service_rows
from bank.worlds.models import Customer, World
from domain.audit import GENESIS
from domain.canonical import digest_of
from domain.clock import to_micros
from domain.errors import Conflict

Rows = dict[sa.Table, list[dict[str, Any]]]
#: Rows a statement inserts at once.
CHUNK = 500


def is_seeded(connection: sa.Connection, tenant: str) -> bool:
    """Whether a tenant has its bank already."""
    query = sa.select(tables.tenants.c.tenant).where(tables.tenants.c.tenant == tenant)
    return connection.execute(query).first() is not None


def seed(connection: sa.Connection, world: World, config: BankConfig, *, tenant: str | None = None) -> str:
    """Make the bank of a world and return its tenant. Raises Conflict `tenant_exists`; drop it first to seed it anew."""
    name = tenant or world.tenant
    if is_seeded(connection, name):
        raise Conflict("tenant_exists", name)
    now = to_micros(world.now)
    _insert(connection, name, {tables.tenants: [_tenant(world, now - config.clock.wall())]})
    call = Call(connection, name, now, world.zone, config.ids)
    rows = _people(world, config, name) | _places(world)
    _insert(connection, name, rows | ledger_rows(call, world) | _around(world) | service_rows(world) | _ahead(world))
    audit.append(call, "seeded", {"world": digest_of(json.loads(world.model_dump_json()))})
    config.clock.now_in(connection, name)
    return name


def drop(connection: sa.Connection, tenant: str) -> None:
    """Remove a sandbox tenant with all its rows, append-only ones too: the mark `dropping` opens the triggers for it alone."""
    mine = tables.tenants.c.tenant == tenant
    connection.execute(tables.tenants.update().where(mine).values(dropping=True))
    for table in reversed(metadata.sorted_tables):
        if table is not tables.tenants:
            connection.execute(table.delete().where(table.c.tenant == tenant))
    connection.execute(tables.tenants.delete().where(mine))


def _insert(connection: sa.Connection, tenant: str, rows: Rows) -> None:
    for table in metadata.sorted_tables:
        found = [{"tenant": tenant, **row} for row in rows.get(table, ())]
        for start in range(0, len(found), CHUNK):
            connection.execute(table.insert(), found[start : start + CHUNK])


def _tenant(world: World, offset: int) -> dict[str, Any]:
    return {
        "offset_us": offset,
        "bank": world.bank.name,
        "helpline": world.bank.helpline,
        "zone": world.zone,
        "dropping": False,
    }


def _places(world: World) -> Rows:
    branches = [
        {
            "id": branch.id,
            "name": branch.name,
            "city": branch.city,
            "closed_saturdays": json.dumps(list(branch.closed_saturdays)),
            "weekly_off": json.dumps(list(branch.weekly_off)),
            "holidays": json.dumps({holiday.day.isoformat(): holiday.name for holiday in branch.holidays}),
        }
        for branch in world.branches
    ]
    return {tables.branches: branches, tables.heads: [{"audit_n": 0, "audit_hash": GENESIS, "event_cursor": _past(world)}]}


def _people(world: World, config: BankConfig, tenant: str) -> Rows:
    rows: Rows = {
        tables.customers: [],
        tables.devices: [],
        tables.logins: [],
        tables.rail_limits: [],
        tables.security_answers: [],
    }
    for person in world.customers:
        rows[tables.customers].append(_customer(person))
        rows[tables.devices] += [
            {
                "customer": person.id,
                "id": device.id,
                "name": device.name,
                "registered_us": to_micros(device.registered_at),
                "last_seen_us": _micros(device.last_seen),
                "location": device.location,
                "has_key": device.key,
                "app_version": device.app_version,
            }
            for device in person.devices
        ]
        rows[tables.logins] += [
            {
                "id": f"LGN-{person.id}-{n}",
                "customer": person.id,
                "at_us": to_micros(attempt.at),
                "result": attempt.result,
                "device": attempt.device,
                "location": attempt.location,
            }
            for n, attempt in enumerate(person.login.attempts, start=1)
        ]
        rows[tables.rail_limits] += [
            {
                "customer": person.id,
                "rail": limit.rail,
                "per_transaction_minor": limit.per_transaction.minor if limit.per_transaction else None,
                "per_day_minor": limit.per_day.minor,
                "currency": limit.per_day.currency,
            }
            for limit in person.limits
        ]
        rows[tables.security_answers] += [
            {
                "customer": person.id,
                "id": asked.id,
                "question": asked.question,
                "answer_hmac": answer_mac(config.otp_key, tenant, person.id, asked.id, asked.answer),
            }
            for asked in person.security_questions
        ]
    return rows


def _customer(person: Customer) -> dict[str, Any]:
    newest = {contact.kind: contact for contact in sorted(person.contacts, key=lambda contact: contact.changed_at)}
    mobile, email, address = newest.get("mobile"), newest.get("email"), newest.get("address")
    lock = person.login.lock
    return {
        "id": person.id,
        "name": person.name,
        "about": person.about,
        "language": person.language,
        "segment": person.segment,
        "home_branch": person.home_branch,
        "date_of_birth": _iso(person.date_of_birth),
        "deceased_on": _iso(person.deceased_on),
        "kyc_risk": person.kyc.risk,
        "kyc_due": _iso(person.kyc.due),
        "kyc_notices": person.kyc.notices,
        "mobile": mobile.value if mobile else None,
        "email": email.value if email else None,
        "mobile_changed_us": _micros(person.changed_at("mobile")),
        "email_changed_us": _micros(person.changed_at("email")),
        "sim_changed_us": _micros(person.changed_at("sim")),
        "password_changed_us": _micros(person.login.password_changed_at),
        "pin_changed_us": _micros(person.login.pin_changed_at),
        "lock_kind": lock.kind if lock else None,
        "lock_since_us": to_micros(lock.since) if lock else None,
        "lock_until_us": _micros(lock.until) if lock else None,
        "lock_id": (lock.id or f"LOCK-{person.id}") if lock else None,
        "kind": person.kind,
        "address": address.value if address else None,
        "address_changed_us": _micros(person.changed_at("address")),
    }


def _around(world: World) -> Rows:
    cards = [
        {
            "id": card.id,
            "account": card.account,
            "customer": card.holder,
            "last4": card.last4,
            "kind": card.kind,
            "network": card.network,
            "status": card.status,
            "block_reason": card.block_reason,
            "blocked_us": _micros(card.blocked_at),
            "block_id": (card.block or f"BLK-{card.id}") if card.blocked_at else None,
            "expires": card.expires,
        }
        for card in world.cards
    ]
    rails = [
        {
            "transaction": state.transaction,
            "state": state.state,
            "beneficiary_credited": state.beneficiary_credited,
            "settlement": state.settlement,
            "updated_us": to_micros(state.updated_at),
            "reversal_due": _iso(state.reversal_due),
            "response_code": state.response_code,
            "reversal": state.reversal,
            "tcc_ret": state.tcc_ret,
            "failure_cause": state.failure_cause,
            "delay_at": state.delay_at,
        }
        for state in world.rails
    ]
    desk = [
        {
            "transaction": said.transaction,
            "fault": said.fault,
            "score_bp": said.score_bp,
            "reasons": json.dumps(list(said.reasons)),
            "as_of_us": _micros(said.as_of),
            "missing": said.missing,
            "recovered_minor": said.recovered.minor if said.recovered else None,
        }
        for said in world.fraud
    ]
    loans = [
        {
            "id": loan.id,
            "customer": loan.customer,
            "account": loan.account,
            "type": loan.type,
            "principal_minor": loan.principal.minor,
            "outstanding_minor": loan.outstanding.minor,
            "emi_minor": loan.emi.minor,
            "currency": loan.principal.currency,
            "rate_bp": loan.rate_bp,
            "tenure_months": loan.tenure_months,
            "paid_months": loan.paid_months,
            "next_due": _iso(loan.next_due),
            "status": loan.status,
        }
        for loan in world.loans
    ]
    return {tables.cards: cards, tables.rail_states: rails, tables.fraud_assessments: desk, tables.loans: loans}


def _ahead(world: World) -> Rows:
    """Events that were said already, and those still to come."""
    rows = [
        {"at_us": to_micros(event.at), "kind": event.kind, "customer": event.customer, "subject": event.subject}
        for event in sorted(world.events, key=lambda event: event.at)
    ]
    past = _past(world)
    said, coming = rows[:past], rows[past:]
    return {
        tables.events: [row | {"cursor": n} for n, row in enumerate(said, start=1)],
        tables.due_events: [row | {"n": n} for n, row in enumerate(coming, start=1)],
    }


def _past(world: World) -> int:
    return sum(event.at <= world.now for event in world.events)


def _micros(at: datetime | None) -> int | None:
    return None if at is None else to_micros(at)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
