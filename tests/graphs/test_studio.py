"""What LangGraph Studio opens: every graph by its path, and the flows run on their stand-ins."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from graphs.flows import FLOWS

ROOT = Path(__file__).parents[2]
GRAPHS: dict[str, str] = json.loads((ROOT / "langgraph.json").read_text())["graphs"]


def opened(name: str) -> Any:
    path, factory = GRAPHS[name].split(":")
    module = path.removeprefix("./").removesuffix(".py").replace("/", ".")
    return getattr(importlib.import_module(module), factory)()


def test_every_flow_and_the_conversation_can_be_opened() -> None:
    assert set(GRAPHS) == {*FLOWS, "conversation"}


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_opens_and_draws(name: str) -> None:
    assert opened(name).get_graph().draw_mermaid(with_styles=False).startswith("graph TD")


@pytest.mark.parametrize("name", ["balance", "block_card"])
async def test_a_flow_without_a_wait_runs_to_its_end_on_the_stand_ins(name: str) -> None:
    ended = await opened(name).ainvoke({"slots": {}})

    assert ended["outcome"] in {"told", "blocked"}


async def test_a_dispute_waits_and_goes_on_when_it_is_answered() -> None:
    graph, config = opened("dispute"), {"configurable": {"thread_id": "1"}}
    graph.checkpointer = InMemorySaver()
    claim = {"amount_minor": 500_000, "merchant": "Demo Mart", "dispute_type": "unauthorised"}

    first = await graph.ainvoke({"slots": {"claim": claim}}, config)
    shown = await graph.ainvoke(Command(resume={"kind": "choice", "value": "yes"}), config)
    ended = await graph.ainvoke(Command(resume={"kind": "confirm", "value": True, "digest": "-", "request": "-"}), config)

    assert first["__interrupt__"][0].value["slot"] == "confirmed"
    assert shown["__interrupt__"][0].value["kind"] == "confirm"
    assert ended["outcome"] == "registered"
