"""A flow as a picture: every node, every arrow with every branch name, read from the compiled graph itself.

LangGraph's own drawing keeps one label where two branches lead to the same node, and shows error handlers as loose nodes;
this one loses nothing, so that `docs/graphs/*.mmd` and the map to the documented diagrams can be compared with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from langgraph.graph import END, START
from langgraph.graph.state import CompiledStateGraph

from graphs.balance import build_balance
from graphs.block_card import build_block_card
from graphs.conversation import build_conversation
from graphs.dispute import build_dispute
from graphs.drawing import ON_ERROR

Kind = Literal["always", "branch", "error"]
#: Graphs that have a picture in the documents, by name.
PICTURES: dict[str, Callable[[], Any]] = {
    "conversation": build_conversation,
    "balance": build_balance,
    "dispute": build_dispute,
    "block_card": build_block_card,
}


@dataclass(frozen=True, slots=True, order=True)
class Arrow:
    """From one node to another: `always`, on a named `branch`, or on `error`."""

    source: str
    target: str
    kind: Kind = "always"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes in the order in which the flow was drawn, and all arrows, sorted."""

    nodes: tuple[str, ...]
    arrows: tuple[Arrow, ...]

    def after(self, node: str, label: str | None = None) -> set[str]:
        """Where a node leads: by any arrow but one on error, or by one named branch."""
        found = (arrow for arrow in self.arrows if arrow.source == node and arrow.kind != "error")
        return {arrow.target for arrow in found if label is None or arrow.label == label}

    def next_of(self, node: str, among: set[str], label: str | None = None) -> set[str]:
        """The first nodes of `among` on all ways that leave `node`, passing over others; the node itself where a way comes back."""
        found: set[str] = set()
        passed: set[str] = set()
        ahead = list(self.after(node, label))
        while ahead:
            here = ahead.pop()
            if here in among:
                found.add(here)
            elif here not in passed:
                passed.add(here)
                ahead.extend(self.after(here))
        return found

    def reached(self, *, without: set[str] | None = None) -> set[str]:
        """Every node on some way from the start, by any arrow; `without` leaves out what lies behind those nodes only."""
        barred = without or set()
        found, ahead = {START}, [START]
        while ahead:
            here = ahead.pop()
            fresh = {arrow.target for arrow in self.arrows if arrow.source == here} - found - barred
            found |= fresh
            ahead.extend(fresh)
        return found

    def merged(self, groups: Mapping[str, tuple[str, ...]]) -> Picture:
        """The picture with each group of nodes drawn as one, under the group's name; arrows inside a group are gone."""
        name = {member: group for group, members in groups.items() for member in members}
        nodes = tuple(dict.fromkeys(name.get(node, node) for node in self.nodes))
        arrows = {Arrow(name.get(each.source, each.source), name.get(each.target, each.target), each.kind, each.label)
                  for each in self.arrows if not (each.source in name and name[each.source] == name.get(each.target))}  # fmt: skip
        return Picture(nodes, tuple(sorted(arrows)))


def picture_of(compiled: CompiledStateGraph[Any, Any, Any, Any]) -> Picture:
    """The picture of a compiled graph. Raises ValueError for a branch that does not name its targets: it would draw a lie."""
    flow = compiled.builder
    nodes = (START, *(name for name in flow.nodes if not name.startswith("__")), END)
    arrows = {Arrow(source, target) for source, target in flow.edges}
    arrows |= {Arrow(source, target) for sources, target in flow.waiting_edges for source in sources}
    for source, branches in flow.branches.items():
        for branch in branches.values():
            if branch.ends is None:
                raise ValueError(f"a branch of {source} does not name its targets")
            arrows |= {Arrow(source, target, "branch", str(label)) for label, target in branch.ends.items()}
    for source, spec in flow.nodes.items():
        ends = spec.ends if isinstance(spec.ends, dict) else dict.fromkeys(spec.ends or (), ON_ERROR)
        arrows |= {Arrow(source, target, "error" if label == ON_ERROR else "branch", label) for target, label in ends.items()}
    return Picture(nodes, tuple(sorted(arrow for arrow in arrows if not arrow.source.startswith("__error"))))


def draw(picture: Picture, title: str) -> str:
    """The picture as a Mermaid flowchart, an arrow a line in a fixed order; branches between the same two nodes share one."""
    lines = ["---", f"title: {title}", "---", "flowchart TD"]
    deciding = {arrow.source for arrow in picture.arrows if arrow.kind == "branch"}
    lines += [f"    {_shape(node, deciding)}" for node in picture.nodes]
    together: dict[tuple[str, str, Kind], list[str]] = {}
    for arrow in picture.arrows:
        together.setdefault((arrow.source, arrow.target, arrow.kind), []).append(arrow.label)
    for (source, target, kind), labels in together.items():
        line = "-.->" if kind == "error" else "-->"
        named = f"|{' / '.join(labels)}|" if any(labels) else ""
        lines.append(f"    {source} {line}{named} {target}")
    return "\n".join(lines) + "\n"


def mermaid(name: str) -> str:
    """What `docs/graphs/<name>.mmd` holds. Raises KeyError for a name that is not in `PICTURES`."""
    return draw(picture_of(PICTURES[name]().compile()), name.replace("_", " ").capitalize())


def _shape(node: str, deciding: set[str]) -> str:
    if node in (START, END):
        return f"{node}([{node.strip('_')}])"
    words = node.replace("_", " ")
    return f"{node}{{{words}}}" if node in deciding else f"{node}[{words}]"
