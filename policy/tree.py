"""The condition of a rule as a small typed tree: what it names, how it reads, and the closure that answers it.

The tree is the one form from which everything else about a condition is made (the running closure here, a printed reason,
a solver's term elsewhere), so that no two of them can drift apart.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from domain.decisions import FactValue

Values = Mapping[str, FactValue]
Closure = Callable[[Values], FactValue]
CompareOp = Literal["==", "!=", "<", "<=", ">", ">="]
ExprType = Literal["bool", "int", "str"]

_COMPARE: dict[str, type[ast.cmpop]] = {"==": ast.Eq, "!=": ast.NotEq, "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE}


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant of one of the three scalar types; `name` where it stands for one of the bank's limits."""

    value: FactValue
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """A fact, by name."""

    name: str
    type: ExprType


@dataclass(frozen=True, slots=True)
class Not:
    inner: Tree


@dataclass(frozen=True, slots=True)
class And:
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Or:
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Compare:
    op: CompareOp
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class In:
    """Membership of a fact in literals."""

    item: Ref
    values: tuple[FactValue, ...]


@dataclass(frozen=True, slots=True)
class Add:
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Subtract:
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Scale:
    """Multiplication by a constant; nothing else multiplies, so every condition stays linear."""

    factor: int
    inner: Tree


Tree = Constant | Ref | Not | And | Or | Compare | In | Add | Subtract | Scale


def children(tree: Tree) -> tuple[Tree, ...]:
    """The direct subtrees, left to right."""
    match tree:
        case Not(inner) | Scale(_, inner):
            return (inner,)
        case And(left, right) | Or(left, right) | Compare(_, left, right) | Add(left, right) | Subtract(left, right):
            return (left, right)
        case In(item, _):
            return (item,)
        case _:
            return ()


def names(tree: Tree) -> Iterator[str]:
    """Every fact the tree names, in reading order, repeats included."""
    if isinstance(tree, Ref):
        yield tree.name
    for child in children(tree):
        yield from names(child)


def limits_of(tree: Tree) -> Iterator[str]:
    """Every limit of the bank that the tree names."""
    if isinstance(tree, Constant) and tree.name:
        yield tree.name
    for child in children(tree):
        yield from limits_of(child)


def closure(tree: Tree) -> Closure:
    """A Python function of the facts. A fact that is absent raises KeyError with its name; nothing is absorbed or coerced.

    Built as a Python syntax tree, node by node, and compiled without builtins: no text of a pack is ever read as Python.
    """
    compiled: Closure = _compiled(_python(tree))
    return compiled


def joint_closure(trees: Sequence[Tree]) -> Callable[[Values], tuple[FactValue, ...]]:
    """One function that answers many conditions at once, in their order: one call instead of one for each."""
    compiled: Callable[[Values], tuple[FactValue, ...]] = _compiled(ast.Tuple([_python(tree) for tree in trees], ast.Load()))
    return compiled


def _compiled(body: ast.expr) -> Any:
    arguments = ast.arguments(posonlyargs=[], args=[ast.arg("facts")], kwonlyargs=[], kw_defaults=[], defaults=[])
    function = ast.fix_missing_locations(ast.Expression(ast.Lambda(arguments, body)))
    return eval(compile(function, "<condition>", "eval"), {"__builtins__": {}})


def _python(tree: Tree) -> ast.expr:
    match tree:
        case Constant(value):
            return ast.Constant(value)
        case Ref(name, _):
            return ast.Subscript(ast.Name("facts", ast.Load()), ast.Constant(name), ast.Load())
        case Not(inner):
            return ast.UnaryOp(ast.Not(), _python(inner))
        case And(left, right):
            return ast.BoolOp(ast.And(), [_python(left), _python(right)])
        case Or(left, right):
            return ast.BoolOp(ast.Or(), [_python(left), _python(right)])
        case In(item, values):
            return ast.Compare(_python(item), [ast.In()], [ast.Tuple([ast.Constant(value) for value in values], ast.Load())])
        case Compare(op, left, right):
            return ast.Compare(_python(left), [_COMPARE[op]()], [_python(right)])
        case Add(left, right):
            return ast.BinOp(_python(left), ast.Add(), _python(right))
        case Subtract(left, right):
            return ast.BinOp(_python(left), ast.Sub(), _python(right))
        case Scale(factor, inner):
            return ast.BinOp(ast.Constant(factor), ast.Mult(), _python(inner))


def printed(tree: Tree) -> str:
    """The condition as CEL again, with every bracket that is needed and none that is not."""
    return _print(tree, 0)


_RANK = {Or: 1, And: 2, Compare: 3, In: 3, Add: 4, Subtract: 4, Scale: 5, Not: 6}


def _print(tree: Tree, outer: int) -> str:
    rank = _RANK.get(type(tree), 7)
    text = _bare(tree, rank)
    return f"({text})" if rank < outer else text


def _bare(tree: Tree, rank: int) -> str:
    match tree:
        case Constant(value, name):
            if name:
                return name
            return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else _quoted(value)
        case Ref(name, _):
            return name
        case Not(inner):
            return f"!{_print(inner, rank)}"
        case And(left, right):
            return f"{_print(left, rank)} && {_print(right, rank)}"
        case Or(left, right):
            return f"{_print(left, rank)} || {_print(right, rank)}"
        case In(item, values):
            return f"{item.name} in [{', '.join(_bare(Constant(value), 7) for value in values)}]"
        case Compare(op, left, right):
            return f"{_print(left, rank + 1)} {op} {_print(right, rank + 1)}"
        case Add(left, right):
            return f"{_print(left, rank)} + {_print(right, rank + 1)}"
        case Subtract(left, right):
            return f"{_print(left, rank)} - {_print(right, rank + 1)}"
        case Scale(factor, inner):
            return f"{factor} * {_print(inner, rank + 1)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
