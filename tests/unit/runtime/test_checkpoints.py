"""The saver: stages plain JSON only, keeps the latest checkpoint of a thread, and resumes from what was stored."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict

import pytest
import sqlalchemy as sa
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

from domain.errors import Broken
from graphs.state import ConversationView
from persistence.database import Database
from runtime.checkpoints import StagingSaver, store_threads
from runtime.storage import (
    conversations,
    tables,  # noqa: F401 - registers the tables
)
from runtime.storage.conversations import load_threads
from runtime.storage.metadata import metadata
from tests.support.keys import bound

CONFIG: Any = {"configurable": {"thread_id": "flw_1"}}


class State(TypedDict, total=False):
    said: list[str]
    odd: Any


def flow(odd: Any = None) -> Any:
    """ask → wait → end, with a value put into the state before the wait."""

    async def ask(state: State) -> State:
        return {"said": [*state.get("said", []), "asked"], "odd": odd}

    async def wait(state: State) -> State:
        return {"said": [*state["said"], interrupt({"question": "which?"})]}

    graph = StateGraph(State)
    graph.add_node("ask", ask)
    graph.add_node("wait", wait)
    graph.add_edge(START, "ask")
    graph.add_edge("ask", "wait")
    graph.add_edge("wait", END)
    return graph


async def run(saver: StagingSaver, given: Any, odd: Any = None) -> Any:
    return await flow(odd).compile(checkpointer=saver).ainvoke(given, CONFIG, durability="exit")


def through_json(staged: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(staged))
    return found


async def test_a_flow_goes_on_from_what_was_stored_as_text() -> None:
    first = StagingSaver({})
    await run(first, {"said": []})

    second = StagingSaver(through_json(first.staged()))
    ended = await run(second, Command(resume="that one"))

    assert ended["said"] == ["asked", "that one"]


async def test_nothing_is_staged_by_a_turn_that_only_looks() -> None:
    first = StagingSaver({})
    await run(first, {"said": []})

    second = StagingSaver(through_json(first.staged()))
    state = await flow().compile(checkpointer=second).aget_state(CONFIG)

    assert [item.value for item in state.interrupts] == [{"question": "which?"}]
    assert second.staged() == {}


async def test_one_thread_is_one_checkpoint_however_often_it_waits() -> None:
    saver = StagingSaver({})
    for _ in range(3):
        await run(saver, {"said": ["x" * 100]})

    (data,) = saver.staged().values()
    assert data is not None and len(json.dumps(data)) < 3000


async def test_a_dropped_thread_is_staged_as_gone_and_found_no_more() -> None:
    first = StagingSaver({})
    await run(first, {"said": []})
    second = StagingSaver(through_json(first.staged()))

    await second.adelete_thread("flw_1")

    assert second.staged() == {"flw_1": None}
    assert await second.aget_tuple(CONFIG) is None


@pytest.mark.parametrize("odd", [datetime(2026, 11, 25, tzinfo=UTC), {1, 2}, b"raw", object(), Path("x"), math.nan, math.inf])
async def test_a_value_that_is_not_plain_json_is_refused_and_its_text_is_not_told(odd: Any) -> None:
    saver = StagingSaver({})
    await run(saver, {"said": []}, odd)

    with pytest.raises(Broken, match="checkpoint_not_plain") as refused:
        saver.staged()
    assert repr(odd) not in str(refused.value)


async def test_threads_are_stored_replaced_and_removed(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/threads.sqlite", bound=bound())
    database.write_now(metadata.create_all)
    view = ConversationView(tenant="demo", id="cnv", customer=None)
    database.write_now(lambda connection: conversations.create(connection, "demo", view, "web", None, 1))

    def store(staged: dict[str, Any]) -> dict[str, Any]:
        def job(connection: sa.Connection) -> dict[str, Any]:
            store_threads(connection, "demo", "cnv", staged)
            return load_threads(connection, "demo", ["a", "b"])

        return database.write_now(job)

    assert store({"a": {"n": 1}, "b": {"n": 1}}) == {"a": {"n": 1}, "b": {"n": 1}}
    assert store({"a": {"n": 2}, "b": None}) == {"a": {"n": 2}}
    assert database.read_now(lambda connection: load_threads(connection, "other", ["a"])) == {}
    database.close()
