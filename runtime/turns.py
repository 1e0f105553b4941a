"""One customer turn at a time: claimed by a lease, run through the conversation graph, stored in one commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
import structlog

from domain.clock import BusinessClock, SystemClock
from domain.errors import Conflict
from domain.frames import Delta, Thinking
from domain.ids import derived_id
from graphs.state import ConversationView, Handover, TurnPorts, TurnResult
from graphs.turn import run_turn
from persistence.database import Database
from runtime.checkpoints import StagingSaver, store_threads
from runtime.clocks import wall_micros
from runtime.hub import Hub
from runtime.sessions import AuthSession, load_session
from runtime.storage import conversations as store
from runtime.storage import leases, record
from runtime.storage.record import Work
from runtime.turn_record import Finished, store_turn

log = structlog.get_logger(__name__)
#: Running turns have this long to end at shutdown.
DRAIN_S = 10.0
#: A turn that breaks is driven again this often; then the customer is told and a person takes over.
TRIES = 3

StoreJob = Callable[[sa.Connection], None]
Stages = list[tuple[str, float]]


@dataclass(slots=True)
class TurnScope:
    """What one turn needs to build its ports, and what its commit has to store besides the reply."""

    turn: str
    work: Work
    session: AuthSession | None
    saver: StagingSaver
    stage_job: Callable[[StoreJob], None]
    stage: Callable[[str], None]
    on_sentence: Callable[[str], None]
    new_id: Callable[[str], str]
    jobs: list[StoreJob] = field(default_factory=list)


PortsFactory = Callable[[TurnScope], TurnPorts]


class TurnRunner:
    """Drives claimed work to its end; asks for the next inputs in the commit of the turn before."""

    def __init__(
        self,
        *,
        tenant: str,
        database: Database,
        clock: BusinessClock,
        system: SystemClock,
        hub: Hub,
        ports: PortsFactory,
        owner: str,
        lease_us: int,
        versions: Callable[[], dict[str, Any]],
    ) -> None:
        self._tenant, self._db, self._clock, self._system, self._hub = tenant, database, clock, system, hub
        self._ports, self._owner, self._lease_us, self._versions = ports, owner, lease_us, versions
        self._tasks: set[asyncio.Task[None]] = set()
        self._broken: dict[str, int] = {}
        self._stopping = False
        self._worded: Callable[[str, dict[str, Any]], None] = lambda persona, phrasing: None

    def tell_wordings(self, count: Callable[[str, dict[str, Any]], None]) -> None:
        """Have each stored turn's persona, and what became of its wording, counted."""
        self._worded = count

    def wake(self, work: Work) -> None:
        """Start driving claimed work; returns at once."""
        task = asyncio.get_running_loop().create_task(self._drive(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def wake_unanswered(self) -> int:
        """Claim and drive every conversation with inputs that no finished turn answered (start, tick, another process died)."""
        started = 0
        for conversation in await self._db.read(lambda c: record.unanswered(c, self._tenant)):
            try:
                work = await self._db.write(lambda c, who=conversation: self._claim(c, who))  # type: ignore[misc]
            except Exception as error:  # noqa: BLE001 - one conversation that cannot be loaded keeps no other one waiting
                log.error("turn_not_claimed", conversation=conversation, kind=type(error).__name__)
                continue
            if work is not None:
                self.wake(work)
                started += 1
        return started

    async def drain(self) -> None:
        """Let running turns end, for shutdown; one that does not is given up and driven again at the next start."""
        self._stopping = True
        if self._tasks:
            _, late = await asyncio.wait(tuple(self._tasks), timeout=DRAIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _claim(self, connection: sa.Connection, conversation: str) -> Work | None:
        claim = leases.take_lease(connection, self._tenant, conversation, self._owner, self._lease_us)
        return record.load_work(connection, claim) if claim is not None else None

    async def _drive(self, work: Work | None) -> None:
        while work is not None:
            current, conversation = work, work.claim.conversation
            holding = asyncio.get_running_loop().create_task(self._hold(current))
            try:
                work = await self._turn(current)
                self._broken.pop(conversation, None)
            except Exception as error:
                if isinstance(error, Conflict) and error.code == "turn_lease_lost":
                    log.warning("turn_not_stored", conversation=conversation, code=error.code)
                    return
                log.exception("turn_broken", conversation=conversation, kind=type(error).__name__)
                work = await self._after_breakage(current)
            finally:
                holding.cancel()

    async def _hold(self, work: Work) -> None:
        while True:
            await asyncio.sleep(self._lease_us / 3e6)
            try:
                await self._db.write(lambda c: leases.renew_lease(c, work.claim, self._lease_us))
            except Exception as error:  # noqa: BLE001 - the next try may work; a lease that is lost is noticed by the commit
                log.warning("lease_not_renewed", conversation=work.claim.conversation, kind=type(error).__name__)

    async def _after_breakage(self, work: Work) -> Work | None:
        """Give the turn back to be driven again by the tick; at the third time say so and hand over."""
        conversation = work.claim.conversation
        count = self._broken[conversation] = self._broken.get(conversation, 0) + 1
        try:
            if count < TRIES:
                await self._db.write(lambda c: leases.release_lease(c, work.claim))
                return None
            following = await self._give_up(work)
        except Exception as error:  # noqa: BLE001 - the lease runs out, and the tick drives the turn again
            log.error("turn_not_given_up", conversation=conversation, kind=type(error).__name__)
            return None
        self._broken.pop(conversation, None)
        return following

    async def _give_up(self, work: Work) -> Work | None:
        """Apologise and hand over. What was open is closed: nobody is left with a question that takes no answer."""
        over = {"status": "failed", "ask": None, "ask_request": None, "ask_expires_at": None, "outcome": "failed"}
        flows = {name: flow.model_copy(update=over) for name, flow in work.view.flows.items()}
        view = work.view.model_copy(update={"state": "queued", "flows": flows, "stack": []})
        result = TurnResult(
            conversation=view,
            text=self._apology(view),
            closed_requests={flow.ask_request: "cancelled" for flow in work.view.flows.values() if flow.ask_request},
            handover=Handover(reason="technical", team="support"),
            error="turn_broken",
        )
        saver = StagingSaver(work.threads)
        for thread in work.threads:
            saver.delete_thread(thread)
        return await self._commit(work, result, saver, [], wall_micros(), self._turn_id(work))

    def _apology(self, view: ConversationView) -> str:
        if view.language == "hi":
            return "माफ़ कीजिए, हमारी ओर से एक तकनीकी समस्या आ गई है। आपका संदेश सुरक्षित है और हमारे सहकर्मी आपसे बात करेंगे।"
        return "Sorry, something went wrong on our side. Your message is safe, and a colleague will take over."

    def _turn_id(self, work: Work) -> str:
        return derived_id("trn", work.claim.conversation, str(work.claim.epoch))

    async def _turn(self, work: Work) -> Work | None:
        started, clock0 = wall_micros(), self._system.monotonic()
        stages: Stages = []
        jobs: list[StoreJob] = []
        conversation, turn = work.claim.conversation, self._turn_id(work)

        def stage(name: str) -> None:
            stages.append((name, self._system.monotonic() - clock0))
            self._hub.publish(conversation, [Thinking(stage=name).model_dump(mode="json")])

        def on_sentence(text: str) -> None:
            if jobs:
                return  # what this turn discloses is on record only with its commit, so nothing of it goes out before
            self._hub.publish(conversation, [Delta(turn=turn, text=text).model_dump(mode="json")])

        session = None
        if work.auth_session is not None:
            session = await self._db.read(lambda c: load_session(c, self._tenant, work.auth_session or ""))
        saver = StagingSaver(work.threads)
        scope = TurnScope(turn, work, session, saver, jobs.append, stage, on_sentence, _deterministic_ids(work), jobs)
        stage("receive")
        result = await run_turn(work.view, work.inputs, self._ports(scope))
        stage("commit")
        return await self._commit(work, result, saver, stages, started, turn, jobs)

    async def _commit(
        self,
        work: Work,
        result: TurnResult,
        saver: StagingSaver,
        stages: Stages,
        started: int,
        turn: str,
        jobs: list[StoreJob] | None = None,
    ) -> Work | None:
        staged = saver.staged()
        finished = Finished(work, result, turn, self._told(result, stages), started)

        def job(connection: sa.Connection) -> tuple[list[dict[str, Any]], Work | None]:
            store.lock(connection, self._tenant, work.claim.conversation)
            leases.require_lease(connection, work.claim)
            for staged_job in jobs or ():
                staged_job(connection)
            frames = store_turn(connection, finished, self._clock.now())
            store_threads(connection, self._tenant, work.claim.conversation, staged)
            following = None
            if self._stopping:
                leases.release_lease(connection, work.claim)
            else:
                leases.renew_lease(connection, work.claim, self._lease_us)
                claim = leases.next_epoch(connection, work.claim)
                following = record.load_work(connection, claim)
            return frames, following

        frames, following = await self._db.write(job)
        self._hub.publish(work.claim.conversation, frames)
        self._worded(result.persona, result.phrasing)
        return following

    def _told(self, result: TurnResult, stages: Stages) -> dict[str, Any]:
        """What the turn's row says about how the reply came to be."""
        view = result.conversation
        active = view.flows.get(view.stack[-1]) if view.stack else None
        return {
            "understanding": result.understanding.model_dump(mode="json") if result.understanding else None,
            "flow": active.flow if active else None,
            "persona": result.persona,
            "phrased_by": result.phrased_by,
            "phrasing": result.phrasing,
            "templates": [say.template for say in result.says],
            "stages_ms": [[name, round(seconds * 1000, 3)] for name, seconds in stages],
            "versions": self._versions(),
            "error": result.error,
        }


def _deterministic_ids(work: Work) -> Callable[[str], str]:
    """Ids that a turn driven again after a crash draws again: from the conversation, the first input, and a count."""
    count = 0

    def new_id(prefix: str) -> str:
        nonlocal count
        count += 1
        return derived_id(prefix, work.claim.tenant, work.claim.conversation, str(work.inputs[0].seq), str(count))

    return new_id
