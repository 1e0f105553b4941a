"""How much of a model's wording is accepted: counted per turn, shown at `/metrics`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

#: What became of a wording without a model having been asked.
NOT_ASKED = frozenset({"", "off", "no_model", "language", "budget", "no_opening", "word_for_word"})
BUCKETS_S = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.2, 2.0)


class WordingMetrics:
    """Counts by mode, persona and outcome; `tellergate_wording_accepted_share` is accepted by asked since the start, per mode.

    Labels are names of our own (modes, personas, error codes): nothing that a customer or a model wrote.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._outcomes = Counter(
            "tellergate_wordings", "Replies by what became of their wording.", ["mode", "persona", "outcome"], registry=registry
        )
        self._share = Gauge(
            "tellergate_wording_accepted_share", "Wordings accepted, of those a model was asked for.", ["mode"], registry=registry
        )
        self._seconds = Histogram(
            "tellergate_wording_seconds", "Time a model's wording took.", ["mode"], buckets=BUCKETS_S, registry=registry
        )
        self._asked: dict[str, int] = defaultdict(int)
        self._accepted: dict[str, int] = defaultdict(int)

    def count(self, persona: str, phrasing: Mapping[str, Any]) -> None:
        """One reply: `phrasing` is the composer's `detail`. A turn that said nothing has none and is not counted."""
        if not phrasing:
            return
        mode, outcome = str(phrasing.get("mode", "")), str(phrasing.get("reason", ""))
        self._outcomes.labels(mode, persona, outcome).inc()
        if outcome in NOT_ASKED:
            return
        self._asked[mode] += 1
        self._accepted[mode] += outcome == "accepted"
        self._share.labels(mode).set(self._accepted[mode] / self._asked[mode])
        if "ms" in phrasing:
            self._seconds.labels(mode).observe(float(phrasing["ms"]) / 1000)
