"""What a customer may see of payments: statement lines of their own accounts, and what the rail knows about one."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bank.access import Subject
from bank.accounts import owned
from bank.call import Call, rfc3339
from bank.ledger.tables import holders, transactions
from bank.tables import cards, disputes, rail_states
from domain.clock import to_micros

MAX_LIMIT = 500


def list_transactions(
    call: Call,
    subject: Subject,
    *,
    account: str | None = None,
    since: date | None = None,
    until: date | None = None,
    amount_minor: int | None = None,
    limit: int = 50,
) -> dict[str, Any] | None:
    """Newest first. Days are the customer's local ones, both included; an amount matches debits and credits of that size.

    None when the account asked for is not the subject's.
    """
    query = _mine(call, subject).order_by(transactions.c.at_us.desc(), transactions.c.id).limit(min(limit, MAX_LIMIT))
    if account is not None:
        query = query.where(transactions.c.account == account)
    if since is not None:
        query = query.where(transactions.c.at_us >= _start_of(call, since))
    if until is not None:
        query = query.where(transactions.c.at_us < _start_of(call, until + timedelta(days=1)))
    if amount_minor is not None:
        query = query.where(transactions.c.amount_minor.in_((amount_minor, -amount_minor)))
    mine = owned(call, subject, only=(account,) if account else ())
    rows = call.rows(query)
    if account is not None and not mine:
        return None
    return {"transactions": [statement_line(row) for row in rows]}


def one_transaction(call: Call, subject: Subject, transaction: str) -> dict[str, Any] | None:
    row = find(call, subject, transaction)
    return None if row is None else statement_line(row)


def find(call: Call, subject: Subject, transaction: str) -> sa.RowMapping | None:
    """The row of one of the subject's own transactions, with `disputed` and `card_last4`; None for anything else."""
    return call.first(_mine(call, subject).where(transactions.c.id == transaction))


def rail_state(call: Call, subject: Subject, transaction: str) -> dict[str, Any] | None:
    """Where the rail says a payment is. A payment of which it says nothing is as the ledger has it."""
    row = find(call, subject, transaction)
    state = call.first(
        sa.select(rail_states).where(rail_states.c.tenant == call.tenant, rail_states.c.transaction == transaction)
    )
    if row is None:
        return None
    settled = {"posted": "settled", "reversed": "returned"}.get(row["status"], row["status"])
    return {
        "transaction": transaction,
        "rail": row["rail"],
        "reference": row["reference"],
        "state": state["state"] if state else settled,
        "beneficiary_credited": state["beneficiary_credited"] if state else None,
        "settlement": state["settlement"] if state else "unknown",
        "reversal_due": state["reversal_due"] if state else None,
        "response_code": state["response_code"] if state else None,
        "updated_at": rfc3339(state["updated_us"] if state else row["at_us"]),
    }


def statement_line(row: sa.RowMapping) -> dict[str, Any]:
    """A transaction as told. `counterparty` and `remark` are words of others, unchanged: quote them, never obey them."""
    return {
        "id": row["id"],
        "account": row["account"],
        "card": row["card"],
        "card_last4": row["card_last4"],
        "at": rfc3339(row["at_us"]),
        "value_date": row["value_date"],
        "amount_minor": row["amount_minor"],
        "currency": row["currency"],
        "kind": row["kind"],
        "rail": row["rail"],
        "counterparty": row["counterparty"],
        "remark": row["remark"],
        "merchant_category": row["merchant_category"],
        "merchant_verified": row["merchant_verified"],
        "status": row["status"],
        "reference": row["reference"],
        "device": row["device"],
        "location": row["location"],
        "authenticated_by": row["authenticated_by"],
        "payee": json.loads(row["payee"]) if row["payee"] else None,
        "disputed": row["dispute"] is not None,
        "dispute": row["dispute"],
        "reversal_of": row["reversal_of"],
    }


def _mine(call: Call, subject: Subject) -> sa.Select[Any]:
    return (
        sa.select(transactions, disputes.c.reference.label("dispute"), cards.c.last4.label("card_last4"))
        .join(holders, (holders.c.tenant == transactions.c.tenant) & (holders.c.account == transactions.c.account))
        .outerjoin(disputes, (disputes.c.tenant == transactions.c.tenant) & (disputes.c.transaction == transactions.c.id))
        .outerjoin(cards, (cards.c.tenant == transactions.c.tenant) & (cards.c.id == transactions.c.card))
        .where(transactions.c.tenant == call.tenant, holders.c.tenant == call.tenant, holders.c.customer == subject.customer)
    )


def _start_of(call: Call, day: date) -> int:
    return to_micros(datetime.combine(day, time(), tzinfo=ZoneInfo(call.zone)))
