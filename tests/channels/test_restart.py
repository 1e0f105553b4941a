"""A server that dies at any wait: the next one on the same data goes on where the customer was."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from runtime.turns import TurnRunner
from tests.acceptance.client import Chat
from tests.channels.conftest import UNHURRIED
from tests.support.service import LiveService, start_service
from tests.support.speech_twin import SpeechTwin

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.process]
WORDS = "I did not make this 5000 payment"
ANSWERS = {"school": "demo school", "town": "namunapur"}


class Restarts:
    """A service that can be killed and started again, and the customer who comes back to it."""

    def __init__(self, data_dir: Path, live: LiveService) -> None:
        self.data_dir, self.live = data_dir, live

    async def kill(self, chat: Chat | None = None) -> None:
        """Kill the service and start another on the same data; the customer comes back as the widget does."""
        await self.live.kill()
        self.live = await start_service(self.data_dir, SpeechTwin(), **UNHURRIED)
        if chat is not None:
            await self.back(chat)

    async def back(self, chat: Chat) -> None:
        request = chat.open_request()
        chat.base = self.live.base
        if request is not None:
            chat.seq = request["seq"] - 1
        await chat.connect()
        self.live.chats.append(chat)


@pytest_asyncio.fixture(loop_scope="module")
async def restarts(tmp_path: Path) -> AsyncIterator[Restarts]:
    running = Restarts(tmp_path / "data", await start_service(tmp_path / "data", SpeechTwin(), **UNHURRIED))
    yield running
    await running.live.stop()


async def test_a_dispute_killed_at_each_of_its_waits_ends_with_one_credit(restarts: Restarts) -> None:
    before = await restarts.live.export()
    customer = await restarts.live.chat("C001").connect()
    await customer.say(WORDS)
    waits = []

    while not await customer.settled():
        waits.append((await customer.until(customer.open_request))["kind"])
        await restarts.kill(customer)
        await customer.answer_open_request(ANSWERS, ("yes",))

    after = await restarts.live.export()
    assert waits == ["choice", "secret", "secret", "confirm", "secret"], "who signs in anew proves anew for the credit"
    assert "[dispute.registered]" in customer.said() and "[dispute.credited]" in customer.said()
    assert len(after["disputes"]) == len(before["disputes"]) + 1
    assert "[conversation.restarted]" not in customer.said(), "each wait was taken up where it stood"


async def test_a_typed_wait_goes_on_after_a_restart(restarts: Restarts) -> None:
    customer = await restarts.live.chat("C001").connect()
    await customer.say("I want to dispute something")
    assert "[dispute.ask_details]" in customer.said()

    await restarts.kill(customer)
    await customer.say(WORDS)

    assert await customer.request("choice")


async def test_a_balance_killed_while_the_code_is_awaited_is_told_after_it(restarts: Restarts) -> None:
    customer = await restarts.live.chat("C002").connect()
    await customer.say("what is my balance")

    await restarts.kill(customer)
    await customer.otp()

    assert "[balance." in customer.said()


async def test_a_message_acknowledged_before_the_crash_is_answered_after_it(restarts: Restarts) -> None:
    customer = await restarts.live.chat("C001").connect()
    restarts.live.reader.hold = asyncio.Event()
    await customer.send({"type": "message", "id": "kept", "text": "hello"})
    await customer.until(lambda: customer.acks.get("kept"))

    await restarts.kill(customer)
    reply = await customer.answered("kept")

    assert reply["answers"] == [customer.acks["kept"]]


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_crash_around_the_commit_of_a_turn_answers_once(
    restarts: Restarts, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    customer = await restarts.live.chat("C001").connect()
    await customer.say("hello")
    commit, there = TurnRunner._commit, asyncio.Event()

    async def stuck(*args: Any) -> Any:
        if moment == "after":
            await commit(*args)
        there.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(TurnRunner, "_commit", stuck)
    await customer.send({"type": "message", "id": "twice", "text": "thank you"})
    await asyncio.wait_for(there.wait(), 5)

    monkeypatch.undo()
    await restarts.kill(customer)
    await customer.answered("twice")
    await customer.settled()

    answered = [seq for f in customer.frames if f["type"] == "message" for seq in f["answers"]]
    assert answered == [1, 3]


async def test_an_expired_wait_is_told_by_the_server_that_comes_after(restarts: Restarts) -> None:
    customer = await restarts.live.chat("C002").connect()
    await customer.say("what is my balance")

    await restarts.live.advance(299)
    await restarts.kill()
    await restarts.live.advance(2)
    await restarts.back(customer)
    await customer.until(lambda: customer.open_request() is None, timeout=5)

    assert [f["reason"] for f in customer.frames if f["type"] == "request_closed"] == ["expired"]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (
            ("checkpoint.data", lambda data: data | {"checkpoint": data["checkpoint"] | {"channel_values": {}}}),
            "a checkpoint of another graph",
        ),
        (
            ("checkpoint.data", lambda data: json.loads(json.dumps(data).replace("branch:to:", "branch:to:former_"))),
            "the node that waits was renamed",
        ),
        ("DELETE FROM checkpoint", "no checkpoint at all"),
        (("flow_instance.data", lambda data: data | {"schema_version": 99}), "a state of newer code"),
        (("flow_instance.data", lambda data: data | {"unheard_of": 1}), "a field of newer code"),
    ],
)
async def test_a_flow_that_cannot_be_resumed_begins_again_and_says_so(restarts: Restarts, spoil: Any, why: str) -> None:
    customer = await restarts.live.chat("C002").connect()
    await customer.say("what is my balance")

    restarts.live.change(spoil) if isinstance(spoil, str) else restarts.live.spoil(*spoil)
    await restarts.kill(customer)
    await customer.otp()
    if not await customer.settled():
        await customer.otp()

    assert "[conversation.restarted]" in customer.said(), why
    assert "[balance." in customer.said()


async def test_a_flow_that_cannot_be_read_at_all_is_forgotten_and_the_conversation_goes_on(restarts: Restarts) -> None:
    customer = await restarts.live.chat("C002").connect()
    await customer.say("what is my balance")

    restarts.live.spoil("flow_instance.data", lambda data: {"nothing": 1})
    await restarts.kill(customer)
    await customer.say("hello")
    await customer.say("what is my balance")

    assert await customer.request("secret")
