"""What a tenant has of its own: the core it banks with, its clock, its rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.actions import Action
from domain.clock import BusinessClock
from domain.decisions import Decision, Fact
from tools.bank_client import BankClient


class Rules(Protocol):
    """`policy.gate.decide` with the tenant's active pack and calendar bound to it."""

    def __call__(self, action: Action, facts: Mapping[str, Fact], now: datetime) -> Decision: ...


#: How long a proposal waits for a person.
PERSON_LIFE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class TenantParts:
    """One bank that this service works for.

    Attributes:
        person_life: how long a proposal waits for a person.
        jurisdiction: whose rules run now, so that their facts are gathered.
    """

    tenant: str
    bank: BankClient
    clock: BusinessClock
    rules: Rules
    person_life: timedelta = PERSON_LIFE
    jurisdiction: Callable[[], str] = lambda: "IN"


#: Tenant → its parts. Raises NotFound `tenant_unknown`.
Tenants = Callable[[str], TenantParts]
