"""The compiled graphs are the documented conversations: a total map, the same order on every way, a reason for each node more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from langgraph.graph import END, START, StateGraph

from graphs.pictures import PICTURES, Arrow, Picture, draw, mermaid, picture_of

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/graphs"
DOCUMENTED: dict[str, Any] = yaml.safe_load((FOLDER / "documented.yaml").read_text())
MAP: dict[str, Any] = yaml.safe_load((FOLDER / "seed-map.yaml").read_text())
BUILT = [name for name in DOCUMENTED if MAP.get(name, {}).get("graph")]


def build(name: str) -> Picture:
    return picture_of(PICTURES[MAP[name]["graph"]]().compile())


class Comparison:
    """A documented conversation beside a picture of ours, in which nodes that are one documented node are drawn as one."""

    def __init__(self, documented: dict[str, Any], mapped: dict[str, Any], picture: Picture) -> None:
        self.documented = documented
        self.edges = {(source, target): (rest[0] if rest else None) for source, target, *rest in documented["edges"]}
        self.members = {node: [ours] if isinstance(ours, str) else list(ours) for node, ours in mapped["nodes"].items()}
        self.nodes = {node: members[0] for node, members in self.members.items()}
        self.branches: dict[str, str] = mapped.get("branches", {})
        self.through: dict[str, Any] = mapped.get("through", {})
        self.more: dict[str, str] = mapped.get("more_edges", {})
        self.extra: dict[str, str] = mapped.get("extra", {})
        self.picture = picture.merged({members[0]: tuple(members) for members in self.members.values()})
        self.real = set(picture.nodes)

    def differences(self) -> list[str]:
        """Everything in which ours is not the documented one; empty where it is."""
        return [*self.gaps()] or [*self.documented_edges(), *self.other_ways(), *self.ways_around()]

    def gaps(self) -> list[str]:
        wanted = self.documented["nodes"]
        mine = [member for members in self.members.values() for member in members]
        reasons = self.extra | self.more | {edge: each.get("why") for edge, each in self.through.items()}
        unmapped = self.real - set(mine) - {START, END}
        return [
            *(f"{node} is not mapped" for node in wanted if node not in self.nodes),
            *(f"{node} is mapped but not documented" for node in self.nodes if node not in wanted),
            *(f"{node} is mapped, but the graph does not have it" for node in mine if node not in self.real),
            *(f"{node} is mapped twice" for node in sorted(set(mine)) if mine.count(node) > 1),
            *(f"{what} has no reason" for what, reason in reasons.items() if not str(reason or "").strip()),
            *(f"{node} is an extra node without a reason" for node in sorted(unmapped - set(self.extra))),
            *(f"{node} has a reason but is no extra node" for node in sorted(set(self.extra) - unmapped)),
            *(
                f"{edge} is taken through others but not documented"
                for edge in self.through
                if tuple(edge.split("-")) not in self.edges
            ),
        ]

    def documented_edges(self) -> list[str]:
        """Every documented edge is a way of ours, by the branch it is mapped to, and that branch leads nowhere else."""
        found = []
        for (source, target), label in self.edges.items():
            edge = f"{source}-{target}"
            branch = self.branches.get(edge)
            if (label is None) != (branch is None):
                found.append(f"{edge} is labelled {label} in the document and mapped to the branch {branch}")
                continue
            passed = {self.nodes[node] for node in self.through.get(edge, {}).get("nodes", ())}
            following = self.picture.next_of(self.nodes[source], set(self.nodes.values()) - passed, branch)
            if self.nodes[target] not in following:
                found.append(f"no way from {self.nodes[source]} to {self.nodes[target]}" + (f" by {branch}" if branch else ""))
            explained = {self.nodes[end] for begin, end in self.pairs(self.more) if begin == source}
            if branch is not None and not passed:
                astray = following - {self.nodes[target]} - explained
                found += [f"{branch} of {self.nodes[source]} also leads to {node}" for node in sorted(astray)]
        return found

    def other_ways(self) -> list[str]:
        """Ways of ours between documented nodes are documented or have a reason, and no reason is left over."""
        drawn = {(self.nodes[source], self.nodes[target]) for source, target in self.edges}
        more = {(self.nodes[source], self.nodes[target]) for source, target in self.pairs(self.more)}
        ours = set(self.nodes.values())
        taken = {(node, following) for node in ours for following in self.picture.next_of(node, ours)}
        return [
            *(f"a way from {one} to {other} that the document does not draw" for one, other in sorted(taken - drawn - more)),
            *(f"{one} to {other} has a reason but there is no such way" for one, other in sorted(more - taken)),
        ]

    def ways_around(self) -> list[str]:
        """Nothing documented can be reached without what the document puts before it."""
        fans = {source: [end for begin, end in self.edges if begin == source] for source, _ in self.edges}
        side_by_side = {
            end: source
            for source, ends in fans.items()
            if len(ends) > 1 and all(self.edges[source, each] is None for each in ends)
            for end in ends
        }
        found = []
        for node in self.documented["nodes"]:
            before = {begin for begin, end in self.edges if end == node}
            # All of those side by side run; what has to come before is then what they all begin at.
            barred = {self.nodes[side_by_side.get(each, each)] for each in before} - {START}
            if barred and self.nodes[node] in self.picture.reached(without=barred):
                found.append(f"{self.nodes[node]} can be reached around {', '.join(sorted(barred))}")
        return found

    @staticmethod
    def pairs(edges: dict[str, Any]) -> list[tuple[str, str]]:
        return [(source, target) for source, _, target in (edge.partition("-") for edge in edges)]


def differences(documented: dict[str, Any], mapped: dict[str, Any], picture: Picture) -> list[str]:
    return Comparison(documented, mapped, picture).differences()


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
    picture = build(name)
    nodes = Comparison(DOCUMENTED[name], MAP[name], picture).nodes
    for source in DOCUMENTED[name]["nodes"]:
        together = {nodes[edge[1]] for edge in DOCUMENTED[name]["edges"] if edge[0] == source and len(edge) == 2}
        if len(together) > 1:
            always = {arrow.target for arrow in picture.arrows if arrow.source == nodes[source] and arrow.kind == "always"}
            assert together <= always


@pytest.mark.parametrize("name", BUILT)
def test_the_exported_picture_is_the_compiled_graph(name: str) -> None:
    assert (FOLDER / f"{name}.mmd").read_text() == mermaid(MAP[name]["graph"])


def test_every_picture_is_exported_and_nothing_else_is() -> None:
    assert {path.stem for path in FOLDER.glob("*.mmd")} == set(PICTURES)


@pytest.mark.parametrize("name", BUILT)
def test_every_node_can_be_reached_and_every_way_ends(name: str) -> None:
    picture = build(name)
    assert picture.reached() == set(picture.nodes)
    assert all(picture.next_of(node, {END}) == {END} for node in set(picture.nodes) - {END})


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
        ("a node is mapped to nothing", {"nodes": TINY_MAP["nodes"] | {"C": "say"}}, (), "say is mapped, but the graph does not have it"),
        ("an extra node has no reason", {"extra": {}}, (), "wait is an extra node without a reason"),
        ("a reason is empty", {"extra": {"wait": " "}}, (), "wait has no reason"),
        ("a reason is left over", {"extra": {"wait": "x", "gone": "x"}}, (), "gone has a reason but is no extra node"),
        ("branches are swapped", {"branches": {"B-C": "no", "B-D": "yes"}}, (), "no way from check to tell by no"),
        ("a branch is not named", {"branches": {"B-C": "yes"}}, (), "labelled No in the document"),
        ("a way skips the check", {}, (Arrow("wait", "tell"),), "a way from __start__ to tell that the document does not draw"),
        ("a way goes back", {}, (Arrow("tell", "check"),), "a way from tell to check that the document does not draw"),
        ("a node is mapped twice", {"nodes": TINY_MAP["nodes"] | {"C": ["tell", "refuse"]}}, (), "refuse is mapped twice"),
        ("a way leads around on error", {}, (Arrow("wait", "tell", "error", "on error"),), "tell can be reached around check"),
        ("through what is not documented", {"through": {"A-D": {"nodes": ["B"], "why": "x"}}}, (), "A-D is taken through others"),
        ("through without a reason", {"through": {"A-B": {"nodes": ["C"]}}}, (), "A-B has no reason"),
        ("a reason for a way that is not there", {"more_edges": {"C-A": "x"}}, (), "has a reason but there is no such way"),
    ],
)  # fmt: skip
def test_the_comparison_finds(why: str, change: dict[str, Any], arrows: tuple[Arrow, ...], words: str) -> None:
    picture = Picture(TINY_PICTURE.nodes, TINY_PICTURE.arrows + arrows)
    assert any(words in line for line in differences(TINY, TINY_MAP | change, picture)), why


def test_an_edge_may_go_through_others_where_that_is_said() -> None:
    documented = TINY | {"edges": [*TINY["edges"], ["A", "D"]]}
    assert any("no way from __start__ to refuse" in line for line in differences(documented, TINY_MAP, TINY_PICTURE))
    explained = TINY_MAP | {"through": {"A-D": {"nodes": ["B"], "why": "one after the other"}}}
    assert differences(documented, explained, TINY_PICTURE) == []


def test_several_nodes_may_be_one_documented_node() -> None:
    together = TINY_MAP | {"nodes": TINY_MAP["nodes"] | {"B": ["wait", "check"]}, "extra": {}}
    assert differences(TINY, together, TINY_PICTURE) == []


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
    assert "a -->|done / given_up| __end__" in draw(picture, "Two")
