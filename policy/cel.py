"""Conditions in CEL, a closed subset: parse and type-check against the fact schema, read the checked tree, refuse the rest.

`cel-expr-python` parses, checks types and serialises a `cel.expr.CheckedExpr`; its protobuf bytes are read here by hand (the
library needs no protobuf package, so neither do we). What is let through: constants, facts, `== != < <= > >=`, `&& || !`,
`in` with a list of literals, `+ -`, `*` by a constant, and the names of the bank's limits, which stand for their values. No macros, functions, fields, maps, ternaries, doubles or nulls.

Beyond CEL's own types, literals are held against the schema: text that is no member of an enumeration, and a number outside
a fact's range, are typing errors of whoever wrote the rule and are refused.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cel_expr_python import cel

from domain.decisions import FactValue
from policy.facts import SCHEMA, FactSpec
from policy.tree import Add, And, Compare, Constant, ExprType, In, Not, Or, Ref, Scale, Subtract, Tree

MAX_CONDITION_CHARS = 2000
NO_LIMITS: Mapping[str, int] = {}
_INT64 = 2**63
_COMPARE = {"_==_": "==", "_!=_": "!=", "_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">="}
_MIRROR = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_POSITION = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")


class ConditionError(Exception):
    """A condition outside the subset. `line` and `column` count from 1 within the condition."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        self.line, self.column, self.reason = line, column, reason
        super().__init__(f"{line}:{column}: {reason}")


def environment(schema: Mapping[str, FactSpec] = SCHEMA, limits: Mapping[str, int] = NO_LIMITS) -> Any:
    """A CEL environment that knows the facts of `schema`, the names of the bank's limits, and nothing else."""
    types = {"bool": cel.Type.BOOL, "int": cel.Type.INT, "str": cel.Type.STRING}
    facts = {spec.name: types[spec.type] for spec in schema.values()}
    return cel.NewEnv(variables=facts | dict.fromkeys(limits, cel.Type.INT))


def parse_condition(
    source: str, schema: Mapping[str, FactSpec] = SCHEMA, env: Any = None, limits: Mapping[str, int] = NO_LIMITS
) -> Tree:
    """The typed tree of a condition; the names of limits become their values. Raises ConditionError with line, column and reason."""
    if len(source) > MAX_CONDITION_CHARS:
        raise ConditionError(1, 1, f"longer than {MAX_CONDITION_CHARS} characters")
    try:
        checked = (env or environment(schema, limits)).compile(source)
    except RuntimeError as error:
        raise _from_library(str(error), schema) from error
    if checked.return_type() != cel.Type.BOOL:
        raise ConditionError(1, 1, "a condition has to be true or false")
    reader = _Reader(source, schema, limits, _message(dict(_fields(checked.serialize()))[2]))
    tree = reader.tree(reader.root)
    if reader.type_of(tree) != "bool":
        raise ConditionError(1, 1, "a condition has to be true or false")
    return tree


def _from_library(text: str, schema: Mapping[str, FactSpec]) -> ConditionError:
    if "recursion" in text:  # the library's own limit keeps every tree here shallow
        return ConditionError(1, 1, "nested too deeply")
    found = _POSITION.search(text)
    if not found:
        return ConditionError(1, 1, "cannot be read")
    line, column, reason = int(found[1]), int(found[2]), found[3].removesuffix(" [INVALID_ARGUMENT]")
    unknown = _UNDECLARED.match(reason)
    if unknown:
        near = difflib.get_close_matches(unknown[1], schema, n=1)
        reason = f"{unknown[1]} is not a fact" + (f"; did you mean {near[0]}?" if near else "")
    return ConditionError(line, column, reason)


# --- protobuf bytes ---------------------------------------------------------------------------------------------------


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(field number, value) of a protobuf message; varints as int, everything with a length as bytes."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield number, value
        elif wire == 2:
            length, at = _varint(data, at)
            yield number, data[at : at + length]
            at += length
        else:  # doubles and fixed widths: not part of the subset, only skipped
            width = {1: 8, 5: 4}[wire]
            yield number, data[at : at + width]
            at += width


Message = dict[int, list[Any]]


def _message(data: int | bytes) -> Message:
    assert isinstance(data, bytes)
    message: Message = {}
    for number, value in _fields(data):
        message.setdefault(number, []).append(value)
    return message


# --- from CheckedExpr to our tree -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Span:
    """The range of values an arithmetic subtree can take."""

    low: int
    high: int


class _Reader:
    """Builds our tree from one CheckedExpr and holds what is needed to say where something is wrong."""

    def __init__(self, source: str, schema: Mapping[str, FactSpec], limits: Mapping[str, int], checked: Message) -> None:
        self.source, self.schema, self.limits = source, schema, limits
        self.root = _message(checked[4][0])  # CheckedExpr.expr
        info = _message(checked[5][0]) if 5 in checked else {}
        pairs = [_message(entry) for entry in info.get(4, [])]  # SourceInfo.positions: id -> code point offset
        self.offsets = {int(pair[1][0]): int(pair.get(2, [0])[0]) for pair in pairs}

    def refuse(self, expr: Message, reason: str) -> ConditionError:
        before = self.source[: self.offsets.get(int(expr.get(2, [0])[0]), 0)]
        return ConditionError(before.count("\n") + 1, len(before) - before.rfind("\n"), reason)

    def tree(self, expr: Message) -> Tree:
        if 3 in expr:
            return self.constant(expr)
        if 4 in expr:
            name = _message(expr[4][0])[1][0].decode()
            if name in self.limits:
                return Constant(self.limits[name], name)
            if name not in self.schema:
                raise self.refuse(expr, f"{name} is not a fact")
            return Ref(name, self.schema[name].type)
        if 6 in expr:
            return self.call(expr)
        kinds = {5: "field access", 7: "a list outside `in`", 8: "a map or message", 9: "a macro"}
        raise self.refuse(expr, f"{next((word for number, word in kinds.items() if number in expr), 'this')} is not allowed")

    def constant(self, expr: Message) -> Constant:
        value = _message(expr[3][0])
        if 2 in value:
            return Constant(bool(value[2][0]))
        if 3 in value:
            return Constant(value[3][0] - 2 * _INT64 if value[3][0] >= _INT64 else value[3][0])
        if 6 in value:
            return Constant(value[6][0].decode())
        raise self.refuse(expr, "only integers, text, true and false are allowed as constants")

    def call(self, expr: Message) -> Tree:
        call = _message(expr[6][0])
        function = call[2][0].decode()
        arguments = [_message(argument) for argument in call.get(3, [])]
        if 1 in call:
            raise self.refuse(expr, f"the function {function} is not allowed")
        if function == "@in":
            return self.membership(expr, arguments)
        if function not in {*_COMPARE, "_&&_", "_||_", "!_", "_+_", "_-_", "_*_"}:
            name = {"_?_:_": "the ternary ?:", "-_": "negation of a fact", "_/_": "division", "_%_": "the remainder %"}
            raise self.refuse(expr, f"{name.get(function, f'the function {function}')} is not allowed")
        parts = [self.tree(argument) for argument in arguments]
        if function == "!_":
            return Not(parts[0])
        left, right = parts
        if function == "_&&_":
            return And(left, right)
        if function == "_||_":
            return Or(left, right)
        return (
            self.compare(expr, _COMPARE[function], left, right) if function in _COMPARE else self.sum(expr, function, left, right)
        )

    def membership(self, expr: Message, arguments: list[Message]) -> In:
        item = self.tree(arguments[0])
        elements = [_message(entry) for entry in _message(arguments[1][7][0]).get(1, [])] if 7 in arguments[1] else []
        constants = [self.tree(element) for element in elements]
        if not isinstance(item, Ref) or not constants or not all(isinstance(each, Constant) for each in constants):
            raise self.refuse(expr, "`in` takes a fact on the left and a list of literals on the right")
        if item.type == "bool":
            raise self.refuse(expr, "`in` is for enumerations and integers")
        values = [each.value for each in constants if isinstance(each, Constant)]
        for value in values:
            self.fits(expr, item, value)
        if len(set(values)) != len(values):
            raise self.refuse(expr, "the list names a literal twice")
        return In(item, tuple(values))

    def compare(self, expr: Message, op: Any, left: Tree, right: Tree) -> Compare:
        if isinstance(left, Constant) and isinstance(right, Constant):
            raise self.refuse(expr, "compares two constants")
        if isinstance(left, Constant):
            left, right, op = right, left, _MIRROR[op]
        kind = self.type_of(left)
        if op not in ("==", "!=") and kind != "int":
            raise self.refuse(expr, f"{op} orders integers only")
        if isinstance(left, Ref) and isinstance(right, Constant):
            self.fits(expr, left, right.value)
        elif isinstance(left, Ref) and isinstance(right, Ref) and kind == "str" and not self.same_enumeration(left, right):
            raise self.refuse(expr, f"{left.name} and {right.name} do not share an enumeration")
        return Compare(op, left, right)

    def same_enumeration(self, left: Ref, right: Ref) -> bool:
        values = self.schema[left.name].values
        return bool(values) and values == self.schema[right.name].values

    def fits(self, expr: Message, ref: Ref, value: FactValue) -> None:
        """Refuse a literal that the fact can never equal."""
        spec = self.schema[ref.name]
        if spec.type == "str" and not spec.values:
            raise self.refuse(expr, f"{ref.name} is free text or a date and cannot be compared with a literal")
        if not spec.accepts(value):
            allowed = ", ".join(spec.values) if spec.values else f"{spec.low} to {spec.high}" if spec.type == "int" else spec.type
            raise self.refuse(expr, f"{value!r} is not a value of {ref.name} ({allowed})")

    def sum(self, expr: Message, function: str, left: Tree, right: Tree) -> Tree:
        if self.type_of(left) != "int" or self.type_of(right) != "int":
            raise self.refuse(expr, "arithmetic is for integers")
        tree: Tree
        if function == "_*_":
            if isinstance(left, Constant):
                left, right = right, left
            if not isinstance(right, Constant) or isinstance(left, Constant):
                raise self.refuse(expr, "* takes one fact side and one constant")
            tree = Scale(int(right.value), left)
        else:
            tree = Add(left, right) if function == "_+_" else Subtract(left, right)
        span = self.span(tree)
        if span.low < -_INT64 or span.high >= _INT64:
            raise self.refuse(expr, "may leave 64 bits")
        return tree

    def span(self, tree: Tree) -> _Span:
        match tree:
            case Constant(value):
                return _Span(int(value), int(value))
            case Ref(name, _):
                return _Span(self.schema[name].low, self.schema[name].high)
            case Add(left, right):
                one, two = self.span(left), self.span(right)
                return _Span(one.low + two.low, one.high + two.high)
            case Subtract(left, right):
                one, two = self.span(left), self.span(right)
                return _Span(one.low - two.high, one.high - two.low)
            case Scale(factor, inner):
                ends = [factor * self.span(inner).low, factor * self.span(inner).high]
                return _Span(min(ends), max(ends))
            case _:
                raise TypeError("not arithmetic")

    def type_of(self, tree: Tree) -> ExprType:
        match tree:
            case Constant(value):
                return "bool" if isinstance(value, bool) else "int" if isinstance(value, int) else "str"
            case Ref(_, kind):
                return kind
            case Add() | Subtract() | Scale():
                return "int"
            case _:
                return "bool"
