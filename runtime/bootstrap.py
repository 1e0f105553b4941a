"""The composition root: the only place that picks adapters. Tests replace any of them by name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import httpx
import sqlalchemy as sa
import structlog
from prometheus_client import CollectorRegistry

from agents.masking import mask
from domain.clock import BusinessClock, to_micros
from domain.conversation import Answer, Ask
from domain.errors import NotFound, TellergateError
from domain.frames import CustomerView
from persistence.database import Database
from runtime import erasure
from runtime.audit_trail import AuditSequencer
from runtime.authority import Authority
from runtime.branch_calendars import BranchCalendars
from runtime.clock_guard import ClockGuard
from runtime.clocks import MonotonicClock, OffsetClock, RandomIds
from runtime.datadir import DataDir
from runtime.door import Checked, Door
from runtime.execution import ExecutionRecords
from runtime.gate import GateParts
from runtime.hub import Hub
from runtime.journal import Journal
from runtime.keys import open_keys, random_key, secret
from runtime.limits import TokenBuckets
from runtime.matching import Matcher
from runtime.opening import open_database, open_vault
from runtime.ports import TurnAdapters
from runtime.protective import replay
from runtime.reconcile import Reconciler
from runtime.requests import any_expired, sweep_expired
from runtime.rulebook import RuleBook
from runtime.sessions import AuthSession, SessionVerifier
from runtime.settings import Settings
from runtime.speech import Speech
from runtime.staff.desk import StaffDesk, open_desk
from runtime.storage import conversations as store
from runtime.storage import leases
from runtime.storage.vault import Vault
from runtime.subjects import SubjectMinter
from runtime.tenants import TenantParts
from runtime.tick import Chore, Ticker
from runtime.trust import TrustedSigners
from runtime.turns import TurnRunner
from runtime.typed import MaskedText
from runtime.weighing import Weighing
from runtime.wording_metrics import WordingMetrics
from tools.bank_client import BankClient
from tools.executor import Executor
from tools.identity import SubjectIdentity
from tools.reads import SubjectReads

log = structlog.get_logger(__name__)
ROOT = Path(__file__).resolve().parents[1]
PACK = ROOT / "policy" / "packs" / "in-rbi"
TICK_S, SEQUENCE_S, CLOCK_S, WATCH_S, BRANCHES_S, RELEASED_S, MATCHING_S = 0.5, 0.5, 5.0, 0.1, 600.0, 2.0, 300.0
RULES_S = 1.0
#: How often records that have reached their legal date are looked for.
PRIVACY_S = 600.0


class EmbeddedBank(Protocol):
    """What the runtime needs of a sandbox bank in this process; `bank` itself is imported by `server` only."""

    def clock(self, tenant: str) -> BusinessClock: ...
    def seed(self, tenant: str, world: Path) -> str:
        """Build the world when the tenant is empty; returns the bank's name."""
        ...


class Service:
    """The running service: what doors need, and its life."""

    def __init__(self, settings: Settings, *, door: Door, buckets: TokenBuckets, clock: BusinessClock, runner: TurnRunner, speech: Speech,
                 ticker: Ticker, reconciler: Reconciler, sequencer: AuditSequencer, clock_guard: ClockGuard, database: Database, vault: Vault,
                 bank: BankClient, staff: StaffDesk, started: float | None,
                 on_ready: Callable[[float], None] | None) -> None:  # fmt: skip
        self.settings, self.door, self.buckets, self.clock, self.runner = settings, door, buckets, clock, runner
        self.staff = staff
        self.system = MonotonicClock()
        self.registry = CollectorRegistry()
        runner.tell_wordings(WordingMetrics(self.registry).count)
        self._speech, self._ticker, self._reconciler, self._clock_guard = speech, ticker, reconciler, clock_guard
        self._sequencer = sequencer
        self.database, self.vault, self._bank = database, vault, bank
        self._started, self._on_ready = started, on_ready
        self._running = False
        self._announcer: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take back what a dead process held, then drive what was not answered, then tick."""
        tenant = self.settings.tenant
        alone = self.database.is_sqlite
        if alone:
            await self.database.write(lambda connection: leases.free_leases(connection, tenant))
        await self._speech.start()
        await self._clock_guard.keep(tenant)
        await self._reconciler.recover(tenant, self.clock.now(), alone=alone)
        self._ticker.start()
        self._running = True
        self._announcer = asyncio.get_running_loop().create_task(self._announce())

    async def stop(self) -> None:
        self._running = False
        if self._announcer is not None:
            self._announcer.cancel()
        await self._ticker.stop()
        await self.runner.drain()
        await self._anchor()
        await self._speech.stop()
        await self._bank.aclose()
        self.database.close()
        self.vault.close()

    async def _anchor(self) -> None:
        """At an orderly end the whole trail is anchored; a trail that cannot be is found at the next start."""
        try:
            await self._sequencer.run_once(self.settings.tenant, anchor=True)
        except (sa.exc.SQLAlchemyError, OSError, TellergateError) as error:
            log.error("audit_not_anchored", kind=type(error).__name__)

    def readiness(self) -> dict[str, Any]:
        """Part by part; `ready` once the full pipeline answers."""
        speech = self._speech.readiness()
        return {"ready": self._running and bool(speech["ready"]), "running": self._running, "speech": speech}

    async def _announce(self) -> None:
        while not self.readiness()["ready"]:
            await asyncio.sleep(0.02)
        if self._on_ready is not None and self._started is not None:
            self._on_ready(self.system.monotonic() - self._started)


def build(
    settings: Settings,
    data_dir: DataDir,
    bank_base: str,
    transport: httpx.AsyncBaseTransport | None,
    bank: EmbeddedBank | None,
    *,
    started: float | None = None,
    on_ready: Callable[[float], None] | None = None,
    parts: dict[str, Any] | None = None,
) -> Service:
    """Wire the service. `parts` may replace `clock`, `wall` (real time, for staff), `ids`, `speech` or `pack`."""
    given = parts or {}
    tenant, ids, system = settings.tenant, given.get("ids") or RandomIds(), MonotonicClock()
    keys = open_keys(settings.keys_dir)
    bank_name = _bank_name(settings, bank)
    vault = open_vault(settings, system)
    database = open_database(settings, vault)
    client = BankClient(bank_base, credential=keys.bank_credential, timeout_s=settings.bank_timeout_s, transport=transport)
    clock: BusinessClock = given.get("clock") or (bank.clock(tenant) if bank is not None else OffsetClock())
    branches = BranchCalendars(client)
    book = RuleBook(branches.of)
    life = timedelta(hours=settings.person_life_h)
    tenants = _tenants(TenantParts(tenant, client, clock, book, life, lambda: book.jurisdiction))
    subjects = SubjectMinter(keys.subject, ids, lambda name: tenants(name).clock)
    matcher = Matcher(database, tenants)
    clock_guard = ClockGuard(database, tenants)
    weighing = Weighing(database, tenants, subjects, clock_guard)
    authority = Authority(database, weighing, key=keys.authority, ids=ids)
    records = ExecutionRecords(database, tenants)
    executor = Executor(authority=authority, records=records, bank=lambda name: tenants(name).bank, subject=subjects.token)
    reconciler = Reconciler(database, tenants, executor=executor, records=records, subjects=subjects)
    hub, owner = Hub(), ids.new("srv")
    lease_us = int(settings.lease_s * 1_000_000)
    speech: Speech = given.get("speech") or Speech(settings, data_dir.path)
    journal = Journal(data_dir.path / "journal" / "protective.journal", random_key(settings.keys_dir / "journal.key"))
    gate = GateParts(database, tenants, weighing, authority, executor, reconciler)
    adapters = TurnAdapters(
        tenant=tenant, bank=client, subjects=subjects, executor=executor, speech=speech, clock=clock, settings=settings, gate=gate,
        journal=journal,
    )  # fmt: skip
    desk = open_desk(settings, gate, book, clock=clock, ids=ids, wall=given.get("wall"))
    if given.get("pack") is not None:
        book.take(given["pack"])
    else:
        desk.activations.open()
    runner = TurnRunner(
        tenant=tenant, database=database, clock=clock, system=system, hub=hub, ports=adapters.ports, owner=owner, lease_us=lease_us,
        versions=lambda: {**book.versions(), **speech.versions()},
    )  # fmt: skip
    door = Door(
        tenant=tenant, database=database, clock=clock, ids=ids, hub=hub,
        verifier=SessionVerifier(tenant, TrustedSigners(settings.keys_dir / "bank_app.pub.pem"), clock),
        mask=_mask, verify_secret=_verifier(client, subjects), profile=_profile(client, subjects), wake=runner.wake, owner=owner,
        lease_us=lease_us, raw_key=secret(settings.keys_dir / "record.hmac", lambda: ids.secret().encode()), bank_name=lambda: bank_name,
    )  # fmt: skip
    sequencer = AuditSequencer(database, key=keys.audit, anchors=settings.anchors_dir, owner=owner)
    chores = [
        Chore("requests", TICK_S, lambda: _sweep(database, tenant, clock, runner, hub)),
        Chore("reconcile", TICK_S, lambda: reconciler.reconcile_once(tenant, clock.now())),
        Chore("rules", RULES_S, desk.activations.refresh),
        Chore("released", RELEASED_S, desk.approvals.run_released),
        Chore("journal", SEQUENCE_S, lambda: replay(gate, journal)),
        Chore("audit", SEQUENCE_S, lambda: sequencer.run_once(tenant)),
        Chore("matching", MATCHING_S, lambda: matcher.run_if_due(tenant)),
        Chore("branches", BRANCHES_S, branches.refresh),
        Chore("privacy", PRIVACY_S, lambda: _erase_due(database, vault, tenant, clock)),
        Chore("clock", CLOCK_S, lambda: clock_guard.keep(tenant)),
    ]
    if not database.is_sqlite:
        chores.append(Chore("watch", WATCH_S, _watch(database, tenant, hub)))
    return Service(
        settings, door=door, buckets=TokenBuckets(settings.messages_per_second, settings.message_burst, system), clock=clock,
        runner=runner, speech=speech, ticker=Ticker(chores), reconciler=reconciler, sequencer=sequencer, clock_guard=clock_guard,
        database=database, vault=vault, bank=client, staff=desk, started=started, on_ready=on_ready,
    )  # fmt: skip


def _bank_name(settings: Settings, bank: EmbeddedBank | None) -> str:
    if bank is None:
        return settings.bank_name or "the bank"
    world = settings.world if settings.world.exists() or settings.world.is_absolute() else ROOT / settings.world
    seeded = bank.seed(settings.tenant, world)
    return settings.bank_name or seeded


def _tenants(only: TenantParts) -> Callable[[str], TenantParts]:
    def find(tenant: str) -> TenantParts:
        if tenant != only.tenant:
            raise NotFound("tenant_unknown")
        return only

    return find


def _mask(text: str, purpose: str | None, recent: Sequence[str]) -> MaskedText:
    masked = mask(text, open_purpose=purpose, recent=recent)
    wanted = {"otp": "otp", "security_answer": "security_answer"}.get(purpose or "")
    return MaskedText(masked.text, masked.value(wanted) if wanted else None, masked.flags, masked.earlier)


def _verifier(client: BankClient, subjects: SubjectMinter) -> Callable[[AuthSession, str, Ask, str], Any]:
    async def verify(session: AuthSession, conversation: str, ask: Ask, value: str) -> Checked:
        identity = SubjectIdentity(client, subjects.for_session(session, conversation))
        try:
            found = await identity.verify(ask.challenge or "", value, "otp" if ask.purpose == "otp" else "security_answer")
        except TellergateError as error:
            log.warning("secret_not_checked", code=error.code)
            return Checked(Answer(kind="secret", result="unavailable"))
        return Checked(Answer(kind="secret", result=found.result, tries_left=found.tries_left), found.assertion)

    return verify


def _profile(client: BankClient, subjects: SubjectMinter) -> Callable[[AuthSession], Any]:
    async def profile(session: AuthSession) -> CustomerView:
        found = await SubjectReads(client, subjects.for_session(session)).profile()
        return CustomerView(id=session.customer, name=found["name"], language=found.get("language", "en"))

    return profile


async def _sweep(database: Database, tenant: str, clock: BusinessClock, runner: TurnRunner, hub: Hub) -> None:
    now = to_micros(clock.now())
    if await database.read(lambda c: any_expired(c, tenant, now)):
        for conversation in await database.write(lambda c: sweep_expired(c, tenant, now)):
            hub.nudge(conversation)
    await runner.wake_unanswered()


async def _erase_due(database: Database, vault: Vault, tenant: str, clock: BusinessClock) -> None:
    await asyncio.to_thread(erasure.sweep, database, vault, tenant, to_micros(clock.now()))


def _watch(database: Database, tenant: str, hub: Hub) -> Callable[[], Any]:
    """Several processes on one database: see which watched records grew elsewhere."""
    seen: dict[str, int] = {}

    async def watch() -> None:
        watched = hub.watched()
        if not watched:
            return
        for conversation, seq in (await database.read(lambda c: store.last_seqs(c, tenant, watched))).items():
            if seen.get(conversation, -1) != seq:
                seen[conversation] = seq
                hub.nudge(conversation)
        for gone in seen.keys() - set(watched):
            del seen[gone]

    return watch
