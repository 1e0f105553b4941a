"""The condition of a rule as a small typed tree: what it names, how it reads, and the closure that answers it.

The tree is the one form from which everything else about a condition is made (the running closure here, a printed reason,
a solver's term elsewhere), so that no two of them can drift apart.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from domain.decisions import FactValue

Values = Mapping[str, FactValue]
Closure = Callable[[Values], FactValue]
CompareOp = Literal["==", "!=", "<", "<=", ">", ">="]
ExprType = Literal["bool", "int", "str"]

_COMPARE: dict[str, Callable[[object, object], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,  # type: ignore[dict-item]  # both sides are integers: checked when the tree is built
    "<=": operator.le,  # type: ignore[dict-item]
    ">": operator.gt,  # type: ignore[dict-item]
    ">=": operator.ge,  # type: ignore[dict-item]
}


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant of one of the three scalar types."""

    value: FactValue


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


def closure(tree: Tree) -> Closure:
    """A Python function of the facts. A fact that is absent raises KeyError with its name; nothing is absorbed or coerced."""
    match tree:
        case Constant(value):
            return lambda _: value
        case Ref(name, _):
            return operator.itemgetter(name)
        case Not(inner):
            inside = closure(inner)
            return lambda facts: not inside(facts)
        case And(left, right):
            one, two = closure(left), closure(right)
            return lambda facts: one(facts) and two(facts)
        case Or(left, right):
            one, two = closure(left), closure(right)
            return lambda facts: one(facts) or two(facts)
        case In(item, values):
            of, chosen = closure(item), frozenset(values)
            return lambda facts: of(facts) in chosen
        case Compare(op, left, right):
            return _comparison(_COMPARE[op], left, right)
        case _:
            return _arithmetic(tree)


def _comparison(compare: Callable[[object, object], bool], left: Tree, right: Tree) -> Closure:
    if isinstance(left, Ref) and isinstance(right, Constant):  # by far the commonest shape: one call fewer each way
        name, value = left.name, right.value
        return lambda facts: compare(facts[name], value)
    one, two = closure(left), closure(right)
    return lambda facts: compare(one(facts), two(facts))


def _arithmetic(tree: Add | Subtract | Scale) -> Closure:
    if isinstance(tree, Scale):
        factor, inside = tree.factor, closure(tree.inner)
        return lambda facts: factor * inside(facts)
    one, two = closure(tree.left), closure(tree.right)
    if isinstance(tree, Add):
        return lambda facts: one(facts) + two(facts)  # type: ignore[operator]
    return lambda facts: one(facts) - two(facts)  # type: ignore[operator]


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
        case Constant(value):
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
