"""What happens by the clock: each chore runs on its own period, one failure never stops the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something done again and again; running it twice must be harmless."""

    name: str
    every_s: float
    run: Callable[[], Awaitable[object]]


class Ticker:
    """Runs chores until stopped. `wake` makes all of them run at once, for example when a world's clock was moved."""

    def __init__(self, chores: list[Chore]) -> None:
        self._chores = chores
        self._tasks: list[asyncio.Task[None]] = []
        self._wakes = {chore.name: asyncio.Event() for chore in chores}

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._repeat(chore), name=f"tick-{chore.name}") for chore in self._chores]

    def wake(self) -> None:
        for event in self._wakes.values():
            event.set()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _repeat(self, chore: Chore) -> None:
        event = self._wakes[chore.name]
        while True:
            try:
                await chore.run()
            except Exception as error:
                log.exception("chore_failed", chore=chore.name, kind=type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(chore.every_s):
                    await event.wait()
            event.clear()
