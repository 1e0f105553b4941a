"""Gathers what the fraud scores need from rows, and puts the fraud desk's word over the computed one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bank import fraud
from bank.access import Subject
from bank.call import Call, rfc3339
from bank.ledger.tables import transactions
from bank.tables import customers, devices, disputes, fraud_assessments, logins
from bank.transactions import find
from domain.errors import Unavailable

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
HISTORY_DAYS = 90
HISTORY_ROWS = 400
LONG_AGO_H = 9999


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the bank thinks of a payment. `score` is None while there is none."""

    score: fraud.Score | None
    fault: str
    known_device: bool | None
    as_of: int


def fraud_score(call: Call, subject: Subject, transaction: str) -> dict[str, Any] | None:
    """The answer of GET /fraud/score. Raises Unavailable `score_unavailable` for an own payment without a score."""
    row = find(call, subject, transaction)
    assessed = assess(call, subject, row) if row is not None else None
    if assessed is None:
        return None
    if assessed.score is None:
        raise Unavailable("score_unavailable")
    return {
        "transaction": transaction,
        "score_bp": assessed.score.bp,
        "suspicious": assessed.score.bp >= fraud.SUSPICIOUS_BP,
        "reasons": list(assessed.score.reasons),
        "known_device": assessed.known_device,
        "model_version": fraud.MODEL_VERSION,
        "as_of": rfc3339(assessed.as_of),
        "fault": assessed.fault,
    }


def assess(call: Call, subject: Subject, row: sa.RowMapping) -> Assessment:
    """The assessment of one of the subject's payments: the desk's word where there is one, else the computed score."""
    known = None if row["device"] is None else _is_known(call, subject, row["device"])
    desk = desk_word(call, row["id"])
    if desk is not None and desk["missing"]:
        return Assessment(None, desk["fault"], known, call.now)
    score = fraud.score_payment(_payment(call, subject, row, known))
    if desk is None:
        return Assessment(score, "unknown", known, call.now)
    if desk["score_bp"] is not None:
        score = fraud.Score(desk["score_bp"], tuple(json.loads(desk["reasons"])))
    return Assessment(score, desk["fault"], known, desk["as_of_us"] if desk["as_of_us"] is not None else call.now)


def desk_word(call: Call, transaction: str) -> sa.RowMapping | None:
    """What the fraud desk says about a payment; None while it has said nothing."""
    query = sa.select(fraud_assessments).where(
        fraud_assessments.c.tenant == call.tenant, fraud_assessments.c.transaction == transaction
    )
    return call.first(query)


def claim_risk(call: Call, subject: Subject, ages: Mapping[str, int | None], *, besides: str) -> fraud.Score:
    """The risk that who asks now is not the customer, or abuses claims; `besides` is the payment the claim is about."""
    query = sa.select(logins.c.result, logins.c.device).where(
        logins.c.tenant == call.tenant, logins.c.customer == subject.customer, logins.c.at_us >= call.now - _DAY
    )
    rows = call.rows(query)
    claims = (
        sa.select(sa.func.count())
        .select_from(disputes)
        .where(
            disputes.c.tenant == call.tenant,
            disputes.c.customer == subject.customer,
            disputes.c.transaction != besides,
            disputes.c.opened_us >= call.now - 365 * _DAY,
        )
    )
    return fraud.score_claim(
        fraud.Claimant(
            changed_h=ages,
            failed_logins=sum(row["result"] != "ok" for row in rows),
            unknown_device_logins=sum(row["result"] == "ok" and (row["device"] or "").startswith("unknown:") for row in rows),
            claims_12m=call.connection.execute(claims).scalar_one(),
        )
    )


def changed_hours(call: Call, customer: sa.RowMapping | None) -> dict[str, int | None]:
    """Whole hours since each means of identification changed last; None where it never did."""
    name = "" if customer is None else customer["id"]
    newest = sa.select(sa.func.max(devices.c.registered_us)).where(devices.c.tenant == call.tenant, devices.c.customer == name)
    device = call.connection.execute(newest).scalar_one()
    if customer is None:
        return {}
    pin = max((at for at in (customer["pin_changed_us"], customer["password_changed_us"]) if at is not None), default=None)
    at = {name: customer[f"{name}_changed_us"] for name in ("sim", "mobile", "email")} | {"device": device, "pin": pin}
    return {name: None if when is None else max(0, (call.now - when) // _HOUR) for name, when in at.items()}


def _payment(call: Call, subject: Subject, row: sa.RowMapping, known: bool | None) -> fraud.Payment:
    earlier = _earlier_debits(call, row)
    sim = call.first(
        sa.select(customers.c.sim_changed_us).where(customers.c.tenant == call.tenant, customers.c.id == subject.customer)
    )
    changed = sim["sim_changed_us"] if sim else None
    before = changed is not None and changed <= row["at_us"]
    return fraud.Payment(
        amount_minor=row["amount_minor"],
        hour=call.local(row["at_us"]).hour,
        known_device=known,
        location=row["location"],
        category=row["merchant_category"],
        counterparty_seen=any(each["counterparty"] == row["counterparty"] for each in earlier),
        authenticated=row["authenticated_by"] not in (None, "none"),
        debits_last_hour=sum(each["at_us"] > row["at_us"] - _HOUR for each in earlier),
        sim_changed_h=(row["at_us"] - changed) // _HOUR if before else None,
        usual_minor=[abs(each["amount_minor"]) for each in earlier],
        places=frozenset(each["location"] for each in earlier if each["location"]),
    )


def _earlier_debits(call: Call, row: sa.RowMapping) -> list[sa.RowMapping]:
    query = (
        sa.select(transactions.c.at_us, transactions.c.amount_minor, transactions.c.counterparty, transactions.c.location)
        .where(
            transactions.c.tenant == call.tenant,
            transactions.c.account == row["account"],
            transactions.c.at_us < row["at_us"],
            transactions.c.at_us >= row["at_us"] - HISTORY_DAYS * _DAY,
            transactions.c.amount_minor < 0,
            transactions.c.id != row["id"],
        )
        .order_by(transactions.c.at_us.desc())
        .limit(HISTORY_ROWS)
    )
    return call.rows(query)


def _is_known(call: Call, subject: Subject, device: str) -> bool:
    query = sa.select(devices.c.id).where(
        devices.c.tenant == call.tenant, devices.c.customer == subject.customer, devices.c.id == device
    )
    return call.first(query) is not None
