"""The runner of flows: resumes after kills and updates, limits on time and steps, nothing of a failure reaches the turn."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from langgraph.graph import END, START

from domain.conversation import Answer, Ask, Say
from graphs import drawing
from graphs.drawing import calls, new_flow, thinks, waits
from graphs.flows import FlowSpec
from graphs.runner import GraphFlowRunner, compile_flows
from graphs.state import FlowInstance, FlowState
from runtime.checkpoints import StagingSaver
from tests.support.chat import Chat
from tests.support.flow_twins import BankTwin, Session, payment

MEGAMART = payment("T1", 500_000, "MEGAMART RETAIL")


def customer(level: int = 3, **bank: Any) -> Chat:
    return Chat(session=Session(base=level), bank=BankTwin(payments=[MEGAMART], **bank))


# ── a kill before the commit ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_turn_killed_before_its_commit_and_driven_again_makes_nothing_twice() -> None:
    chat = customer()
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")
    await chat.choose("yes")
    asked = chat.request
    yes = chat.item("confirm", request=asked.id, value=True, digest=asked.ask.digest)

    lost = await chat.play(yes, keep=False)
    done = await chat.play(yes)

    assert "DSP-" in lost.text and done.text == lost.text
    assert chat.gate.executed == ["open_dispute", "provisional_credit"]
    assert len(chat.bank.registered) == 1
    assert len(chat.records.notes) == 1 and len(chat.records.notices) == 2


async def test_the_turn_that_freezes_a_proposal_freezes_the_same_one_when_driven_again() -> None:
    chat = customer()
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")
    yes = chat.item("choice", request=chat.request.id, value="yes")

    lost = await chat.play(yes, keep=False)
    kept = await chat.play(yes)

    assert lost.request is not None and kept.request is not None
    assert lost.request.ask.digest == kept.request.ask.digest
    assert chat.gate.states("open_dispute") == ["awaiting_consent"]


async def test_a_suspicious_card_is_blocked_once_however_often_the_turn_is_driven() -> None:
    chat = customer(suspicious={"T1"})
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")
    yes = chat.item("choice", request=chat.request.id, value="yes")

    for _ in range(3):
        await chat.play(yes, keep=False)
    await chat.play(yes)

    assert chat.gate.executed == ["block_card"] and len(chat.records.alerts) == 1


# ── updates ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_flow_of_another_version_begins_again_with_its_slots_and_says_so() -> None:
    chat = customer()
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")
    await chat.choose("yes")
    (instance,) = chat.view.flows.values()
    chat.view.flows[instance.id] = instance.model_copy(update={"schema_version": 0})

    result = await chat.confirm()

    assert "changed while we were talking" in result.text
    assert chat.gate.executed == []
    assert result.request is not None and result.request.ask.kind == "confirm", "the payment need not be named again"
    await chat.confirm()
    assert len(chat.bank.registered) == 1


async def test_a_thread_that_is_gone_is_begun_again_and_not_mute() -> None:
    chat = customer()
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")
    chat.threads.clear()

    result = await chat.choose("yes")

    assert "changed while we were talking" in result.text
    assert result.request is not None and result.request.ask.slot == "confirmed"


async def test_an_answer_to_another_wait_than_the_threads_is_not_given_to_it() -> None:
    chat = customer()
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")
    behind = chat.view
    await chat.choose("yes")
    chat.view = behind  # the record is older than the thread: the commit of the view was lost
    chat.open = {behind.flows[behind.stack[0]].ask_request or "": chat.results[0].request}  # type: ignore[dict-item]

    result = await chat.choose("yes")

    assert chat.gate.executed == [] and chat.gate.consents == []
    assert result.request is not None


def one_wait_flow(name: str = "await_it") -> drawing.Flow:
    """A flow that asks one thing; `name` is that of its waiting node."""

    async def ask(state: FlowState) -> dict[str, Any]:
        wanted = Ask(kind="text", slot="x", prompt=Say(template="conversation.clarify"))
        return {"ask": wanted.model_dump(mode="json")}

    async def finish(state: FlowState) -> dict[str, Any]:
        return {"outcome": "done"}

    flow = new_flow()
    thinks(flow, "ask", ask)
    waits(flow, name)
    thinks(flow, "finish", finish)
    for source, target in ((START, "ask"), ("ask", name), (name, "finish"), ("finish", END)):
        flow.add_edge(source, target)
    return flow


def spec(build: Any) -> dict[str, FlowSpec]:
    return {"tiny": FlowSpec("tiny", build, 1, "tiny", (), "support", {"en": "this", "hi": "यह"})}


def runner(build: Any, saver: StagingSaver) -> GraphFlowRunner:
    specs, chat = spec(build), customer()
    return GraphFlowRunner(compile_flows(specs), saver, chat._flow_ports, specs)


TINY = FlowInstance(id="flw_tiny", flow="tiny", schema_version=1, status="waiting")


async def test_a_renamed_waiting_node_is_noticed_and_the_flow_begins_again() -> None:
    saver = StagingSaver({})
    waiting = (await runner(one_wait_flow, saver).start(TINY, {"kept": 1}, "en")).instance
    stored = {name: data for name, data in saver.staged().items() if data}

    renamed = runner(lambda: one_wait_flow("await_renamed"), StagingSaver(stored))
    step = await renamed.resume(waiting, Answer(kind="text", value="x"), "en")

    assert step.says[0].template == "conversation.restarted"
    assert step.instance.status == "waiting" and step.instance.slots == {"kept": 1}


async def test_a_finished_flow_leaves_no_thread() -> None:
    saver = StagingSaver({})
    tiny = runner(one_wait_flow, saver)
    waiting = (await tiny.start(TINY, {}, "en")).instance

    step = await tiny.resume(waiting, Answer(kind="text", value="x"), "en")

    assert step.instance.status == "done" and saver.staged() == {TINY.id: None}


# ── limits and faults ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def calling(body: Any) -> drawing.Flow:
    async def trouble(state: FlowState) -> dict[str, Any]:
        return {"outcome": "failed", "handover": {"reason": state["facts"]["failed_code"], "team": "support"}}

    async def done(state: FlowState) -> dict[str, Any]:
        return {"outcome": "done"}

    flow = new_flow()
    calls(flow, "call", body)
    thinks(flow, "trouble", trouble)
    thinks(flow, "done", done)
    for source, target in ((START, "call"), ("call", "done"), ("done", END), ("trouble", END)):
        flow.add_edge(source, target)
    return flow


async def test_a_call_that_hangs_is_cut_off_and_leads_to_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "READ_SECONDS", 0.05)

    async def hang(state: FlowState, runtime: Any) -> dict[str, Any]:
        await asyncio.sleep(30)
        return {}

    step = await runner(lambda: calling(hang), StagingSaver({})).start(TINY, {}, "en")

    assert step.handover is not None and step.handover.reason == "node_timeout"


async def test_any_fault_in_a_call_leads_to_trouble_with_a_code_and_no_text() -> None:
    async def fault(state: FlowState, runtime: Any) -> dict[str, Any]:
        raise KeyError("customer words")

    step = await runner(lambda: calling(fault), StagingSaver({})).start(TINY, {}, "en")

    assert step.handover is not None and step.handover.reason == "internal"
    assert "customer words" not in repr(step)


async def test_a_fault_in_a_thinking_node_fails_the_flow_and_never_the_turn() -> None:
    def broken() -> drawing.Flow:
        async def think(state: FlowState) -> dict[str, Any]:
            raise ZeroDivisionError

        flow = new_flow()
        thinks(flow, "think", think)
        flow.add_edge(START, "think")
        flow.add_edge("think", END)
        return flow

    step = await runner(broken, StagingSaver({})).start(TINY, {}, "en")

    assert step.instance.status == "failed" and step.handover is not None
    assert step.says[0].template == "conversation.technical_problem"


async def test_a_flow_that_never_waits_is_stopped() -> None:
    def circle() -> drawing.Flow:
        async def round_again(state: FlowState) -> dict[str, Any]:
            return {"branch": "again"}

        flow = new_flow()
        thinks(flow, "one", round_again, {"again": "two"})
        thinks(flow, "two", round_again, {"again": "one"})
        flow.add_edge(START, "one")
        return flow

    step = await runner(circle, StagingSaver({})).start(TINY, {}, "en")

    assert step.instance.status == "failed"


async def test_a_slow_bank_is_told_as_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "READ_SECONDS", 0.05)
    chat = customer(slow={"balances"})
    chat.graphs = compile_flows()

    result = await chat.say("balance")

    assert result.handover is not None and result.handover.summary["failed"] == "node_timeout"


async def test_one_slow_check_of_three_stops_the_other_two_from_going_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "READ_SECONDS", 0.05)
    chat = customer(slow={"devices"})
    chat.graphs = compile_flows()

    result = await chat.say("I did not make the 5000 payment at MegaMart yesterday")

    assert result.handover is not None and result.request is None


def test_two_branches_to_one_node_are_refused_since_one_would_not_be_drawn() -> None:
    async def decide(state: FlowState) -> dict[str, Any]:
        return {"branch": "a"}

    with pytest.raises(ValueError, match="two branches to one node"):
        thinks(new_flow(), "x", decide, {"a": "y", "b": "y"})
