"""What was credited, reported, complained about and compensated before."""

from __future__ import annotations

import sqlalchemy as sa

from bank.case_tables import compensations, complaints, fraud_reports
from bank.fact_rooms.asked import YEAR, Asked, Values
from bank.fact_rooms.payments import dispute_about, first_report
from bank.failed import came_back
from bank.ledger.tables import transactions
from bank.tables import disputes, fraud_assessments


def credits(asked: Asked) -> Values:
    """Provisional credits of the customer: how many are open, and how much in twelve months."""
    query = sa.select(disputes.c.amount_minor, disputes.c.status, disputes.c.opened_us).where(
        disputes.c.tenant == asked.call.tenant,
        disputes.c.customer == asked.subject.customer,
        disputes.c.credit.is_not(None),
    )
    rows = asked.call.rows(query)
    return {
        "open_provisional_credits": sum(row["status"] == "open" for row in rows),
        "credits_12m_minor": sum(row["amount_minor"] for row in rows if row["opened_us"] >= asked.call.now - YEAR),
    }


def complaint(asked: Asked) -> Values:
    """Whether one of this category about this reference is open, and since which day; without one, it is first reported today."""
    names, call = asked.names, asked.call
    if names.category is None or names.reference is None:
        return {}
    query = sa.select(sa.func.min(complaints.c.opened_us)).where(
        complaints.c.tenant == call.tenant,
        complaints.c.customer == asked.subject.customer,
        complaints.c.category == names.category,
        complaints.c.about == names.reference,
        complaints.c.status == "open",
    )
    opened = call.connection.execute(query).scalar_one()
    day = call.today() if opened is None else call.local(opened).date()
    return {"complaint_open_same_ref": opened is not None, "reported_date": day.isoformat()}


def small_value(asked: Asked) -> Values:
    """What the small-value compensation asks (B-24): the net loss, who was told when, and whether it was paid before."""
    row, call = asked.payment, asked.call
    if row is None:
        return {}
    day = call.local(row["at_us"]).date()
    dispute = dispute_about(asked, row["id"])
    ncrp = _ncrp(asked, row["id"])
    paid = sa.select(compensations.c.transaction).where(
        compensations.c.tenant == call.tenant,
        compensations.c.kind == "fraud",
        compensations.c.customer == asked.subject.customer,
    )
    return {
        "net_loss_minor": _net_loss(asked, row, dispute),
        "compensated_before": call.first(paid) is not None,
        "days_to_bank_report": max(0, (first_report(asked, row["id"], dispute) - day).days),
        "ncrp_reported": ncrp is not None,
        "days_to_ncrp_report": 0 if ncrp is None else max(0, (call.local(ncrp).date() - day).days),
    }


def _ncrp(asked: Asked, transaction: str) -> int | None:
    query = sa.select(sa.func.min(fraud_reports.c.ncrp_us)).where(
        fraud_reports.c.tenant == asked.call.tenant,
        fraud_reports.c.customer == asked.subject.customer,
        fraud_reports.c.about == transaction,
    )
    at: int | None = asked.call.connection.execute(query).scalar_one()
    return at


def _net_loss(asked: Asked, row: sa.RowMapping, dispute: sa.RowMapping | None) -> int:
    """The debit less what was recovered and what was credited provisionally; nothing where it never left or came back whole."""
    call = asked.call
    if row["amount_minor"] >= 0 or row["posting"] is None or came_back(call, row) is not None:
        return 0
    desk = call.first(
        sa.select(fraud_assessments.c.recovered_minor).where(
            fraud_assessments.c.tenant == call.tenant, fraud_assessments.c.transaction == row["id"]
        )
    )
    credit = "" if dispute is None else dispute["credit"] or ""
    credited = sa.select(transactions.c.amount_minor).where(transactions.c.tenant == call.tenant, transactions.c.id == credit)
    given = call.first(credited)
    back = (desk["recovered_minor"] or 0 if desk else 0) + (given["amount_minor"] if given else 0)
    return int(max(0, -row["amount_minor"] - back))
