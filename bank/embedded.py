"""A sandbox bank inside another process: seeded once from a world, its clock handed over, its state looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bank import audit, sandbox, seeding
from bank.call import Call
from bank.clock import TenantClock
from bank.serving import Desk
from bank.setup import OpenBank
from bank.tables import tenants
from bank.worlds.loader import load_world


class Embedded:
    """What a host process may do with a bank it opened, besides serving it."""

    def __init__(self, bank: OpenBank) -> None:
        self._bank = bank
        self._desk = Desk(bank.config)

    def clock(self, tenant: str) -> TenantClock:
        """The tenant's business clock, its stored offset read now."""
        self._bank.database.read_now(lambda connection: self._desk.call(connection, tenant))
        return self._bank.config.clock.of(tenant)

    def holds(self, tenant: str) -> bool:
        return self._bank.database.read_now(lambda connection: seeding.is_seeded(connection, tenant))

    def seed(self, tenant: str, world: Path) -> str:
        """Build the world where the tenant is still empty; returns the bank's name. Raises BadInput `world_invalid`."""
        if not self.holds(tenant):
            loaded = load_world(world)
            self._bank.database.write_now(lambda connection: self._seed_once(connection, tenant, loaded))
        name: str = self._bank.database.read_now(
            lambda connection: connection.execute(sa.select(tenants.c.bank).where(tenants.c.tenant == tenant)).scalar_one()
        )
        return name

    def _seed_once(self, connection: sa.Connection, tenant: str, world: Any) -> None:
        """Two processes may start on one empty database: the first one seeds."""
        if not seeding.is_seeded(connection, tenant):
            seeding.seed(connection, world, self._bank.config, tenant=tenant)

    def export(self, tenant: str) -> dict[str, Any]:
        """The business state as JSON."""
        return self._bank.database.read_now(lambda connection: sandbox.export(self._call(connection, tenant)))

    def findings(self, tenant: str) -> list[str]:
        """What does not hold: sums of the ledger, balances against entries, the audit chain. Empty when all does."""

        def look(connection: sa.Connection) -> list[str]:
            state = sandbox.ledger_state(self._call(connection, tenant))
            found = [f"entries in {currency} sum to {total}" for currency, total in state["sum"].items() if total]
            found += [f"the balance of {account} is not the sum of its entries" for account in state["unexplained_balances"]]
            try:
                audit.verify(connection, tenant)
            except ValueError as error:
                found.append(str(error))
            return found

        return self._bank.database.read_now(look)

    def _call(self, connection: sa.Connection, tenant: str) -> Call:
        return self._desk.call(connection, tenant)
