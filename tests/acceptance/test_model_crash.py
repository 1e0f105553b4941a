"""The llama worker killed with SIGSEGV while it works: the reply comes from the template, the next is the model's again."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from models.client import ModelClient
from models.config import SOCKET_NAME
from tests.acceptance.client import Chat
from tests.acceptance.process import Server

pytestmark = pytest.mark.model
WORDS = "I want to dispute a payment"
#: The template has to be there this soon after the crash.
LIMIT_S = 2.0
TRIES = 6


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real model and the real encoder."""
    running = Server(tmp_path_factory.mktemp("modelled") / "data", {"TELLERGATE_TURN_BUDGET_S": "6"})
    running.start(120)
    yield running
    running.stop()


@pytest.fixture
async def llama(server: Server) -> AsyncIterator[ModelClient]:
    client = ModelClient(server.data_dir / SOCKET_NAME)
    yield client
    await client.close()


async def worker(llama: ModelClient) -> dict[str, Any]:
    health = await llama.health()
    found: dict[str, Any] = health["workers"]["llama"]
    return found


async def phrased_turn(server: Server, customer: str) -> dict[str, Any]:
    """The record of a turn that the model worded. A machine busy with other work may miss the time budget; then once more."""
    for _ in range(TRIES):
        chat = await Chat(server.base, customer).connect()
        await chat.say(WORDS, timeout=20)
        record = last_record(server, chat)
        if record["phrased_by"] == "model":
            return record
        assert record["phrasing"]["reason"] == "model_timeout", record["phrasing"]
    raise AssertionError(f"the model missed its budget {TRIES} times: {record['phrasing']}")


def last_record(server: Server, chat: Chat) -> dict[str, Any]:
    engine = sa.create_engine(f"sqlite:///{server.data_dir}/service.sqlite")
    with engine.connect() as connection:
        query = sa.text("SELECT record FROM turn WHERE tenant = 'demo' AND conversation = :c ORDER BY epoch DESC LIMIT 1")
        record: dict[str, Any] = json.loads(connection.execute(query, {"c": chat.conversation}).scalar_one())
    engine.dispose()
    return record


async def until_ready(llama: ModelClient, other_than: int) -> None:
    async with asyncio.timeout(30):
        while (found := await worker(llama))["state"] != "ready" or found["pid"] == other_than:
            await asyncio.sleep(0.05)


async def ask(chat: Chat, llama: ModelClient) -> None:
    """Send the words, and come back when the model is at work on the reply."""
    await chat.send({"type": "message", "id": "crash", "text": WORDS})
    await chat.until(lambda: any(f["type"] == "thinking" and f["stage"] == "compose" for f in chat.frames), 20)
    async with asyncio.timeout(10):
        while (await worker(llama))["calls"] == 0:
            await asyncio.sleep(0.002)


@pytest.mark.parametrize("moment", ["prefill", "decode"])
async def test_a_crash_costs_the_wording_and_nothing_else(server: Server, llama: ModelClient, moment: str) -> None:
    number = 1 if moment == "prefill" else 10
    before = await phrased_turn(server, f"C{number:03d}")
    pid = int((await worker(llama))["pid"])

    chat = await Chat(server.base, f"C{number + 1:03d}").connect()
    if moment == "prefill":
        os.kill(pid, signal.SIGSTOP)  # the call reaches a worker that has not begun
    await ask(chat, llama)
    if moment == "decode":
        part = before["phrasing"]["ms"] / 1000 * 0.3
        for _ in range(TRIES):
            await asyncio.sleep(part)
            os.kill(pid, signal.SIGSTOP)
            if (await worker(llama))["calls"]:
                break  # stopped in the middle of its work
            os.kill(pid, signal.SIGCONT)  # it was done already: once more, and sooner
            part /= 2
            chat = await Chat(server.base, f"C{number + 1:03d}").connect()
            await ask(chat, llama)
    died = time.monotonic()
    os.kill(pid, signal.SIGSEGV)
    os.kill(pid, signal.SIGCONT)
    reply = await chat.answered("crash", timeout=LIMIT_S + 1)

    assert time.monotonic() - died <= LIMIT_S
    record = last_record(server, chat)
    assert (record["phrased_by"], record["phrasing"]["reason"]) == ("template", "model_unavailable")
    assert reply["text"]
    await until_ready(llama, pid)
    await phrased_turn(server, f"C{number + 2:03d}")


async def test_the_service_outlives_its_model_server(server: Server, llama: ModelClient) -> None:
    health = await llama.health()

    os.kill(int(health["pid"]), signal.SIGKILL)
    chat = await Chat(server.base, "C020").connect()
    reply = await chat.say("hello", timeout=10)

    assert reply["text"]
    async with asyncio.timeout(60):
        while True:
            try:
                if (await worker(llama))["state"] == "ready":
                    break
            except Exception:  # noqa: BLE001 - it is not back yet
                await asyncio.sleep(0.2)
