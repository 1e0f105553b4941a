"""Named limits of the doors: a token bucket per customer (5 a second, burst 10) and the three-strikes rule before a close."""

from __future__ import annotations

from collections import OrderedDict, deque

from domain.clock import SystemClock

#: Buckets kept at most; the least recently used is forgotten first (it is full again by then).
MAX_BUCKETS = 20_000
STRIKES = 3
STRIKE_WINDOW_S = 10.0


class TokenBuckets:
    """Token buckets by key. `take` returns 0.0 when allowed, else the seconds to wait."""

    def __init__(self, rate: float, burst: int, clock: SystemClock) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        now = self._clock.monotonic()
        tokens, at = self._buckets.pop(key, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - at) * self._rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self._rate
        self._buckets[key] = (tokens - 1 if wait == 0 else tokens, now)
        if len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)
        return wait


class Strikes:
    """Three refusals for speed within ten seconds close a socket."""

    def __init__(self, clock: SystemClock) -> None:
        self._clock = clock
        self._at: deque[float] = deque(maxlen=STRIKES)

    def strike(self) -> bool:
        """Count one; True when it is the third within the window."""
        self._at.append(self._clock.monotonic())
        return len(self._at) == STRIKES and self._at[-1] - self._at[0] <= STRIKE_WINDOW_S
