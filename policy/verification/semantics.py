"""How the gate decides (`policy.gate.weigh`), once more as terms: for one action and one set of facts, the verdict and its degree.

Written from the gate line by line and held against it on drawn facts (`agreement.py`), so that what is proven of the terms is true of
what runs. A rule answers in one of three ways: it holds, it lacks facts (`on_missing`), or what it owes cannot be reckoned, which denies
and sends a protective action to a person.

What an obligation needs beyond the facts' types is said exactly: caps and sums are in one currency, and days are counted from a day that a
bank can count from (`domain.calendars`). That a calendar has working days at all is checked when it is read, and taken for granted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import z3

from domain.actions import Protective
from domain.calendars.days import FIRST_DAY, LAST_DAY
from domain.decisions import Verdict
from policy.facts import needs
from policy.packs import Pack
from policy.rules import FOREVER, NOW, AmountOf, DueIn, Owed, Rule
from policy.verification.terms import Facts, Term, coded, day_number, facts, term

LEVELS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Answer:
    """One way in which a rule may speak. `certain`: it holds, or broke; otherwise it lacked facts."""

    rule: Rule
    when: Term
    verdict: Verdict
    level: int | None
    four_eyes: bool
    certain: bool


@dataclass(frozen=True, slots=True)
class Conditions:
    """Of one rule: that it is in force, that all it names is usable, that it holds, and that what it owes cannot be reckoned."""

    asked: Term
    usable: Term
    holds: Term
    breaks: Term


class Situation:
    """One action of a pack decided on one set of facts, as terms.

    Attributes:
        answers: every way in which any rule may speak, in the order of precedence.
        conditions: of every rule, by id, obligations-only ones included.
    """

    def __init__(self, pack: Pack, action: str, which: str = "", over: Facts | None = None, rules: Sequence[Rule] | None = None):
        self.pack, self.action = pack, action
        self.rules = tuple(pack.by_action[action] if rules is None else rules)
        self.facts = over or facts(names_for(pack, action), which)
        self.conditions = {rule.id: self._conditions(rule) for rule in self.rules}
        self.answers = tuple(answer for rule in self.rules for answer in self._answers(rule))

    def _conditions(self, rule: Rule) -> Conditions:
        over = self.facts
        day = over.today if rule.clock is None else over.value(rule.clock)
        in_force = z3.And(day >= day_number(rule.valid_from), day <= day_number(rule.valid_to))
        if rule.valid_to == FOREVER:
            in_force = day >= day_number(rule.valid_from)
        asked = in_force if rule.clock is None else z3.Or(z3.Not(over.usable(rule.clock)), in_force)
        usable = z3.And(*(over.usable(name) for name in rule.names)) if rule.names else z3.BoolVal(True)
        fires = z3.And(asked, usable, term(rule.tree, over))
        breaks = z3.Or(*(self._cannot_be_reckoned(owed) for owed in rule.text.obligations))
        return Conditions(asked, usable, z3.And(fires, z3.Not(breaks)), z3.And(fires, breaks))

    def _cannot_be_reckoned(self, owed: Owed) -> Term:
        ways = [] if owed.amount is None else self._currency_of(owed.amount)[1]
        if isinstance(owed.due, DueIn) and owed.due.hours is None:
            start = self.facts.today if owed.due.start == NOW else self.facts.value(owed.due.start)
            ways.append(z3.Or(start < FIRST_DAY.toordinal(), start > LAST_DAY.toordinal()))
        return z3.Or(*ways) if ways else z3.BoolVal(False)

    def _currency_of(self, amount: AmountOf) -> tuple[Term, list[Term]]:
        """The currency an amount is in, and what would make it two."""
        own = coded(self.pack.currency)
        named = amount.own_facts()[1:]
        currency = self.facts.value(named[0]) if named else own
        ways: list[Term] = []
        if amount.plus is not None:
            other, ways = self._currency_of(amount.plus)
            ways.append(other != currency)
        if amount.at_most_minor is not None:
            ways.append(currency != own)
        return currency, ways

    def _answers(self, rule: Rule) -> list[Answer]:
        text, on = rule.text, self.conditions[rule.id]
        broken: Verdict = "human" if self.action in Protective else "deny"
        answers = [Answer(rule, on.breaks, broken, None, False, True)] if text.obligations else []
        if text.verdict is not None:
            answers.append(Answer(rule, on.holds, text.verdict, text.level, text.four_eyes, True))
        if text.on_missing != "skip":
            lacks = z3.And(on.asked, z3.Not(on.usable))
            answers.append(Answer(rule, lacks, text.on_missing, None, text.on_missing == "human" and text.four_eyes, False))
        return answers

    @cached_property
    def outcome(self) -> Outcome:
        return outcome(self.answers)

    def without(self, *rules: str) -> Outcome:
        """What the answer would be if these rules were not there."""
        return outcome([answer for answer in self.answers if answer.rule.id not in rules])

    def of(self, *layers: str) -> Outcome:
        """What the answer would be if only the rules of these layers were there."""
        return outcome([answer for answer in self.answers if answer.rule.text.layer in layers])


@dataclass(frozen=True, slots=True)
class Outcome:
    """Terms of the answer: some rule spoke, and each verdict. `levels` says which level a step-up asks for, of `four_eyes` whether
    a person alone is not enough; both mean something only under their verdict."""

    spoken: Term
    deny: Term
    human: Term
    step_up: Term
    approve: Term
    four_eyes: Term
    levels: dict[int, Term]

    def degrees(self) -> list[Term]:
        """At least this strict, for each degree above approve: step-up to 1, 2, 3, 4, a person, two persons, deny."""
        above = [self.human, self.deny]
        steps = [z3.Or(*(self.levels[level] for level in LEVELS if level >= least), *above) for least in LEVELS]
        return [*steps, z3.Or(*above), z3.Or(z3.And(self.human, self.four_eyes), self.deny), self.deny]

    def at_least_as_strict_as(self, other: Outcome) -> Term:
        return z3.And(*(z3.Implies(theirs, ours) for ours, theirs in zip(self.degrees(), other.degrees(), strict=True)))

    def same_as(self, other: Outcome) -> Term:
        return z3.And(*(ours == theirs for ours, theirs in zip(self.degrees(), other.degrees(), strict=True)))


def outcome(answers: Sequence[Answer]) -> Outcome:
    """The strictest answer wins; of equally strict ones the highest level and the need of four eyes are kept; none means deny."""

    def said(verdict: Verdict, level: int | None = None, *, four_eyes: bool = False) -> Term:
        return z3.Or(
            *(a.when for a in answers if a.verdict == verdict and level in (None, a.level) and (a.four_eyes or not four_eyes))
        )

    spoken = z3.Or(*(answer.when for answer in answers))
    deny = z3.Or(said("deny"), z3.Not(spoken))
    human = z3.And(said("human"), z3.Not(deny))
    step_up = z3.And(said("step_up"), z3.Not(z3.Or(said("human"), deny)))
    approve = z3.And(said("approve"), z3.Not(z3.Or(said("step_up"), said("human"), deny)))
    levels = {
        level: z3.And(step_up, said("step_up", level), *(z3.Not(said("step_up", other)) for other in LEVELS if other > level))
        for level in LEVELS
    }
    return Outcome(spoken, deny, human, step_up, approve, z3.And(human, said("human", four_eyes=True)), levels)


def names_for(pack: Pack, action: str) -> tuple[str, ...]:
    """The facts an action is decided on: those gathered for it, and whatever its rules name."""
    named = [name for rule in pack.by_action[action] for name in rule.names]
    return tuple(dict.fromkeys([*needs(action, pack.jurisdiction), *named]))
