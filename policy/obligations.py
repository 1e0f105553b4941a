"""What a rule that holds makes the bank owe: deadlines as instants, amounts in minor units, each with its derivation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from domain.calendars import Calendar, Deadline, deadline, end_of_cycles, months_after
from domain.decisions import Obligation
from policy.rules import CYCLE_DAY, NOW, AmountOf, DueIn, Owed, OwedBy
from policy.tree import Values

_REMEMBERED = 512
#: Minor units, their currency, and how they were found.
Reckoned = tuple[int, str, tuple[str, ...]]
Reckoner = Callable[[Values, str], Reckoned]
_NOTHING: tuple[None, None, tuple[str, ...]] = (None, None, ())


def compile_owed(rule: str, owed: Owed) -> OwedBy:
    """The function that gives one obligation of a rule.

    It raises ValueError where a cap is in another currency than the amount, and KeyError where a fact it needs is absent.
    """
    if isinstance(owed.due, DueIn):
        return _dated(rule, owed, owed.due)
    kind, to, at_once, reckon = owed.kind, owed.to, owed.due == "at_once", _reckoner(owed.amount)

    def obligation(values: Values, now: datetime, currency: str, calendar: Calendar) -> Obligation:
        minor, of, steps = _NOTHING if reckon is None else reckon(values, currency)
        derivation = ("at once", *steps) if at_once else steps
        due = now if at_once else None
        return Obligation(kind=kind, due=due, amount_minor=minor, currency=of, to=to, rule=rule, derivation=derivation)

    return obligation


def _dated(rule: str, owed: Owed, period: DueIn) -> OwedBy:
    kind, to, start, reckon = owed.kind, owed.to, period.start, _reckoner(owed.amount)

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
            if reckon is None:
                return without_amount(first, cycle_day, calendar)
            end = _end(period, first, cycle_day, calendar)
            due, steps = end.due, end.steps
        minor, of, reckoned = _NOTHING if reckon is None else reckon(values, currency)
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


def _reckoner(amount: AmountOf | None) -> Reckoner | None:
    """What gives the amount of an obligation, its currency and its derivation; everything that is known beforehand is settled here."""
    if amount is None:
        return None
    base, percent, cap = _base(amount), amount.percent, amount.at_most_minor
    plus = _reckoner(amount.plus)
    if percent is None and cap is None and plus is None:
        return base

    def reckoned(values: Values, currency: str) -> Reckoned:
        minor, of, steps = base(values, currency)
        if percent is not None:
            minor = (minor * percent + 50) // 100
            steps = (*steps, f"{percent} percent: {minor}")
        if plus is not None:
            added, other, more = plus(values, currency)
            if other != of:
                raise ValueError("amounts of two currencies are not added")
            minor += added
            steps = (*steps, *more, f"together: {minor}")
        if cap is not None:
            if of != currency:
                raise ValueError("a cap holds in the pack's currency only")
            minor = min(minor, cap)
            steps = (*steps, f"at most {cap}: {minor}")
        return minor, of, steps

    return reckoned


def _base(amount: AmountOf) -> Reckoner:
    if amount.minor is not None:
        written = amount.minor
        return lambda values, currency: (written, currency, (f"{written} {currency} minor units",))
    if amount.per_day_minor is not None:
        each, counted, after = amount.per_day_minor, str(amount.days), amount.after_days

        def by_day(values: Values, currency: str) -> Reckoned:
            days = max(0, int(values[counted]) - after)
            return each * days, currency, (f"{counted} {values[counted]} - {after} = {days} days, each {each}: {each * days}",)

        return by_day
    fact, *in_currency = amount.own_facts()
    what, named = amount.of, in_currency[0] if in_currency else None

    def of_fact(values: Values, currency: str) -> Reckoned:
        minor = abs(int(values[fact]))
        of = currency if named is None else str(values[named])
        return minor, of, (f"{what} amount {minor} {of} minor units",)

    return of_fact
