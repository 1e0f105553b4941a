"""What is known about a fact: its name, type, range, who states it and how old it may be."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

#: The exact Python type of a fact's value.
Kind = type[bool] | type[int] | type[str]
FactType = Literal["bool", "int", "str"]
#: bank = GET /facts of the core; runtime = the auth session and our own switches; proposal = the frozen arguments.
Source = Literal["bank", "runtime", "proposal"]

#: Minor units: ten thousand crore rupees. Keeps sums of rule arithmetic far inside 64 bits.
MONEY_LIMIT = 10**13
#: "A long time ago" for ages of changes, in hours.
LONG_AGO_H = 9999
#: The same in days.
LONG_AGO_D = 9999
BANK_MAX_AGE_S = 300
RUNTIME_MAX_AGE_S = 60


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact a rule may name.

    Attributes:
        values: the closed enumeration of a `str` fact; empty means any text (never compared with literals).
        low, high: inclusive range of an `int` fact.
        is_date: a `str` that has to be an ISO date; may select a rule by validity and anchor a deadline.
        max_age_s: older than this at decision time counts as missing; None = frozen with the proposal.
        declared: an answer of the customer; may never soften a verdict.
        doc: what it says and how it is counted.
    """

    name: str
    type: FactType
    source: Source
    doc: str
    values: tuple[str, ...] = ()
    low: int = 0
    high: int = MONEY_LIMIT
    is_date: bool = False
    max_age_s: int | None = BANK_MAX_AGE_S
    declared: bool = False

    def accepts(self, value: object) -> bool:
        """Whether `value` is of this fact's exact type, range and enumeration."""
        kind, allowed = self.kind_and_values()
        return type(value) is kind and (allowed is None or value in allowed)

    def kind_and_values(self) -> tuple[Kind, Container[object] | None]:
        """The exact Python type, and what the value has to be in; None where the type is all there is to say."""
        if self.type == "bool":
            return bool, None
        if self.type == "int":
            return int, range(self.low, self.high + 1)
        return str, frozenset(self.values) if self.values else _IsoDates() if self.is_date else None


class _IsoDates:
    """All ISO dates, as something a value can be `in`."""

    def __contains__(self, text: object) -> bool:
        return _is_iso_date(str(text))


@lru_cache(maxsize=4096)
def _is_iso_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def yes_no(name: str, doc: str, source: Source = "bank", age: int | None = BANK_MAX_AGE_S, *, declared: bool = False) -> FactSpec:
    """A fact that holds or does not."""
    return FactSpec(name, "bool", source, doc, max_age_s=age, declared=declared)


def count(name: str, doc: str, high: int = 100_000, low: int = 0) -> FactSpec:
    """A whole number that the core states."""
    return FactSpec(name, "int", "bank", doc, low=low, high=high)


def money(name: str, doc: str, *, signed: bool = False) -> FactSpec:
    """An amount in minor units that the core states; never negative unless `signed`."""
    return FactSpec(name, "int", "bank", doc, low=-MONEY_LIMIT if signed else 0)


def enum(
    name: str, doc: str, values: str, source: Source = "bank", age: int | None = BANK_MAX_AGE_S, *, declared: bool = False
) -> FactSpec:
    """One word of a closed list."""
    return FactSpec(name, "str", source, doc, values=tuple(values.split()), max_age_s=age, declared=declared)


def day(name: str, doc: str) -> FactSpec:
    """A day of the home branch, as an ISO date."""
    return FactSpec(name, "str", "bank", doc, is_date=True)


def hours(name: str, what: str) -> FactSpec:
    """Whole hours since something changed last."""
    return count(name, f"Whole hours since {what} last changed; {LONG_AGO_H} = longer, or never.", LONG_AGO_H)


def argument(name: str, doc: str, values: str = "", *, declared: bool = False) -> FactSpec:
    """What the frozen arguments of the proposal say: an amount, or one word of a closed list."""
    if values:
        return FactSpec(name, "str", "proposal", doc, values=tuple(values.split()), max_age_s=None, declared=declared)
    return FactSpec(name, "int", "proposal", doc, low=0, max_age_s=None, declared=declared)
