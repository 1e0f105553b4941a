"""One turn, as documented: receive, understand, decide, run flow steps, compose, check. START to END, without a checkpointer."""

from __future__ import annotations

from collections.abc import Hashable

from langgraph.graph import END, START, StateGraph

from graphs.nodes import conversation_act as act
from graphs.nodes import conversation_read as read
from graphs.nodes import conversation_reply as reply
from graphs.state import TurnPorts
from graphs.turn_state import TurnState

Turn = StateGraph[TurnState, TurnPorts, TurnState, TurnState]


def build_conversation() -> Turn:
    """The picture of a turn: inputs are read and planned for one after the other, flows run step by step, one reply goes out."""
    turn: Turn = StateGraph(TurnState, context_schema=TurnPorts)
    turn.add_node("receive", read.receive)
    turn.add_node("understand", read.understand)
    turn.add_node("decide", act.decide)
    turn.add_node("run_flow", act.run_flow)
    turn.add_node("compose", reply.compose)
    turn.add_node("check", reply.check)
    turn.add_edge(START, "receive")
    turn.add_edge("receive", "understand")
    turn.add_edge("understand", "decide")
    after_deciding: dict[Hashable, str] = {"run": "run_flow", "read": "understand", "reply": "compose"}
    turn.add_conditional_edges("decide", _branch, after_deciding)
    after_running: dict[Hashable, str] = {"more": "run_flow", "decide": "decide"}
    turn.add_conditional_edges("run_flow", _branch, after_running)
    turn.add_edge("compose", "check")
    turn.add_edge("check", END)
    return turn


async def _branch(state: TurnState) -> str:
    return state["branch"]
