"""The bank's business time: wall time plus an offset per tenant that only grows once the world's `now` has set it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bank.tables import tenants
from domain.clock import BusinessClock, from_micros, to_micros
from domain.errors import BadInput, NotFound

MAX_ADVANCE = timedelta(days=3660)


class BankClock:
    """Business time of every tenant. The offset is stored; what was read last is kept for callers without a transaction."""

    def __init__(self, wall: BusinessClock) -> None:
        self._wall = wall
        self._offsets: dict[str, int] = {}

    def wall(self) -> int:
        return to_micros(self._wall.now())

    def now_in(self, connection: sa.Connection, tenant: str) -> int:
        """Microseconds of the tenant's time, offset read in this transaction. An unknown tenant has wall time."""
        row = connection.execute(sa.select(tenants.c.offset_us).where(tenants.c.tenant == tenant)).scalar_one_or_none()
        return self.at(tenant, row)

    def at(self, tenant: str, offset: int | None) -> int:
        """Microseconds of the tenant's time with the offset just read (None for an unknown tenant)."""
        if offset is None:
            return self.wall()
        self._offsets[tenant] = offset
        return self.wall() + offset

    def advance(self, connection: sa.Connection, tenant: str, *, to: int) -> int:
        """Move a tenant's clock forward to `to` (microseconds). Raises BadInput `clock_backwards` or `clock_too_far`."""
        row = connection.execute(
            sa.select(tenants.c.offset_us).where(tenants.c.tenant == tenant).with_for_update()
        ).scalar_one_or_none()
        if row is None:
            raise NotFound("not_found")
        now = self.wall() + row
        if to < now:
            raise BadInput("clock_backwards", "a world's clock moves forward only")
        if to - now > MAX_ADVANCE // timedelta(microseconds=1):
            raise BadInput("clock_too_far", f"at most {MAX_ADVANCE.days} days at once")
        connection.execute(tenants.update().where(tenants.c.tenant == tenant).values(offset_us=tenants.c.offset_us + (to - now)))
        return self.at(tenant, row + (to - now))

    def of(self, tenant: str) -> TenantClock:
        """A `domain.clock.BusinessClock` of one tenant, for who runs in the bank's own process."""
        return TenantClock(self, tenant)

    def offset(self, tenant: str) -> int:
        """The offset as this process saw it last, in microseconds; 0 for a tenant never asked about."""
        return self._offsets.get(tenant, 0)


@dataclass(frozen=True, slots=True)
class TenantClock:
    """Business time of one tenant from the offset this process saw last; each call of the bank refreshes it."""

    clock: BankClock
    tenant: str

    def now(self) -> datetime:
        return from_micros(self.clock.wall() + self.clock.offset(self.tenant))
