"""Test vectors at the figures: for each number a rule compares with, one case on either side, and what the gate answers today.

The solver looks for two cases that differ in nothing but the facts compared, one on which the comparison holds and one on which it does
not, such that the answer differs too where any facts make it so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import z3

from domain.decisions import Decision, FactValue
from policy.facts import MONEY_LIMIT
from policy.ordinary import ORDINARY, ordinary
from policy.packs import Pack
from policy.rules import Rule
from policy.tree import Compare, Constant, Tree, children, names, printed
from policy.verification.claims import twin
from policy.verification.counterexample import A_DAY, case_of, replayed
from policy.verification.semantics import Situation, names_for
from policy.verification.terms import Facts, Term, coded, day_number, term

#: For each comparison the two values, relative to its figure, between which it turns: the lower one and the one above.
_TURNS = {"<": (-1, 0), ">=": (-1, 0), "<=": (0, 1), ">": (0, 1), "==": (0, 1), "!=": (0, 1)}


def vectors(pack: Pack) -> list[dict[str, Any]]:
    """Every vector of a pack, in the order of its rules."""
    return [vector for action in pack.by_action for vector in _of_action(pack, action)]


def _of_action(pack: Pack, action: str) -> Iterator[dict[str, Any]]:
    rules = pack.by_action[action]
    if not rules:
        return
    situation = Situation(pack, action)
    for rule in rules:
        for comparison in dict.fromkeys(_numeric(rule.tree)):
            yield from _both_sides(situation, rule, comparison)


def _numeric(tree: Tree) -> Iterator[Compare]:
    if isinstance(tree, Compare) and isinstance(tree.right, Constant) and type(tree.right.value) is int:
        yield tree
    for child in children(tree):
        yield from _numeric(child)


def _both_sides(low: Situation, rule: Rule, comparison: Compare) -> Iterator[dict[str, Any]]:
    moved = set(names(comparison.left))
    high = twin(low, values=moved)
    assert isinstance(comparison.right, Constant)
    below, above = (int(comparison.right.value) + by for by in _TURNS[comparison.op])
    solver = z3.Solver()
    solver.add(low.facts.within(), high.facts.within(), low.facts.all_usable(), low.facts.in_books())
    solver.add(term(comparison.left, low.facts) == below, term(comparison.left, high.facts) == above)
    if solver.check() != z3.sat:  # the figure is the end of the fact's range: there is no other side
        return
    answers_differ = z3.Not(low.outcome.same_as(high.outcome))
    holds_differ = low.conditions[rule.id].holds != high.conditions[rule.id].holds
    decisive = z3.Or(_decides(rule, low, high), _decides(rule, high, low))
    for wish in (z3.And(answers_differ, decisive), z3.And(answers_differ, holds_differ), answers_differ, holds_differ):
        solver.push()
        solver.add(wish)
        if solver.check() == z3.sat:
            break
        solver.pop()
    model = _ordinary_model(solver, low, high, moved)
    for side, situation in ((below, low), (above, high)):
        case = case_of(model, situation)
        decision = replayed(case, situation.pack)
        yield {
            "rule": rule.id,
            "at": f"{printed(comparison)}, {side}",
            "action": situation.action,
            "now": case["now"],
            "changed": _changed(situation.action, case["facts"]),
            "answer": answer(decision),
        }


def _changed(action: str, facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """What differs from the ordinary case of the action: a vector gives no more, so that one can read it."""
    usual = ordinary(action, tuple(facts))
    return {name: value for name, value in facts.items() if value != usual[name]}


def case_from(pack: Pack, vector: Mapping[str, Any]) -> dict[str, Any]:
    """The whole case that a vector stands for."""
    facts = ordinary(vector["action"], names_for(pack, vector["action"])) | vector["changed"]
    return {"pack": pack.label, "action": vector["action"], "arguments": {}, "facts": facts, "now": vector["now"]}


def answer(decision: Decision) -> dict[str, Any]:
    """What a vector pins of a decision."""
    said = {"verdict": decision.verdict, "level": decision.level, "four_eyes": decision.four_eyes, "role": decision.role}
    return {name: value for name, value in said.items() if value} | {"rules": list(decision.rules)}


def as_text(pack: Pack) -> str:
    """The file of a pack's vectors, one a line."""
    lines = ",\n".join(json.dumps(vector, ensure_ascii=False) for vector in vectors(pack))
    return f'{{"pack": "{pack.label}", "digest": "{pack.digest}", "vectors": [\n{lines}\n]}}\n'


def _decides(rule: Rule, here: Situation, there: Situation) -> Term:
    """The rule holds here and not there, and here the answer is its own."""
    alone = z3.Not(here.outcome.same_as(here.without(rule.id)))
    return z3.And(here.conditions[rule.id].holds, z3.Not(there.conditions[rule.id].holds), alone)


def _ordinary_model(solver: z3.Solver, low: Situation, high: Situation, moved: set[str]) -> z3.ModelRef:
    """A model in which as much as possible is ordinary, and whatever cannot be is the least it can be.

    So the same pack gives the same vectors, whatever the solver was asked before.
    """
    f = low.facts
    kept = [name for name in f.variables if name in ORDINARY and name not in moved and f.variables[name].value is not None]
    usual = ordinary(low.action, tuple({*kept, *(moved & ORDINARY.keys())}))
    wishes = [("", f.today == A_DAY.toordinal())]
    wishes += [(name, _equals(f, name, usual[name])) for name in kept]
    wishes += [(name, _equals(f, name, usual[name])) for name in sorted(moved & ORDINARY.keys())]
    for name in filter(None, _refused(solver, wishes)):
        _settle(solver, f, name)
    for name in _refused(solver, [(name, high.facts.value(name) == f.value(name)) for name in sorted(moved)]):
        _settle(solver, high.facts, name)
    solver.check()
    return solver.model()


def _refused(solver: z3.Solver, wishes: list[tuple[str, Term]]) -> list[str]:
    """Grant all the wishes together, or else half by half, so that few questions are asked; the names of those that cannot be."""
    if not wishes:
        return []
    solver.push()
    solver.add(*(wish for _, wish in wishes))
    if solver.check() == z3.sat:
        return []
    solver.pop()
    if len(wishes) == 1:
        return [wishes[0][0]]
    middle = len(wishes) // 2
    return [*_refused(solver, wishes[:middle]), *_refused(solver, wishes[middle:])]


def _settle(solver: z3.Solver, facts: Facts, name: str) -> None:
    """Fix a number or word to the least that it can be."""
    value = facts.value(name)
    if z3.is_bool(value):  # it is not ordinary, so there is one value left
        return
    solver.check()
    high = solver.model().eval(value, model_completion=True).as_long()
    low = high if solver.check(value < high) == z3.unsat else -MONEY_LIMIT
    while low < high:
        middle = (low + high) // 2
        if solver.check(value <= middle) == z3.sat:
            high = middle
        else:
            low = middle + 1
    solver.add(value == low)


def _equals(facts: Facts, name: str, value: Any) -> Term:
    variable = facts.variables[name]
    return variable.value == (z3.IntVal(day_number(str(value))) if variable.spec.is_date else coded(value))
