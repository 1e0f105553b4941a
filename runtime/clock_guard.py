"""Whether the business clock can be believed: it only ever goes forwards, across restarts too.

Deadlines, limits over rolling windows and the life of approvals all rest on it. When it is seen behind the latest time on record,
no money moves (the fact `clock_ok` is false), and an alarm is written once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from domain.clock import to_micros
from persistence.database import Database
from runtime.storage.audit import append_audit
from runtime.storage.clock_marks import latest_mark, raise_mark
from runtime.storage.commits import commit
from runtime.tenants import Tenants

log = structlog.get_logger(__name__)
#: A clock that is set back by less than this is being corrected, not turned back.
TOLERANCE = timedelta(seconds=5)
_TOLERANCE_US = int(TOLERANCE.total_seconds() * 1_000_000)


class ClockGuard:
    """Remembers the latest business time seen, per tenant; on record so that a restart does not forget it."""

    def __init__(self, db: Database, tenants: Tenants) -> None:
        self._db = db
        self._tenants = tenants
        self._marks: dict[str, int] = {}
        self._alarmed: set[str] = set()

    def believable(self, tenant: str, now: datetime) -> bool:
        """Whether `now` is not behind what was seen before; a later one is remembered."""
        at, mark = to_micros(now), self._marks.get(tenant, 0)
        if at > mark:
            self._marks[tenant] = at
        return at >= mark - _TOLERANCE_US

    async def keep(self, tenant: str) -> bool:
        """Put the latest time on record and take over what others saw. Returns whether the clock can be believed now."""
        now = self._tenants(tenant).clock.now()
        self._marks[tenant] = max(self._marks.get(tenant, 0), await self._db.read(lambda c: latest_mark(c, tenant)))
        good = self.believable(tenant, now)
        mark = self._marks[tenant]
        await self._db.write(lambda c: raise_mark(c, tenant, mark))
        if good:
            self._alarmed.discard(tenant)
        elif tenant not in self._alarmed:
            self._alarmed.add(tenant)
            behind_s = (mark - to_micros(now)) // 1_000_000
            log.error("clock_went_backwards", tenant=tenant, behind_s=behind_s)
            await commit(self._db, lambda c: append_audit(c, tenant, "alarm.clock_backwards", {"behind_s": behind_s}, mark))
        return good
