"""Finds every stable error code in the source: first string argument of an error class, or of the socket's `_error`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from domain import errors

ROOT = Path(__file__).parents[2]
ROOMS = ("agents", "bank", "channels", "cli", "domain", "graphs", "models", "persistence", "policy", "runtime", "tools")
CLASSES = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.TellergateError)}
CALLS = CLASSES | {"_error", "_Refused", "Closed"}


def error_codes() -> dict[str, set[str]]:
    """Code → files that use it."""
    found: dict[str, set[str]] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for code in _codes(ast.parse(path.read_text(encoding="utf-8"))):
                found.setdefault(code, set()).add(str(path.relative_to(ROOT)))
    for kind in CLASSES:
        code = getattr(errors, kind).default_code
        found.setdefault(code, set()).add("domain/errors.py")
    return found


def _codes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            value = node.args[0].value
            if name in CALLS and isinstance(value, str) and value.replace("_", "").isalnum() and value.islower():
                yield value
