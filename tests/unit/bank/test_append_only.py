"""What is written stays: the database itself refuses to change or delete it, and to turn a clock back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bank import seeding
from bank.append_only import APPEND_ONLY
from bank.columns import metadata
from bank.ledger.tables import accounts, entries
from bank.tables import tenants
from tests.support.bank import Workbench
from tests.support.bank_world import ASHA

COLUMN = {
    "postings": "kind",
    "entries": "amount_minor",
    "audit_entries": "hash",
    "operations": "result",
    "approval_uses": "operation",
    "events": "kind",
}


def _run(bench: Workbench, statement: sa.Executable) -> None:
    bench.bank.database.write_now(lambda connection: connection.execute(statement))


async def _use(bench: Workbench) -> None:
    """Leave a row in each table: one approved movement, and an event."""
    from bank.actions import Debit, Reversal

    teller = bench.teller("demo", bench.clock.at)
    await teller.do("/transaction", ASHA, Debit(account="A1", amount_minor=1, currency="INR", reference="r"))
    await teller.do("/transaction", ASHA, Reversal(account="A1", transaction="T3"))
    await teller.http.aclose()


async def test_no_row_of_an_append_only_table_can_be_changed_or_deleted(either: Workbench) -> None:
    await _use(either)
    assert COLUMN.keys() == set(APPEND_ONLY)
    for name in APPEND_ONLY:
        table = metadata.tables[name]
        mine = table.c.tenant == "demo"
        count = either.bank.database.read_now(
            lambda connection, table=table: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        )
        assert count > 0, f"{name} has no row to try it on"
        column = table.c[COLUMN[name]]
        for statement in (table.update().where(mine).values({column: column}), table.delete().where(mine)):
            with pytest.raises(DBAPIError, match="append-only"):
                _run(either, statement)


def test_a_clock_can_be_moved_forward_and_never_back(either: Workbench) -> None:
    mine = tenants.c.tenant == "demo"
    _run(either, tenants.update().where(mine).values(offset_us=tenants.c.offset_us + 1))
    with pytest.raises(DBAPIError, match="forward only"):
        _run(either, tenants.update().where(mine).values(offset_us=tenants.c.offset_us - 1))


def test_a_customer_account_cannot_go_below_its_limit_whatever_the_code_does(either: Workbench) -> None:
    with pytest.raises(DBAPIError, match="not_overdrawn"):
        _run(either, accounts.update().where(accounts.c.tenant == "demo", accounts.c.id == "A1").values(ledger_minor=-1))


def test_a_dropped_sandbox_tenant_takes_its_rows_along_and_leaves_others_alone(either: Workbench) -> None:
    either.seed("other")
    either.bank.database.write_now(lambda connection: seeding.drop(connection, "demo"))

    def left(connection: sa.Connection) -> dict[str, set[str]]:
        found = {}
        for name, table in metadata.tables.items():
            found[name] = set(connection.execute(sa.select(table.c.tenant)).scalars())
        return found

    tenants_left = either.bank.database.read_now(left)
    assert all(names <= {"other"} for names in tenants_left.values())
    assert tenants_left["entries"] == {"other"}
    with pytest.raises(DBAPIError, match="append-only"):
        _run(either, entries.delete().where(entries.c.tenant == "other"))
