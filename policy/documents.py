"""YAML files as plain values with the line of each, so that an error in a pack can name the place.

Repeated keys and aliases are refused: a repeated key would silently win, an alias can make a cycle or grow without bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from domain.errors import BadInput

SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's where it was built in: ten times as fast
MAX_BYTES = 512 * 1024
Where = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed file: its values, and the line (from 1) at which each value stands."""

    name: str
    raw: bytes
    data: Any
    lines: dict[Where, int] = field(default_factory=dict)

    def line(self, where: Where) -> int:
        """The line of a place in the data, or of the nearest thing around it."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def refusal(self, where: Where, reason: str) -> BadInput:
        """The error to raise about a place in this file."""
        return refusal(self.name, self.line(where), reason)


def refusal(name: str, line: int, reason: str) -> BadInput:
    """`pack_invalid` with file, line and reason, in words and as fields."""
    return BadInput("pack_invalid", f"{name}:{line}: {reason}", file=name, line=line, reason=reason)


def read_document(path: Path) -> Document:
    """Read one YAML file. Raises BadInput `pack_invalid` with file, line and reason."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise refusal(path.name, 1, "cannot be read") from error
    if len(raw) > MAX_BYTES:
        raise refusal(path.name, 1, f"larger than {MAX_BYTES} bytes")
    return document_of(path.name, raw)


def document_of(name: str, raw: bytes) -> Document:
    """The same from the bytes of a file. Raises BadInput `pack_invalid`."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise refusal(name, 1, "is not UTF-8 text") from error
    return parse_document(name, text, raw)


def parse_document(name: str, text: str, raw: bytes | None = None) -> Document:
    """As `read_document`, from text."""
    try:
        for event in yaml.parse(text, Loader=SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise refusal(name, _line(event.start_mark), "aliases are not allowed: write it out")
        loader = SafeLoader(text)
        node = loader.get_single_node()
        lines: dict[Where, int] = {}
        if node is not None:
            _note_lines(name, node, (), lines)
        data = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise refusal(name, _line(mark), f"not YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise refusal(name, 1, "not YAML that can be read") from error
    return Document(name, text.encode() if raw is None else raw, data, lines)


def _line(mark: Any) -> int:
    return int(mark.line) + 1 if mark else 1


def _note_lines(name: str, node: yaml.Node, where: Where, lines: dict[Where, int]) -> None:
    lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise refusal(name, key.start_mark.line + 1, f"the key {key.value} is here twice")
            seen.add(key.value)
            _note_lines(name, value, (*where, str(key.value)), lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _note_lines(name, value, (*where, index), lines)
