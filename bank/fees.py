"""Fees that were charged, held against the tariff: what a customer sees of them, and whether one was not due."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import sqlalchemy as sa

from bank.access import Subject
from bank.call import Call, rfc3339
from bank.ledger.tables import accounts, holders
from bank.service_tables import fee_refunds, fees, tariff
from bank.tables import customers

MAX_FEES = 200


def list_fees(call: Call, subject: Subject) -> dict[str, Any]:
    """The subject's fees, newest first."""
    query = _mine(call, subject).order_by(fees.c.charged_us.desc(), fees.c.id).limit(MAX_FEES)
    return {"fees": [_fee(row) for row in call.rows(query)]}


def one_fee(call: Call, subject: Subject, fee: str) -> dict[str, Any] | None:
    row = find(call, subject, fee)
    return None if row is None else _fee(row)


def find(call: Call, subject: Subject, fee: str) -> sa.RowMapping | None:
    """The row of a fee on one of the subject's accounts, with `refunded_minor`; None for anything else."""
    return call.first(_mine(call, subject).where(fees.c.id == fee))


def is_error(call: Call, fee: sa.RowMapping) -> bool:
    """Whether the tariff proves that a fee was not due: above it, waived, or a second one in its period.

    A kind that the tariff does not name proves nothing. An earlier fee of the period that was given back does not count.
    """
    rate = call.first(sa.select(tariff).where(tariff.c.tenant == call.tenant, tariff.c.kind == fee["kind"]))
    if rate is None or rate["currency"] != fee["currency"]:
        return False
    if fee["amount_minor"] > rate["amount_minor"]:
        return True
    return bool(_words_of(call, fee) & set(json.loads(rate["waived_for"]))) or _is_second(call, fee, rate["once_per"])


def _words_of(call: Call, fee: sa.RowMapping) -> set[str]:
    """What a waiver may name: type of the account, segments of who holds it, and dormant, where it was so then."""
    account = call.first(sa.select(accounts).where(accounts.c.tenant == call.tenant, accounts.c.id == fee["account"]))
    segments = (
        sa.select(customers.c.segment)
        .join(holders, (holders.c.tenant == customers.c.tenant) & (holders.c.customer == customers.c.id))
        .where(customers.c.tenant == call.tenant, holders.c.tenant == call.tenant, holders.c.account == fee["account"])
    )
    words = {row["segment"] for row in call.rows(segments)}
    if account is not None:
        since = account["dormant_since_us"]
        words |= {account["type"]} | ({"dormant"} if since is not None and since <= fee["charged_us"] else set())
    return words


def _is_second(call: Call, fee: sa.RowMapping, once_per: str) -> bool:
    if once_per == "event":
        return False
    earlier = (
        sa.select(fees.c.charged_us)
        .outerjoin(fee_refunds, (fee_refunds.c.tenant == fees.c.tenant) & (fee_refunds.c.fee == fees.c.id))
        .where(
            fees.c.tenant == call.tenant,
            fees.c.account == fee["account"],
            fees.c.kind == fee["kind"],
            fees.c.id != fee["id"],
            fees.c.charged_us <= fee["charged_us"],
            fee_refunds.c.fee.is_(None),
        )
    )
    period = _period(call.local(fee["charged_us"]).date(), once_per)
    return any(_period(call.local(row["charged_us"]).date(), once_per) == period for row in call.rows(earlier))


def _period(day: date, once_per: str) -> tuple[int, int]:
    """The calendar month, quarter or year of a day."""
    return day.year, {"month": day.month, "quarter": (day.month + 2) // 3, "year": 0}[once_per]


def _mine(call: Call, subject: Subject) -> sa.Select[Any]:
    return (
        sa.select(fees, fee_refunds.c.amount_minor.label("refunded_minor"))
        .join(holders, (holders.c.tenant == fees.c.tenant) & (holders.c.account == fees.c.account))
        .outerjoin(fee_refunds, (fee_refunds.c.tenant == fees.c.tenant) & (fee_refunds.c.fee == fees.c.id))
        .where(fees.c.tenant == call.tenant, holders.c.tenant == call.tenant, holders.c.customer == subject.customer)
    )


def _fee(row: sa.RowMapping) -> dict[str, Any]:
    names = ("id", "account", "transaction", "kind", "amount_minor", "currency", "is_tax", "refunded_minor")
    return {name: row[name] for name in names} | {"charged_at": rfc3339(row["charged_us"])}
