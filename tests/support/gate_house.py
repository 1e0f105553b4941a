"""A gate with everything behind it but a real core: a database, keys, sessions, rules a test can change, a stand-in core."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.actions import Action, BlockCard, DiscloseBalance, OpenDispute, ProvisionalCredit
from domain.decisions import Decision, Fact
from domain.tokens import key_id
from persistence.database import Database
from policy.gate import facts_digest
from runtime.asker import Asker
from runtime.audit_trail import AuditSequencer
from runtime.authority import Authority
from runtime.clock_guard import ClockGuard
from runtime.execution import ExecutionRecords
from runtime.gate import BoundGate, GateParts, Job
from runtime.reconcile import Reconciler
from runtime.sessions import AuthSession, Factor, save_session
from runtime.storage import gate_tables as t
from runtime.storage import tables
from runtime.subjects import SubjectMinter
from runtime.tenants import TenantParts
from runtime.weighing import Weighing
from tests.support.fake_core import FakeCore
from tests.support.keys import bound
from tools.bank_client import BankClient
from tools.embedded import EmbeddedTransport
from tools.executor import Executor

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TENANT, ASHA, RAVI = "demo", "C001", "C002"
CREDIT = ProvisionalCredit(account="A1", transaction="T1", dispute="DSP-1", amount_minor=500_000, currency="INR")
DISPUTE = OpenDispute(transaction="T1", dispute_type="unauthorised", amount_minor=500_000, currency="INR")
BALANCE = DiscloseBalance(accounts=("A1",))
BLOCK = BlockCard(card="K1", reason="suspected_fraud")


@dataclass
class Clock:
    """Business time that a test moves."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class CountingIds:
    """Ids in order: `apr_1`, `apr_2`, …"""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def new(self, prefix: str) -> str:
        return f"{prefix}_{next(self._count)}"

    def secret(self) -> str:
        return f"secret-{next(self._count)}"

    def digits(self, count: int) -> str:
        return "7" * count


class Rules:
    """The verdict a test asks for, `approve` at AL3 by default; what it was asked with is kept."""

    def __init__(self) -> None:
        self.answer: Callable[[Action, Mapping[str, Fact]], str] = self.by_level
        self.asked: list[dict[str, Fact]] = []
        self.role: str | None = None
        self.four_eyes = False

    def by_level(self, action: Action, facts: Mapping[str, Fact]) -> str:
        if facts["kill_switch"].value:
            return "deny"
        level = facts["auth_level"].value
        assert isinstance(level, int)
        return "approve" if level >= 3 or action.effect == "ACCOUNT" else "step_up"

    def __call__(self, action: Action, facts: Mapping[str, Fact], now: datetime) -> Decision:
        self.asked.append(dict(facts))
        verdict = self.answer(action, facts)
        return Decision.model_validate(
            {
                "verdict": verdict,
                "role": self.role if verdict == "human" else None,
                "four_eyes": self.four_eyes and verdict == "human",
                "rules": [f"test-{verdict}"],
                "facts_digest": facts_digest(facts),
                "pack": "test@1",
                "pack_digest": "0" * 64,
                "decided_at": now,
            }
        )


class CrashingDatabase(Database):
    """A database whose process dies right after a chosen commit: the commit is durable, its caller never hears of it."""

    crash_after: int | None = None
    writes = 0

    async def write(self, job: Any) -> Any:
        result = await super().write(job)
        self.writes += 1
        if self.crash_after is not None and self.writes >= self.crash_after:
            raise Crash
        return result


class Crash(BaseException):
    """The process is gone: no handler may see this."""


@dataclass
class GateHouse:
    """All parts, built once a test. `gate()` gives what a flow would have."""

    db: CrashingDatabase
    clock: Clock = field(default_factory=Clock)
    rules: Rules = field(default_factory=Rules)
    ids: CountingIds = field(default_factory=CountingIds)
    timeout_s: float = 5.0
    #: Nothing is retried unless a test wants it.
    retries: int = 0

    def __post_init__(self) -> None:
        self.authority_key, self.subject_key, self.audit_key = (Ed25519PrivateKey.generate() for _ in range(3))
        self.audit_keys = {key_id(self.audit_key.public_key()): self.audit_key.public_key()}
        self.core = FakeCore(self.clock, self.authority_key.public_key(), self.subject_key.public_key())
        self.connect(self.core, "http://core")

    def connect(self, app: Any, base_url: str, credential: str = "test") -> None:
        """Wire everything to a core."""
        self.transport = EmbeddedTransport(app, close_after_s=0.05)
        self.bank = BankClient(base_url, credential=credential, timeout_s=self.timeout_s, transport=self.transport)
        self.subjects = SubjectMinter(self.subject_key, self.ids, lambda _: self.clock)
        self.parts = self.process()

    def process(self) -> GateParts:
        """The parts of one server process; call again for a second one on the same database."""
        tenant = TenantParts(TENANT, self.bank, self.clock, self.rules)
        self.clock_guard = ClockGuard(self.db, lambda _: tenant)
        weighing = Weighing(self.db, lambda _: tenant, self.subjects, self.clock_guard)
        authority = Authority(self.db, weighing, key=self.authority_key, ids=self.ids)
        self.records = ExecutionRecords(self.db, lambda _: tenant)
        executor = Executor(authority=authority, records=self.records, bank=lambda _: self.bank, subject=self.subjects.token)
        self.reconciler = Reconciler(
            self.db,
            lambda _: tenant,
            executor=executor,
            records=self.records,
            subjects=self.subjects,
            retries=self.retries,
            sleep=self.wait,
        )
        return GateParts(self.db, lambda _: tenant, weighing, authority, executor, self.reconciler)

    async def wait(self, seconds: float) -> None:
        """Waiting moves business time on and lets others run."""
        self.clock.advance(seconds)
        await asyncio.sleep(0)

    def gate(
        self,
        customer: str | None = ASHA,
        *,
        flow: str = "flw_1",
        session: str | None = "ses_1",
        conversation: str = "cnv_1",
        stage: Callable[[Job], None] | None = None,
        parts: GateParts | None = None,
    ) -> BoundGate:
        return BoundGate(parts or self.parts, Asker(TENANT, customer, conversation, flow, session), stage=stage)

    def sign_in(self, session: str = "ses_1", customer: str = ASHA, *, level: int = 3, seconds: int = 900) -> AuthSession:
        """Store a session of the given level."""
        at = self.clock.now()
        kinds = {1: (), 2: ("pwd",), 3: ("pwd", "otp")}[level]
        signed_in = AuthSession(
            TENANT, session, customer, "web", "D1", f"tok-{session}", tuple(Factor(kind, at) for kind in kinds),
            at + timedelta(seconds=seconds),
        )  # fmt: skip
        self.db.write_now(lambda connection: save_session(connection, signed_in))
        return signed_in

    async def ready_credit(self, gate: BoundGate | None = None, action: Action = CREDIT, node: str = "credit") -> str:
        """A provisional credit that the customer has said yes to; returns its id."""
        gate = gate or self.gate()
        outcome = await gate.propose(action, node=node, visit=0)
        assert outcome.state == "awaiting_consent", outcome
        said = await gate.consent(outcome.proposal, digest=outcome.digest, request=f"req_{outcome.proposal}", value=True)
        assert said.state == "decided"
        return outcome.proposal

    async def tick(self, seconds: float = 0) -> list[str]:
        """Let business time pass and reconcile; the states of what was settled."""
        self.clock.advance(seconds)
        return [outcome.state for outcome in await self.reconciler.reconcile_once(TENANT, self.clock.now())]

    def state(self, proposal: str) -> str:
        return str(self.scalar(sa.select(t.proposal.c.state).where(t.proposal.c.tenant == TENANT, t.proposal.c.id == proposal)))

    def scalar(self, query: sa.Select[Any]) -> Any:
        return self.db.read_now(lambda connection: connection.execute(query).scalar())

    def kinds(self, subject: str | None = None) -> list[str]:
        """Kinds of audit entries in the order of staging."""
        e = t.audit_entry.c
        query = sa.select(e.kind).where(e.tenant == TENANT).order_by(e.id)
        if subject is not None:
            query = query.where(e.subject == subject)
        return self.db.read_now(lambda connection: list(connection.execute(query).scalars()))

    def sequencer(self, anchors: Any, owner: str = "srv_1") -> AuditSequencer:
        return AuditSequencer(self.db, key=self.audit_key, anchors=anchors, owner=owner)


@asynccontextmanager
async def open_house(url: str, **given: Any):  # type: ignore[no-untyped-def]
    """A gate house on an empty database; closed with all its calls at the end."""
    db = CrashingDatabase(url, bound=bound())
    db.write_now(lambda connection: tables.metadata.create_all(connection))
    house = GateHouse(db, **given)
    try:
        yield house
    finally:
        house.core.never.set()
        await house.bank.aclose()
        db.close()
