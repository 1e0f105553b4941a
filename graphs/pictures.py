"""The graphs as Mermaid text, made from what is compiled and nothing else; `docs/graphs/*.mmd` holds the same, tested."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphs.balance import build_balance
from graphs.dispute import build_dispute

#: Nodes that LangGraph adds for error handlers; they stand for the edges labelled `on error`.
HANDLER_PREFIX = "__error_handler__"
PICTURES: dict[str, Callable[[], Any]] = {"balance": build_balance, "dispute": build_dispute}


def edges(name: str) -> list[tuple[str, str, str]]:
    """Source, target and label of each edge of a compiled graph, sorted. An unlabelled branch bears its target's name."""
    drawn = PICTURES[name]().compile().get_graph()
    found = [
        (edge.source, edge.target, str(edge.data) if edge.data else (edge.target if edge.conditional else ""))
        for edge in drawn.edges
        if not edge.source.startswith(HANDLER_PREFIX)
    ]
    return sorted(found)


def mermaid(name: str) -> str:
    """The picture of one graph: one edge a line, in a fixed order, so that a change shows as a change of lines."""
    lines = ["graph TD"]
    for source, target, label in edges(name):
        arrow = f"-->|{label}|" if label else "-->"
        lines.append(f"    {_shape(source)} {arrow} {_shape(target)}")
    return "\n".join(lines) + "\n"


def _shape(node: str) -> str:
    ends = {"__start__": "START((start))", "__end__": "END((end))"}
    return ends.get(node, node)
