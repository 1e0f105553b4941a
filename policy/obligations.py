"""What a rule that holds makes the bank owe: deadlines as instants, amounts in minor units, each with its derivation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from domain.calendars import Calendar, Deadline, deadline, end_of_cycles, months_after
from domain.decisions import Obligation
from policy.rules import CYCLE_DAY, NOW, AmountOf, DueIn, Owed, OwedBy
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
    kind, to, start, amount = owed.kind, owed.to, period.start, owed.amount

    @lru_cache(maxsize=_REMEMBERED)
    def without_amount(first: date, cycle_day: int, calendar: Calendar) -> Obligation:
        """The same day gives the same obligation; many cases share their days."""
        end = _end(period, first, cycle_day, calendar)
        return Obligation(kind=kind, due=end.due, to=to, rule=rule, derivation=end.steps)

    def obligation(values: Values, now: datetime, currency: str, calendar: Calendar) -> Obligation:
        if period.hours is not None:
            due = (now + timedelta(hours=period.hours)).astimezone(UTC)
            steps: tuple[str, ...] = (f"{period.hours} hours from {now.astimezone(UTC).isoformat(timespec='seconds')}",)
        else:
            first = calendar.day_of(now) if start == NOW else date.fromisoformat(str(values[start]))
            cycle_day = 0 if period.billing_cycles is None else int(values[CYCLE_DAY])
            if amount is None:
                return without_amount(first, cycle_day, calendar)
            end = _end(period, first, cycle_day, calendar)
            due, steps = end.due, end.steps
        minor, of, reckoned = _amount(amount, values, currency)
        derivation = steps + reckoned
        return Obligation(kind=kind, due=due, amount_minor=minor, currency=of, to=to, rule=rule, derivation=derivation)

    return obligation


def _end(period: DueIn, first: date, cycle_day: int, calendar: Calendar) -> Deadline:
    """Where the period ends, or its cap where that is earlier."""
    if period.days is not None:
        end = deadline(first, period.days, period.unit, calendar)
    elif period.months is not None:
        end = months_after(first, period.months, calendar)
    else:
        end = end_of_cycles(first, period.billing_cycles or 0, cycle_day, calendar)
    if period.at_most_days is None:
        return end
    cap = deadline(first, period.at_most_days, "calendar", calendar)
    if cap.day >= end.day:
        return end
    return Deadline(cap.day, cap.due, (*end.steps, f"not later than {period.at_most_days} days: {cap.day.isoformat()}"))


def _amount(amount: AmountOf | None, values: Values, currency: str) -> tuple[int | None, str | None, tuple[str, ...]]:
    if amount is None:
        return None, None, ()
    if amount.minor is not None:
        minor, of = amount.minor, currency
        steps = [f"{minor} {of} minor units"]
    elif amount.per_day_minor is not None:
        days = max(0, int(values[str(amount.days)]) - amount.after_days)
        minor, of = amount.per_day_minor * days, currency
        steps = [
            f"{amount.days} {values[str(amount.days)]} - {amount.after_days} = {days} days, each {amount.per_day_minor}: {minor}"
        ]
    else:
        first, *rest = amount.own_facts()
        minor, of = abs(int(values[first])), str(values[rest[0]]) if rest else currency
        steps = [f"{amount.of} amount {minor} {of} minor units"]
    if amount.percent is not None:
        minor = (minor * amount.percent + 50) // 100
        steps.append(f"{amount.percent} percent: {minor}")
    if amount.plus is not None:
        added, other, reckoned = _amount(amount.plus, values, currency)
        if other != of:
            raise ValueError("amounts of two currencies are not added")
        minor += added or 0
        steps += [*reckoned, f"together: {minor}"]
    if amount.at_most_minor is not None:
        if of != currency:
            raise ValueError("a cap holds in the pack's currency only")
        minor = min(minor, amount.at_most_minor)
        steps.append(f"at most {amount.at_most_minor}: {minor}")
    return minor, of, tuple(steps)
