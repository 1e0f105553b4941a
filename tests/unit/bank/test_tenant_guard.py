"""The guard that finds a query without its tenant: it finds planted ones, and lets proper ones pass."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bank.call import Call
from bank.columns import metadata
from bank.ledger.tables import accounts, holders, holds
from tests.support.bank import Workbench
from tests.support.tenancy import TenantGuard

T = "demo"
joined = accounts.join(holders, (holders.c.tenant == accounts.c.tenant) & (holders.c.account == accounts.c.id))
other = accounts.alias("other")

PROPER: list[sa.Executable] = [
    sa.select(accounts).where(accounts.c.tenant == T),
    sa.select(accounts).where(accounts.c.tenant == T, accounts.c.id.in_(["A1"])),
    sa.select(accounts.c.id).select_from(joined).where(accounts.c.tenant == T),
    sa.select(accounts.c.id).select_from(joined).where(holders.c.tenant == T, holders.c.customer == "C1"),
    sa.select(sa.func.count()).select_from(holds).where(holds.c.tenant == T),
    accounts.update().where(accounts.c.tenant == T).values(version=1),
    accounts.delete().where(accounts.c.tenant == T, accounts.c.id == "A1"),
    sa.select(accounts).where(
        accounts.c.tenant == T, sa.exists().where(holders.c.tenant == accounts.c.tenant, holders.c.account == accounts.c.id)
    ),
    sa.text("SELECT 1"),
]
PLANTED: list[sa.Executable] = [
    sa.select(accounts),
    sa.select(accounts).where(accounts.c.id == "A1"),
    sa.select(accounts).where((accounts.c.tenant == T) | (accounts.c.id == "A1")),
    sa.select(accounts).where(accounts.c.tenant != "x"),
    sa.select(accounts.c.id).select_from(joined),
    sa.select(accounts.c.id, other.c.id).where(accounts.c.tenant == T, accounts.c.currency == other.c.currency),
    sa.select(sa.func.count()).select_from(holds),
    accounts.update().values(version=1),
    accounts.update().where(accounts.c.id == "A1").values(version=1),
    accounts.delete(),
    sa.select(accounts).where(accounts.c.tenant == T, accounts.c.id.in_(sa.select(holders.c.account))),
    sa.text("SELECT * FROM accounts WHERE tenant = 'demo'"),
]


@pytest.mark.parametrize("statement", PROPER, ids=str)
def test_a_query_held_to_its_tenant_passes(statement: sa.Executable) -> None:
    assert TenantGuard(metadata).holds(statement)


@pytest.mark.parametrize("statement", PLANTED, ids=str)
def test_a_query_without_its_tenant_is_found(statement: sa.Executable) -> None:
    assert not TenantGuard(metadata).holds(statement)


def test_what_a_database_runs_is_watched(bench: Workbench) -> None:
    def careless(connection: sa.Connection) -> None:
        Call(connection, "demo", 0, "UTC", bench.bank.config.ids).rows(sa.select(accounts))

    with pytest.raises(AssertionError, match="without their tenant"), TenantGuard(metadata).watching(bench.bank.database):
        bench.bank.database.read_now(careless)
    with TenantGuard(metadata).watching(bench.bank.database):
        pass
