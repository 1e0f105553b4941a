"""The accounts named: whose, in which state, what stops them, what is owed on them. One that is not the subject's makes none of them so."""

from __future__ import annotations

import sqlalchemy as sa

from bank.case_tables import closures
from bank.fact_rooms.asked import Asked, Values
from bank.ledger.tables import freezes
from bank.service_tables import mandates
from bank.tables import loans

#: Gravest first.
FREEZE_ORDER = ("court", "police", "fraud", "kyc", "own", "dormant", "lien")
STATUS_ORDER = ("deceased", "closed", "dormant", "active")
MODE_ORDER = ("minor_guardian", "jointly", "either_survivor", "anyone", "sole")
#: Row B-04: from where an account no longer counts as standard, minor units of INR.
LAKH = 100_000_00
STANDARD_BALANCE, STANDARD_CARD_LIMIT = 25 * LAKH, 5 * LAKH


def ownership(asked: Asked) -> Values:
    """Whose the accounts are, how they are operated and what stops them."""
    wanted = asked.names.accounts
    if not wanted:
        return {}
    stops = asked.call.rows(
        sa.select(freezes.c.kind, freezes.c.scope, freezes.c.amount_minor).where(
            freezes.c.tenant == asked.call.tenant, freezes.c.account.in_(wanted), freezes.c.lifted_us.is_(None)
        )
    )
    if not asked.own:
        return {"account_owned": False}
    rows = asked.own
    kinds = {"lien" if stop["scope"] == "lien" else stop["kind"] for stop in stops}
    kinds |= {"dormant" for row in rows if row["status"] == "dormant"}
    dead = bool(asked.customer and asked.customer["deceased_on"])
    statuses = {row["status"] for row in rows} | ({"deceased"} if dead else set())
    return {
        "account_owned": True,
        "account_status": _gravest(STATUS_ORDER, statuses),
        "account_frozen": bool(kinds),
        "account_freeze_kind": _gravest(FREEZE_ORDER, kinds) if kinds else "none",
        "ownership_mode": _gravest(MODE_ORDER, {row["ownership"] for row in rows}),
        "minor_guardian": any(row["ownership"] == "minor_guardian" for row in rows),
        "liability_class": _liability_class(rows),
        "lien_minor": sum(stop["amount_minor"] for stop in stops if stop["scope"] == "lien"),
    }


def standing(asked: Asked) -> Values:
    """What one account is and what stands in the way of closing it."""
    if len(asked.own) != 1:
        return {}
    row = asked.own[0]
    values: Values = {
        "account_type": row["type"],
        "dues_minor": dues_of(asked, row),
        "active_mandates": asked.total(
            sa.select(sa.func.count())
            .select_from(mandates)
            .where(mandates.c.tenant == asked.call.tenant, mandates.c.account == row["id"], mandates.c.status == "active")
        ),
        "closure_requested": asked.call.first(
            sa.select(closures.c.reference).where(
                closures.c.tenant == asked.call.tenant, closures.c.account == row["id"], closures.c.status == "requested"
            )
        )
        is not None,
    }
    given = {name: row[name] for name in ("us_regulation", "cycle_day") if row[name] is not None}
    return values | given


def dues_of(asked: Asked, row: sa.RowMapping) -> int:
    """What is owed on an account, minor units: below zero, listed dues, and loans that are overdue on it."""
    owed = max(0, -row["ledger_minor"]) + (row["dues_minor"] or 0)
    overdue = sa.select(sa.func.sum(loans.c.emi_minor)).where(
        loans.c.tenant == asked.call.tenant, loans.c.account == row["id"], loans.c.status == "overdue"
    )
    return int(owed + asked.total(overdue))


def _gravest(order: tuple[str, ...], found: set[str]) -> str:
    return next(name for name in order if name in found)


def _liability_class(rows: tuple[sa.RowMapping, ...]) -> str:
    """The class of row B-04; of several accounts, or where the average balance is not known, it is not known."""
    if len(rows) != 1:
        return "unknown"
    row = rows[0]
    kind = row["type"]
    if kind in ("bsbd", "savings", "wallet"):
        return "bsbd" if kind == "bsbd" else "standard"
    if kind == "credit_card":
        return "standard" if row["credit_limit_minor"] <= STANDARD_CARD_LIMIT else "higher"
    if kind in ("current", "overdraft") and row["average_balance_minor"] is not None:
        measure = max(row["average_balance_minor"], row["credit_limit_minor"])
        return "standard" if measure <= STANDARD_BALANCE else "higher"
    return "unknown"
