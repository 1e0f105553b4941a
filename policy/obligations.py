"""What a rule that holds makes the bank owe: deadlines as instants, amounts in minor units, each with its derivation."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from domain.calendars import Calendar, deadline
from domain.decisions import Obligation
from policy.rules import NOW, AmountOf, DueIn, Owed, OwedBy
from policy.tree import Values

_REMEMBERED = 512


def compile_owed(rule: str, owed: Owed) -> OwedBy:
    """The function that gives one obligation of a rule.

    It raises ValueError where a cap is in another currency than the amount, and KeyError where a fact it needs is absent.
    """
    if isinstance(owed.due, DueIn):
        return _dated(rule, owed, owed.due)

    def obligation(values: Values, now: datetime, currency: str, calendar: Calendar) -> Obligation:
        at_once = owed.due == "at_once"
        minor, of, steps = _amount(owed.amount, values, currency)
        derivation = ("at once", *steps) if at_once else steps
        due = now if at_once else None
        return Obligation(kind=owed.kind, due=due, amount_minor=minor, currency=of, to=owed.to, rule=rule, derivation=derivation)

    return obligation


def _dated(rule: str, owed: Owed, period: DueIn) -> OwedBy:
    kind, to, start, days, unit, amount = owed.kind, owed.to, period.start, period.days, period.unit, owed.amount

    @lru_cache(maxsize=_REMEMBERED)
    def without_amount(first: date, calendar: Calendar) -> Obligation:
        """The same day gives the same obligation; many cases share their days."""
        end = deadline(first, days, unit, calendar)
        return Obligation(kind=kind, due=end.due, to=to, rule=rule, derivation=end.steps)

    def obligation(values: Values, now: datetime, currency: str, calendar: Calendar) -> Obligation:
        first = calendar.day_of(now) if start == NOW else date.fromisoformat(str(values[start]))
        if amount is None:
            return without_amount(first, calendar)
        end = deadline(first, days, unit, calendar)
        minor, of, steps = _amount(amount, values, currency)
        derivation = end.steps + steps
        return Obligation(kind=kind, due=end.due, amount_minor=minor, currency=of, to=to, rule=rule, derivation=derivation)

    return obligation


def _amount(amount: AmountOf | None, values: Values, currency: str) -> tuple[int | None, str | None, tuple[str, ...]]:
    if amount is None:
        return None, None, ()
    minor_fact, currency_fact = amount.facts()
    minor, of = abs(int(values[minor_fact])), str(values[currency_fact])
    step = f"{amount.of} amount {minor} {of} minor units"
    if amount.at_most_minor is None:
        return minor, of, (step,)
    if of != currency:
        raise ValueError("a cap holds in the pack's currency only")
    capped = min(minor, amount.at_most_minor)
    return capped, of, (step, f"at most {amount.at_most_minor}: {capped}")
