"""Facts as variables of the solver, and a rule's checked condition (`policy.tree`) as a term over them.

A bool is a Bool, an int an Int with the fact's range, one word of an enumeration an Int code, a date the Int number of its day.
Each fact has a Bool of its own beside its value: whether it is usable, that is present, believable, fresh enough, of its type and
stated by whom it has to be. Free text is never compared, so that its value needs no variable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import z3

from domain.calendars import days
from domain.decisions import FactValue
from policy.facts import SCHEMA, FactSpec
from policy.tree import Add, And, Compare, Constant, In, Not, Or, Ref, Scale, Subtract, Tree

#: A term or variable of the solver; its library has no types to tell a Bool from an Int.
Term = Any

FIRST_DAY, LAST_DAY = date.min.toordinal(), date.max.toordinal()
#: Decisions are proven from the first day on which everything that the packs cite is in force, up to the last that a bank can count from.
ERA_FROM, ERA_TO = date(2026, 7, 1).toordinal(), days.LAST_DAY.toordinal()
#: Days that a bank's books can hold; where two decisions are compared, dates that are facts lie in here.
BOOKS_FROM = date(1970, 1, 1).toordinal()
#: One code for one word, whichever enumeration it stands in: facts that share words can be compared.
CODES: Mapping[str, int] = {
    word: code for code, word in enumerate(sorted({word for spec in SCHEMA.values() for word in spec.values}))
}
WORDS: Mapping[int, str] = {code: word for word, code in CODES.items()}


class Untranslated(Exception):
    """A condition with something that has no term. Nothing is proven about a pack that has one."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact: its value (None for free text), and whether it may be used."""

    spec: FactSpec
    value: Term | None
    usable: Term


@dataclass(frozen=True, slots=True)
class Facts:
    """All that one decision may depend on: variables of the facts, and the day of the decision at the home branch."""

    variables: Mapping[str, Variable]
    today: Term

    def value(self, name: str) -> Term:
        """The value of a fact that the action is decided on."""
        variable = self.variables[name]
        if variable.value is None:
            raise Untranslated(f"{name} is free text")
        return variable.value

    def usable(self, name: str) -> Term:
        return self.variables[name].usable

    def known(self, name: str, wanted: FactValue) -> Term:
        """That a fact is at hand and has this value."""
        return z3.And(self.usable(name), self.value(name) == coded(wanted))

    def within(self, *, ever: bool = False) -> Term:
        """That every value is one the fact can have, and the day one of the era, or any where `ever`: rules of the past are kept.

        What is out of its range counts as not usable.
        """
        ranges = [_range(variable) for variable in self.variables.values() if variable.value is not None]
        return z3.And(*ranges, self.today >= (FIRST_DAY if ever else ERA_FROM), self.today <= ERA_TO)

    def in_books(self) -> Term:
        """That every date is one a bank's books can hold."""
        dates: list[Term] = [variable.value for variable in self.variables.values() if variable.spec.is_date]
        return z3.And(*(z3.And(day >= BOOKS_FROM, day <= ERA_TO) for day in dates)) if dates else z3.BoolVal(True)

    def all_usable(self) -> Term:
        return z3.And(*(variable.usable for variable in self.variables.values()))


def facts(names: Iterable[str], which: str = "") -> Facts:
    """Variables for these facts. `which` tells two situations in one claim apart."""
    return Facts({name: _variable(SCHEMA[name], which) for name in names}, z3.Int(f"today{which}"))


def _variable(spec: FactSpec, which: str) -> Variable:
    value = None
    if spec.type == "bool":
        value = z3.Bool(f"{spec.name}{which}")
    elif spec.type == "int" or spec.values or spec.is_date:
        value = z3.Int(f"{spec.name}{which}")
    return Variable(spec, value, z3.Bool(f"usable:{spec.name}{which}"))


def _range(variable: Variable) -> Term:
    spec, value = variable.spec, variable.value
    assert value is not None
    if spec.type == "bool":
        return z3.BoolVal(True)
    if spec.type == "int":
        return z3.And(value >= spec.low, value <= spec.high)
    if spec.is_date:
        return z3.And(value >= FIRST_DAY, value <= LAST_DAY)
    return one_of(value, spec.values)


def one_of(value: Term, words: Iterable[FactValue]) -> Term:
    """That a value is one of these."""
    return z3.Or(*(value == coded(word) for word in words))


def coded(value: FactValue) -> Term:
    """A plain value as a constant: words by code, days of the calendar by `day_number`."""
    if isinstance(value, bool):
        return z3.BoolVal(value)
    return z3.IntVal(CODES[value] if isinstance(value, str) else value)


def day_number(iso: str) -> int:
    """The number of an ISO date; day 1 is 0001-01-01."""
    return date.fromisoformat(iso).toordinal()


def plain(spec: FactSpec, number: int | bool) -> FactValue:
    """The plain value of a fact from the number or truth value a model gives it."""
    if spec.is_date:
        return date.fromordinal(int(number)).isoformat()
    if spec.type == "str":
        return WORDS[int(number)]
    return number


def term(tree: Tree, over: Facts) -> Term:
    """The condition over these facts. Raises Untranslated."""
    match tree:
        case Constant(value):
            if isinstance(value, str) and value not in CODES:
                raise Untranslated(f"{value!r} is no word of an enumeration")
            return coded(value)
        case Ref(name, _):
            return over.value(name)
        case Not(inner):
            return z3.Not(term(inner, over))
        case And(left, right):
            return z3.And(term(left, over), term(right, over))
        case Or(left, right):
            return z3.Or(term(left, over), term(right, over))
        case In(item, values):
            return one_of(term(item, over), values)
        case Add(left, right):
            return term(left, over) + term(right, over)
        case Subtract(left, right):
            return term(left, over) - term(right, over)
        case Scale(factor, inner):
            return factor * term(inner, over)
        case Compare(op, left, right):
            return _compared(op, term(left, over), term(right, over))
    raise Untranslated(type(tree).__name__)


def _compared(op: str, left: Term, right: Term) -> Term:
    match op:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
    raise Untranslated(op)
