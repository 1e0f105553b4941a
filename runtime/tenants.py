"""What a tenant has of its own: the core it banks with, its clock, its rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.actions import Action
from domain.clock import BusinessClock
from domain.decisions import Decision, Fact
from tools.bank_client import BankClient


class Rules(Protocol):
    """`policy.gate.decide` with the tenant's active pack and calendar bound to it."""

    def __call__(self, action: Action, facts: Mapping[str, Fact], now: datetime) -> Decision: ...


@dataclass(frozen=True, slots=True)
class TenantParts:
    """One bank that this service works for."""

    tenant: str
    bank: BankClient
    clock: BusinessClock
    rules: Rules


#: Tenant → its parts. Raises NotFound `tenant_unknown`.
Tenants = Callable[[str], TenantParts]
