"""YAML as plain values that remember where they stood, so that every error about a world can name its line and column.

The document is composed to nodes and turned into values here, not by a YAML constructor: no tag can make an object, a date stays
text, a number with decimals stays recognisable, a repeated key is an error, and aliases (which can grow without bound) are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from domain.errors import Broken

Path = tuple[str | int, ...]
MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 20
_PREFIX = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a file; lines and columns count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class TreeProblem:
    place: Place
    path: Path
    what: str


@dataclass(slots=True)
class Tree:
    """The values of a document, and the places of its values and of its keys by path."""

    value: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    problems: list[TreeProblem] = field(default_factory=list)

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Where a path stands; for one that is not in the file, where the nearest thing around it does."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(1, 1))


def read_tree(text: str) -> Tree:
    """Read one YAML document. What is wrong with it is in `problems`; a tree with problems may lack values."""
    tree = Tree()
    if len(text.encode()) > MAX_BYTES:
        tree.problems.append(TreeProblem(Place(1, 1), (), f"larger than {MAX_BYTES} bytes"))
        return tree
    if _is_too_deep(text):
        tree.problems.append(TreeProblem(Place(1, 1), (), "not YAML that can be read: nested too deeply"))
        return tree
    try:
        root = YAML(typ="rt", pure=True).compose(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        tree.problems.append(TreeProblem(place, (), f"not YAML: {error.problem or error.context}"))
    except RecursionError:
        tree.problems.append(TreeProblem(Place(1, 1), (), "not YAML that can be read: nested too deeply"))
    except YAMLError as error:
        tree.problems.append(TreeProblem(Place(1, 1), (), f"not YAML: {str(error).splitlines()[0]}"))
    else:
        if root is None:
            tree.problems.append(TreeProblem(Place(1, 1), (), "the file is empty"))
        else:
            tree.value = _Reader(tree).read(root, ())
    return tree


def _is_too_deep(text: str) -> bool:
    """Whether brackets are opened far beyond what any world needs: found at once, where composing would take seconds first."""
    depth = 0
    for sign in text:
        depth += (sign in "[{") - (sign in "]}")
        if depth > 8 * MAX_DEPTH:
            return True
    return False


class _Reader:
    """Turns nodes into values, noting places on the way."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.seen: set[int] = set()

    def problem(self, node: Node, path: Path, what: str) -> None:
        self.tree.problems.append(TreeProblem(_place(node), path, what))

    def read(self, node: Node, path: Path) -> Any:
        self.tree.places[path] = _place(node)
        if id(node) in self.seen or node.anchor is not None:
            self.problem(node, path, "anchors and aliases are not used in a world file; write it out")
            return None
        self.seen.add(id(node))
        if len(path) > MAX_DEPTH:
            self.problem(node, path, "nested too deeply")
            return None
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.read(child, (*path, index)) for index, child in enumerate(node.value)]
        if isinstance(node, ScalarNode):
            return self.scalar(node, path)
        raise Broken(detail=f"a YAML node of type {type(node).__name__}")

    def mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, child in node.value:
            if not isinstance(key, ScalarNode) or _kind(key) != "str":
                self.problem(key, path, "a key is plain text")
                continue
            name = str(key.value)
            here = (*path, name)
            if name in values:
                self.problem(key, here, "this key is here twice")
                continue
            self.tree.keys[here] = _place(key)
            values[name] = self.read(child, here)
        return values

    def scalar(self, node: ScalarNode, path: Path) -> Any:
        kind, text = _kind(node), str(node.value)
        if kind == "int" and text.lstrip("+-").isdecimal():
            return int(text)
        if kind == "bool":
            return text.lower() == "true"
        if kind == "null":
            return None
        if kind == "float":
            return float(text.lower().replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
        if kind in ("str", "timestamp", "int"):
            return text
        self.problem(node, path, f"the tag {kind} is not used in a world file")
        return None


def _kind(node: ScalarNode) -> str:
    return str(node.tag).removeprefix(_PREFIX)


def _place(node: Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)
