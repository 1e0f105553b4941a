"""A conversation as a test plays it: turn after turn through the real graphs, everything kept between turns as JSON only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from agents.composer import Composer
from agents.replies import ReplyBook
from domain.conversation import Answer
from graphs.flows import FLOWS
from graphs.runner import Graph, GraphFlowRunner, compile_flows
from graphs.state import ConversationView, FlowInstance, FlowPorts, RequestSpec, TurnInput, TurnPorts, TurnResult
from graphs.turn import run_turn
from runtime.checkpoints import StagingSaver
from tests.support.flow_twins import (
    NOW,
    ZONE,
    BankTwin,
    GateTwin,
    IdentityTwin,
    RecordsTwin,
    Session,
    UnderstanderTwin,
)

BOOK = ReplyBook.load(Path(__file__).parents[2] / "graphs" / "replies")
GRAPHS: Mapping[str, Graph] = compile_flows()


class _Monotonic:
    def monotonic(self) -> float:
        return 0.0


@dataclass
class Chat:
    """One customer in one conversation. `say`, `choose`, `confirm`, `otp` play an input and give the turn's result."""

    session: Session = field(default_factory=Session)
    bank: BankTwin = field(default_factory=BankTwin)
    customer: str | None = "C001"
    language: Any = "en"
    graphs: Mapping[str, Graph] = field(default_factory=lambda: GRAPHS)

    def __post_init__(self) -> None:
        self.identity = IdentityTwin(self.session)
        self.gate = GateTwin(self.session, bank=self.bank)
        self.records = RecordsTwin()
        self.reader = UnderstanderTwin()
        self.view = ConversationView(tenant="demo", id="cnv_1", customer=self.customer, language=self.language)
        self.threads: dict[str, Any] = {}
        self.open: dict[str, RequestSpec] = {}
        self.closed: dict[str, str] = {}
        self.results: list[TurnResult] = []
        self.now: datetime = NOW
        self.seq = 0
        self.composer: Any = Composer(BOOK, _Monotonic(), None, "off")

    # ── playing ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def say(self, *texts: str, flags: tuple[str, ...] = ()) -> TurnResult:
        return await self.play(*(self.item("message", text=text, flags=flags) for text in texts))

    async def choose(self, value: str, request: str | None = None) -> TurnResult:
        return await self.play(self.item("choice", request=request or self.request.id, value=value))

    async def confirm(self, value: bool = True, *, digest: str | None = None, request: str | None = None) -> TurnResult:
        asked = self.open.get(request or "") or self.request
        shown = digest or asked.ask.digest
        return await self.play(self.item("confirm", request=request or asked.id, value=value, digest=shown))

    async def otp(self, result: str = "ok", tries_left: int | None = None) -> TurnResult:
        if result == "ok":
            self.session.otp = True
        return await self._secret(result, tries_left)

    async def answer(self, result: str = "ok") -> TurnResult:
        if result == "ok":
            self.session.answers = True
        return await self._secret(result, None)

    async def _secret(self, result: str, tries_left: int | None) -> TurnResult:
        answer = Answer(kind="secret", result=result, tries_left=tries_left)
        return await self.play(self.item("secret", request=self.request.id, answer=answer))

    async def expire(self, request: str | None = None) -> TurnResult:
        return await self.play(self.item("event", request=request or self.request.id, value="request_expired"))

    def wait(self, **span: float) -> Self:
        self.now += timedelta(**span)
        return self

    def item(self, kind: Any, **content: Any) -> TurnInput:
        self.seq += 1
        return TurnInput(seq=self.seq, kind=kind, **content)

    async def play(self, *items: TurnInput, keep: bool = True) -> TurnResult:
        """One turn. What goes on to the next has been JSON; `keep=False` throws the turn away, as a kill before its commit does."""
        saver = StagingSaver(json.loads(json.dumps({name: data for name, data in self.threads.items() if data is not None})))
        before = ConversationView.model_validate_json(self.view.model_dump_json())
        async with asyncio.timeout(10):
            result = await run_turn(before, list(items), self.ports(saver))
        if keep:
            self._commit(result, saver)
        return result

    def _commit(self, result: TurnResult, saver: StagingSaver) -> None:
        result = TurnResult.model_validate_json(result.model_dump_json())
        self.threads |= json.loads(json.dumps(saver.staged()))
        live = {name: each for name, each in result.conversation.flows.items() if each.status in {"waiting", "parked"}}
        self.ended = {name: each for name, each in result.conversation.flows.items() if name not in live}
        self.view = result.conversation.model_copy(update={"flows": live})
        self.closed |= result.closed_requests
        for request in result.closed_requests:
            self.open.pop(request, None)
        if result.request is not None:
            self.open[result.request.id] = result.request
        self.results.append(result)

    def ports(self, saver: StagingSaver) -> TurnPorts:
        count = iter(range(1000))
        first = self.seq
        return TurnPorts(
            understander=self.reader,
            composer=self.composer,
            flows=GraphFlowRunner(self.graphs, saver, self._flow_ports, FLOWS),
            now=lambda: self.now,
            new_id=lambda prefix: f"{prefix}_{first}_{next(count)}",
            stage=lambda _name: None,
            on_sentence=None,
            deadline_s=2.0,
        )

    def _flow_ports(self, instance: FlowInstance) -> FlowPorts:
        self.gate.instance = instance.id
        return FlowPorts(
            bank=self.bank,
            identity=self.identity,
            gate=self.gate,
            records=self.records,
            now=lambda: self.now,
            zone=ZONE,
            language=self.view.language,
            customer=self.customer,
            customer_name="Asha Demo",
            conversation=self.view.id,
            flow_instance=instance.id,
            level=self.session.level,
        )

    # ── looking ───────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def request(self) -> RequestSpec:
        """The request opened last that is still open."""
        assert self.open, "no request is open"
        return list(self.open.values())[-1]

    @property
    def active(self) -> FlowInstance | None:
        return self.view.flows.get(self.view.stack[-1]) if self.view.stack else None

    @property
    def live_threads(self) -> set[str]:
        return {name for name, data in self.threads.items() if data is not None}
