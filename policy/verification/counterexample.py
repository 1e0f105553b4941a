"""From a model of the solver to a case anybody can decide again: the published form of a policy case, with plain values.

Of the many models the one nearest to an ordinary case is looked for, fact by fact, so that what stands out is what matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import z3

from domain.decisions import Decision, FactValue
from policy.case import decide_case
from policy.ordinary import ORDINARY, ordinary
from policy.packs import Pack
from policy.verification.semantics import Situation
from policy.verification.terms import Facts, Term, Variable, coded, day_number, plain

#: The day a case falls on where nothing says otherwise.
A_DAY = date(2026, 11, 23)
FREE_TEXT = "demo"


def nearest(solver: z3.Solver, situations: tuple[Situation, ...]) -> z3.ModelRef:
    """A model of what the solver holds, with every fact that may be ordinary so. The solver is left as it was."""
    levels = solver.num_scopes()
    for wish in _wishes(situations):
        solver.push()
        solver.add(wish)
        if solver.check() != z3.sat:
            solver.pop()
    solver.check()
    model = solver.model()
    solver.pop(solver.num_scopes() - levels)
    return model


def _wishes(situations: tuple[Situation, ...]) -> Iterator[Term]:
    """First the day and that all is known, then the values, those of the first situation before those of the second."""
    for situation in situations:
        yield situation.facts.today == A_DAY.toordinal()
        yield situation.facts.all_usable()
    for situation in situations:
        values = ordinary(situation.action, tuple(name for name in situation.facts.variables if name in ORDINARY))
        for name, variable in situation.facts.variables.items():
            if name in values and variable.value is not None:
                yield variable.value == _number(variable, values[name])
            yield variable.usable


def _number(variable: Variable, value: FactValue) -> Term:
    return z3.IntVal(day_number(str(value))) if variable.spec.is_date else coded(value)


def case_of(model: z3.ModelRef, situation: Situation) -> dict[str, Any]:
    """The case, as `docs/schemas/policy-case.json` has it."""
    day = date.fromordinal(_value(model, situation.facts.today, A_DAY.toordinal()))
    zone = ZoneInfo(situation.pack.calendar.zone)
    now = datetime.combine(day, time(12), zone).astimezone(UTC)
    return {
        "pack": situation.pack.label,
        "action": situation.action,
        "arguments": {},
        "facts": values_of(model, situation.facts),
        "now": now.isoformat(),
    }


def values_of(model: z3.ModelRef, facts: Facts) -> dict[str, FactValue]:
    """Plain values of the facts that are usable in the model."""
    plain_values: dict[str, FactValue] = {}
    for name, variable in facts.variables.items():
        if not z3.is_true(model.eval(variable.usable, model_completion=True)):
            continue
        if variable.value is None:
            plain_values[name] = FREE_TEXT
        else:
            plain_values[name] = plain(variable.spec, _value(model, variable.value, 0))
    return plain_values


def _value(model: z3.ModelRef, term: Term, default: int) -> Any:
    value = model.eval(term, model_completion=True)
    if z3.is_int_value(value):
        return value.as_long()
    return z3.is_true(value) if z3.is_bool(value) else default


def answer_in(model: z3.ModelRef, situation: Situation) -> tuple[str, int | None, bool]:
    """Verdict, level and four eyes that the terms give in the model."""

    def true(term: Term) -> bool:
        return bool(z3.is_true(model.eval(term, model_completion=True)))

    said = situation.outcome
    verdicts: Mapping[str, Term] = {"deny": said.deny, "human": said.human, "step_up": said.step_up, "approve": said.approve}
    verdict = next((word for word, term in verdicts.items() if true(term)), "none")
    level = next((level for level, term in said.levels.items() if true(term)), None)
    return verdict, level, true(said.four_eyes)


def replayed(case: Mapping[str, Any], pack: Pack) -> Decision:
    """What the running gate says to the case."""
    return decide_case(case, pack=pack)
