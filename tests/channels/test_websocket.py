"""The record as sockets see it: every input acknowledged once, every frame in order, replayed after any seq, the same for all."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.acceptance.client import RECORD, Chat
from tests.support.service import LiveService

pytestmark = pytest.mark.asyncio(loop_scope="module")


def record(chat: Chat) -> list[dict[str, Any]]:
    return [frame for frame in chat.frames if frame["type"] in RECORD]


async def caught_up(*chats: Chat) -> None:
    """All have the same last seq."""
    last = max(chat.seq for chat in chats)
    for chat in chats:
        await chat.until(lambda chat=chat: chat.seq >= last)


async def test_an_ack_names_the_seq_under_which_the_message_is_in_the_record(live: LiveService) -> None:
    customer = await live.chat("C001").connect()

    await customer.say("hello")
    await customer.say("thank you")

    mine = {frame["id"]: frame["seq"] for frame in record(customer) if frame["type"] == "message" and frame["id"]}
    assert mine == customer.acks == {"c-1": 1, "c-2": 3}


async def test_the_same_id_again_is_the_same_message_whatever_it_says_now(live: LiveService) -> None:
    customer = await live.chat("C001").connect()
    await customer.say("hello")
    before = record(customer)

    await customer.send({"type": "message", "id": "c-1", "text": "what is my balance"})
    await customer.until(lambda: [frame["type"] for frame in customer.frames].count("ack") == 2)
    await customer.settled()

    assert customer.acks == {"c-1": 1}
    assert record(customer) == before
    assert "what is my balance" not in live.reader.seen


async def test_a_replay_after_any_seq_is_the_rest_of_the_record_in_order_and_once(live: LiveService) -> None:
    customer = await live.chat("C001").connect()
    for text in ("hello", "what is my balance", "thank you"):
        await customer.say(text)
    await customer.settled()
    whole = record(customer)

    for after in range(customer.seq + 1):
        back = await live.chat("C001", conversation=customer.conversation, seq=after).connect()
        await caught_up(back, customer)
        await back.settled()
        assert record(back) == whole[after:]
        await back.close()


async def test_a_replay_longer_than_one_page_comes_whole(live: LiveService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.storage.record.MAX_REPLAY", 3)
    customer = await live.chat("C001").connect()
    for _ in range(4):
        await customer.say("hello")

    back = await live.chat("C001", conversation=customer.conversation).connect()
    await caught_up(back, customer)

    assert record(back) == record(customer)
    assert len(record(back)) == 8


async def test_after_beyond_the_end_still_gets_what_is_said_from_now_on(live: LiveService) -> None:
    customer = await live.chat("C001").connect()
    await customer.say("hello")

    ahead = await live.chat("C001", name="ahead", conversation=customer.conversation, seq=900).connect()
    ahead.seq = customer.seq
    reply = await ahead.say("thank you")

    assert reply["seq"] == 4


async def test_two_sockets_on_one_conversation_see_the_same_record(live: LiveService) -> None:
    phone = await live.chat("C001", name="phone").connect()
    desk = await live.chat("C001", name="desk", conversation=phone.conversation).connect()

    for number in range(4):
        await asyncio.gather(phone.say("hello"), desk.say(["thank you", "hello"][number % 2]))
    await caught_up(phone, desk)

    assert record(phone) == record(desk)
    answered = [seq for frame in record(phone) if frame["type"] == "message" for seq in frame["answers"]]
    assert answered == sorted({*phone.acks.values(), *desk.acks.values()})


async def test_what_is_sent_while_a_turn_runs_is_answered_together_by_the_next(live: LiveService) -> None:
    customer = await live.chat("C001").connect()
    live.reader.seen.clear()

    async with live.turn_held():
        await customer.send({"type": "message", "id": "first", "text": "hello"})
        await customer.until(lambda: live.reader.seen or customer.acks.get("first"))
        for number in range(3):
            await customer.send({"type": "message", "id": f"quick-{number}", "text": "thank you"})
        await customer.until(lambda: len(customer.acks) == 4)
    await customer.answered("quick-2")

    answers = [
        frame["answers"] for frame in record(customer) if frame["type"] == "message" and frame["author"]["kind"] == "assistant"
    ]
    assert answers == [[1], [2, 3, 4]]


async def test_fifty_inputs_may_wait_and_the_next_is_refused_and_all_fifty_are_read(live: LiveService) -> None:
    customer = await live.chat("C001").connect()
    live.reader.seen.clear()

    async with live.turn_held():
        await customer.send({"type": "message", "id": "m-0", "text": "hello 0"})
        while not live.reader.seen:
            await asyncio.sleep(0.005)
        for number in range(1, 51):
            await customer.send({"type": "message", "id": f"m-{number}", "text": f"hello {number}"})
        await customer.until(lambda: customer.errors(), timeout=5)
        refused = next(frame for frame in customer.frames if frame["type"] == "error")
    await customer.until(lambda: all(customer.reply_to(seq) for seq in customer.acks.values()), timeout=10)

    assert (refused["code"], refused["id"]) == ("inbox_full", "m-50")
    assert refused["retry_after"] > 0
    assert live.reader.seen == [f"hello {number}" for number in range(50)]


@pytest.mark.process  # seconds; the long half has the time
async def test_twenty_sockets_watch_one_conversation_and_all_get_all_of_it(live: LiveService) -> None:
    first = await live.chat("C001").connect()
    others = [await live.chat("C001", conversation=first.conversation).connect() for _ in range(19)]

    await asyncio.gather(*(chat.send({"type": "message", "id": f"from-{n}", "text": "hello"}) for n, chat in enumerate(others)))
    await first.until(lambda: sum(len(f["answers"]) for f in record(first) if f["type"] == "message") == 19)
    await caught_up(first, *others)

    assert all(record(chat) == record(first) for chat in others)


async def test_fifty_conversations_at_once_keep_to_themselves(live: LiveService) -> None:
    chats = [live.chat(None, name=f"n{number}") for number in range(50)]
    await asyncio.gather(*(chat.connect() for chat in chats))

    await asyncio.gather(*(chat.say(f"hello {chat.name}") for chat in chats))

    for chat in chats:
        mine = [frame["text"] for frame in record(chat) if frame["author"]["kind"] == "customer"]
        assert mine == [f"hello {chat.name}"]


async def test_thinking_and_pong_are_not_part_of_the_record(live: LiveService) -> None:
    customer = await live.chat("C001").connect()

    await customer.say("hello")
    await customer.settled()

    passing = [frame for frame in customer.frames if frame["type"] in ("thinking", "pong")]
    assert passing and not any("seq" in frame for frame in passing)
    assert json.dumps(record(customer)).count("thinking") == 0
