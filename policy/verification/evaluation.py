"""A second way to run the solver's terms: a Python function built by walking them node by node, without the solver.

It shares nothing with `policy.tree.closure`: it starts from the finished terms, so that comparing its answers with the gate's tests the
translation of every rule and of the whole way of deciding. Substitution inside the solver would say the same, a thousand times slower.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import z3

from policy.verification.terms import Term

#: Values of the solver's variables, by their names there.
Assignment = Mapping[str, bool | int]
Evaluated = Callable[[Assignment], tuple[Any, ...]]

_COMPARED: dict[int, type[ast.cmpop]] = {
    z3.Z3_OP_LE: ast.LtE,
    z3.Z3_OP_LT: ast.Lt,
    z3.Z3_OP_GE: ast.GtE,
    z3.Z3_OP_GT: ast.Gt,
    z3.Z3_OP_EQ: ast.Eq,
    z3.Z3_OP_DISTINCT: ast.NotEq,
}
_FOLDED: dict[int, type[ast.operator]] = {z3.Z3_OP_ADD: ast.Add, z3.Z3_OP_SUB: ast.Sub, z3.Z3_OP_MUL: ast.Mult}


def evaluated(terms: Sequence[Term]) -> Evaluated:
    """One function of the variables' values that gives the value of each term. Shared parts are computed once."""
    builder = _Builder()
    results = [builder.name_of(term) for term in terms]
    body = [*builder.statements, ast.Return(ast.Tuple([_load(name) for name in results], ast.Load()))]
    arguments = ast.arguments(posonlyargs=[], args=[ast.arg("given")], kwonlyargs=[], kw_defaults=[], defaults=[])
    function = ast.FunctionDef("terms", arguments, body, [])
    module = ast.fix_missing_locations(ast.Module([function], []))
    scope: dict[str, Any] = {"__builtins__": {}}
    exec(compile(module, "<terms>", "exec"), scope)
    made: Evaluated = scope["terms"]
    return made


def _load(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


class _Builder:
    """Statements in an order in which each uses only what stands above it."""

    def __init__(self) -> None:
        self.statements: list[ast.stmt] = []
        self.names: dict[int, str] = {}

    def name_of(self, term: Term) -> str:
        """The name under which a term's value stands, its statements written first. Children before parents, without recursion."""
        waiting = [term]
        while waiting:
            top = waiting[-1]
            missing = [child for child in top.children() if child.get_id() not in self.names]
            if top.get_id() in self.names:
                waiting.pop()
            elif missing:
                waiting.extend(missing)
            else:
                self._write(waiting.pop())
        return self.names[term.get_id()]

    def _write(self, term: Term) -> None:
        name = f"t{len(self.names)}"
        parts = [_load(self.names[child.get_id()]) for child in term.children()]
        self.statements.append(ast.Assign([ast.Name(name, ast.Store())], _expression(term, parts)))
        self.names[term.get_id()] = name


def _expression(term: Term, parts: list[ast.expr]) -> ast.expr:
    kind = term.decl().kind()
    if z3.is_int_value(term):
        return ast.Constant(term.as_long())
    if kind in (z3.Z3_OP_TRUE, z3.Z3_OP_FALSE):
        return ast.Constant(kind == z3.Z3_OP_TRUE)
    if kind == z3.Z3_OP_UNINTERPRETED:
        return ast.Subscript(_load("given"), ast.Constant(term.decl().name()), ast.Load())
    if kind == z3.Z3_OP_NOT:
        return ast.UnaryOp(ast.Not(), parts[0])
    if kind in (z3.Z3_OP_AND, z3.Z3_OP_OR):
        operator = ast.And() if kind == z3.Z3_OP_AND else ast.Or()
        return ast.BoolOp(operator, parts) if len(parts) > 1 else (parts or [ast.Constant(kind == z3.Z3_OP_AND)])[0]
    if kind in _COMPARED and len(parts) == 2:
        return ast.Compare(parts[0], [_COMPARED[kind]()], [parts[1]])
    if kind == z3.Z3_OP_ITE:
        return ast.IfExp(parts[0], parts[1], parts[2])
    if kind in _FOLDED:
        total = parts[0]
        for part in parts[1:]:
            total = ast.BinOp(total, _FOLDED[kind](), part)
        return total
    raise NotImplementedError(f"no evaluation of {term.decl().name()}")
