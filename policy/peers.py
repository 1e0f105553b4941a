"""The rules of one action as other engines take them: Cedar policies, and a Rego module. For comparison of speed and answers only.

Both are made from the same checked trees as everything else, so that the rule sets are equivalent by construction: the rules with a
verdict that are in force on a day, on facts that are all at hand. Neither has four verdicts; in Cedar a rule that does not approve is a
`forbid`, and the strictest of those that determined the answer counts; in Rego each verdict is a rule of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from domain.decisions import SEVERITY, FactValue
from policy.facts import SCHEMA
from policy.packs import Pack
from policy.rules import Rule
from policy.tree import Add, And, Compare, Constant, In, Not, Or, Ref, Scale, Subtract, Tree

#: Dates are days by number for engines that do not order text.
DAY = "_day"
PACKAGE = "gate"


def compared_rules(pack: Pack, action: str, today: date) -> tuple[Rule, ...]:
    """The rules with a verdict that may apply on that day."""
    return tuple(rule for rule in pack.timelines[action].on(today.isoformat()).rules if rule.text.verdict is not None)


def context_of(values: Mapping[str, FactValue]) -> dict[str, Any]:
    """The facts as both engines are given them."""
    days = {f"{name}{DAY}": date.fromisoformat(str(value)).toordinal() for name, value in values.items() if SCHEMA[name].is_date}
    return dict(values) | days


def cedar_policies(rules: Iterable[Rule]) -> str:
    """One `permit` or `forbid` a rule; its id is an annotation, which the answer gives by position only."""
    return "\n".join(
        f'@id("{rule.id}")\n{"permit" if rule.text.verdict == "approve" else "forbid"}(principal, action, resource)\n'
        f"when {{ {_in_force(rule, 'context')} }};"
        for rule in rules
    )


def cedar_verdict(rules: tuple[Rule, ...], allowed: bool, reasons: Iterable[str]) -> str:
    """The verdict from the policies that determined the answer (`policy0` is the first rule); without any: deny."""
    if allowed:
        return "approve"
    verdicts = [str(rules[int(reason.removeprefix("policy"))].text.verdict) for reason in reasons]
    return max(verdicts, key=SEVERITY.__getitem__, default="deny")


def rego_module(rules: Iterable[Rule]) -> str:
    """Whether any rule gives a verdict, by verdict, and the strictest that one gives. Sets of rule ids would be half as fast."""
    lines = [f"package {PACKAGE}", "", "import rego.v1", ""]
    for rule in rules:
        for condition in _alternatives(rule.tree):
            in_force = "" if rule.clock is None else f"{_clock(rule, 'input')}; "
            lines.append(f"{rule.text.verdict} if {{ {in_force}{_rego(condition)} }} # {rule.id}")
    lines += [
        "",
        'verdict := "deny" if { deny }',
        'else := "human" if { human }',
        'else := "step_up" if { step_up }',
        'else := "approve" if { approve }',
        'else := "deny"',
    ]
    return "\n".join(lines) + "\n"


def _in_force(rule: Rule, root: str) -> str:
    condition = _cedar(rule.tree)
    return condition if rule.clock is None else f"{_clock(rule, root, ' && ')} && {condition}"


def _clock(rule: Rule, root: str, joined: str = "; ") -> str:
    first, last = (date.fromisoformat(day).toordinal() for day in (rule.valid_from, rule.valid_to))
    day = f"{root}.{rule.clock}{DAY}"
    return f"{day} >= {first}{joined}{day} <= {last}"


def _cedar(tree: Tree) -> str:
    match tree:
        case Constant(value):
            return json.dumps(value)
        case Ref(name, _):
            return f"context.{name}"
        case Not(inner):
            return f"!({_cedar(inner)})"
        case And(left, right):
            return f"({_cedar(left)} && {_cedar(right)})"
        case Or(left, right):
            return f"({_cedar(left)} || {_cedar(right)})"
        case In(item, values):
            return f"[{', '.join(json.dumps(value) for value in values)}].contains({_cedar(item)})"
        case Compare(op, left, right):
            return f"({_cedar(left)} {op} {_cedar(right)})"
        case Add(left, right):
            return f"({_cedar(left)} + {_cedar(right)})"
        case Subtract(left, right):
            return f"({_cedar(left)} - {_cedar(right)})"
        case Scale(factor, inner):
            return f"({factor} * {_cedar(inner)})"


def _alternatives(tree: Tree) -> list[Tree]:
    """The sides of a disjunction: Rego has no `or`, a rule is written once for each side."""
    if isinstance(tree, Or):
        return _alternatives(tree.left) + _alternatives(tree.right)
    if isinstance(tree, And):
        return [And(left, right) for left in _alternatives(tree.left) for right in _alternatives(tree.right)]
    if isinstance(tree, Not):
        return _negated(tree.inner)
    return [tree]


def _negated(tree: Tree) -> list[Tree]:
    """The alternatives of what is left when `not` is moved inwards."""
    match tree:
        case Not(inner):
            return _alternatives(inner)
        case And(left, right):
            return _alternatives(Or(Not(left), Not(right)))
        case Or(left, right):
            return _alternatives(And(Not(left), Not(right)))
        case _:
            return [Not(tree)]


def _rego(tree: Tree) -> str:
    match tree:
        case Constant(value):
            return json.dumps(value)
        case Ref(name, _):
            return f"input.{name}"
        case Not(inner):
            return f"not {_rego(inner)}"
        case And(left, right):
            return f"{_rego(left)}; {_rego(right)}"
        case In(item, values):
            return f"{_rego(item)} in {{{', '.join(json.dumps(value) for value in values)}}}"
        case Compare(op, left, right):
            return f"{_rego(left)} {op} {_rego(right)}"
        case Add(left, right):
            return f"({_rego(left)} + {_rego(right)})"
        case Subtract(left, right):
            return f"({_rego(left)} - {_rego(right)})"
        case Scale(factor, inner):
            return f"({factor} * {_rego(inner)})"
        case Or():
            raise ValueError("a disjunction is written as two rules")
