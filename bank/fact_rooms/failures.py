"""What went wrong with a payment on its way: taken twice, not delivered, brought back late, claimed back."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from bank.case_tables import chargebacks, compensations
from bank.fact_rooms.asked import DAY, Asked, Values
from bank.failed import came_back, incident
from bank.networks import network_of, other_side
from bank.payee_names import handle_of
from bank.tables import cards, rail_states
from bank.transactions import find

CHARGEBACK_DAYS = 30
#: Rails on which the payer's bank pulls nothing: the payee's bank has to credit (C-22).
_PUSHED = frozenset({"imps", "upi_transfer", "card_to_card"})


def pair(asked: Asked) -> Values:
    """The other payment of a pair, and what the settlement shows of both."""
    names, call = asked.names, asked.call
    if names.original is None:
        return {}
    original = find(call, asked.subject, names.original)
    states = _states(asked, (names.transaction or "", names.original))
    row = asked.payment
    if original is None or row is None or original["id"] == row["id"] or original["account"] != row["account"]:
        return {"original_found": False, "same_reference": False, "same_amount": False, "settled_legs": "unknown"}
    settled = [states[each]["settlement"] if each in states else "unknown" for each in (row["id"], original["id"])]
    count = settled.count("settled")
    return {
        "original_found": True,
        "same_reference": original["reference"] == row["reference"],
        "same_amount": (original["amount_minor"], original["currency"]) == (row["amount_minor"], row["currency"]),
        "settled_legs": "unknown" if "unknown" in settled else ("none", "one", "both")[count],
    }


def failure(asked: Asked) -> Values:
    """The row of section C that it falls under, whose doing, whether and when the money was back, and who owes the delay."""
    row, call = asked.payment, asked.call
    if row is None:
        return {}
    state = _states(asked, (row["id"],)).get(row["id"])
    back = came_back(call, row)
    kind = incident(row, state)
    paid = sa.select(compensations.c.customer).where(
        compensations.c.tenant == call.tenant, compensations.c.kind == "tat", compensations.c.transaction == row["id"]
    )
    returned = call.today() if back is None else call.local(back).date()
    queued = "none" if state is None or state["reversal"] is None else state["reversal"]
    return {
        "tat_incident": kind,
        "failure_cause": "unknown" if state is None else state["failure_cause"] or "unknown",
        "money_back": back is not None or row["posting"] is None,
        "days_to_reversal": 0 if row["posting"] is None else max(0, (returned - call.local(row["at_us"]).date()).days),
        "compensation_paid": call.first(paid) is not None,
        "compensation_side": _side(kind, back, state),
        "reversal_state": "done" if back is not None else queued,
        "tcc_ret": "none" if state is None else state["tcc_ret"] or "none",
    }


def _side(kind: str, back: int | None, state: sa.RowMapping | None) -> str:
    """Who owes the delay (C-22): ours once the money came back to our customer, and on rails where we are the payer's bank alone."""
    if back is not None or kind not in _PUSHED:
        return "ours"
    delay = None if state is None else state["delay_at"]
    return {"own_bank": "ours", "other_bank": "other"}.get(delay or "", "unclear")


def claim_back(asked: Asked) -> Values:
    """Through whose procedure it may be claimed back, how old it is to that procedure, and what was claimed before."""
    row, call = asked.payment, asked.call
    if row is None:
        return {}
    card = call.first(sa.select(cards.c.network).where(cards.c.tenant == call.tenant, cards.c.id == (row["card"] or "")))
    network = network_of(row["rail"], card["network"] if card else None)
    age = asked.today_minus(row["at_us"])
    if row["expected_delivery"] is not None:
        age = min(age, max(0, (call.today() - date.fromisoformat(row["expected_delivery"])).days))
    count = (
        sa.select(sa.func.count())
        .select_from(chargebacks)
        .where(
            chargebacks.c.tenant == call.tenant,
            chargebacks.c.account == row["account"],
            chargebacks.c.network == "upi",
            chargebacks.c.raised_us > call.now - CHARGEBACK_DAYS * DAY,
        )
    )
    before = sa.select(chargebacks.c.reference).where(chargebacks.c.tenant == call.tenant, chargebacks.c.transaction == row["id"])
    return {
        "chargeback_network": network,
        "chargeback_clock_d": age,
        "chargebacks_30d": asked.total(count),
        "chargebacks_pair_30d": asked.total(count.where(chargebacks.c.payee == other_side(handle_of(row), row["counterparty"]))),
        "chargeback_raised": call.first(before) is not None,
    }


def _states(asked: Asked, ids: tuple[str, ...]) -> dict[str, sa.RowMapping]:
    query = sa.select(rail_states).where(rail_states.c.tenant == asked.call.tenant, rail_states.c.transaction.in_(ids))
    return {row["transaction"]: row for row in asked.call.rows(query)}
