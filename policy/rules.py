"""What a rule is: the form it has in a file (closed, validated), and the form in which it runs (compiled, immutable)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.actions import ACTIONS, Protective
from domain.calendars import MAX_DAYS, Calendar
from domain.decisions import Obligation, Verdict
from policy.facts import MONEY_LIMIT, SCHEMA
from policy.tree import Closure, Tree, Values
from policy.vocabulary import CONCERNS, CUSTOMER_REASONS, OBLIGATION_KINDS, RECEIVERS, ROLES

Layer = Literal["law", "bank", "brake"]
#: V1 read in the regulator's text, V2 in secondary text, M from memory (check before release), P our own tunable default.
Confidence = Literal["V1", "V2", "M", "P"]
OnMissing = Literal["deny", "human", "skip"]
NOW = "now"
FOREVER = "9999-12-31"
CYCLE_DAY = "cycle_day"


class Part(BaseModel):
    """Base of everything written in a pack file: unknown keys are errors, values are not coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class DueIn(Part):
    """A period after `start`: a date fact, or `now`. Exactly one of the four lengths is given.

    Attributes:
        days, unit: calendar days, or working days of the home branch (of the pack's calendar where it has none); the day of
            `start` itself is not counted.
        hours: from the instant of the decision.
        months: to the same day of the month, or its last day.
        billing_cycles: complete cycles after `start`, which end on the day of the month that the fact `cycle_day` states.
        at_most_days: whatever the length gives, not later than this many calendar days.
    """

    start: str
    days: int | None = Field(default=None, ge=0, le=MAX_DAYS)
    unit: Literal["calendar", "working"] = "calendar"
    hours: int | None = Field(default=None, gt=0, le=24 * MAX_DAYS)
    months: int | None = Field(default=None, gt=0, le=120)
    billing_cycles: int | None = Field(default=None, gt=0, le=24)
    at_most_days: int | None = Field(default=None, gt=0, le=MAX_DAYS)

    @model_validator(mode="after")
    def _one_length_from_a_date(self) -> DueIn:
        lengths = (self.days, self.hours, self.months, self.billing_cycles)
        if sum(length is not None for length in lengths) != 1:
            raise ValueError("exactly one of days, hours, months and billing_cycles is given")
        if self.start != NOW and not (self.start in SCHEMA and SCHEMA[self.start].is_date):
            raise ValueError(f"start {self.start} is neither now nor a fact that is a date")
        if self.hours is not None and self.start != NOW:
            raise ValueError("hours are counted from now")
        return self

    def facts(self) -> tuple[str, ...]:
        """The facts that the date is computed from."""
        start = () if self.start == NOW else (self.start,)
        return start + (() if self.billing_cycles is None else (CYCLE_DAY,))


class AmountOf(Part):
    """An amount in minor units.

    Either `of` the payment, the proposal or a fact that is money, of which `percent` (rounded half up); or `per_day_minor` for each
    day that the fact `days` exceeds `after_days`; or `minor`, a sum that is written out. To that comes `plus`, an amount of its own in
    the same currency. The sum is never more than `at_most_minor`. What is written out is in the pack's currency.
    """

    of: str | None = None
    minor: int | None = Field(default=None, gt=0, le=MONEY_LIMIT)
    percent: int | None = Field(default=None, gt=0, le=100)
    per_day_minor: int | None = Field(default=None, gt=0, le=MONEY_LIMIT)
    days: str | None = None
    after_days: int = Field(default=0, ge=0, le=MAX_DAYS)
    plus: AmountOf | None = None
    at_most_minor: int | None = Field(default=None, gt=0, le=MONEY_LIMIT)

    @model_validator(mode="after")
    def _one_form(self) -> AmountOf:
        forms = (self.of, self.per_day_minor, self.minor)
        if sum(form is not None for form in forms) != 1 or (self.days is None) != (self.per_day_minor is None):
            raise ValueError("an amount is of something, or per_day_minor with days, or minor")
        for name in (self.of, self.days):
            if name not in (None, "transaction", "proposal") and (name not in SCHEMA or SCHEMA[name].type != "int"):
                raise ValueError(f"{name} is not a fact that is a number")
        return self

    def facts(self) -> tuple[str, ...]:
        """The facts the amount and, where it has one of its own, its currency are taken from."""
        return self.own_facts() + (self.plus.facts() if self.plus else ())

    def own_facts(self) -> tuple[str, ...]:
        """The same without what `plus` needs."""
        of_payment = {"transaction": ("txn_amount_minor", "txn_currency"), "proposal": ("amount_minor", "currency")}
        if self.minor is not None:
            return ()
        if self.days is not None:
            return (self.days,)
        return of_payment.get(str(self.of), (str(self.of),))


class Owed(Part):
    """An obligation as a rule states it; dates and amounts are computed when the rule fires."""

    kind: str
    to: str = Field(json_schema_extra={"enum": list(RECEIVERS)})
    due: Literal["at_once"] | DueIn | None = None
    amount: AmountOf | None = None

    @model_validator(mode="after")
    def _known_words(self) -> Owed:
        _one_of("obligation", self.kind, OBLIGATION_KINDS)
        _one_of("receiver", self.to, RECEIVERS)
        return self

    def facts(self) -> tuple[str, ...]:
        """The facts that dates and amounts are computed from."""
        dates = self.due.facts() if isinstance(self.due, DueIn) else ()
        return dates + (self.amount.facts() if self.amount else ())


class Reasons(Part):
    """Why: a sentence for staff, a key for the customer's reply."""

    staff: str = Field(min_length=1, max_length=300)
    customer: str | None = None


class RuleText(Part):
    """A rule as it is written."""

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$", max_length=40)]
    layer: Layer
    concern: str
    actions: tuple[str, ...] = Field(min_length=1)
    when: str
    verdict: Verdict | None = None
    level: int | None = Field(default=None, ge=1, le=4)
    role: str | None = None
    four_eyes: bool = False
    on_missing: OnMissing
    reasons: Reasons
    obligations: tuple[Owed, ...] = ()
    source: str = Field(min_length=1, max_length=300)
    confidence: Confidence
    reviewed_by: str | None = None
    valid_from: date
    valid_to: date | None = None
    clock: str = NOW

    @model_validator(mode="after")
    def _fits_together(self) -> RuleText:
        _one_of("concern", self.concern, CONCERNS)
        for action in self.actions:
            _one_of("action", action, ACTIONS)
        if len(set(self.actions)) != len(self.actions):
            raise ValueError("an action is listed twice")
        if (self.level is not None) != (self.verdict == "step_up"):
            raise ValueError("level belongs to verdict step_up and to no other")
        if (self.role is not None) != (self.verdict == "human" or self.on_missing == "human"):
            raise ValueError("role belongs to verdict or on_missing human, and to nothing else")
        if self.role is not None:
            _one_of("role", self.role, ROLES)
        if self.four_eyes and self.verdict != "human":
            raise ValueError("four_eyes belongs to verdict human")
        self._check_verdict()
        self._check_clock_and_layer()
        return self

    def _check_verdict(self) -> None:
        if self.verdict is None and not self.obligations:
            raise ValueError("a rule without a verdict states at least one obligation")
        if self.on_missing == "skip" and not self.may_be_skipped():
            raise ValueError("on_missing skip is for rules without a verdict and for hardening a protective action only")
        if self.verdict is None and self.on_missing != "skip":
            raise ValueError("a rule without a verdict decides nothing when facts are missing either: on_missing is skip")
        if (self.verdict is None) != (self.reasons.customer is None):
            raise ValueError("a rule with a verdict gives the customer a reason, one without does not")
        if self.reasons.customer is not None:
            _one_of("customer reason", self.reasons.customer, CUSTOMER_REASONS)

    def may_be_skipped(self) -> bool:
        """Whether leaving the rule out for want of a fact softens nothing that matters: it has no verdict, or hardens protection."""
        return self.verdict is None or (self.verdict in ("step_up", "human") and Protective.issuperset(self.actions))

    def _check_clock_and_layer(self) -> None:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} is before valid_from {self.valid_from}")
        if self.clock != NOW and not (self.clock in SCHEMA and SCHEMA[self.clock].is_date):
            raise ValueError(f"clock {self.clock} is neither now nor a fact that is a date")
        if (self.layer == "law") == (self.confidence == "P"):
            raise ValueError("law is never confidence P; bank and brake are always P")
        if self.layer == "brake" and self.verdict not in ("human", "deny"):
            raise ValueError("a brake only says human or deny")


def _one_of(what: str, word: str, known: object) -> None:
    assert hasattr(known, "__contains__")
    if word not in known:
        raise ValueError(f"unknown {what} {word}")


class PackText(Part):
    """The head of a pack, `pack.yaml`. `calendar` counts days where the home branch has none of its own."""

    pack: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    version: int = Field(ge=1)
    title: str
    jurisdiction: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    currency: str
    calendar: dict[str, Any]


class LimitText(Part):
    """One number that a bank may set for itself: what it is, and whose figure it is."""

    value: int = Field(ge=0, le=MONEY_LIMIT)
    doc: str = Field(min_length=1, max_length=200)
    source: str = Field(min_length=1, max_length=200)


class LimitsText(Part):
    """The file `limits.yaml` of a pack: the bank's own numbers, which the rules of layer bank name in their conditions."""

    limits: dict[Annotated[str, Field(pattern=r"^P_[A-Z0-9]+(_[A-Z0-9]+)*$", max_length=40)], LimitText]


class RulesText(Part):
    """Every other file of a pack."""

    rules: tuple[RuleText, ...] = Field(min_length=1)


#: From facts, the instant of the decision, the pack's currency and the branch's calendar to an obligation.
OwedBy = Callable[[Values, datetime, str, Calendar], Obligation]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule ready to run.

    Attributes:
        reason: what staff read when it holds, to be filled with the facts (`%` formatting by name).
        owed: one function for each obligation, giving it with its dates and amounts.
        test: the closure of the condition over plain fact values.
        names: every fact that has to be present: of the condition, the clock and the obligations, in reading order.
        clock: the date fact that selects the rule, or None for the day of the decision.
        valid_from, valid_to: ISO dates, inclusive.
        file, line: where it is written.
    """

    id: str
    text: RuleText
    tree: Tree
    condition: str
    reason: str
    test: Closure
    owed: tuple[OwedBy, ...]
    names: tuple[str, ...]
    order: int
    clock: str | None
    valid_from: str
    valid_to: str
    file: str
    line: int
