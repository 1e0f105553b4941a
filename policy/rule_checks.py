"""What a rule may not do, whoever wrote it: found when a pack is loaded, refused with file, line and reason."""

from __future__ import annotations

from collections.abc import Iterable

from domain.actions import Protective
from policy.documents import Document, Where, refusal
from policy.facts import SCHEMA, needs
from policy.rules import Rule
from policy.tree import limits_of


def check_rule(document: Document, where: Where, rule: Rule, jurisdiction: str) -> None:
    """Raise BadInput `pack_invalid` for a rule on facts that are not gathered, that lets a law depend on the bank's own figures,
    softens on a customer's word, or denies a protective action."""
    _check_gathered(document, where, rule, jurisdiction)
    _check_limits(document, where, rule)
    _check_declared(document, where, rule)
    _check_protective(document, where, rule)


def _check_limits(document: Document, where: Where, rule: Rule) -> None:
    """A regulator's figure is written out where it is cited; only the bank's own rules name the bank's own numbers."""
    named = list(limits_of(rule.tree))
    if named and rule.text.layer != "bank":
        raise document.refusal((*where, "when"), f"rule {rule.id}: {named[0]} is the bank's to set and has no place in a law")


def _check_gathered(document: Document, where: Where, rule: Rule, jurisdiction: str) -> None:
    for action in rule.text.actions:
        gathered = needs(action, jurisdiction)
        strange = [name for name in rule.names if name not in gathered]
        if strange:
            raise document.refusal((*where, "when"), f"rule {rule.id}: {strange[0]} is not gathered for {action}")


def _check_declared(document: Document, where: Where, rule: Rule) -> None:
    """What a customer declares may open protective actions and cases, harden a verdict, or lead to a person; never soften."""
    declared = [name for name in rule.names if SCHEMA[name].declared]
    if declared and rule.text.verdict == "approve" and not Protective.issuperset(rule.text.actions):
        raise document.refusal((*where, "when"), f"rule {rule.id}: {declared[0]} is declared by the customer and may not approve")


def _check_protective(document: Document, where: Where, rule: Rule) -> None:
    protective = Protective.intersection(rule.text.actions)
    if protective and "deny" in (rule.text.verdict, rule.text.on_missing):
        raise document.refusal((*where, "verdict"), f"rule {rule.id}: {min(protective)} is protective and is never denied")


def refuse_repeated_ids(rules: Iterable[Rule]) -> None:
    """Raise BadInput `pack_invalid` at the second rule of an id."""
    first: dict[str, Rule] = {}
    for rule in rules:
        other = first.setdefault(rule.id, rule)
        if other is not rule:
            raise refusal(rule.file, rule.line, f"the id {rule.id} is used before, at {other.file}:{other.line}")
