"""The number of threads follows what the machine shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import blas
from models.blas import compute_on_one_thread, openblas_threads
from models.threads import PROBE_EVERY, ThreadChoice


def run(choice: ThreadChoice, batches: int, costs: dict[int, float], rows: int = 8) -> list[int]:
    """`batches` batches whose rows take `costs[threads]` seconds each; returns the threads chosen."""
    chosen = []
    for _ in range(batches):
        threads = choice.choose(rows)
        choice.measured(rows, threads, costs[threads] * rows)
        chosen.append(threads)
    return chosen


def test_that_all_cores_are_used_while_they_pay() -> None:
    chosen = run(ThreadChoice(1, 2), 100, {1: 6.0, 2: 3.0})
    assert chosen.count(2) >= 95


def test_that_a_busy_neighbour_is_noticed_and_its_end_too() -> None:
    choice = ThreadChoice(1, 2)
    run(choice, 50, {1: 6.0, 2: 3.0})
    busy = run(choice, 50, {1: 6.0, 2: 20.0})
    assert busy[10:].count(1) >= 38
    idle = run(choice, 8 * PROBE_EVERY, {1: 6.0, 2: 3.0})
    assert idle[-PROBE_EVERY:].count(2) >= PROBE_EVERY - 2


def test_that_a_single_sequence_leaves_a_core_free() -> None:
    assert set(run(ThreadChoice(1, 2), 20, {1: 1.0, 2: 0.1}, rows=1)) == {1}


def test_that_sizes_are_judged_apart() -> None:
    choice = ThreadChoice(1, 2)
    run(choice, 20, {1: 1.0, 2: 9.0}, rows=8)
    assert run(choice, 20, {1: 9.0, 2: 1.0}, rows=256)[2:].count(2) >= 17


def test_that_a_process_without_openblas_keeps_its_threads(tmp_path: Path) -> None:
    maps = tmp_path / "maps"
    maps.write_text("7f00-7f01 r-xp 00000000 00:00 0 /usr/lib/libc.so.6\n")
    assert openblas_threads(maps) is None
    assert openblas_threads(tmp_path / "no such file") is None


def test_that_small_arithmetic_is_set_to_one_thread_where_the_library_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers: list[int] = []
    monkeypatch.setattr(blas, "openblas_threads", lambda: numbers.append)
    compute_on_one_thread()
    assert numbers == [1]
    monkeypatch.setattr(blas, "openblas_threads", lambda: None)
    compute_on_one_thread()
    assert numbers == [1]
