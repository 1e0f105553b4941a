"""A worker process is kept alive, and no call waits for a dead one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Unavailable
from models.config import ModelConfig
from models.framing import Frame
from models.supervisor import Supervisor


@asynccontextmanager
async def supervised(tmp_path: Path, name: str = "fake", limit: int = 8, **settings: Any) -> AsyncIterator[Supervisor]:
    worker = Supervisor(name, ModelConfig(data_dir=tmp_path, **settings), limit=limit, module="tests.unit.models.fake_worker")
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def call(worker: Supervisor, order: str, deadline_s: float = 5.0) -> asyncio.Future[Frame]:
    end: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
    worker.submit({"op": "embed", "texts": [order], "deadline_s": deadline_s}, lambda frame: end.done() or end.set_result(frame))
    return end


async def test_that_a_call_before_the_worker_is_ready_waits_for_it(tmp_path: Path) -> None:
    async with supervised(tmp_path) as worker:
        assert worker.state == "starting"
        assert (await call(worker, "hello"))["answer"] == "hello"
        assert worker.health()["model"] == "fake"


async def test_that_a_crash_fails_the_calls_in_flight_and_the_next_one_succeeds(tmp_path: Path) -> None:
    async with supervised(tmp_path) as worker:
        await worker.ready.wait()
        loop = asyncio.get_running_loop()
        began = loop.time()
        silent, crashed = call(worker, "silence"), call(worker, "crash")
        assert [(await silent)["code"], (await crashed)["code"]] == ["model_unavailable", "model_unavailable"]
        assert loop.time() - began < 1.0
        assert (await call(worker, "again"))["answer"] == "again"
        assert worker.restarts == 1


async def test_that_bytes_that_are_no_frame_end_the_worker_and_not_the_server(tmp_path: Path) -> None:
    async with supervised(tmp_path) as worker:
        assert (await call(worker, "garbage"))["code"] == "model_unavailable"
        assert (await call(worker, "again"))["answer"] == "again"


async def test_that_a_silent_worker_is_answered_for_and_then_killed(tmp_path: Path) -> None:
    async with supervised(tmp_path, hung_after_s=0.4) as worker:
        await worker.ready.wait()
        assert (await call(worker, "hang", deadline_s=0.05))["code"] == "model_timeout"
        while not worker.restarts:
            await asyncio.sleep(0.02)
        assert (await call(worker, "again"))["answer"] == "again"


async def test_that_a_cancelled_call_is_forgotten(tmp_path: Path) -> None:
    async with supervised(tmp_path, limit=1) as worker:
        await worker.ready.wait()
        told: list[Frame] = []
        there = worker.submit({"op": "embed", "texts": ["silence"], "deadline_s": 5.0}, told.append)
        worker.cancel(there)
        assert (await call(worker, "next"))["answer"] == "next"
        assert told == []


async def test_that_a_full_queue_is_said_at_once(tmp_path: Path) -> None:
    async with supervised(tmp_path, limit=2) as worker:
        first = [call(worker, "silence"), call(worker, "silence")]
        with pytest.raises(Unavailable, match="model_busy"):
            call(worker, "one too many")
        assert not any(end.done() for end in first)


async def test_that_calls_do_not_wait_for_a_worker_that_keeps_failing(tmp_path: Path) -> None:
    async with supervised(tmp_path, name="stillborn") as worker:
        waiting = call(worker, "hello", deadline_s=20.0)
        assert (await waiting)["code"] == "model_unavailable"
        assert worker.health()["code"] == "weights_missing"
        with pytest.raises(Unavailable, match="model_unavailable"):
            call(worker, "hello")


async def test_that_the_worker_ends_with_its_keeper(tmp_path: Path) -> None:
    async with supervised(tmp_path) as worker:
        await worker.ready.wait()
        pid = worker.health()["pid"]
        waiting = call(worker, "silence")
    assert (await waiting)["code"] == "model_unavailable"
    assert not Path(f"/proc/{pid}").exists()
