"""One customer turn at a time: claimed by a lease, run through the conversation graph, stored in one commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
import structlog

from domain.clock import BusinessClock, SystemClock, to_micros
from domain.errors import Conflict, TellergateError
from domain.frames import Author, Delta, MessageOut, RequestClosed, RequestOut, Status, Thinking
from domain.ids import derived_id
from graphs.state import ConversationView, Handover, TurnPorts, TurnResult
from graphs.turn import run_turn
from persistence.database import Database
from runtime import requests
from runtime.checkpoints import StagingSaver, store_threads
from runtime.clocks import wall_micros
from runtime.hub import Hub
from runtime.sessions import AuthSession, load_session
from runtime.storage import conversations as store
from runtime.storage import tables as t
from runtime.storage.audit import append_audit
from runtime.storage.conversations import Work

log = structlog.get_logger(__name__)
ASSISTANT = "Assistant"
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

    def wake(self, work: Work) -> None:
        """Start driving claimed work; returns at once."""
        task = asyncio.get_running_loop().create_task(self._drive(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def wake_unanswered(self) -> int:
        """Claim and drive every conversation with inputs that no finished turn answered (start, tick, another process died)."""
        started = 0
        for conversation in await self._db.read(lambda c: store.unanswered(c, self._tenant)):
            if work := await self._db.write(lambda c, who=conversation: self._claim(c, who)):  # type: ignore[misc]
                self.wake(work)
                started += 1
        return started

    async def drain(self) -> None:
        """Let running turns end; for shutdown."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=10)

    def _claim(self, connection: sa.Connection, conversation: str) -> Work | None:
        claim = store.take_lease(connection, self._tenant, conversation, self._owner, self._lease_us)
        return store.load_work(connection, claim) if claim is not None else None

    async def _drive(self, work: Work | None) -> None:
        while work is not None:
            current, conversation = work, work.claim.conversation
            holding = asyncio.get_running_loop().create_task(self._hold(current))
            try:
                work = await self._turn(current)
                self._broken.pop(conversation, None)
            except Conflict as error:
                log.warning("turn_not_stored", conversation=conversation, code=error.code)
                return
            except Exception as error:
                log.exception("turn_broken", conversation=conversation, kind=type(error).__name__)
                work = await self._after_breakage(current)
            finally:
                holding.cancel()

    async def _hold(self, work: Work) -> None:
        while True:
            await asyncio.sleep(self._lease_us / 3e6)
            with suppress(TellergateError, sa.exc.SQLAlchemyError):
                await self._db.write(lambda c: store.renew_lease(c, work.claim, self._lease_us))

    async def _after_breakage(self, work: Work) -> Work | None:
        """Give the turn back to be driven again by the tick; at the third time say so and hand over."""
        conversation = work.claim.conversation
        count = self._broken[conversation] = self._broken.get(conversation, 0) + 1
        if count < TRIES:
            with suppress(sa.exc.SQLAlchemyError):
                await self._db.write(lambda c: store.release_lease(c, work.claim))
            return None
        self._broken.pop(conversation, None)
        view = work.view.model_copy(update={"state": "queued", "flows": {}, "stack": []})
        apology = self._apology(view)
        with suppress(TellergateError, sa.exc.SQLAlchemyError):
            result = TurnResult(
                conversation=view, text=apology, handover=Handover(reason="technical", team="support"), error="turn_broken"
            )
            return await self._commit(work, result, None, [], wall_micros(), self._turn_id(work))
        return None

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
        saver: StagingSaver | None,
        stages: Stages,
        started: int,
        turn: str,
        jobs: list[StoreJob] | None = None,
    ) -> Work | None:
        staged = saver.staged() if saver is not None else {}
        record = self._record(result, stages)

        def job(connection: sa.Connection) -> tuple[list[dict[str, Any]], Work | None]:
            store.require_lease(connection, work.claim)
            for staged_job in jobs or ():
                staged_job(connection)
            frames = self._store(connection, work, result, turn, record, started)
            store_threads(connection, self._tenant, staged)
            following = None
            if self._stopping:
                store.release_lease(connection, work.claim)
            else:
                store.renew_lease(connection, work.claim, self._lease_us)
                claim = store.next_epoch(connection, work.claim)
                following = store.load_work(connection, claim)
            return frames, following

        frames, following = await self._db.write(job)
        self._hub.publish(work.claim.conversation, frames)
        return following

    def _store(
        self, connection: sa.Connection, work: Work, result: TurnResult, turn: str, record: dict[str, Any], started: int
    ) -> list[dict[str, Any]]:
        now = self._clock.now()
        at, view, conversation = to_micros(now), result.conversation, work.claim.conversation
        seqs = [item.seq for item in work.inputs]
        frames: list[dict[str, Any]] = []

        def out(frame: Any) -> None:
            plain = frame.model_dump(mode="json")
            frames.append(store.append_out(connection, self._tenant, conversation, turn, plain, at))

        for request, reason in result.closed_requests.items():
            done = requests.close_request(connection, self._tenant, request, reason)
            if done or any(item.request == request and item.kind != "event" for item in work.inputs):
                out(RequestClosed(seq=0, id=request, reason=reason))
        if result.text:
            out(self._message(result, turn, seqs, now))
        if result.request is not None:
            requests.save_request(connection, self._tenant, conversation, result.request)
            out(_request_frame(result, turn))
        if result.handover is not None:
            position = _queue(connection, self._tenant, conversation, turn, result.handover, at)
            out(Status(seq=0, state=view.state, position=position))
        store.save_view(connection, view, at)
        store.mark_answered(connection, work.claim, seqs, turn)
        connection.execute(
            t.turn.insert().values(
                tenant=self._tenant,
                id=turn,
                conversation=conversation,
                epoch=work.claim.epoch,
                owner=self._owner,
                started_us=started,
                ended_us=wall_micros(),
                answers=seqs,
                record=record,
            )
        )
        body = {
            "turn": turn,
            "conversation": conversation,
            "answers": seqs,
            "flow": record["flow"],
            "templates": record["templates"],
        }
        append_audit(connection, self._tenant, "turn", body, at)
        return frames

    def _message(self, result: TurnResult, turn: str, seqs: list[int], now: Any) -> MessageOut:
        cards = tuple(card for say in result.says for card in say.cards)
        quick = tuple(reply for say in result.says for reply in say.quick_replies)
        author = Author(kind="assistant", name=ASSISTANT)
        return MessageOut(
            seq=0, turn=turn, author=author, text=result.text, cards=cards, quick_replies=quick, answers=tuple(seqs), at=now
        )

    def _record(self, result: TurnResult, stages: Stages) -> dict[str, Any]:
        understanding = result.understanding.model_dump(mode="json") if result.understanding else None
        view = result.conversation
        active = view.flows.get(view.stack[-1]) if view.stack else None
        return {
            "understanding": understanding,
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


def _request_frame(result: TurnResult, turn: str) -> RequestOut:
    spec = result.request
    assert spec is not None
    ask = spec.ask
    kind = ask.kind
    assert kind != "text"
    return RequestOut(
        seq=0,
        turn=turn,
        id=spec.id,
        kind=kind,
        prompt=spec.prompt,
        options=ask.options,
        rows=ask.rows,
        digest=ask.digest,
        purpose=ask.purpose,
        expires_at=spec.expires_at,
    )


def _queue(connection: sa.Connection, tenant: str, conversation: str, turn: str, handover: Handover, at: int) -> int:
    """Put the conversation in the queue for a person; returns its place, 1 first."""
    h = t.handover.c
    ahead = connection.execute(
        sa.select(sa.func.count())
        .select_from(t.handover)
        .where(h.tenant == tenant, h.status == "waiting", h.team == handover.team, h.conversation != conversation)
    ).scalar_one()
    connection.execute(
        t.handover.insert().values(
            tenant=tenant,
            conversation=conversation,
            turn=turn,
            reason=handover.reason,
            team=handover.team,
            summary=handover.summary,
            status="waiting",
            at=at,
        )
    )
    return int(ahead) + 1
