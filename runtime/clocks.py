"""The real clocks and the real source of ids; tests inject their own."""

from __future__ import annotations

import base64
import secrets
import time
from datetime import UTC, datetime, timedelta


class OffsetClock:
    """Business time: wall time plus an offset that only grows (a sandbox world may stand at another date)."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def advance_to(self, offset: timedelta) -> bool:
        """Take a larger offset; a smaller one is ignored. True when the clock moved."""
        if offset <= self._offset:
            return False
        self._offset = offset
        return True

    def set_offset(self, offset: timedelta) -> None:
        """Set once, when the world's clock becomes known."""
        self._offset = offset


class MonotonicClock:
    """The machine's own clock, for leases, budgets and latencies."""

    def monotonic(self) -> float:
        return time.monotonic()


def wall_micros() -> int:
    """Wall time in microseconds, for the recorded start and end of turns and for leases."""
    return time.time_ns() // 1000


class RandomIds:
    """Unguessable ids and secrets from the operating system."""

    def new(self, prefix: str) -> str:
        return f"{prefix}_{base64.b32encode(secrets.token_bytes(16)).decode().rstrip('=').lower()}"

    def secret(self) -> str:
        return secrets.token_urlsafe(32)

    def digits(self, count: int) -> str:
        return "".join(secrets.choice("0123456789") for _ in range(count))
