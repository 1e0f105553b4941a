"""What is wrong with a grammar file, said with its line: without a model, at every start.

llama.cpp compiles the grammars too and has the last word, but it says no more than that it could not.
"""

from __future__ import annotations

import re
from collections.abc import Container

_RULE = re.compile(r"([a-z][a-z0-9-]*) ::= ?(.*)")
_PART = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*") | (?P<set>\[(?:\\.|[^\]\\])+\]) | (?P<name>[a-z][a-z0-9-]*)
      | (?P<open>\() | (?P<close>\)) | (?P<either>\|) | (?P<times>[*+?]|\{\d+(?:,\d*)?\}) | (?P<space>[ ]+)""",
    re.VERBOSE,
)
_BEGINS = frozenset({"open", "either", ""})


def grammar_problem(text: str) -> str | None:
    """The first thing wrong with GBNF that has one rule a line, as `line 4: …`, or None. Lines that begin with # are comments."""
    names: dict[str, int] = {}
    bodies: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        rule = _RULE.fullmatch(line)
        if rule is None:
            return f"line {number}: not of the form `name ::= …`"
        if rule[1] in names:
            return f"line {number}: `{rule[1]}` is defined in line {names[rule[1]]} already"
        names[rule[1]] = number
        bodies.append((number, rule[2]))
    if not names:
        return "line 1: no rule"
    found = ((number, _body_problem(body, names.keys())) for number, body in bodies)
    return next((f"line {number}: {problem}" for number, problem in found if problem), None)


def _body_problem(body: str, names: Container[str]) -> str | None:
    place, depth, before = 0, 0, ""
    while place < len(body):
        part = _PART.match(body, place)
        if part is None:
            return f"`{body[place : place + 20]}` cannot be read"
        kind, place = str(part.lastgroup), part.end()
        if kind == "space":
            continue
        if kind == "name" and part.group() not in names:
            return f"there is no rule `{part.group()}`"
        depth += (kind == "open") - (kind == "close")
        if depth < 0 or (kind in {"close", "either", "times"} and before in _BEGINS) or (kind == "times" == before):
            return f"`{part.group()}` stands where it cannot"
        before = kind
    if depth:
        return "a bracket is not closed"
    return "an alternative is empty" if before in _BEGINS else None
