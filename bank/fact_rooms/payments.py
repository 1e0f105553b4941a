"""The payment named, as the ledger and the case desk have it; and, where a law of elsewhere governs it, what that law asks."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import sqlalchemy as sa

from bank.case_tables import complaints, fraud_reports
from bank.fact_rooms.asked import Asked, Values
from bank.ledger.tables import accounts, effects
from bank.tables import branches, disputes
from domain.calendars import Calendar, days_between

#: How rails are called in facts.
RAILS = {"card_ecom": "card_online"}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Row US-02: so long an account is new.
NEW_ACCOUNT_DAYS = 30


def payment(asked: Asked) -> Values:
    """What the ledger says of it, when it was reported, and whether it was credited provisionally before."""
    transaction, row, call = asked.names.transaction, asked.payment, asked.call
    if transaction is None:
        return {}
    dispute = dispute_about(asked, transaction)
    calendar = _calendar(asked)
    reported = first_report(asked, transaction, dispute)
    taken = call.first(
        sa.select(effects.c.effect).where(
            effects.c.tenant == call.tenant, effects.c.effect == f"provisional_credit:{transaction}:principal"
        )
    )
    if row is None:
        return {"txn_found": False, "txn_owned": False}
    day = call.local(row["at_us"]).date()
    alerted = None if row["alert_us"] is None else call.local(row["alert_us"]).date()
    values: Values = {
        "txn_found": True,
        "txn_owned": True,
        "txn_amount_minor": row["amount_minor"],
        "txn_currency": row["currency"],
        "txn_rail": RAILS.get(row["rail"], row["rail"]),
        "txn_date": day.isoformat(),
        "txn_age_days": max(0, (call.today() - day).days),
        "txn_status": row["status"],
        "txn_disputed": dispute is not None,
        "txn_cross_border": bool(row["cross_border"]),
        "reported_date": reported.isoformat(),
        "days_since_alert_working": _days(alerted, reported, "working", calendar),
        "days_since_alert_calendar": _days(alerted, reported, "calendar", calendar),
        "prior_credit_same_ref": taken is not None or (dispute is not None and dispute["credit"] is not None),
    }
    return values | ({"dispute_type": dispute["dispute_type"]} if dispute else {})


def dispute_about(asked: Asked, transaction: str) -> sa.RowMapping | None:
    query = sa.select(disputes).where(disputes.c.tenant == asked.call.tenant, disputes.c.transaction == transaction)
    return asked.call.first(query)


def first_report(asked: Asked, transaction: str, dispute: sa.RowMapping | None) -> date:
    """The local day on which the subject first told the bank: by dispute, fraud report or complaint; today while there is none."""
    call = asked.call
    told = [] if dispute is None else [dispute["opened_us"]]
    for table, at in ((fraud_reports, fraud_reports.c.reported_us), (complaints, complaints.c.opened_us)):
        query = sa.select(sa.func.min(at)).where(
            table.c.tenant == call.tenant, table.c.customer == asked.subject.customer, table.c.about == transaction
        )
        first = call.connection.execute(query).scalar_one()
        told += [] if first is None else [first]
    return call.local(min(told)).date() if told else call.today()


def elsewhere(asked: Asked) -> Values:
    """What US and EU rules ask: computed from the rows, and the findings on record. What was not found is not stated."""
    row, call = asked.payment, asked.call
    if row is None:
        return {}
    day = call.local(row["at_us"]).date()
    account = call.first(sa.select(accounts).where(accounts.c.tenant == call.tenant, accounts.c.id == row["account"]))
    values: Values = {"debit_date": day.isoformat(), "days_since_debit": max(0, (call.today() - day).days)}
    if account is not None and account["us_regulation"] is not None:
        opened = call.local(account["opened_us"]).date()
        values["us_regulation"] = account["us_regulation"]
        values["account_new"] = (day - opened).days <= NEW_ACCOUNT_DAYS
        values["pos_or_foreign"] = row["rail"] == "card_pos" or bool(row["cross_border"])
        if account["cycle_day"] is not None:
            values["cycle_day"] = account["cycle_day"]
    found: dict[str, Any] = json.loads(row["findings"]) if row["findings"] else {}
    statement = found.pop("statement_on", None)
    if statement is not None:
        told = first_report(asked, row["id"], dispute_about(asked, row["id"]))
        values["days_since_statement"] = max(0, (told - date.fromisoformat(statement)).days)
    return values | found


def _days(alerted: date | None, reported: date, unit: Any, calendar: Calendar) -> int:
    return 0 if alerted is None else days_between(alerted, reported, unit, calendar)


def _calendar(asked: Asked) -> Calendar:
    call = asked.call
    branch = asked.customer["home_branch"] if asked.customer else ""
    row = call.first(sa.select(branches).where(branches.c.tenant == call.tenant, branches.c.id == branch))
    if row is None:
        return Calendar(branch, call.zone)
    return Calendar(
        branch,
        call.zone,
        weekly_off=frozenset(_WEEKDAYS.index(day) for day in json.loads(row["weekly_off"])),
        saturdays_off=frozenset(json.loads(row["closed_saturdays"])),
        holidays=frozenset(date.fromisoformat(day) for day in json.loads(row["holidays"])),
    )
