"""`tellergate privacy …`: erase a customer, print what is kept about one, destroy what is due."""

from __future__ import annotations

from typing import Any

from domain.clock import from_micros
from runtime import erasure
from runtime.clocks import wall_micros
from runtime.opening import opened
from runtime.settings import Settings


def erase(settings: Settings, customer: str) -> dict[str, Any]:
    """What was said goes now, in every copy; records on the date that is told. A running server notices within seconds."""
    with opened(settings) as (database, vault):
        told = erasure.erase(database, vault, settings.tenant, customer, wall_micros())
    return told | {"customer": customer, "record_erased_at": from_micros(told["record_erased_at"]).isoformat()}


def export(settings: Settings, customer: str) -> dict[str, Any]:
    """All content about the customer that we can open, long numbers masked."""
    with opened(settings) as (database, _):
        return {"customer": customer, "content": erasure.export(database, settings.tenant, customer)}


def sweep(settings: Settings) -> dict[str, Any]:
    """Destroy the record keys whose legal date has come."""
    with opened(settings) as (database, vault):
        return {"erased": erasure.sweep(database, vault, settings.tenant, wall_micros())}
