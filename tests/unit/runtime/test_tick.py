"""Chores: again and again, whatever one of them does; at once when time was moved; over when told."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from runtime.tick import Chore, Ticker


class Counted:
    """A chore that counts its runs, raises and waits as told."""

    def __init__(self, every_s: float = 60.0, *, raises: Exception | None = None, waits: asyncio.Event | None = None) -> None:
        self.runs, self._raises, self._waits = 0, raises, waits
        self.chore = Chore("counted", every_s, self.run)

    async def run(self) -> None:
        self.runs += 1
        if self._waits is not None:
            await self._waits.wait()
        if self._raises is not None:
            raise self._raises


async def until(condition: object) -> None:
    async with asyncio.timeout(2):
        while not condition():  # type: ignore[operator]
            await asyncio.sleep(0.002)


async def test_a_chore_runs_at_once_and_then_every_period() -> None:
    chore = Counted(0.01)
    ticker = Ticker([chore.chore])

    ticker.start()
    await until(lambda: chore.runs >= 3)
    await ticker.stop()


async def test_a_chore_that_fails_stops_neither_itself_nor_others() -> None:
    broken, sound = Counted(0.005, raises=OSError("no disk")), Counted(0.005)
    ticker = Ticker([broken.chore, Chore("sound", 0.005, sound.run)])

    with capture_logs() as logs:
        ticker.start()
        await until(lambda: broken.runs >= 3 and sound.runs >= 3)
        await ticker.stop()

    assert {(entry["event"], entry["chore"], entry["kind"]) for entry in logs} == {("chore_failed", "counted", "OSError")}


async def test_moving_the_clock_wakes_all_of_them() -> None:
    chore = Counted(60)
    ticker = Ticker([chore.chore])
    ticker.start()
    await until(lambda: chore.runs == 1)

    ticker.wake()

    await until(lambda: chore.runs == 2)
    await ticker.stop()


async def test_a_wake_during_a_run_is_not_lost() -> None:
    waits = asyncio.Event()
    chore = Counted(60, waits=waits)
    ticker = Ticker([chore.chore])
    ticker.start()
    await until(lambda: chore.runs == 1)

    ticker.wake()
    waits.set()

    await until(lambda: chore.runs == 2)
    await ticker.stop()


async def test_stopping_ends_a_chore_that_hangs_and_none_runs_afterwards() -> None:
    chore = Counted(0.005, waits=asyncio.Event())
    ticker = Ticker([chore.chore])
    ticker.start()
    await until(lambda: chore.runs == 1)

    await asyncio.wait_for(ticker.stop(), 1)
    await asyncio.sleep(0.02)

    assert chore.runs == 1


@pytest.mark.parametrize("started", [True, False])
async def test_stopping_twice_or_before_the_start_is_harmless(started: bool) -> None:
    ticker = Ticker([Counted().chore])
    if started:
        ticker.start()

    await ticker.stop()
    await ticker.stop()
