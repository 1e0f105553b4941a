"""The hot brakes: duty mode and kill switches. In force with their commit, without anybody's approval, always on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from domain.actions import ACTIONS, Protective
from domain.clock import BusinessClock, to_micros
from domain.errors import BadInput
from persistence.database import Database
from runtime.storage.audit import append_audit
from runtime.storage.commits import commit
from runtime.storage.limits import all_brakes, set_duty_mode, set_kill_switch

DUTY_MODES = ("normal", "off_hours", "degraded", "incident")
EVERYTHING = "*"


class BrakeLever:
    """Sets brakes for a tenant and tells how they stand."""

    def __init__(self, db: Database, clock: BusinessClock) -> None:
        self._db = db
        self._clock = clock

    async def duty_mode(self, tenant: str, mode: str, by: str) -> dict[str, Any]:
        """Set the mode. Raises BadInput `brake_unknown` for a mode there is not."""
        if mode not in DUTY_MODES:
            raise BadInput("brake_unknown", f"no duty mode {mode}; there are {', '.join(DUTY_MODES)}")
        return await self._set(tenant, by, {"duty_mode": mode}, lambda c, at: set_duty_mode(c, tenant, mode, by, at))

    async def kill_switch(self, tenant: str, action: str, on: bool, by: str) -> dict[str, Any]:
        """Switch an action, or `*` for everything, off (`on`) or back. Raises BadInput `brake_unknown`; protection has no switch."""
        if action != EVERYTHING and action not in ACTIONS:
            raise BadInput("brake_unknown", f"no action {action}")
        if action in Protective:
            raise BadInput("brake_unknown", f"{action} protects customers and cannot be switched off")
        change = {"kill_switch": action, "on": on}
        return await self._set(tenant, by, change, lambda c, at: set_kill_switch(c, tenant, action, on, by, at))

    async def standing(self, tenant: str) -> dict[str, Any]:
        """The duty mode and every switch that is on."""
        return await self._db.read(lambda connection: all_brakes(connection, tenant))

    async def _set(
        self, tenant: str, by: str, change: dict[str, Any], set_it: Callable[[sa.Connection, int], None]
    ) -> dict[str, Any]:
        at = to_micros(self._clock.now())

        def job(connection: sa.Connection) -> dict[str, Any]:
            set_it(connection, at)
            append_audit(connection, tenant, "brake.set", change | {"by": by}, at)
            return all_brakes(connection, tenant)

        return await commit(self._db, job)
