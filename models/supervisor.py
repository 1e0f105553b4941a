"""Keeps one worker process alive: starts it, hands it calls, fails them at once when it dies, starts it anew with a back-off.

The event loop of the model server owns everything here; nothing blocks it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import structlog

from domain.errors import Unavailable
from models.config import ModelConfig
from models.framing import Frame, FrameError, pack, read_frame

log = structlog.get_logger(__name__)

State = Literal["starting", "ready", "down", "stopped"]
Reply = Callable[[Frame], None]

SOURCE_ROOT = Path(__file__).parent.parent
#: How long past its deadline a worker may take to say so itself before we do.
GRACE_S = 0.2
#: Dying sooner than this after its start counts as failing again.
SETTLED_S = 10.0
#: So many failures in a row, and calls no longer wait for the next start.
PATIENCE = 3
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0


@dataclass(slots=True, eq=False)
class Pending:
    """A call that the worker owes an answer. `weight` counts against the queue; `answered` means the caller has had its last frame."""

    frame: Frame
    reply: Reply
    deadline: float
    weight: int
    late: asyncio.TimerHandle
    hung: asyncio.TimerHandle
    sent: bool = False
    answered: bool = False


class Supervisor:
    """One worker by name (`llama` or `encoder`). `run` lives as long as the server."""

    def __init__(self, name: str, config: ModelConfig, *, limit: int, module: str = "models.launch") -> None:
        self.name = name
        self.state: State = "starting"
        self.code: str | None = None
        self.restarts = 0
        self.identity: dict[str, str] = {"model": "", "sha256": ""}
        self.ready = asyncio.Event()
        self._config, self._limit, self._module = config, limit, module
        self._ids = itertools.count(1)
        self._pending: dict[int, Pending] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._failures = 0

    def health(self) -> dict[str, Any]:
        pid = self._process.pid if self._process is not None else None
        shape = {"state": self.state, "pid": pid, "restarts": self.restarts, "code": self.code, "calls": len(self._pending)}
        return shape | self.identity

    def submit(self, frame: Frame, reply: Reply, *, weight: int = 1) -> int:
        """Pass a call on; `reply` gets its frames, the last one `done` or `error`. Returns the id to cancel it by.

        Raises Unavailable `model_busy` when the queue is full, `model_unavailable` when the worker keeps failing.
        """
        if self.state in ("down", "stopped"):
            raise Unavailable("model_unavailable", self.code or "")
        if sum(call.weight for call in self._pending.values()) + weight > self._limit:
            raise Unavailable("model_busy")
        loop, call_id = asyncio.get_running_loop(), next(self._ids)
        deadline = loop.time() + frame["deadline_s"]
        late = loop.call_at(deadline + GRACE_S, self._late, call_id)
        hung = loop.call_at(deadline + self._config.hung_after_s, self._hung, call_id)
        self._pending[call_id] = Pending(frame, reply, deadline, weight, late, hung)
        if self.state == "ready":
            self._send(call_id)
        return call_id

    def cancel(self, call_id: int) -> None:
        call = self._drop(call_id)
        if call is not None and call.sent and self._writer is not None:
            self._writer.write(pack({"op": "cancel", "id": call_id}))

    async def run(self) -> None:
        """Start the worker again and again until cancelled."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                began = loop.time()
                was_ready = await self._live()
                self._failures = 1 if was_ready and loop.time() - began > SETTLED_S else self._failures + 1
                self.state = "down" if self._failures >= PATIENCE else "starting"
                if self.state == "down":
                    self._fail(lambda _call: True)
                self.restarts += 1
                pause = 0.0 if self._failures == 1 else min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (self._failures - 2))
                log.warning("model_worker_gone", worker=self.name, code=self.code, failures=self._failures, pause_s=pause)
                await asyncio.sleep(pause)
        finally:
            self.state = "stopped"
            self._fail(lambda _call: True)

    async def _live(self) -> bool:
        """One life of the process, from its start to its end. Returns whether it was ever ready."""
        ours, theirs = socket.socketpair()
        arguments = ("-m", self._module, self.name, str(theirs.fileno()), self._config.to_json())
        with theirs:
            self._process = process = await asyncio.create_subprocess_exec(
                sys.executable,
                *arguments,
                cwd=SOURCE_ROOT,
                pass_fds=(theirs.fileno(),),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
            )
        reader, self._writer = await asyncio.open_connection(sock=ours)
        late = asyncio.get_running_loop().call_later(self._config.start_timeout_s, self._too_slow, process)
        was_ready = False
        try:
            while (frame := await read_frame(reader)) is not None:
                self._hear(frame)
                was_ready = was_ready or self.ready.is_set()
        except FrameError:
            self.code = "model_unavailable"
        finally:
            late.cancel()
            self.ready.clear()
            self.state = "starting"
            self._writer.close()
            self._writer = None
            self._fail(lambda call: call.sent)
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            self._process = None
        return was_ready

    def _hear(self, frame: Frame) -> None:
        if frame.get("event") == "ready":
            self.identity = {"model": frame["model"], "sha256": frame["sha256"]}
            self.state, self.code = "ready", None
            self.ready.set()
            log.info("model_worker_ready", worker=self.name, model=frame["model"], load_s=frame["load_s"])
            for call_id in list(self._pending):
                self._send(call_id)
        elif frame.get("event") == "failed":
            self.code = frame["code"]
            log.error("model_worker_failed", worker=self.name, code=frame["code"], detail=frame["detail"])
        else:
            call_id = frame.pop("id")
            call = self._pending.get(call_id) if frame["event"] == "text" else self._drop(call_id)
            if call is not None:
                self._answer(call, frame)

    def _send(self, call_id: int) -> None:
        call = self._pending[call_id]
        left = call.deadline - asyncio.get_running_loop().time()
        if left > 0 and self._writer is not None:
            self._writer.write(pack(call.frame | {"id": call_id, "deadline_s": left}))
            call.sent = True

    def _answer(self, call: Pending, frame: Frame) -> None:
        """Pass a frame on, unless the call has had its last one."""
        if not call.answered:
            call.answered = frame["event"] != "text"
            call.reply(frame)

    def _drop(self, call_id: int) -> Pending | None:
        call = self._pending.pop(call_id, None)
        if call is not None:
            call.late.cancel()
            call.hung.cancel()
        return call

    def _fail(self, which: Callable[[Pending], bool]) -> None:
        """Answer calls that nobody will work on: those of a dead process, or all when there will be none for a while."""
        for call_id, call in list(self._pending.items()):
            if which(call):
                self._drop(call_id)
                self._answer(call, {"event": "error", "code": "model_unavailable"})

    def _late(self, call_id: int) -> None:
        """Answer in the worker's place; a call that it has is still owed, so that silence is noticed."""
        call = self._pending[call_id]
        self._answer(call, {"event": "error", "code": "model_timeout"})
        if not call.sent:
            self._drop(call_id)

    def _hung(self, call_id: int) -> None:
        """A worker that does not even report a timeout is stuck in native code; only killing it helps."""
        if call_id in self._pending and self._process is not None:
            self.code = "model_timeout"
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    def _too_slow(self, process: asyncio.subprocess.Process) -> None:
        if not self.ready.is_set():
            self.code = "model_timeout"
            with contextlib.suppress(ProcessLookupError):
                process.kill()
