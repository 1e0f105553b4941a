"""How many threads a piece of work gets: one core is left to the rest of the machine, unless all cores pay off right now.

Measured with Q8_0 on 2 cores, 8 sequences, ms a step: alone 48 with one thread, 26 with two; beside two busy neighbours 48 and 100 to
400, because each of some 900 operations ends with waiting for the thread that was not running. So both are tried, and the better taken.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Of so many batches of a size, one tries the other number of threads.
PROBE_EVERY = 40
#: How much of the remembered cost a new measurement replaces.
FRESHNESS = 0.3


def thread_counts(single: int | None, several: int | None, cores: int) -> tuple[int, int]:
    """Threads for one sequence and for several, where settings leave them open: one core is left to the rest, or none."""
    few = single or max(1, cores - 1)
    return few, several or max(few, cores)


@dataclass(slots=True)
class _Cost:
    """Seconds a row for each number of threads, and how many batches of this size there were."""

    few: float | None = None
    many: float | None = None
    batches: int = 0


class ThreadChoice:
    """Learns from the batches themselves, apart for each power of two of rows."""

    def __init__(self, few: int, many: int) -> None:
        self._few, self._many = few, many
        self._costs: dict[int, _Cost] = {}

    def choose(self, rows: int) -> int:
        """Threads for a batch of `rows` tokens; a single one always gets few, since more gain it little."""
        if rows == 1 or self._few == self._many:
            return self._few
        cost = self._costs.setdefault(rows.bit_length(), _Cost())
        cost.batches += 1
        if cost.many is None or cost.few is None:
            return self._many if cost.many is None else self._few
        many_is_better = cost.many <= cost.few
        if cost.batches % PROBE_EVERY == 0:
            many_is_better = not many_is_better
        return self._many if many_is_better else self._few

    def measured(self, rows: int, threads: int, seconds: float) -> None:
        cost = self._costs.get(rows.bit_length())
        if rows == 1 or cost is None:
            return
        new, many = seconds / rows, threads == self._many
        old = cost.many if many else cost.few
        value = new if old is None else old + FRESHNESS * (new - old)
        if many:
            cost.many = value
        else:
            cost.few = value
