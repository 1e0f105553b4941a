"""One turn, as documented: receive, understand, decide, run flow steps, compose, check. START to END, without a checkpointer."""

from __future__ import annotations

from langgraph.graph import END, START, StateGraph

from graphs.dialogue import act, read, reply
from graphs.drawing import deciding
from graphs.state import TurnPorts
from graphs.turn_state import TurnState

Turn = StateGraph[TurnState, TurnPorts, TurnState, TurnState]


def build_conversation() -> Turn:
    """The picture of a turn: inputs are read and planned for one after the other, flows run step by step, one reply goes out."""
    turn: Turn = StateGraph(TurnState, context_schema=TurnPorts)
    turn.add_node("receive", read.receive)
    turn.add_node("understand", read.understand)
    planned = {"run": "run_flow", "read": "understand", "reply": "compose"}
    ran = {"more": "run_flow", "decide": "decide"}
    turn.add_node("decide", deciding("decide", act.decide, planned), destinations={to: name for name, to in planned.items()})
    turn.add_node("run_flow", deciding("run_flow", act.run_flow, ran), destinations={to: name for name, to in ran.items()})
    turn.add_node("compose", reply.compose)
    turn.add_node("check", reply.check)
    turn.add_edge(START, "receive")
    turn.add_edge("receive", "understand")
    turn.add_edge("understand", "decide")
    turn.add_edge("compose", "check")
    turn.add_edge("check", END)
    return turn
