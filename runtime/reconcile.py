"""UNKNOWN: what was sent and not answered is asked for by its key, until the core's word or its clock settles it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
import structlog

from domain.clock import to_micros
from domain.errors import Conflict, TellergateError
from domain.proposals import Outcome
from persistence.database import Database
from runtime.execution import ExecutionRecords, become_unknown
from runtime.storage import gate_tables as t
from runtime.storage import lapsing, proposals
from runtime.storage.commits import commit, look
from runtime.storage.proposals import Stored, as_stored
from runtime.subjects import SubjectMinter
from runtime.tenants import Tenants
from tools.executor import Executor

log = structlog.get_logger(__name__)
SECOND = 1_000_000
#: Asked at 1, 2, 4 … and then every 60 seconds.
LONGEST_WAIT = 60
#: The core may act on an approval until it expires; this much later, by its own clock, it certainly will not.
GRACE_US = 5 * SECOND
#: After this long without any word from the core a person has to look.
SILENCE_US = 15 * 60 * SECOND
#: An execution that is on record this long has lost its process; longer than any call may take.
LOST_US = 90 * SECOND
BATCH = 20
#: Somebody who waits for the end looks this often, takes an execution for lost after IN_FLIGHT_S, and gives up after PATIENCE_S.
STEP_S, IN_FLIGHT_S, PATIENCE_S = 0.5, 6.0, 17.0


class Reconciler:
    """Asks the core about proposals in `unknown`. What was sent is never sent again; what certainly never arrived is approved anew.

    `retries`: how often that happens without anybody asking for it; the yes and the facts have to hold then as ever.
    """

    def __init__(
        self,
        db: Database,
        tenants: Tenants,
        *,
        executor: Executor,
        records: ExecutionRecords,
        subjects: SubjectMinter,
        retries: int = 2,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._db = db
        self._tenants = tenants
        self._executor = executor
        self._records = records
        self._subjects = subjects
        self._retries = retries
        self._sleep = sleep

    async def recover(self, tenant: str, now: datetime, *, alone: bool) -> int:
        """Executions that have lost their process become unknown. Returns how many.

        `alone`: this is the only process on the database and it is starting, so every execution on record is one of them.
        """
        p, at = t.proposal.c, to_micros(now)
        lost = p.state == "executing" if alone else sa.and_(p.state == "executing", p.sent_at <= at - LOST_US)

        def job(connection: sa.Connection) -> int:
            query = sa.select(t.proposal).where(p.tenant == tenant, lost).order_by(p.id).with_for_update(skip_locked=True)
            found = [as_stored(connection, row) for row in connection.execute(query).all()]
            for stored in found:
                become_unknown(connection, stored, at)
            return len(found)

        if not await look(self._db, lambda c: c.execute(sa.select(p.id).where(p.tenant == tenant, lost).limit(1)).first()):
            return 0
        return await commit(self._db, job)

    async def reconcile_once(self, tenant: str, now: datetime) -> list[Outcome]:
        """Ask about everything that is due at business time `now`; returns what is settled by it (or frozen).

        On the way, what never arrived is retried, and proposals whose time ran out before they were executed are cancelled.
        """
        await self.recover(tenant, now, alone=False)
        if await look(self._db, lambda connection: lapsing.any_lapsed(connection, tenant, now)):
            await commit(self._db, lambda connection: lapsing.expire(connection, tenant, now))
        p, at = t.proposal.c, to_micros(now)
        query = (
            sa.select(t.proposal)
            .where(p.tenant == tenant, p.state == "unknown", p.next_ask_at <= at)
            .order_by(p.next_ask_at)
            .limit(BATCH)
        )
        due = await look(self._db, lambda connection: [as_stored(connection, row) for row in connection.execute(query).all()])
        settled: list[Outcome] = []
        for stored in due:
            try:
                outcome = await self._ask(stored, at)
                if outcome is not None and outcome.state == "never_arrived":
                    outcome = await self._retried(stored, outcome)
            except TellergateError as error:
                log.warning("reconciliation_postponed", proposal=stored.proposal.id, code=error.code)
                continue
            if outcome is not None:
                settled.append(outcome)
        return settled

    async def settle(self, tenant: str, proposal: str) -> Outcome:
        """Wait for a proposal that was sent before to be settled: for a turn that is driven again after its process died.

        Returns its outcome, at the latest after `PATIENCE_S`; then it may still be `unknown`.
        """
        waited = 0.0
        while True:
            stored = await look(self._db, lambda connection: proposals.load(connection, tenant, proposal))
            at = to_micros(self._tenants(tenant).clock.now())
            if stored.proposal.state == "unknown":
                with suppress(TellergateError):
                    await self._ask(stored, at)
                stored = await look(self._db, lambda connection: proposals.load(connection, tenant, proposal))
            elif stored.proposal.state == "executing" and waited >= IN_FLIGHT_S:
                await self._records.unknown(tenant, proposal)
            if stored.proposal.state not in ("executing", "unknown") or waited >= PATIENCE_S:
                return stored.outcome()
            await self._sleep(STEP_S)
            waited += STEP_S

    async def _retried(self, stored: Stored, outcome: Outcome) -> Outcome:
        """A new approval of a proposal that never arrived, unless it has had its tries."""
        p = stored.proposal
        if len(await self._records.approvals(p.tenant, p.id)) > self._retries:
            return outcome
        return await self._executor.execute(p.tenant, p.id)

    async def _ask(self, stored: Stored, at: int) -> Outcome | None:
        p = stored.proposal
        token = self._subjects.token(p.tenant, p.customer, "reconcile")
        try:
            answer = await self._tenants(p.tenant).bank.read(f"/operations/{quote(p.id, safe='')}", subject=token)
            state, result, bank_now = _read(answer)
        except Conflict:
            await self._later(stored, at, heard=True)  # the core is still at it
            return None
        except (TellergateError, ValueError):
            if at - (stored.heard_at or at) >= SILENCE_US:
                return await self._records.frozen(p.tenant, p.id, "bank_silent", None, ())
            await self._later(stored, at, heard=False)
            return None
        if state == "found":
            return await self._executor.settle(p.tenant, p, result)
        if state == "not_found" and bank_now >= (stored.approval_expires_at or at) + GRACE_US:
            return await self._records.never_arrived(p.tenant, p.id)
        await self._later(stored, at, heard=True)
        return None

    async def _later(self, stored: Stored, at: int, *, heard: bool) -> None:
        p, c = stored.proposal, t.proposal.c
        values: dict[str, Any] = {
            "asks": stored.asks + 1,
            "next_ask_at": at + min(2 ** (stored.asks + 1), LONGEST_WAIT) * SECOND,
        }
        if heard:
            values["heard_at"] = at
        change = t.proposal.update().where(c.tenant == p.tenant, c.id == p.id, c.state == "unknown").values(**values)
        await commit(self._db, lambda connection: connection.execute(change).rowcount)


def _read(answer: Any) -> tuple[str, dict[str, Any], int]:
    """State, result and the core's clock. Raises ValueError for an answer that says something else."""
    try:
        state, result = answer["state"], answer.get("result") or {}
        now = to_micros(datetime.fromisoformat(answer["now"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not an answer about an operation") from error
    if not isinstance(result, dict) or not isinstance(state, str):
        raise ValueError("not an answer about an operation")
    return state, result, now
