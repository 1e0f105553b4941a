"""`tellergate bench`: what the design promises, measured on this machine, side by side in one run, with the limits beside it."""

from __future__ import annotations

import asyncio
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cli.bench_audit import measure_verification
from cli.bench_gate import beside_peers
from cli.bench_models import measure_chat
from cli.bench_turn import measure_turns
from domain.errors import BadInput
from policy.bench import measure
from runtime.clocks import MonotonicClock, OffsetClock

DECISION_LIMIT_US = 50.0


def bench(what: str, write: Path | None) -> dict[str, Any]:
    """Run one bench or all; `ok` is false when a limit is passed. Raises BadInput `bench_unknown`."""
    if what != "all" and what not in BENCHES:
        raise BadInput("bench_unknown", f"{what}: there are all, {', '.join(BENCHES)}")
    results = {name: run() for name, run in BENCHES.items() if what in ("all", name)}
    summary = {
        "ok": all(result["ok"] for result in results.values()),
        "machine": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "at": OffsetClock().now().isoformat(timespec="seconds"),
        "results": results,
    }
    if write is not None:
        write.write_text(_report(summary, what), encoding="utf-8")
    return summary


def _turn() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="tellergate-bench-") as folder:
        return asyncio.run(measure_turns(Path(folder)))


def _gate() -> dict[str, Any]:
    """Microseconds a decision with the shipped Indian pack, digests and gathering apart, and other engines on rules of one action."""
    clock = MonotonicClock().monotonic
    figures = measure(clock)
    shown = {f.what: {"count": f.count, "p50_us": f.p50, "p99_us": f.p99, "single_p99_us": f.raw_p99} for f in figures}
    beside = beside_peers(clock)
    ok = figures[0].p99 <= DECISION_LIMIT_US and beside["ok"]
    return {"ok": ok, "limit_us": DECISION_LIMIT_US, **shown, "side by side": beside}


def _audit() -> dict[str, Any]:
    """Entries a second that an export is verified with, on one core."""
    with tempfile.TemporaryDirectory(prefix="tellergate-bench-") as folder:
        return measure_verification(Path(folder))


def _models() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="tellergate-bench-") as folder:
        return asyncio.run(measure_chat(Path(folder)))


BENCHES: dict[str, Callable[[], dict[str, Any]]] = {"turn": _turn, "gate": _gate, "audit": _audit, "models": _models}


def _report(summary: dict[str, Any], what: str) -> str:
    lines = [
        "# Benchmarks",
        "",
        f"`tellergate bench {what}` on {summary['machine']}, {summary['at'][:10]}. Absolute times are this machine's; the limits are ratios where "
        "one is given.",
    ]
    for name, result in summary["results"].items():
        lines += ["", f"## {name}", "", "| figure | value |", "| --- | --- |"]
        lines += [f"| {key} | {_shown(value)} |" for key, value in _flat(result).items()]
    return "\n".join(lines) + "\n"


def _flat(result: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in result.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key} ")
        else:
            flat[prefix + key] = value
    return flat


def _shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
