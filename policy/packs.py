"""Loading a rule pack: a directory with `pack.yaml` and rule files becomes an immutable, checked, digested Pack, or is refused whole.

Refusals are BadInput `pack_invalid` with file, line and reason: a name that is no fact, a type error, an id used twice, an unknown
action or key, dates in the wrong order, a declared fact that could soften a verdict, a protective action that could be denied.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from domain.actions import ACTIONS
from domain.calendars import Calendar, parse_calendar
from domain.canonical import digest_of
from domain.decisions import FactValue
from domain.errors import BadInput
from domain.money import EXPONENT
from policy.cel import ConditionError, environment, parse_condition
from policy.documents import Document, Where, read_document, refusal
from policy.facts import MONEY_LIMIT, SCHEMA, FactSpec, Kind
from policy.obligations import compile_owed
from policy.rule_checks import check_rule, refuse_repeated_ids
from policy.rules import FOREVER, NOW, LimitsText, PackText, Rule, RulesText, RuleText
from policy.tree import Values, closure, joint_closure, names, printed
from policy.vocabulary import CONCERNS

HEAD = "pack.yaml"
LIMITS = "limits.yaml"
MAX_FILES = 50
MAX_RULES = 500
SHIPPED = Path(__file__).parent / "packs"


@dataclass(frozen=True, slots=True)
class Needed:
    """Facts that may be equally old: how old, and of each its name, exact type, allowed values, and whether it may be declared."""

    max_age: timedelta | None
    facts: tuple[tuple[str, Kind, Container[object] | None, bool], ...]


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules of one action in one stretch of days, and one function that asks all their conditions at once."""

    rules: tuple[Rule, ...]
    conditions: Callable[[Values], tuple[FactValue, ...]]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The rules of one action as days go by: a new stretch starts whenever a rule comes into force or goes out of it.

    Rules whose date is a fact are in every stretch; the fact selects them when the decision is made.
    """

    starts: tuple[str, ...]
    stretches: tuple[InForce, ...]

    def on(self, today: str) -> InForce:
        """What may apply on `today`, an ISO date."""
        return self.stretches[bisect_right(self.starts, today) - 1]


@dataclass(frozen=True, slots=True)
class Pack:
    """A loaded pack. `label` names it with its version; `digest` commits to the bytes of all its files.

    Attributes:
        calendar: counts days where the home branch has none of its own.
        by_action: for every action the rules that concern it, in the order of precedence.
        facts_of: for every action the facts its rules name, each once, by how old they may be.
        timelines: for every action its rules by day, compiled.
        limits: the bank's own numbers by name, as the rules were compiled with them.
        unverified: ids of law rules nobody has reviewed, or that are from memory; profiles other than demo refuse such a pack.
    """

    name: str
    version: int
    jurisdiction: str
    currency: str
    calendar: Calendar
    digest: str
    rules: tuple[Rule, ...]
    by_action: Mapping[str, tuple[Rule, ...]]
    facts_of: Mapping[str, tuple[Needed, ...]]
    timelines: Mapping[str, Timeline]
    limits: Mapping[str, int]

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def unverified(self) -> tuple[str, ...]:
        laws = (rule for rule in self.rules if rule.text.layer == "law")
        return tuple(rule.id for rule in laws if rule.text.reviewed_by is None or rule.text.confidence == "M")

    def without(self, *ids: str) -> Pack:
        """The same pack with some rules left out, under another digest: for tests of what each rule holds up."""
        digest = digest_of({"of": self.digest, "without": sorted(ids)})
        kept = tuple(rule for rule in self.rules if rule.id not in ids)
        concerned = {action for rule in self.rules if rule.id in ids for action in rule.text.actions}
        less = {action: tuple(rule for rule in self.by_action[action] if rule.id not in ids) for action in concerned}
        return replace(
            self,
            digest=digest,
            rules=kept,
            by_action={**self.by_action, **less},
            facts_of={**self.facts_of, **{action: _facts_of(rules) for action, rules in less.items()}},
            timelines={**self.timelines, **{action: _timeline(rules) for action, rules in less.items()}},
        )


def load_pack(directory: Path, *, limits: Mapping[str, int] | None = None) -> Pack:
    """Read, check and compile the pack in `directory`. Raises BadInput `pack_invalid` with file, line and reason.

    `limits` puts other numbers in the place of the bank's own, by name; the digest commits to them too.
    """
    return build_pack([read_document(path) for path in sorted(directory.glob("*.yaml"))[: MAX_FILES + 1]], limits=limits)


def build_pack(documents: Sequence[Document], *, limits: Mapping[str, int] | None = None) -> Pack:
    """As `load_pack`, from files that were read before, in the order of their names."""
    head = next((document for document in documents if document.name == HEAD), None)
    if head is None:
        raise refusal(HEAD, 1, f"there is no {HEAD}")
    if len(documents) > MAX_FILES:
        raise refusal(HEAD, 1, f"more than {MAX_FILES} files")
    text = _validated(PackText, head)
    calendar = _calendar(head, text)
    set_by_bank = _limits(next((document for document in documents if document.name == LIMITS), None), limits or {})
    context = _Context(text.jurisdiction, set_by_bank, environment(SCHEMA, set_by_bank))
    rules = [rule for document in documents if document.name not in (HEAD, LIMITS) for rule in _rules(document, context)]
    if not rules:
        raise refusal(HEAD, 1, "the pack has no rules")
    if len(rules) > MAX_RULES:
        raise refusal(HEAD, 1, f"more than {MAX_RULES} rules")
    refuse_repeated_ids(rules)
    files = {document.name: hashlib.sha256(document.raw).hexdigest() for document in documents}
    digest = digest_of(files | {"limits": dict(limits)} if limits else files)
    ordered = tuple(sorted(rules, key=lambda rule: rule.order))
    return assemble(text.pack, text.version, text.jurisdiction, text.currency, calendar, digest, ordered, set_by_bank)


def assemble(
    name: str,
    version: int,
    jurisdiction: str,
    currency: str,
    calendar: Calendar,
    digest: str,
    rules: tuple[Rule, ...],
    limits: Mapping[str, int],
) -> Pack:
    """A pack of compiled rules, indexed by action."""
    by_action = {action: tuple(rule for rule in rules if action in rule.text.actions) for action in ACTIONS}
    facts_of = {action: _facts_of(concerned) for action, concerned in by_action.items()}
    timelines = {action: _timeline(concerned) for action, concerned in by_action.items()}
    return Pack(name, version, jurisdiction, currency, calendar, digest, rules, by_action, facts_of, timelines, limits)


def _timeline(rules: tuple[Rule, ...]) -> Timeline:
    dated = [rule for rule in rules if rule.clock is None]
    ends = [date.fromisoformat(rule.valid_to) + timedelta(days=1) for rule in dated if rule.valid_to != FOREVER]
    starts = sorted({"", *(rule.valid_from for rule in dated), *(day.isoformat() for day in ends)})
    return Timeline(tuple(starts), tuple(_in_force(rules, start) for start in starts))


def _in_force(rules: tuple[Rule, ...], day: str) -> InForce:
    chosen = tuple(rule for rule in rules if rule.clock or rule.valid_from <= day <= rule.valid_to)
    return InForce(chosen, joint_closure([rule.tree for rule in chosen]))


def _facts_of(rules: tuple[Rule, ...]) -> tuple[Needed, ...]:
    return _needed(dict.fromkeys(name for rule in rules for name in rule.names))


def _needed(wanted: Iterable[str]) -> tuple[Needed, ...]:
    by_age: dict[int | None, list[FactSpec]] = {}
    for name in wanted:
        by_age.setdefault(SCHEMA[name].max_age_s, []).append(SCHEMA[name])
    return tuple(
        Needed(
            None if age is None else timedelta(seconds=age),
            tuple((spec.name, *spec.kind_and_values(), spec.declared) for spec in specs),
        )
        for age, specs in by_age.items()
    )


M = TypeVar("M", bound=BaseModel)


def _validated(model: type[M], document: Document) -> M:
    try:
        return model.model_validate_json(json.dumps(document.data, default=_plain))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where: Where = tuple(first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            message = f"unknown key {where[-1]}"
        elif first["type"] == "missing":
            message = f"{where[-1]} is missing"
        elif where:
            message = f"{_path(where)}: {message}"
        raise document.refusal(where, message) from error


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return repr(value)


def _path(where: Where) -> str:
    return ".".join(str(part) for part in where)


def _calendar(head: Document, text: PackText) -> Calendar:
    if text.currency not in EXPONENT:
        raise head.refusal(("currency",), f"unknown currency {text.currency}")
    try:
        return parse_calendar(text.calendar)
    except BadInput as error:
        raise head.refusal(("calendar",), f"calendar: {error.detail}") from error


@dataclass(frozen=True, slots=True)
class _Context:
    """What the rules of one pack are compiled with."""

    jurisdiction: str
    limits: Mapping[str, int]
    env: Any


def _limits(document: Document | None, replaced: Mapping[str, int]) -> dict[str, int]:
    known = {} if document is None else {name: each.value for name, each in _validated(LimitsText, document).limits.items()}
    for name, value in replaced.items():
        if name not in known:
            raise refusal(LIMITS, 1, f"the pack has no limit {name}")
        if type(value) is not int or not 0 <= value <= MONEY_LIMIT:
            raise refusal(LIMITS, 1, f"{name} cannot be {value!r}")
    return known | dict(replaced)


def _rules(document: Document, context: _Context) -> list[Rule]:
    return [_rule(document, index, text, context) for index, text in enumerate(_validated(RulesText, document).rules)]


def _rule(document: Document, index: int, text: RuleText, context: _Context) -> Rule:
    where: Where = ("rules", index)
    try:
        tree = parse_condition(text.when, SCHEMA, context.env, context.limits)
    except ConditionError as error:
        raise document.refusal((*where, "when"), f"rule {text.id}: condition {error}") from error
    clock = None if text.clock == NOW else text.clock
    owed = [name for obligation in text.obligations for name in obligation.facts()]
    needed = tuple(dict.fromkeys([*names(tree), *([clock] if clock else []), *owed]))
    rule = Rule(
        id=text.id,
        text=text,
        tree=tree,
        condition=printed(tree),
        reason=_reason_template(text, dict.fromkeys([*names(tree), *([clock] if clock else [])])),
        test=closure(tree),
        owed=tuple(compile_owed(text.id, each) for each in text.obligations),
        names=needed,
        order=CONCERNS.index(text.concern),
        clock=clock,
        valid_from=text.valid_from.isoformat(),
        valid_to=text.valid_to.isoformat() if text.valid_to else FOREVER,
        file=document.name,
        line=document.line(where),
    )
    check_rule(document, where, rule, context.jurisdiction)
    return rule


def _reason_template(text: RuleText, shown: Iterable[str]) -> str:
    """One line for staff, to be filled with the facts: which rule, of which standing, what it says, on which values."""
    said = f"{text.id} [{text.layer} {text.confidence}] {text.reasons.staff}".replace("%", "%%")
    values = ", ".join(f"{name}=%({name})s" for name in shown)
    return f"{said} ({values})" if values else said
