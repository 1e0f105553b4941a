"""The compiled graphs are the documented conversations: a total map, the same order on every way, a reason for each node more."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from langgraph.graph import END, START, StateGraph

from graphs.pictures import Arrow, Picture, mermaid, picture_of

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/graphs"
DOCUMENTED: dict[str, Any] = yaml.safe_load((FOLDER / "documented.yaml").read_text())
MAP: dict[str, Any] = yaml.safe_load((FOLDER / "seed-map.yaml").read_text())
BUILT = [name for name in DOCUMENTED if MAP.get(name, {}).get("graph")]


def build(name: str) -> Picture:
    module, function = MAP[name]["graph"].split(":")
    return picture_of(getattr(importlib.import_module(module), function)().compile())


def differences(documented: dict[str, Any], mapped: dict[str, Any], picture: Picture) -> list[str]:
    """Everything in which a picture is not the documented one; empty where it is."""
    nodes: dict[str, str] = mapped["nodes"]
    extra: dict[str, str] = mapped.get("extra", {})
    more: dict[str, str] = mapped.get("more_edges", {})
    found = [f"{node} is not mapped" for node in documented["nodes"] if node not in nodes]
    found += [f"{node} is mapped but not documented" for node in nodes if node not in documented["nodes"]]
    found += [
        f"{node} is mapped to {ours}, which the graph does not have" for node, ours in nodes.items() if ours not in picture.nodes
    ]
    found += [f"{what} has no reason" for what, reason in (extra | more).items() if not str(reason or "").strip()]
    unmapped = set(picture.nodes) - set(nodes.values()) - {START, END}
    found += [f"{node} is an extra node without a reason" for node in sorted(unmapped - set(extra))]
    found += [f"{node} has a reason but is no extra node" for node in sorted(set(extra) - unmapped)]
    return found or _ways(documented, mapped, picture)


def _ways(documented: dict[str, Any], mapped: dict[str, Any], picture: Picture) -> list[str]:
    nodes: dict[str, str] = mapped["nodes"]
    ours = set(nodes.values())
    edges = {(source, target): (rest[0] if rest else None) for source, target, *rest in documented["edges"]}
    drawn = {(nodes[source], nodes[target]) for source, target in edges}
    more = {tuple(nodes[end] for end in key.split("-")) for key in mapped.get("more_edges", {})}
    found = []
    for (source, target), label in edges.items():
        start, goal = nodes[source], nodes[target]
        branch = mapped.get("branches", {}).get(f"{source}-{target}")
        if (label is None) != (branch is None):
            found.append(f"{source}-{target} is labelled {label} in the document and mapped to the branch {branch}")
        elif start != goal and goal not in picture.next_of(start, ours, branch):
            found.append(f"no way from {start} to {goal}" + (f" by {branch}" if branch else ""))
        elif branch is not None:
            astray = picture.next_of(start, ours, branch) - {goal} - {end for begin, end in more if begin == start}
            found += [f"{branch} of {start} also leads to {node}" for node in sorted(astray)]
    taken = {(node, following) for node in ours for following in picture.next_of(node, ours)}
    found += [f"a way from {one} to {other} that the document does not draw" for one, other in sorted(taken - drawn - more)]
    found += [f"{one} to {other} has a reason but there is no such way" for one, other in sorted(more - taken)]
    return found


def test_every_documented_conversation_is_built_or_says_why_not() -> None:
    assert set(MAP) == set(DOCUMENTED)
    for name in set(DOCUMENTED) - set(BUILT):
        assert MAP[name]["reason"]
        assert not (ROOT / f"graphs/{name}.py").exists(), f"{name} is built now: map it"


@pytest.mark.parametrize("name", BUILT)
def test_a_graph_is_the_documented_conversation(name: str) -> None:
    assert differences(DOCUMENTED[name], MAP[name], build(name)) == []


@pytest.mark.parametrize("name", BUILT)
def test_nodes_drawn_side_by_side_start_side_by_side(name: str) -> None:
    """Where the document draws several unlabelled arrows from one node, ours start together, without a branch between."""
    nodes, picture = MAP[name]["nodes"], build(name)
    for source in DOCUMENTED[name]["nodes"]:
        together = {nodes[edge[1]] for edge in DOCUMENTED[name]["edges"] if edge[0] == source and len(edge) == 2}
        if len(together) > 1:
            always = {arrow.target for arrow in picture.arrows if arrow.source == nodes[source] and arrow.kind == "always"}
            assert together <= always


@pytest.mark.parametrize("name", BUILT)
def test_the_exported_picture_is_the_compiled_graph(name: str) -> None:
    assert (FOLDER / f"{name}.mmd").read_text() == mermaid(build(name), DOCUMENTED[name]["title"])


@pytest.mark.parametrize("name", BUILT)
def test_every_node_can_be_reached_and_every_way_ends(name: str) -> None:
    picture = build(name)
    everything = set(picture.nodes)
    reached, ahead = {START}, [START]
    while ahead:
        here = ahead.pop()
        following = {arrow.target for arrow in picture.arrows if arrow.source == here} - reached
        reached |= following
        ahead.extend(following)
    assert reached == everything
    assert all(picture.next_of(node, {END}) == {END} for node in everything - {END})


# The comparison itself, on a conversation of four nodes, so that it is known to find what it looks for.
TINY = {"nodes": {"A": "ask", "B": "ok?", "C": "tell", "D": "refuse"}, "edges": [["A", "B"], ["B", "C", "Yes"], ["B", "D", "No"]]}
TINY_MAP: dict[str, Any] = {
    "nodes": {"A": START, "B": "check", "C": "tell", "D": "refuse"},
    "branches": {"B-C": "yes", "B-D": "no"},
    "extra": {"wait": "somebody has to think"},
}
TINY_PICTURE = Picture(
    (START, "wait", "check", "tell", "refuse", END),
    (
        Arrow(START, "wait"),
        Arrow("wait", "check"),
        Arrow("check", "tell", "branch", "yes"),
        Arrow("check", "refuse", "branch", "no"),
        Arrow("tell", END),
        Arrow("refuse", END),
    ),
)


def test_the_comparison_accepts_what_is_the_same() -> None:
    assert differences(TINY, TINY_MAP, TINY_PICTURE) == []


@pytest.mark.parametrize(
    ("why", "change", "arrows", "words"),
    [
        ("a documented node is not mapped", {"nodes": {"A": START, "B": "check", "C": "tell"}}, (), "D is not mapped"),
        ("a node is mapped to nothing", {"nodes": TINY_MAP["nodes"] | {"C": "say"}}, (), "which the graph does not have"),
        ("an extra node has no reason", {"extra": {}}, (), "wait is an extra node without a reason"),
        ("a reason is empty", {"extra": {"wait": " "}}, (), "wait has no reason"),
        ("a reason is left over", {"extra": {"wait": "x", "gone": "x"}}, (), "gone has a reason but is no extra node"),
        ("branches are swapped", {"branches": {"B-C": "no", "B-D": "yes"}}, (), "no way from check to tell by no"),
        ("a branch is not named", {"branches": {"B-C": "yes"}}, (), "labelled No in the document"),
        ("a way skips the check", {}, (Arrow("wait", "tell"),), "a way from __start__ to tell that the document does not draw"),
        ("a way goes back", {}, (Arrow("tell", "check"),), "a way from tell to check that the document does not draw"),
        ("a reason for a way that is not there", {"more_edges": {"C-A": "x"}}, (), "has a reason but there is no such way"),
    ],
)  # fmt: skip
def test_the_comparison_finds(why: str, change: dict[str, Any], arrows: tuple[Arrow, ...], words: str) -> None:
    picture = Picture(TINY_PICTURE.nodes, TINY_PICTURE.arrows + arrows)
    assert any(words in line for line in differences(TINY, TINY_MAP | change, picture)), why


def test_a_branch_that_does_not_name_its_targets_is_refused() -> None:
    flow: StateGraph[Any, Any, Any, Any] = StateGraph(dict)
    flow.add_node("here", lambda state: state)
    flow.add_edge(START, "here")
    flow.add_conditional_edges("here", lambda state: END)
    with pytest.raises(ValueError, match="does not name its targets"):
        picture_of(flow.compile())


def test_two_branches_to_one_node_keep_both_names() -> None:
    picture = Picture(
        (START, "a", END), (Arrow(START, "a"), Arrow("a", END, "branch", "done"), Arrow("a", END, "branch", "given_up"))
    )
    assert "a -->|done / given_up| __end__" in mermaid(picture, "Two")
