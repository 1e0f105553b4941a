"""GET /facts: what the core knows that a gate needs, typed, sourced and timed. Only about the subject and what is the subject's.

A thing that is not the subject's reads like one that does not exist: `account_owned`, `txn_found`, `txn_owned`, `card_owned`
are false, and nothing else is said about it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from bank import people
from bank.access import Subject
from bank.accounts import owned
from bank.assessment import LONG_AGO_H, changed_hours, claim_risk, desk_word
from bank.branch_days import calendar_of
from bank.call import Call, rfc3339
from bank.ledger.tables import effects, freezes
from bank.tables import disputes
from bank.transactions import find
from domain.calendars import Calendar, days_between

Values = dict[str, bool | int | str]
_YEAR = 365 * 86_400_000_000
#: Gravest first.
FREEZE_ORDER = ("court", "police", "fraud", "kyc", "own", "dormant", "lien")
STATUS_ORDER = ("deceased", "closed", "dormant", "active")
MODE_ORDER = ("minor_guardian", "jointly", "either_survivor", "anyone", "sole")
#: How rails are called in facts.
_RAILS = {"card_ecom": "card_online"}
#: Row B-04: from where an account no longer counts as standard, minor units of INR.
LAKH = 100_000_00
STANDARD_BALANCE, STANDARD_CARD_LIMIT = 25 * LAKH, 5 * LAKH
MAX_ACCOUNTS = 50


def facts(
    call: Call, subject: Subject, *, accounts: tuple[str, ...] = (), transaction: str | None = None, card: str | None = None
) -> dict[str, Any]:
    """Facts by name, each with its source and time."""
    stated: dict[str, dict[str, Any]] = {}

    def state(source: str, values: Values) -> None:
        for name, value in values.items():
            stated[name] = {"value": value, "source": source, "at": rfc3339(call.now)}

    row = people.row_of(call, subject.customer)
    state("core.customers", _customer(row))
    ages = changed_hours(call, row)
    state("core.identity", {f"{name}_changed_h": _capped(ages.get(name)) for name in ("sim", "device", "mobile", "email", "pin")})
    if accounts:
        state("core.accounts", _accounts(call, subject, accounts, deceased=bool(row and row["deceased_on"])))
    if transaction is not None:
        payment = find(call, subject, transaction)
        state("core.transactions", _transaction(call, transaction, payment, row))
        state("core.fraud", _fraud(call, subject, transaction, payment, ages))
    if card is not None:
        state("core.cards", _card(call, subject, card))
    state("core.disputes", _credits(call, subject))
    return {"as_of": rfc3339(call.now), "facts": stated}


def _customer(row: sa.RowMapping | None) -> Values:
    if row is None:
        return {}
    return {"customer_deceased": row["deceased_on"] is not None, "home_branch": row["home_branch"]}


def _capped(hours: int | None) -> int:
    return LONG_AGO_H if hours is None else min(hours, LONG_AGO_H)


def _accounts(call: Call, subject: Subject, wanted: tuple[str, ...], *, deceased: bool) -> Values:
    rows = owned(call, subject, only=wanted)
    query = sa.select(freezes.c.kind, freezes.c.scope).where(
        freezes.c.tenant == call.tenant, freezes.c.account.in_(wanted), freezes.c.lifted_us.is_(None)
    )
    stops = call.rows(query)
    if len(wanted) > MAX_ACCOUNTS or {row["id"] for row in rows} != set(wanted):
        return {"account_owned": False}
    kinds = {"lien" if stop["scope"] == "lien" else stop["kind"] for stop in stops}
    kinds |= {"dormant" for row in rows if row["status"] == "dormant"}
    statuses = {row["status"] for row in rows} | ({"deceased"} if deceased else set())
    modes = {row["ownership"] for row in rows}
    return {
        "account_owned": True,
        "account_status": _gravest(STATUS_ORDER, statuses),
        "account_frozen": bool(kinds),
        "account_freeze_kind": _gravest(FREEZE_ORDER, kinds) if kinds else "none",
        "ownership_mode": _gravest(MODE_ORDER, modes),
        "minor_guardian": any(row["ownership"] == "minor_guardian" for row in rows),
        "liability_class": _liability_class(rows),
    }


def _gravest(order: tuple[str, ...], found: set[str]) -> str:
    return next(name for name in order if name in found)


def _liability_class(rows: list[sa.RowMapping]) -> str:
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


def _transaction(call: Call, transaction: str, row: sa.RowMapping | None, customer: sa.RowMapping | None) -> Values:
    dispute = call.first(sa.select(disputes).where(disputes.c.tenant == call.tenant, disputes.c.transaction == transaction))
    calendar = calendar_of(call, customer["home_branch"] if customer else "")
    taken = call.first(
        sa.select(effects.c.effect).where(
            effects.c.tenant == call.tenant, effects.c.effect == f"provisional_credit:{transaction}:principal"
        )
    )
    if row is None:
        return {"txn_found": False, "txn_owned": False}
    day = call.local(row["at_us"]).date()
    reported = call.local(dispute["opened_us"]).date() if dispute else call.today()
    alerted = None if row["alert_us"] is None else call.local(row["alert_us"]).date()
    values: Values = {
        "txn_found": True,
        "txn_owned": True,
        "txn_amount_minor": row["amount_minor"],
        "txn_currency": row["currency"],
        "txn_rail": _RAILS.get(row["rail"], row["rail"]),
        "txn_date": day.isoformat(),
        "txn_age_days": max(0, (call.today() - day).days),
        "txn_status": row["status"],
        "txn_disputed": dispute is not None,
        # The sandbox holds domestic payments only: its worlds cannot describe another kind.
        "txn_cross_border": False,
        "reported_date": reported.isoformat(),
        "days_since_alert_working": _days(alerted, reported, "working", calendar),
        "days_since_alert_calendar": _days(alerted, reported, "calendar", calendar),
        "prior_credit_same_ref": taken is not None or (dispute is not None and dispute["credit"] is not None),
    }
    return values | ({"dispute_type": dispute["dispute_type"]} if dispute else {})


def _days(alerted: date | None, reported: date, unit: Any, calendar: Calendar) -> int:
    return 0 if alerted is None else days_between(alerted, reported, unit, calendar)


def _fraud(call: Call, subject: Subject, transaction: str, payment: sa.RowMapping | None, ages: dict[str, int | None]) -> Values:
    """Fault of the payment, and the risk of the claim. Without a score both risk facts are missing: the rule says what then."""
    desk = desk_word(call, transaction)
    risk = claim_risk(call, subject, ages, besides=transaction)
    if payment is None:
        return {}
    values: Values = {"fault": desk["fault"] if desk else "unknown"}
    if desk is None or not desk["missing"]:
        made = call.now if desk is None or desk["as_of_us"] is None else desk["as_of_us"]
        values |= {"risk_bp": risk.bp, "risk_age_s": max(0, (call.now - made) // 1_000_000)}
    return values


def _card(call: Call, subject: Subject, card: str) -> Values:
    row = people.card_row(call, subject, card)
    return {"card_owned": False} if row is None else {"card_owned": True, "card_status": row["status"]}


def _credits(call: Call, subject: Subject) -> Values:
    query = sa.select(disputes.c.amount_minor, disputes.c.status, disputes.c.opened_us).where(
        disputes.c.tenant == call.tenant, disputes.c.customer == subject.customer, disputes.c.credit.is_not(None)
    )
    rows = call.rows(query)
    return {
        "open_provisional_credits": sum(row["status"] == "open" for row in rows),
        "credits_12m_minor": sum(row["amount_minor"] for row in rows if row["opened_us"] >= call.now - _YEAR),
    }
