"""Sees to it that a model server answers in the data folder: starts one when none does, and again when that one is gone."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable

import structlog

from domain.errors import Unavailable
from models.client import ModelClient
from models.config import ModelConfig
from models.supervisor import SOURCE_ROOT

log = structlog.get_logger(__name__)

START_S = 10.0
LOOK_S = 0.05
STOP_S = 3.0
PAUSES_S = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class ModelServerProcess:
    """A model server that we started. It ends when we close it, or when this process ends in whatever way."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def wait(self) -> int:
        return await self._process.wait()

    async def close(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(STOP_S):
                await self._process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


async def answers(config: ModelConfig) -> bool:
    """Whether a model server answers in the data folder now."""
    client = ModelClient(config.socket_path)
    try:
        await client.health()
    except Unavailable:
        return False
    finally:
        await client.close()
    return True


async def ensure_model_server(config: ModelConfig) -> ModelServerProcess | None:
    """Start a model server unless one answers; returns the process if it is ours. It answers on return, its workers still load.

    Raises Unavailable `model_unavailable` when it does not come up within 10 s.
    """
    if await answers(config):
        return None
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "models.serve", config.to_json(), cwd=SOURCE_ROOT, stdin=asyncio.subprocess.PIPE
    )
    started = ModelServerProcess(process)
    try:
        async with asyncio.timeout(START_S):
            while not await answers(config):
                if not started.alive and not await answers(config):
                    raise Unavailable("model_unavailable", "the model server ended at once")
                await asyncio.sleep(LOOK_S)
    except TimeoutError as error:
        await started.close()
        raise Unavailable("model_unavailable", "the model server does not answer") from error
    if started.alive:
        return started
    return None  # another process was quicker; its server answers


class ModelServerKeeper:
    """Keeps a model server answering for as long as it is open; the one place that decides to start another."""

    def __init__(self, config: ModelConfig, on_change: Callable[[bool], None] = lambda _answering: None) -> None:
        self._config, self._on_change = config, on_change
        self._ours: ModelServerProcess | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return when a server answers, or has been found not to; keeps looking after it either way."""
        await self._ensure()
        self._task = asyncio.create_task(self._keep())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._ours is not None:
            await self._ours.close()
            self._ours = None

    async def _ensure(self) -> bool:
        try:
            self._ours = await ensure_model_server(self._config) or self._ours
        except Unavailable as error:
            log.warning("model_server_absent", code=error.code, detail=error.detail)
            self._on_change(False)
            return False
        self._on_change(True)
        return True

    async def _keep(self) -> None:
        failures = 0
        while True:
            await self._gone()
            self._on_change(False)
            await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
            failures = 0 if await self._ensure() else failures + 1

    async def _gone(self) -> None:
        """Return when no server answers (any more). Holds a line open, so that its end is noticed at once."""
        client = ModelClient(self._config.socket_path)
        try:
            await client.health()
            await client.hung_up()
        except Unavailable:
            return
        finally:
            await client.close()
