"""One server process on the service's database: built as the composition root builds it, able to die at a named point."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Literal

from domain.clock import BusinessClock, to_micros
from domain.proposals import Proposer
from persistence.database import Database
from runtime.asker import Asker
from runtime.authority import Authority
from runtime.clock_guard import ClockGuard
from runtime.execution import ExecutionRecords
from runtime.gate import BoundGate, GateParts
from runtime.reconcile import Reconciler
from runtime.subjects import SubjectMinter
from runtime.tenants import Rules, TenantParts
from runtime.weighing import Weighing
from tests.matrix.ground import Ground
from tests.matrix.wire import Journal, Wire
from tests.support.gate_house import Crash
from tests.support.keys import bound
from tools.bank_client import BankClient
from tools.executor import Executor

#: Points at which a process writes to its record; `send` and `bank` are the wire's.
Point = Literal["propose", "decide", "consent", "mint", "receipt", "recover", "reconcile"]
When = Literal["before", "inside", "after"]


class MortalDatabase(Database):
    """A process's way to a database. It dies around a chosen commit: before it, in its transaction, or when it is durable."""

    def __init__(self, inner: Database, *, own: bool) -> None:
        self._inner = inner
        self._own = own
        self.url, self.is_sqlite = inner.url, inner.is_sqlite
        self.dies: When | None = None
        self.read, self.read_now, self.write_now = inner.read, inner.read_now, inner.write_now  # type: ignore[method-assign]

    async def write(self, job: Callable[[Any], Any]) -> Any:
        when, self.dies = self.dies, None
        if when == "before":
            raise Crash
        if when == "inside":
            return await self._inner.write(lambda connection: _half_done(job, connection))
        result = await self._inner.write(job)
        if when == "after":
            raise Crash
        return result

    def close(self) -> None:
        if self._own:
            self._inner.close()


def _half_done(job: Callable[[Any], Any], connection: Any) -> Any:
    job(connection)
    raise Crash


class ServerProcess:
    """The parts of one process. `doom` lets it die at a point; afterwards only `close` may be called on it.

    `own`: the address to which it opens connections of its own; without it, it uses those that the ground keeps open.
    """

    def __init__(
        self,
        ground: Ground,
        tenant: str,
        journal: Journal,
        clock: BusinessClock,
        rules: Rules,
        wait: Callable[[float], Awaitable[None]],
        own: str | None = None,
    ) -> None:
        self.tenant = tenant
        self.db = MortalDatabase(ground.database if own is None else Database(own, bound=bound()), own=own is not None)
        self.wire = Wire(ground.bench.app, journal, _micros, ground.bench.bank.database)
        self.bank = BankClient(
            f"http://core/{tenant}", credential=ground.bench.credential.strip(), timeout_s=20.0, transport=self.wire
        )
        self.subjects = SubjectMinter(ground.subject_key, ground.ids, lambda _: clock)
        parts = TenantParts(tenant, self.bank, clock, rules)
        self.clock_guard = ClockGuard(self.db, lambda _: parts)
        weighing = Weighing(self.db, lambda _: parts, self.subjects, self.clock_guard)
        self.authority = Authority(self.db, weighing, key=ground.authority_key, ids=ground.ids)
        self.records = ExecutionRecords(self.db, lambda _: parts)
        self.executor = Executor(
            authority=self.authority, records=self.records, bank=lambda _: self.bank, subject=self.subjects.token
        )
        self.reconciler = Reconciler(
            self.db, lambda _: parts, executor=self.executor, records=self.records, subjects=self.subjects, sleep=wait
        )
        self.parts = GateParts(self.db, lambda _: parts, weighing, self.authority, self.executor, self.reconciler)
        self._doomed: tuple[Point, When] | None = None
        self._watch(self.authority, "mint", "mint")
        self._watch(self.records, "succeeded", "receipt")
        self._watch(self.reconciler, "recover", "recover")
        self._watch(self.records, "never_arrived", "reconcile")

    def gate(
        self,
        customer: str | None,
        *,
        flow: str = "flw_1",
        conversation: str = "cnv_1",
        session: str | None = "ses_1",
        proposer: Proposer = "assistant",
    ) -> BoundGate:
        """What a flow has; it dies with the process."""
        gate = BoundGate(self.parts, Asker(self.tenant, customer, conversation, flow, session, proposer))
        for name in ("propose", "decide", "consent"):
            self._watch(gate, name, name)
        return gate

    def doom(self, point: Point, when: When) -> None:
        """Die at the next time this point is reached."""
        self._doomed = (point, when)

    @property
    def doomed(self) -> bool:
        """Whether it still waits for its end: the point was not reached."""
        return self._doomed is not None or self.db.dies is not None

    def _watch(self, owner: Any, name: str, point: Any) -> None:
        original = getattr(owner, name)

        async def watched(*args: Any, **kwargs: Any) -> Any:
            if self._doomed is not None and self._doomed[0] == point:
                self.db.dies, self._doomed = self._doomed[1], None
            return await original(*args, **kwargs)

        setattr(owner, name, watched)

    async def close(self) -> None:
        await self.bank.aclose()
        self.db.close()


def _micros(text: str) -> int:
    return to_micros(datetime.fromisoformat(text))
