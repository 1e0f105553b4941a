"""When a payment counts as failed, and when its money was back (RBI/2019-20/67: section C of the banking rules)."""

from __future__ import annotations

import sqlalchemy as sa

from bank.call import Call
from bank.ledger.tables import transactions

#: Incident by rail; those of UPI and cards depend on who was paid.
_BY_RAIL = {
    "atm": "atm",
    "card_pos": "pos",
    "card_ecom": "ecom",
    "imps": "imps",
    "aeps": "aeps",
    "nach": "nach",
    "ppi": "ppi_onus",
}
_NOT_ARRIVED = frozenset({"failed", "deemed", "returned"})


def incident(row: sa.RowMapping, state: sa.RowMapping | None) -> str:
    """The row of section C for a statement line and what its rail says; `none` for one that did not fail or took no money."""
    failed = row["status"] == "failed" or (state is not None and state["state"] in _NOT_ARRIVED)
    if not failed or row["posting"] is None or row["amount_minor"] >= 0:
        return "none"
    if row["rail"] == "upi":
        return "upi_transfer" if row["merchant_category"] is None else "upi_merchant"
    if row["rail"] in ("card_pos", "card_ecom") and row["kind"] == "transfer":
        return "card_to_card"
    return _BY_RAIL.get(row["rail"], "none")


def came_back(call: Call, row: sa.RowMapping) -> int | None:
    """When a reversal of a statement line put its money back, UTC microseconds; None while it has not."""
    query = sa.select(sa.func.min(transactions.c.at_us)).where(
        transactions.c.tenant == call.tenant,
        transactions.c.account == row["account"],
        transactions.c.reversal_of == row["id"],
        transactions.c.status == "posted",
    )
    at: int | None = call.connection.execute(query).scalar_one()
    return at
