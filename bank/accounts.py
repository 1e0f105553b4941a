"""What a customer may see of accounts: their own, with holds and freezes, as far as those may be told."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from bank.access import Subject
from bank.call import Call, rfc3339
from bank.ledger.tables import accounts, freezes, holders, holds

#: What a customer may be told about a stop, by its kind (section G of the banking rules); of a fraud review nothing.
TELLABLE: dict[str, frozenset[str]] = {
    "court": frozenset({"amount_minor", "authority", "reference", "date"}),
    "police": frozenset({"amount_minor", "authority", "reference", "date"}),
    "tax": frozenset({"amount_minor", "authority", "reference", "date"}),
    "cyber": frozenset({"amount_minor", "authority", "reference", "date"}),
    "loan": frozenset({"amount_minor", "reference", "date"}),
    "deposit": frozenset({"amount_minor", "reference", "date"}),
    "kyc": frozenset({"date"}),
    "own": frozenset({"date"}),
    "dormant": frozenset({"date"}),
    "fraud": frozenset(),
}


def masked(number: str) -> str:
    """The last four digits; nothing more of a number ever leaves the bank."""
    return f"XX{number[-4:]}"


def owned(call: Call, subject: Subject, *, only: tuple[str, ...] = ()) -> list[sa.RowMapping]:
    """The subject's accounts in the order of their ids; of `only`, those that are the subject's."""
    query = (
        sa.select(accounts, holders.c.role)
        .join(holders, (holders.c.tenant == accounts.c.tenant) & (holders.c.account == accounts.c.id))
        .where(accounts.c.tenant == call.tenant, holders.c.tenant == call.tenant, holders.c.customer == subject.customer)
        .order_by(accounts.c.id)
    )
    return call.rows(query.where(accounts.c.id.in_(only)) if only else query)


def list_accounts(call: Call, subject: Subject) -> dict[str, Any]:
    return {"accounts": [_account(row) for row in owned(call, subject)]}


def one_account(call: Call, subject: Subject, account: str) -> dict[str, Any] | None:
    rows = owned(call, subject, only=(account,))
    return _account(rows[0]) if rows else None


def account_holds(call: Call, subject: Subject, account: str) -> dict[str, Any] | None:
    """All holds of one account, whatever became of them; newest first."""
    found = owned(call, subject, only=(account,))
    query = sa.select(holds).where(holds.c.tenant == call.tenant, holds.c.account == account).order_by(holds.c.placed_us.desc())
    rows = call.rows(query)
    return {"account": account, "holds": [_hold(call, row) for row in rows]} if found else None


def balances(call: Call, subject: Subject, account: str | None = None) -> dict[str, Any] | None:
    """Balances of one or of all own accounts, from one snapshot. None when the account asked for is not the subject's."""
    rows = owned(call, subject, only=(account,) if account else ())
    ids = [row["id"] for row in rows] or [account or ""]
    pending: dict[str, list[dict[str, Any]]] = defaultdict(list)
    query = sa.select(holds).where(
        holds.c.tenant == call.tenant, holds.c.account.in_(ids), holds.c.state == "pending", holds.c.expires_us > call.now
    )
    for row in call.rows(query.order_by(holds.c.placed_us)):
        pending[row["account"]].append(_hold(call, row))
    stops: dict[str, list[sa.RowMapping]] = defaultdict(list)
    standing = sa.select(freezes).where(
        freezes.c.tenant == call.tenant, freezes.c.account.in_(ids), freezes.c.lifted_us.is_(None)
    )
    for row in call.rows(standing.order_by(freezes.c.since_us)):
        stops[row["account"]].append(row)
    if account and not rows:
        return None
    return {
        "as_of": rfc3339(call.now),
        "balances": [_balance(call, row, pending[row["id"]], stops[row["id"]]) for row in rows],
    }


def _balance(call: Call, row: sa.RowMapping, pending: list[dict[str, Any]], stops: list[sa.RowMapping]) -> dict[str, Any]:
    held = sum(hold["amount_minor"] for hold in pending)
    lien = sum(stop["amount_minor"] for stop in stops if stop["scope"] == "lien")
    told = [_freeze(call, stop) for stop in stops]
    if row["status"] == "dormant":
        told.append({"kind": "dormant", "tellable": _date(call, row["dormant_since_us"])})
    return {
        "account": row["id"],
        "number_masked": masked(row["number"]),
        "type": row["type"],
        "product": row["product"],
        "currency": row["currency"],
        "ledger_minor": row["ledger_minor"],
        "held_minor": held,
        "lien_minor": lien,
        "credit_limit_minor": row["credit_limit_minor"],
        "available_minor": row["ledger_minor"] + row["credit_limit_minor"] - held - lien,
        "status": row["status"],
        "version": row["version"],
        "as_of": rfc3339(call.now),
        "ownership": row["ownership"],
        "role": row["role"],
        "holds": pending,
        "freezes": told,
    }


def _account(row: sa.RowMapping) -> dict[str, Any]:
    return {
        "account": row["id"],
        "number_masked": masked(row["number"]),
        "type": row["type"],
        "product": row["product"],
        "currency": row["currency"],
        "status": row["status"],
        "version": row["version"],
        "ownership": row["ownership"],
        "role": row["role"],
        "opened_at": rfc3339(row["opened_us"]),
        "home_branch": row["home_branch"],
    }


def _hold(call: Call, row: sa.RowMapping) -> dict[str, Any]:
    expired = row["state"] == "pending" and row["expires_us"] <= call.now
    return {
        "id": row["id"],
        "amount_minor": row["amount_minor"],
        "currency": row["currency"],
        "reason": row["reason"],
        "merchant": row["merchant"],
        "placed_at": rfc3339(row["placed_us"]),
        "expires_at": rfc3339(row["expires_us"]),
        "state": "expired" if expired else row["state"],
    }


def _freeze(call: Call, row: sa.RowMapping) -> dict[str, Any]:
    known: dict[str, Any] = {
        "amount_minor": row["amount_minor"],
        "authority": row["authority"],
        "reference": row["reference"],
    } | _date(call, row["since_us"])
    allowed = TELLABLE[row["kind"]]
    kind = "lien" if row["scope"] == "lien" else row["kind"]
    return {"kind": kind, "tellable": {name: value for name, value in known.items() if name in allowed and value is not None}}


def _date(call: Call, micros: int | None) -> dict[str, Any]:
    return {} if micros is None else {"date": call.local(micros).date().isoformat()}
