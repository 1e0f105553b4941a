"""What is wrong with a world file, said so that its author finds the place at once."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bank.worlds.models import World
from bank.worlds.yaml_tree import Path
from domain.errors import BadInput

#: how many problems are written out; a file with more has one cause
SHOWN = 20


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong: where it stands and what it is. Line and column count from 1; both are 0 for a world not read from a file."""

    file: str
    line: int
    column: int
    path: str
    what: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.path}: {self.what}" if self.path else f"{place}: {self.what}"


class WorldInvalid(BadInput):
    """A world that cannot be used: every problem found, in the order of the file."""

    default_code = "world_invalid"

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"… and {len(self.problems) - SHOWN} more")
        super().__init__(detail="\n".join(lines))


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem before it has a place: the path in the document, and whether its key is meant instead of its value."""

    path: Path
    what: str
    at_key: bool = False


def write_path(path: Path) -> str:
    """`('accounts', 2, 'holds', 0, 'amount')` as `accounts[2].holds[0].amount`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def findings_of(error: ValidationError) -> list[Finding]:
    """The validation errors of a world in plain words. Values are never repeated: they may be answers to security questions."""
    found = []
    for item in error.errors(include_url=False, include_input=False):
        path: Path = tuple(item["loc"])
        kind = item["type"]
        if kind == "default_factory_not_called":
            continue
        found.append(Finding(path, _words(kind, path, item.get("ctx", {}), item["msg"]), at_key=kind == "extra_forbidden"))
    return found


def _words(kind: str, path: Path, context: Mapping[str, Any], message: str) -> str:
    fixed = {
        "missing": "is missing",
        "string_type": "not text; put it in quotes",
        "int_type": "not a whole number",
        "bool_type": "neither true nor false",
        "tuple_type": "not a list",
        "model_type": "not a mapping of keys to values",
        "string_too_short": "is empty",
    }
    if kind in fixed:
        return fixed[kind]
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if kind == "literal_error":
        return f"not one of {context['expected']}"
    if kind == "string_pattern_mismatch":
        return f"does not fit {context['pattern']}"
    return message.removeprefix("Value error, ")


def _unknown_key(path: Path) -> str:
    model = _model_at(path[:-1])
    known = list(model.model_fields) if model else []
    near = difflib.get_close_matches(str(path[-1]), known, n=1)
    return f"unknown key; did you mean {near[0]}?" if near else f"unknown key; known are {', '.join(known)}"


def _model_at(path: Path) -> type[BaseModel] | None:
    """The model that describes the mapping at a path, or None where there is none."""
    model: type[BaseModel] | None = World
    for part in path:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part) if model else None
        model = _model_in(field.annotation) if field else None
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part))), None)
