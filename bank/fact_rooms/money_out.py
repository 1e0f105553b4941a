"""Whom a transfer goes to and how much went before; standing debits."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bank import mandates, payees
from bank.fact_rooms.asked import DAY, LONG_AGO_H, Asked, Values
from bank.ledger.tables import holders, operations, postings, transactions


def payee(asked: Asked) -> Values:
    """Own account, on file, or neither; how long, by which name, a merchant of what kind. Another's payee is a new one."""
    if asked.names.payee is None:
        return {}
    found = payees.resolve(asked.call, asked.subject, asked.names.payee)
    if found.kind != "known" or found.row is None:
        own = found.kind == "own"
        return {
            "payee_kind": found.kind,
            "payee_age_h": LONG_AGO_H if own else 0,
            "payee_name_match": "match" if own else "unavailable",
            "merchant_verified": False,
            "merchant_category": "person",
            "payee_24h_minor": 0,
        }
    row = found.row
    return {
        "payee_kind": "known",
        "payee_age_h": asked.hours_since(row["added_us"]),
        "payee_name_match": row["name_match"],
        "merchant_verified": row["merchant_verified"],
        "merchant_category": payees.category_of(row["merchant_category"]),
        "payee_24h_minor": _since_added(asked, row),
    }


def totals(asked: Asked) -> Values:
    """What went out in 24 hours: through this service, and over the rail (to the payee's category, where one counts)."""
    names, call = asked.names, asked.call
    if names.payee is None or names.transfer_rail is None:
        return {}
    through_us = (
        sa.select(-sa.func.sum(transactions.c.amount_minor))
        .select_from(transactions)
        .join(postings, (postings.c.tenant == transactions.c.tenant) & (postings.c.id == transactions.c.posting))
        .join(operations, (operations.c.tenant == postings.c.tenant) & (operations.c.key == postings.c.operation))
        .where(
            transactions.c.tenant == call.tenant,
            postings.c.tenant == call.tenant,
            operations.c.tenant == call.tenant,
            operations.c.customer == asked.subject.customer,
            operations.c.action == "transfer",
            transactions.c.amount_minor < 0,
            transactions.c.at_us > call.now - DAY,
        )
    )
    return {"transfers_24h_minor": asked.total(through_us), "rail_24h_minor": _over_rail(asked, names.transfer_rail)}


def _over_rail(asked: Asked, rail: str) -> int:
    call = asked.call
    found = payees.resolve(call, asked.subject, asked.names.payee or "")
    category = payees.category_of(found.row["merchant_category"]) if found.row is not None else "person"
    query = _debits(asked, transactions.c.rail == rail, transactions.c.at_us > call.now - DAY)
    if category == "person":
        return asked.total(query)
    return asked.total(query.where(transactions.c.merchant_category.in_(payees.codes_of(category))))


def _since_added(asked: Asked, row: sa.RowMapping) -> int:
    """Sum sent to a payee in its first 24 hours."""
    first_day = (transactions.c.at_us >= row["added_us"], transactions.c.at_us < row["added_us"] + DAY)
    return asked.total(_debits(asked, transactions.c.payee_ref == row["id"], *first_day))


def _debits(asked: Asked, *conditions: Any) -> sa.Select[Any]:
    """Sum of what left the subject's accounts and did not fail or come back."""
    call = asked.call
    return (
        sa.select(-sa.func.sum(transactions.c.amount_minor))
        .select_from(transactions)
        .join(holders, (holders.c.tenant == transactions.c.tenant) & (holders.c.account == transactions.c.account))
        .where(
            transactions.c.tenant == call.tenant,
            holders.c.tenant == call.tenant,
            holders.c.customer == asked.subject.customer,
            transactions.c.amount_minor < 0,
            transactions.c.status.in_(("posted", "pending")),
            *conditions,
        )
    )


def mandate(asked: Asked) -> Values:
    """Whose a standing debit is, what it may take, and whether its notice was sent. One that waits for a word is none yet."""
    if asked.names.mandate is None:
        return {}
    row = mandates.find(asked.call, asked.subject, asked.names.mandate)
    debit = sa.select(transactions.c.id).where(
        transactions.c.tenant == asked.call.tenant,
        transactions.c.mandate == asked.names.mandate,
        transactions.c.amount_minor < 0,
        transactions.c.status != "failed",
    )
    taken = asked.call.first(debit.limit(1))
    if row is None:
        return {"mandate_owned": False, "mandate_status": "none"}
    return {
        "mandate_owned": True,
        "mandate_status": "none" if row["status"] == "pending" else row["status"],
        "mandate_category": row["category"],
        "mandate_max_minor": row["max_minor"],
        "mandate_first_debit": taken is None,
        "pre_debit_notice_h": 0 if row["notice_us"] is None else asked.hours_since(row["notice_us"]),
    }
