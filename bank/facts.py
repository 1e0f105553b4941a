"""GET /facts: what the core knows that a gate needs, typed, sourced and timed. Only about the subject and what is the subject's.

A thing that is not the subject's reads like one that does not exist: `account_owned`, `txn_found`, `card_owned`, `fee_found`,
`login_locked`, `mandate_owned` are false, a payee is new, and nothing else is said about it. Each room states what it can from the
names given; the gate takes what its rules need.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from bank import mandates, people
from bank.access import Subject
from bank.accounts import owned
from bank.assessment import changed_hours
from bank.call import Call, rfc3339
from bank.fact_rooms import accounts, claims, customers, failures, money_out, payments, service
from bank.fact_rooms.asked import Asked, Names, Values
from bank.transactions import find

MAX_ACCOUNTS = 50
#: Who states it, and how. A later room's word stands where two state the same.
ROOMS: tuple[tuple[str, Callable[[Asked], Values]], ...] = (
    ("core.customers", customers.person),
    ("core.identity", customers.changes),
    ("core.accounts", accounts.ownership),
    ("core.accounts", accounts.standing),
    ("core.transactions", payments.payment),
    ("core.transactions", payments.elsewhere),
    ("core.rails", failures.pair),
    ("core.rails", failures.failure),
    ("core.chargebacks", failures.claim_back),
    ("core.disputes", claims.credits),
    ("core.complaints", claims.complaint),
    ("core.disputes", claims.small_value),
    ("core.fraud", customers.risk),
    ("core.cards", service.card),
    ("core.logins", service.login),
    ("core.identity", service.contact),
    ("core.fees", service.fee),
    ("core.limits", service.limit),
    ("core.payees", money_out.payee),
    ("core.payments", money_out.totals),
    ("core.mandates", money_out.mandate),
)


def facts(call: Call, subject: Subject, action: str, names: Names) -> dict[str, Any]:
    """Facts by name, each with its source and time."""
    asked = _asked(call, subject, action, names)
    stated: dict[str, dict[str, Any]] = {}
    for source, room in ROOMS:
        for name, value in room(asked).items():
            stated[name] = {"value": value, "source": source, "at": rfc3339(call.now)}
    return {"action": action, "as_of": rfc3339(call.now), "facts": stated}


def _behind(call: Call, subject: Subject, action: str, names: Names, payment: sa.RowMapping | None) -> tuple[str, ...]:
    """The account of actions whose arguments name only what is on it; one that nobody has, where that is not the subject's."""
    if action == "raise_chargeback":
        return (payment["account"] if payment else "",)
    if action == "change_mandate":
        row = mandates.find(call, subject, names.mandate or "")
        return (row["account"] if row else "",)
    return ()


def _asked(call: Call, subject: Subject, action: str, names: Names) -> Asked:
    customer = people.row_of(call, subject.customer)
    payment = None if names.transaction is None else find(call, subject, names.transaction)
    accounts_named = names.accounts or _behind(call, subject, action, names, payment)
    rows = owned(call, subject, only=accounts_named) if accounts_named else []
    whole = len(accounts_named) <= MAX_ACCOUNTS and {row["id"] for row in rows} == set(accounts_named)
    return Asked(
        call,
        subject,
        action,
        replace(names, accounts=accounts_named),
        customer,
        tuple(rows) if whole else (),
        payment,
        changed_hours(call, customer),
    )
