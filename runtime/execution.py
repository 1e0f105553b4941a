"""The record that the executor works on: each step of an execution is one durable commit with its audit entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.canonical import digest_of
from domain.clock import to_micros
from domain.errors import Conflict
from domain.proposals import Outcome, Proposal
from persistence.database import Database
from runtime.storage import approvals, limits, proposals
from runtime.storage.audit import append_audit
from runtime.storage.commits import commit, look
from runtime.storage.proposals import Stored
from runtime.tenants import Tenants

#: The core is first asked this long after it did not answer.
FIRST_ASK_US = 1_000_000


class ExecutionRecords:
    """Implements `tools.executor.Records`, by each tenant's business clock.

    A step that another process has taken already is not taken twice: the outcome is told as it stands.
    """

    def __init__(self, db: Database, tenants: Tenants) -> None:
        self._db = db
        self._tenants = tenants

    async def load(self, tenant: str, proposal: str) -> Proposal:
        return (await look(self._db, lambda connection: proposals.load(connection, tenant, proposal))).proposal

    async def outcome(self, tenant: str, proposal: str) -> Outcome:
        return (await look(self._db, lambda connection: proposals.load(connection, tenant, proposal))).outcome()

    async def approvals(self, tenant: str, proposal: str) -> frozenset[str]:
        return await look(self._db, lambda connection: approvals.approvals_of(connection, tenant, proposal))

    async def succeeded(self, tenant: str, proposal: str, receipt: dict[str, Any]) -> Outcome:
        """The receipt was compared and is equal: the effect is there, and the core's counters have it."""

        def step(connection: sa.Connection, stored: Stored, at: int) -> None:
            body = {"receipt": digest_of(receipt), "operation": receipt["operation"]}
            proposals.move(connection, stored, "succeeded", at, body, receipt=receipt, failure=None)
            limits.consume(connection, tenant, proposal, stored.proposal.customer, at)

        return await self._step(tenant, proposal, "succeeded", step)

    async def failed(self, tenant: str, proposal: str, code: str) -> Outcome:
        """The core refused, or it was certainly not reached: nothing happened."""

        def step(connection: sa.Connection, stored: Stored, at: int) -> None:
            proposals.move(connection, stored, "failed", at, {"failure": code}, failure=code)
            limits.release(connection, tenant, proposal, at)

        return await self._step(tenant, proposal, "failed", step)

    async def unknown(self, tenant: str, proposal: str) -> Outcome:
        """Sent, and no answer: the reservation stays, and the core is asked from now on."""

        def step(connection: sa.Connection, stored: Stored, at: int) -> None:
            become_unknown(connection, stored, at)

        return await self._step(tenant, proposal, "unknown", step)

    async def never_arrived(self, tenant: str, proposal: str) -> Outcome:
        """The core has nothing and would refuse the approval from now on: a retry is a new approval of the same proposal."""

        def step(connection: sa.Connection, stored: Stored, at: int) -> None:
            proposals.move(connection, stored, "never_arrived", at, {}, next_ask_at=None)
            limits.release(connection, tenant, proposal, at)

        return await self._step(tenant, proposal, "never_arrived", step)

    async def frozen(
        self, tenant: str, proposal: str, code: str, receipt: dict[str, Any] | None, fields: tuple[str, ...]
    ) -> Outcome:
        """Something is wrong that a person has to see. The reservation and the effect stay held."""

        def step(connection: sa.Connection, stored: Stored, at: int) -> None:
            body = {"failure": code, "fields": list(fields), "receipt": None if receipt is None else digest_of(receipt)}
            proposals.move(connection, stored, "frozen", at, body, receipt=receipt, failure=code, next_ask_at=None)
            append_audit(connection, tenant, f"alarm.{code}", {"fields": list(fields)}, at, proposal)

        return await self._step(tenant, proposal, "frozen", step)

    async def effect(self, tenant: str, kind: str, body: dict[str, Any]) -> None:
        at = to_micros(self._now(tenant))
        await commit(self._db, lambda connection: append_audit(connection, tenant, f"record.{kind}", body, at))

    async def _step(self, tenant: str, proposal: str, target: str, step: Callable[[sa.Connection, Stored, int], None]) -> Outcome:
        at = to_micros(self._now(tenant))

        def job(connection: sa.Connection) -> Outcome:
            customer = proposals.load(connection, tenant, proposal).proposal.customer
            # The same order of locks as in minting: the customer's limits, then the proposal.
            limits.consumed_count(connection, tenant, customer, lock=True)
            stored = proposals.load(connection, tenant, proposal, lock=True)
            if stored.proposal.state not in ("executing", "unknown") or stored.proposal.state == target:
                return stored.outcome()
            step(connection, stored, at)
            return proposals.load(connection, tenant, proposal).outcome()

        try:
            return await commit(self._db, job)
        except Conflict:
            return await self.outcome(tenant, proposal)

    def _now(self, tenant: str) -> datetime:
        return self._tenants(tenant).clock.now()


def become_unknown(connection: sa.Connection, stored: Stored, at: int) -> None:
    """From executing to unknown; the core is asked soon, and its silence counts from now."""
    proposals.move(connection, stored, "unknown", at, {}, heard_at=at, next_ask_at=at + FIRST_ASK_US, asks=0)
