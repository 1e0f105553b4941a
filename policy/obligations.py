"""What a rule that holds makes the bank owe: deadlines as instants, amounts in minor units, each with its derivation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from domain.calendars import Calendar, deadline
from domain.decisions import Obligation
from policy.rules import NOW, AmountOf, DueIn, Owed, OwedBy
from policy.tree import Values

_Due = Callable[[Values, datetime, Calendar], tuple[datetime | None, tuple[str, ...]]]
_Amount = Callable[[Values, str], tuple[int | None, str | None, tuple[str, ...]]]


def compile_owed(rule: str, owed: Owed) -> OwedBy:
    """The function that gives one obligation of a rule.

    It raises ValueError where a cap is in another currency than the amount, and KeyError where a fact it needs is absent.
    """
    due_of, amount_of = _due(owed.due), _amount(owed.amount)
    kind, to = owed.kind, owed.to

    def obligation(values: Values, now: datetime, currency: str, calendar: Calendar) -> Obligation:
        due, steps = due_of(values, now, calendar)
        minor, of, how = amount_of(values, currency)
        return Obligation(kind=kind, due=due, amount_minor=minor, currency=of, to=to, rule=rule, derivation=steps + how)

    return obligation


def _due(due: str | DueIn | None) -> _Due:
    if due is None:
        return lambda values, now, calendar: (None, ())
    if not isinstance(due, DueIn):
        return lambda values, now, calendar: (now, ("at once",))
    start, days, unit = due.start, due.days, due.unit

    def within(values: Values, now: datetime, calendar: Calendar) -> tuple[datetime, tuple[str, ...]]:
        first = calendar.day_of(now) if start == NOW else date.fromisoformat(str(values[start]))
        end = deadline(first, days, unit, calendar)
        return end.due, end.steps

    return within


def _amount(amount: AmountOf | None) -> _Amount:
    if amount is None:
        return lambda values, currency: (None, None, ())
    (minor_fact, currency_fact), cap, what = amount.facts(), amount.at_most_minor, f"{amount.of} amount"

    def capped(values: Values, currency: str) -> tuple[int, str, tuple[str, ...]]:
        minor, of = abs(int(values[minor_fact])), str(values[currency_fact])
        step = f"{what} {minor} {of} minor units"
        if cap is None:
            return minor, of, (step,)
        if of != currency:
            raise ValueError("a cap holds in the pack's currency only")
        return min(minor, cap), of, (step, f"at most {cap}: {min(minor, cap)}")

    return capped
