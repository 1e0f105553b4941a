"""A client that does not read: what waits for it is bounded, others do not wait for it, and it misses nothing when it reads again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from starlette.datastructures import QueryParams
from starlette.websockets import WebSocketDisconnect, WebSocketState

from channels import outgoing
from channels.websocket import ChatSocket, SocketConfig
from runtime import hub
from tests.acceptance.client import RECORD, Chat
from tests.support.service import LiveService

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Pipe:
    """Stands for a socket whose other end reads only while `reads` is set."""

    def __init__(self, query: str = "") -> None:
        self.query_params = QueryParams(query)
        self.application_state = WebSocketState.CONNECTING
        self.reads = asyncio.Event()
        self.reads.set()
        self.sent: list[dict[str, Any]] = []
        self.closed_with: int | None = None
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def say(self, frame: dict[str, Any]) -> None:
        self.incoming.put_nowait({"type": "websocket.receive", "text": json.dumps(frame)})

    async def accept(self) -> None:
        self.application_state = WebSocketState.CONNECTED

    async def receive(self) -> dict[str, Any]:
        return await self.incoming.get()

    async def send_text(self, text: str) -> None:
        await self.reads.wait()
        if self.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnect(1006)
        self.sent.append(json.loads(text))

    async def close(self, code: int, reason: str) -> None:
        await self.reads.wait()
        self.application_state = WebSocketState.DISCONNECTED
        self.closed_with = code

    @property
    def record(self) -> list[dict[str, Any]]:
        return [frame for frame in self.sent if frame["type"] in RECORD]


@asynccontextmanager
async def piped(live: LiveService, conversation: str | None) -> AsyncIterator[tuple[Pipe, asyncio.Task[None]]]:
    """A chat socket over a pipe, signed in as C001 and ready."""
    pipe = Pipe(f"conversation={conversation}" if conversation else "")
    service = live.service
    config = SocketConfig(service.door, service.buckets, service.clock, service.system, idle_s=30)
    task = asyncio.get_running_loop().create_task(ChatSocket(pipe, config).run())  # type: ignore[arg-type]
    pipe.say({"type": "auth", "token": await Chat(live.base, "C001").token()})
    await until(lambda: pipe.sent)
    yield pipe, task
    pipe.reads.set()
    pipe.incoming.put_nowait({"type": "websocket.disconnect", "code": 1000})
    with suppress(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


def waiting(live: LiveService, conversation: str | None) -> list[int]:
    """How many frames wait for each watcher of a conversation."""
    watchers = live.service.door._hub._watchers.get(str(conversation), ())
    return [watcher.queue.qsize() for watcher in watchers]


@pytest.mark.process  # seconds; the long half has the time
async def test_a_socket_that_reads_late_gets_all_of_the_record_and_others_did_not_wait(
    live: LiveService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MAX_QUEUED", 8)
    customer = await live.chat("C001").connect()
    await customer.say("hello")
    async with piped(live, customer.conversation) as (pipe, _):
        pipe.reads.clear()

        for _ in range(6):
            await customer.say("hello")
        assert max(waiting(live, customer.conversation)) <= 8
        pipe.reads.set()
        await until(lambda: len(pipe.record) >= customer.seq)

    assert pipe.record == [frame for frame in customer.frames if frame["type"] in RECORD]


async def test_the_last_word_reaches_a_full_inbox_although_nothing_follows_it(
    live: LiveService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MAX_QUEUED", 2)
    customer = await live.chat("C001").connect()
    async with piped(live, customer.conversation) as (pipe, _):
        pipe.reads.clear()
        await customer.say("hello")
        pipe.reads.set()

        await until(lambda: [frame["seq"] for frame in pipe.record] == [1, 2])


async def test_a_client_that_never_reads_again_is_let_go(live: LiveService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "SENDING_S", 0.05)
    monkeypatch.setattr(outgoing, "CLOSING_S", 0.05)
    customer = await live.chat("C001").connect()
    async with piped(live, customer.conversation) as (pipe, task):
        pipe.reads.clear()
        await customer.say("hello")

        await asyncio.wait_for(asyncio.shield(task), 5)
        assert len(waiting(live, customer.conversation)) == 1, "only the one who reads is watched for"

    assert (await customer.say("thank you"))["text"]


async def test_a_message_that_is_being_accepted_when_the_client_stops_reading_is_answered(
    live: LiveService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "SENDING_S", 0.05)
    monkeypatch.setattr(outgoing, "CLOSING_S", 0.05)
    customer = await live.chat("C001").connect()
    async with piped(live, customer.conversation) as (pipe, task):
        pipe.reads.clear()
        pipe.say({"type": "message", "id": "last", "text": "hello"})
        await asyncio.wait_for(asyncio.shield(task), 5)

    await until(lambda: customer.reply_to(1))


async def test_a_fault_while_reading_the_record_closes_with_1011_and_the_client_catches_up(
    live: LiveService, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = await live.chat("C001").connect()
    async with piped(live, customer.conversation) as (pipe, task):
        with monkeypatch.context() as broken:
            broken.setattr(live.service.door, "replay", _broken)
            live.service.door._hub.nudge(str(customer.conversation))
            await until(lambda: pipe.closed_with)
        await asyncio.wait_for(asyncio.shield(task), 5)
    await customer.connect()
    await customer.say("hello")

    assert pipe.closed_with == 1011
    async with piped(live, customer.conversation) as (again, _):
        await until(lambda: len(again.record) == 2)


async def _broken(*_: Any) -> list[dict[str, Any]]:
    raise OSError("the disk is gone")
