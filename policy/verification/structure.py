"""What has to hold of each rule: it can hold, and it matters; a rule that changes nothing is a mistake or a leftover."""

from __future__ import annotations

from collections.abc import Iterator

import z3

from policy.rules import Rule
from policy.verification.claims import Claim, Invariant, Subject
from policy.verification.semantics import Situation, outcome
from policy.verification.terms import Term


def _reachable(subject: Subject) -> Iterator[Claim]:
    for action in subject.actions:
        situation = subject.situation(action)
        for rule in situation.rules:
            yield Claim(action, rule.id, z3.BoolVal(True), situation.conditions[rule.id].holds, (situation,), exists=True)


def _matters(subject: Subject) -> Iterator[Claim]:
    """Leaving the rule out changes the answer for some facts: verdict, level, four eyes, or reason and role where it speaks first."""
    for action in subject.actions:
        situation = subject.situation(action)
        for rule in situation.rules:
            if rule.text.verdict is not None and not rule.text.obligations:
                yield Claim(action, rule.id, z3.BoolVal(True), _changes(situation, rule), (situation,), exists=True)


def _changes(situation: Situation, rule: Rule) -> Term:
    """The law is looked at alone: the bank's policy beside it may be stricter today and replaced tomorrow."""
    beside = [each for each in situation.rules if rule.text.layer != "law" or each.text.layer == "law"]
    names = {each.id for each in beside}
    answers = [answer for answer in situation.answers if answer.rule.id in names]
    whole, left = outcome(answers), outcome([answer for answer in answers if answer.rule.id != rule.id])
    mine = {"deny": whole.deny, "human": whole.human, "step_up": whole.step_up, "approve": whole.approve}[str(rule.text.verdict)]
    index = beside.index(rule)
    rivals = [
        situation.conditions[other.id].holds
        for position, other in enumerate(beside)
        if other is not rule and other.text.verdict == rule.text.verdict and (position < index or _alike(other, rule))
    ]
    speaks = z3.And(mine, situation.conditions[rule.id].holds, *(z3.Not(rival) for rival in rivals))
    return z3.Or(z3.Not(whole.same_as(left)), speaks)


def _alike(one: Rule, two: Rule) -> bool:
    return (one.text.reasons.customer, one.text.role) == (two.text.reasons.customer, two.text.role)


STRUCTURE: tuple[Invariant, ...] = (
    Invariant("reachable", "each rule can hold", "3-policy", _reachable),
    Invariant("unshadowed", "each rule matters: without it some case is answered otherwise", "3-policy", _matters),
)
