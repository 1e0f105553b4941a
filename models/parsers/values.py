"""All values of one message. What one reader has recognised, the next does not see: a date is never an amount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.clock import require_aware
from models.parsers.clock_times import ClockTime, clock_times
from models.parsers.dates import Period, times
from models.parsers.money import Amount, amounts
from models.parsers.references import Mark, marks
from models.parsers.text import blank, fold

#: Of several bare numbers, one below 100 rupees is more likely a count or a model's number.
SMALL_MINOR = 10_000


@dataclass(frozen=True, slots=True)
class Values:
    """What a message holds. `unclear_days` are words like *kal*, which may be yesterday or tomorrow."""

    amounts: tuple[Amount, ...]
    periods: tuple[Period, ...]
    marks: tuple[Mark, ...]
    unclear_days: tuple[str, ...]
    clocks: tuple[ClockTime, ...] = ()

    def slots(self) -> dict[str, str | int]:
        """The values that are clear enough to be slots: `amount_minor` and `currency`, `date` or `date_from` and `date_to`, `time` (local,
        HH:MM), `last4`, `reference`, `upi_id`. Of two different ones neither is; an amount with its currency goes before bare numbers.
        """
        found: dict[str, str | int] = {}
        sure = {amount.money for amount in self.amounts if amount.explicit}
        bare = {amount.money for amount in self.amounts}
        monies = sure or (bare if len(bare) == 1 else {money for money in bare if money.minor >= SMALL_MINOR})
        if len(monies) == 1:
            money = monies.pop()
            found |= {"amount_minor": money.minor, "currency": money.currency}
        spans = {(period.first, period.last) for period in self.periods}
        if len(spans) == 1:
            first, last = spans.pop()
            names = {"date": first} if first == last else {"date_from": first, "date_to": last}
            found |= {name: day.isoformat() for name, day in names.items()}
        moments = {clock.time for clock in self.clocks if clock.time is not None}
        if len(moments) == 1:
            found["time"] = f"{moments.pop():%H:%M}"
        for kind, slot in (("last4", "last4"), ("reference", "reference"), ("upi", "upi_id")):
            named = {mark.value for mark in self.marks if mark.kind == kind}
            if len(named) == 1:
                found[slot] = named.pop()
        return found


def read_values(text: str, *, now: datetime, zone: str) -> Values:
    """Values of a message written at `now` (aware) by somebody in the IANA time zone `zone`. Raises ValueError for a naive `now`."""
    rest = fold(text)
    found_marks = marks(rest)
    for mark in found_marks:
        rest = blank(rest, mark.start, mark.end)
    clocks = clock_times(rest)
    for clock in clocks:
        rest = blank(rest, clock.start, clock.end)
    found_times = times(rest, require_aware(now).astimezone(ZoneInfo(zone)).date())
    for period in found_times.periods:
        rest = blank(rest, period.start, period.end)
    return Values(tuple(amounts(rest)), found_times.periods, tuple(found_marks), found_times.ambiguous, tuple(clocks))
