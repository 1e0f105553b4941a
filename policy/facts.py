"""The closed schema of facts: every name a rule may use, its type, who states it, and how old it may be.

A fact is a scalar with a source and the time at which that source stated it. Rules are type-checked against this schema when a
pack is loaded, and values are checked against it on every decision: a value of another type, outside its range or outside its
enumeration counts as missing. Names follow section J of the banking rules, flattened; they stand in `policy/factbook/`.

Units: money in minor units, ages in whole hours (`_h`), days (`_d`) or seconds (`_s`), risk in basis points (`_bp`,
10000 = certain), dates as ISO strings of the home branch's day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from domain.actions import Action
from domain.decisions import Fact, FactValue
from policy.factbook.asking import ARGUMENTS, ASKING
from policy.factbook.case import CASE
from policy.factbook.customer import CUSTOMER
from policy.factbook.elsewhere import EUROPEAN_UNION, UNITED_STATES
from policy.factbook.needs import ELSEWHERE, NEEDS
from policy.factbook.payment import PAYMENT
from policy.factbook.service import SERVICE
from policy.factbook.spec import LONG_AGO_H, MONEY_LIMIT, FactSpec, Kind

SCHEMA: Mapping[str, FactSpec] = {
    spec.name: spec for spec in (*ASKING, *CUSTOMER, *PAYMENT, *CASE, *SERVICE, *UNITED_STATES, *EUROPEAN_UNION)
}


def needs(action: str, jurisdiction: str = "IN") -> tuple[str, ...]:
    """The facts that are gathered for an action where a pack of that jurisdiction rules."""
    return tuple(dict.fromkeys((*NEEDS[action], *ELSEWHERE.get(jurisdiction, {}).get(action, ()))))


def bank_needs(action: str, jurisdiction: str = "IN") -> tuple[str, ...]:
    """Of these, the ones that the core bank states; the rest come from the runtime and the proposal."""
    return tuple(name for name in needs(action, jurisdiction) if SCHEMA[name].source == "bank")


def proposal_facts(action: Action, at: datetime) -> dict[str, Fact]:
    """The facts that a proposal's own frozen arguments state, such as amount and currency, or a declared dispute type."""
    return arguments_as_facts(action.arguments(), at)


def arguments_as_facts(arguments: Mapping[str, Any], at: datetime) -> dict[str, Fact]:
    """As `proposal_facts`, from plain arguments. Arguments that are no facts are left out."""
    return {
        name: Fact(name=name, value=arguments[name], source="proposal", at=at, declared=SCHEMA[name].declared)
        for name in ARGUMENTS
        if name in arguments
    }


def as_facts(values: Mapping[str, FactValue], at: datetime, source: str) -> dict[str, Fact]:
    """Wrap plain values that one source stated at one time."""
    return {
        name: Fact(name=name, value=value, source=source, at=at, declared=_is_declared(name)) for name, value in values.items()
    }


def _is_declared(name: str) -> bool:
    return name in SCHEMA and SCHEMA[name].declared


def unknown_names(names: Iterable[str]) -> list[str]:
    """The names that are not in the schema, sorted."""
    return sorted(set(names) - SCHEMA.keys())


__all__ = [
    "ELSEWHERE", "LONG_AGO_H", "MONEY_LIMIT", "NEEDS", "SCHEMA", "FactSpec", "Kind", "arguments_as_facts", "as_facts", "bank_needs",
    "needs", "proposal_facts", "unknown_names",
]  # fmt: skip
