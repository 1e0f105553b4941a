"""The real server, marking in shared memory which stage it is in, and killing itself (SIGKILL) at a drawn instant.

    python -m tests.acceptance.killable MARKER -- serve …

MARKER is a file that outlives the process: the stage of this instant, and the target and delay that a test writes to arm it. When
the target stage begins, a thread waits out the delay and kills the process with signal 9, which nothing can catch, at whatever
instruction it then is.
"""

from __future__ import annotations

import mmap
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

#: In the order of a turn that moves money. The first and last of `MONEY` are the proposal on record and the receipt on record.
STAGES = (
    "accept",
    "understand",
    "decide",
    "run_flow",
    "propose",
    "consent",
    "mint",
    "send",
    "bank",
    "receipt",
    "compose",
    "commit",
)
MONEY = ("propose", "consent", "mint", "send", "bank", "receipt")


FIELD = 16
SIZE = 3 * FIELD


def arm(path: Path, target: str, delay_ms: float) -> None:
    """Kill the process at the next beginning of `target`, `delay_ms` later; with no delay, before its first instruction."""
    with path.open("r+b") as file:
        file.seek(2 * FIELD)
        file.write(f"{delay_ms:.4f}".encode().ljust(FIELD))
        file.seek(FIELD)
        file.write(target.encode().ljust(FIELD))


def disarm(path: Path) -> None:
    path.write_bytes(b" " * SIZE)


def stage_at_death(path: Path) -> str:
    return path.read_bytes()[:FIELD].decode().strip()


class Marker:
    """The server's side of the marker file."""

    def __init__(self, path: str) -> None:
        with open(path, "r+b") as file:
            self._memory = mmap.mmap(file.fileno(), SIZE)

    def enter(self, stage: str) -> None:
        self._memory[:FIELD] = stage.encode().ljust(FIELD)
        if self._memory[FIELD : 2 * FIELD].decode().strip() == stage:
            self._memory[FIELD : 2 * FIELD] = b" " * FIELD
            delay_s = float(self._memory[2 * FIELD :].decode()) / 1000
            if not delay_s:
                os.kill(os.getpid(), signal.SIGKILL)
            threading.Thread(target=_die, args=(delay_s,), daemon=True).start()


def _die(delay_s: float) -> None:
    time.sleep(delay_s)
    os.kill(os.getpid(), signal.SIGKILL)


def _wrap(owner: Any, name: str, marker: Marker, stage: str, after: str | None = None) -> None:
    original: Callable[..., Any] = getattr(owner, name)

    @wraps(original)
    async def marked(*args: Any, **kwargs: Any) -> Any:
        marker.enter(stage)
        result = await original(*args, **kwargs)
        if after is not None:
            marker.enter(after)
        return result

    setattr(owner, name, marked)


def install(marker: Marker) -> None:
    """Mark the stages of a turn and of a proposal's way through the gate."""
    from runtime.authority import Authority
    from runtime.door import Door
    from runtime.execution import ExecutionRecords
    from runtime.gate import BoundGate
    from runtime.turns import TurnRunner
    from tools.bank_client import BankClient

    _wrap(Door, "_accept", marker, "accept")
    _wrap(BoundGate, "propose", marker, "propose", "run_flow")
    _wrap(BoundGate, "consent", marker, "consent", "run_flow")
    _wrap(Authority, "mint", marker, "mint", "send")
    _wrap(BankClient, "write", marker, "send")
    _wrap(ExecutionRecords, "succeeded", marker, "receipt", "run_flow")
    _wrap(TurnRunner, "_commit", marker, "commit")
    _mark_bank(marker)
    _mark_stages(marker)


def _mark_bank(marker: Marker) -> None:
    """Inside the bank's own transaction: after it began, before it is durable."""
    from bank import approvals

    original = approvals.consume

    @wraps(original)
    def consume(*args: Any, **kwargs: Any) -> Any:
        marker.enter("bank")
        return original(*args, **kwargs)

    approvals.consume = consume


def _mark_stages(marker: Marker) -> None:
    from runtime import turns

    original = turns.run_turn

    @wraps(original)
    async def run_turn(view: Any, inputs: Any, ports: Any) -> Any:
        import dataclasses

        def stage(name: str) -> None:
            if name in STAGES:
                marker.enter(name)
            ports.stage(name)

        return await original(view, inputs, dataclasses.replace(ports, stage=stage))

    turns.run_turn = run_turn


def main() -> None:
    path, separator, *arguments = sys.argv[1:]
    assert separator == "--"
    install(Marker(path))
    sys.argv = ["tellergate", *arguments]
    from cli.main import run

    run()


if __name__ == "__main__":
    main()
