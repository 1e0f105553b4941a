"""Runs flow graphs on threads of their own: every call ends waiting or finished, and no failure of a tool reaches the turn.

LangGraph's own silences are closed here: a resume is only tried after the pending interrupt was read back, a flow of another
version or without the wait that the answer is for begins again at its last milestone with its slots kept, and an answer that nobody waits
for changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import replace
from typing import Any

import structlog
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command, GraphOutput

from domain.conversation import Answer, Ask, Language, Say
from domain.errors import Broken
from graphs.drawing import code_of
from graphs.flows import FLOWS, FlowSpec
from graphs.state import FlowInstance, FlowPorts, FlowState, FlowStep, Handover

log = structlog.get_logger(__name__)
#: Steps of one run at most: no flow comes near, so a loop without a wait ends here.
MAX_STEPS = 80
RESUMED_AFTER_UPDATE = "conversation.restarted"
TECHNICAL_PROBLEM = "conversation.technical_problem"

Graph = CompiledStateGraph[FlowState, FlowPorts, FlowState, FlowState]


def compile_flows(specs: Mapping[str, FlowSpec] = FLOWS) -> dict[str, Graph]:
    """Compile each flow once; the turn's saver is put in later, which costs nothing."""
    return {name: spec.build().compile(name=name) for name, spec in specs.items()}


class GraphFlowRunner:
    """Implements `FlowRunner` for one turn: `saver` stages this turn's threads, `ports` gives a flow instance what it may reach."""

    def __init__(
        self,
        graphs: Mapping[str, Graph],
        saver: BaseCheckpointSaver[Any],
        ports: Callable[[FlowInstance], FlowPorts],
        specs: Mapping[str, FlowSpec] = FLOWS,
    ) -> None:
        self._graphs = graphs
        self._saver = saver
        self._ports = ports
        self._specs = specs

    async def start(self, instance: FlowInstance, slots: dict[str, Any], language: Language) -> FlowStep:
        """Begin a flow. Ends waiting, done, or failed with a hand-over."""
        version = self._specs[instance.flow].schema_version
        begun = instance.model_copy(update={"schema_version": version, "slots": {**instance.slots, **slots}})
        state: FlowState = {
            "schema_version": version,
            "slots": begun.slots,
            "facts": {},
            "say": [],
            "ask": None,
            "answer": None,
            "visits": begun.visits,
            "milestone": begun.milestone,
            "outcome": None,
            "handover": None,
        }
        return await self._run(begun, state, language)

    async def resume(self, instance: FlowInstance, answer: Answer, language: Language) -> FlowStep:
        """Give a waiting flow its answer. A flow that cannot be resumed as it was left begins again with its slots kept."""
        graph = self._graph(instance)
        if instance.schema_version != self._specs[instance.flow].schema_version:
            return await self._restart(instance, language)
        pending = (await graph.aget_state(_config(instance))).interrupts
        if not pending or instance.ask is None or Ask.model_validate(pending[0].value) != instance.ask:
            return await self._restart(instance, language)
        command: Command[Any] = Command(resume={pending[0].id: answer.model_dump(mode="json")})
        return await self._run(instance, command, language)

    async def drop(self, instance: FlowInstance) -> None:
        """Forget the thread of a flow that is over."""
        await self._saver.adelete_thread(instance.id)

    async def _restart(self, instance: FlowInstance, language: Language) -> FlowStep:
        log.warning("flow_restarted", flow=instance.flow, milestone=instance.milestone)
        await self.drop(instance)
        fresh = instance.model_copy(update={"ask": None, "ask_request": None, "ask_expires_at": None})
        step = await self.start(fresh, {}, language)
        return replace(step, says=(Say(template=RESUMED_AFTER_UPDATE, phrase=False), *step.says))

    def _graph(self, instance: FlowInstance) -> Graph:
        graph = copy(self._graphs[instance.flow])  # shallow: all but the saver is shared, and its own `copy` takes a millisecond
        graph.checkpointer = self._saver
        return graph

    async def _run(self, instance: FlowInstance, given: FlowState | Command[Any], language: Language) -> FlowStep:
        ports = replace(self._ports(instance), language=language)
        try:
            output: GraphOutput[FlowState] = await self._graph(instance).ainvoke(
                given, _config(instance), context=ports, durability="exit", version="v2"
            )
            return await self._step(instance, output)
        except Exception as error:  # noqa: BLE001 a fault in a node is a failed flow for a person, never a lost turn
            log.error("flow_failed", flow=instance.flow, code=code_of(error), kind=type(error).__name__)
            return await self._failed(instance, code_of(error))

    async def _step(self, instance: FlowInstance, output: GraphOutput[FlowState]) -> FlowStep:
        state = output.value
        says = tuple(Say.model_validate(each) for each in state.get("say") or ())
        kept: dict[str, Any] = {
            "slots": state["slots"],
            "visits": state["visits"],
            "milestone": state.get("milestone"),
            "ask_request": None,
            "ask_expires_at": None,
        }
        if output.interrupts:
            ask = Ask.model_validate(output.interrupts[0].value)
            return FlowStep(instance.model_copy(update=kept | {"status": "waiting", "ask": ask}), says)
        outcome, handed = state.get("outcome"), state.get("handover")
        if outcome is None:
            raise Broken("flow_without_outcome", instance.flow)
        await self.drop(instance)
        status = {"cancelled": "cancelled", "expired": "expired", "failed": "failed"}.get(outcome, "done")
        ended = instance.model_copy(update=kept | {"status": status, "ask": None, "outcome": outcome})
        return FlowStep(ended, says, Handover.model_validate(handed) if handed else None)

    async def _failed(self, instance: FlowInstance, code: str) -> FlowStep:
        await self.drop(instance)
        update = {"status": "failed", "ask": None, "ask_request": None, "ask_expires_at": None, "outcome": "failed"}
        handover = Handover(reason="technical", team=self._specs[instance.flow].team, summary={"failed": code})
        return FlowStep(instance.model_copy(update=update), (Say(template=TECHNICAL_PROBLEM, phrase=False),), handover)


def _config(instance: FlowInstance) -> RunnableConfig:
    return {"configurable": {"thread_id": instance.id}, "recursion_limit": MAX_STEPS}
