"""Two clocks: the bank's business time, and the machine's monotonic time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class BusinessClock(Protocol):
    """Aware UTC time of the tenant's world: OTPs, tokens, consents, approvals, deadlines."""

    def now(self) -> datetime: ...


class SystemClock(Protocol):
    """Seconds that only grow: leases, back-off, budgets, rate buckets, latencies."""

    def monotonic(self) -> float: ...


def require_aware(at: datetime) -> datetime:
    """Return `at` in UTC. Raises ValueError for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError("naive datetime refused; give an aware one")
    return at.astimezone(UTC)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """UTC microseconds since 1970, the form in which times are stored. Exact."""
    return (require_aware(at) - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware UTC datetime of stored microseconds. Exact."""
    return _EPOCH + timedelta(microseconds=micros)
