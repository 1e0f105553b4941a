"""The gate: facts and a pack in, a decision out. Pure; it never reads a clock, a file or a text of anybody's.

How it decides: every rule of the action that is in force is asked. A rule whose named facts are not all usable answers with its
`on_missing`; a rule whose condition holds answers with its verdict. The strictest answer wins (deny > human > step-up > approve);
if nothing answers, the answer is deny. What the bank owes is collected from every rule that holds, whatever the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import compress

from domain.actions import Protective
from domain.calendars import Calendar
from domain.canonical import digest_of
from domain.clock import require_aware, to_micros
from domain.decisions import SEVERITY, Decision, Fact, FactValue, Obligation, Verdict
from policy.packs import InForce, Needed, Pack
from policy.rules import Rule

#: A fact stated later than this after `now` shows that a clock went backwards; it is not believed.
CLOCK_SKEW = timedelta(seconds=5)
#: Starts a staff reason when a rule could not be evaluated; whoever shells the gate raises an alarm on it.
RULE_BROKEN = "rule_broken"
_EXACT_IN_JSON = 2**53
_BEGINNING = datetime.min.replace(tzinfo=UTC)
#: What evaluating a condition or computing an obligation could raise, were there a fault in the pack's compilation.
RULE_ERRORS = (ArithmeticError, LookupError, TypeError, ValueError)
FALLBACK_ROLE = "operations"


def decide(action: str, facts: Mapping[str, Fact], pack: Pack, now: datetime, calendar: Calendar) -> Decision:
    """Decide one proposal.

    Args:
        action: name of the action, as in `domain.actions.ACTIONS`; one that the pack does not know is denied.
        facts: by name; facts that no rule names are only digested.
        calendar: the home branch's, for working days and for the day on which `now` falls.

    Raises ValueError for a naive `now`; nothing else.
    """
    weighed = weigh(action, facts, pack, now, calendar)
    return Decision(
        verdict=weighed.verdict,
        level=weighed.level,
        role=weighed.role,
        four_eyes=weighed.four_eyes,
        rules=tuple(weighed.rules),
        reasons=tuple(weighed.reasons),
        customer_reason=weighed.customer_reason,
        obligations=tuple(weighed.obligations),
        facts_digest=facts_digest(facts),
        pack=pack.label,
        pack_digest=pack.digest,
        decided_at=now,
    )


def is_broken(decision: Decision) -> bool:
    """Whether a rule failed while deciding: the decision is safe, but somebody has to look."""
    return any(reason.startswith(RULE_BROKEN) for reason in decision.reasons)


def facts_digest(facts: Mapping[str, Fact]) -> str:
    """Hex SHA-256 over every fact given, usable or not, with its value, source, time and whether it was declared."""
    return digest_of({name: [_exact(fact.value), fact.source, _stamp(fact.at), fact.declared] for name, fact in facts.items()})


def _exact(value: FactValue) -> FactValue:
    """Integers that canonical JSON cannot hold exactly are written as text."""
    return value if not isinstance(value, int) or abs(value) < _EXACT_IN_JSON else str(value)


def _stamp(at: datetime) -> int | str:
    """Microseconds, so that one instant is one number; as written where the time is naive or off the calendar."""
    try:
        return to_micros(at)
    except (ValueError, OverflowError):
        return at.isoformat()


@dataclass(slots=True)
class Weighed:
    """A decision in the making: the strictest answer so far and everything that was said on the way."""

    severity: int = -1
    #: whether a rule that holds gave the answer; otherwise facts were missing
    certain: bool = False
    verdict: Verdict = "deny"
    level: int | None = None
    role: str | None = None
    four_eyes: bool = False
    customer_reason: str = "not_allowed"
    rules: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    obligations: list[Obligation] = field(default_factory=list)

    def hear(
        self, verdict: Verdict, customer_reason: str, *, level: int | None, role: str | None, four_eyes: bool, certain: bool
    ) -> None:
        """Take one rule's answer.

        Among equally strict ones the first gives the reason and the role, one that holds before one that lacks facts; the
        highest level and the need of four eyes are kept from all of them.
        """
        severity = SEVERITY[verdict]
        if severity < self.severity:
            return
        equal = severity == self.severity
        self.level = max(level or 0, self.level or 0) or None if equal else level
        self.four_eyes = four_eyes or (equal and self.four_eyes)
        if not equal or (certain and not self.certain):
            self.severity, self.certain, self.verdict = severity, certain, verdict
            self.customer_reason, self.role = customer_reason, role


def weigh(action: str, facts: Mapping[str, Fact], pack: Pack, now: datetime, calendar: Calendar) -> Weighed:
    """The decision without its digests: what `decide` spends its time on when facts are at hand."""
    today = calendar.day_of(require_aware(now)).isoformat()
    values, unusable = usable(pack.facts_of.get(action, ()), facts, now)
    weighed = Weighed()
    timeline = pack.timelines.get(action)
    for rule in _candidates(timeline.on(today), values, unusable) if timeline else ():
        if rule.clock is not None and rule.clock in values and not rule.valid_from <= str(values[rule.clock]) <= rule.valid_to:
            continue
        if unusable and not unusable.keys().isdisjoint(rule.names):
            _missing(weighed, rule, unusable)
            continue
        try:
            if not rule.test(values):
                continue
            obligations = [owed(values, now, pack.currency, calendar) for owed in rule.owed]
        except RULE_ERRORS as error:
            _broken(weighed, rule, action, error)
            continue
        weighed.rules.append(rule.id)
        weighed.reasons.append(rule.reason % values)
        weighed.obligations.extend(obligations)
        text = rule.text
        if text.verdict is not None:
            role = text.role if text.verdict == "human" else None
            weighed.hear(
                text.verdict, text.reasons.customer or "", level=text.level, role=role, four_eyes=text.four_eyes, certain=True
            )
    if weighed.severity < 0:
        weighed.reasons.append(f"no rule of {pack.label} allows {action}")
    return weighed


def _candidates(in_force: InForce, values: Mapping[str, FactValue], unusable: Mapping[str, str]) -> Iterable[Rule]:
    """The rules to look at: with every fact at hand only those that hold, otherwise, or when one is broken, each by itself."""
    if unusable:
        return in_force.rules
    try:
        return compress(in_force.rules, in_force.conditions(values))
    except RULE_ERRORS:
        return in_force.rules


def usable(needed: Iterable[Needed], facts: Mapping[str, Fact], now: datetime) -> tuple[dict[str, FactValue], dict[str, str]]:
    """Plain values of the facts that may be used, and why each of the others may not."""
    values: dict[str, FactValue] = {}
    unusable: dict[str, str] = {}
    latest = now + CLOCK_SKEW
    for group in needed:
        oldest = _BEGINNING if group.max_age is None else now - group.max_age
        timely: datetime | None = None  # facts of one answer share their instant: it is compared once
        for name, kind, allowed, may_be_declared in group.facts:
            fact = facts.get(name)
            if fact is None:
                unusable[name] = "missing"
                continue
            at = fact.at
            if at is not timely:
                if at.tzinfo is None or at > latest:
                    unusable[name] = "without a believable time"
                    continue
                if at < oldest:
                    unusable[name] = "stale"
                    continue
                timely = at
            if type(value := fact.value) is not kind or (allowed is not None and value not in allowed):
                unusable[name] = "not a value of this fact"
            elif fact.declared and not may_be_declared:
                unusable[name] = "declared where a system has to say it"
            else:
                values[name] = value
    return values, unusable


def _missing(weighed: Weighed, rule: Rule, unusable: Mapping[str, str]) -> None:
    text = rule.text
    named = ", ".join(f"{name} ({unusable[name]})" for name in rule.names if name in unusable)
    weighed.reasons.append(f"missing_fact {named}: {rule.id}")
    if text.on_missing != "skip":
        weighed.rules.append(rule.id)
        person = text.on_missing == "human"
        role = (text.role or FALLBACK_ROLE) if person else None
        four_eyes = person and text.four_eyes
        weighed.hear(text.on_missing, "missing_fact", level=None, role=role, four_eyes=four_eyes, certain=False)


def _broken(weighed: Weighed, rule: Rule, action: str, error: Exception) -> None:
    """A rule that cannot be evaluated denies; a protective action goes to a person instead, since it is never denied."""
    weighed.rules.append(rule.id)
    weighed.reasons.append(f"{RULE_BROKEN} {rule.id}: {type(error).__name__}")
    if action in Protective:
        weighed.hear("human", "person_checks", level=None, role=FALLBACK_ROLE, four_eyes=False, certain=True)
    else:
        weighed.hear("deny", "not_allowed", level=None, role=None, four_eyes=False, certain=True)
