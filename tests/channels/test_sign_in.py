"""Who is at the other end: sign-in, renewal, conversations of one's own, and what a socket is closed for."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import websockets

from channels import websocket
from domain.errors import NotFound
from domain.frames import MessageIn
from runtime.sessions import load_session
from tests.acceptance.client import Chat
from tests.support.service import LiveService, open_service

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def closed(chat: Chat) -> tuple[list[str], int | None]:
    """The error codes and the close code of a chat that ends."""
    await chat.until(lambda: chat.closed_with, timeout=5)
    return chat.errors(), chat.closed_with


async def signed_in(chat: Chat) -> dict[str, Any]:
    frame: dict[str, Any] = await chat.until(
        lambda: next((f for f in chat.frames if f["type"] == "ready" and f["customer"]), None), timeout=5
    )
    return frame


def factors(live: LiveService, chat: Chat) -> set[str]:
    """Factors of the session behind the conversation's newest input."""
    (session,) = live.rows(
        "SELECT auth_session FROM message WHERE tenant = 'demo' AND conversation = :c AND auth_session IS NOT NULL ORDER BY seq DESC LIMIT 1",
        c=chat.conversation,
    )
    found = live.database.read_now(lambda connection: load_session(connection, "demo", session[0]))
    assert found is not None
    return {factor.type for factor in found.factors}


async def test_somebody_elses_conversation_is_not_there_for_others(live: LiveService) -> None:
    owner = await live.chat("C001").connect()
    await owner.say("hello")
    answers = []

    for who, conversation in (("C002", owner.conversation), (None, owner.conversation), ("C002", "cnv_none")):
        stranger = await live.chat(who, conversation=conversation, resume="guess" if who is None else None).connect()
        errors, code = await closed(stranger)
        answers.append((errors, code, [f["type"] for f in stranger.frames]))

    assert answers == [(["conversation_not_found"], 1008, ["error"])] * 3, "not one answer differs from another"


async def test_an_anonymous_conversation_comes_back_with_its_secret_and_not_with_another(live: LiveService) -> None:
    visitor = await live.chat(None).connect()
    await visitor.say("hello")
    await visitor.close()

    back = await live.chat(None, conversation=visitor.conversation, resume=visitor.resume).connect()
    await back.until(lambda: back.seq == 2)
    guessing = await live.chat(None, conversation=visitor.conversation, resume="guess").connect()

    assert (await closed(guessing))[0] == ["conversation_not_found"]
    assert [f["resume"] for f in back.frames if f["type"] == "ready"] == [None], "the secret is told once"


async def test_signing_in_makes_an_anonymous_conversation_ones_own_and_nobody_elses(live: LiveService) -> None:
    visitor = await live.chat(None).connect()
    await visitor.say("hello")
    secret, conversation = visitor.resume, visitor.conversation

    await visitor.send({"type": "auth", "token": await Chat(live.base, "C002").token(), "resume": secret})
    ready = await signed_in(visitor)
    await visitor.say("what is my balance")
    other = await live.chat("C003", conversation=conversation, resume=secret).connect()
    nobody = await live.chat(None, conversation=conversation, resume=secret).connect()

    assert ready["customer"]["id"] == "C002" and ready["conversation"] == conversation
    assert visitor.open_request("secret") is not None, "the balance is now asked for by a customer"
    assert (await closed(other))[0] == (await closed(nobody))[0] == ["conversation_not_found"]


async def test_a_visitors_other_socket_hears_nothing_more_once_the_conversation_is_a_customers(live: LiveService) -> None:
    visitor = await live.chat(None).connect()
    await visitor.say("hello")
    left_open = await live.chat(None, name="left", conversation=visitor.conversation, resume=visitor.resume).connect()
    await left_open.until(lambda: left_open.seq == 2)

    await visitor.send({"type": "auth", "token": await Chat(live.base, "C010").token()})
    visitor.customer = (await signed_in(visitor))["customer"]["id"]
    await visitor.say("what is my balance")
    await visitor.otp()

    assert await closed(left_open) == (["conversation_not_found"], 1008)
    assert left_open.seq == 2
    assert "[balance." in visitor.said()


async def test_a_visitors_message_after_the_sign_in_is_not_taken_as_the_customers(live: LiveService) -> None:
    visitor = await live.chat(None).connect()
    await visitor.say("hello")
    door, conversation = live.service.door, str(visitor.conversation)
    await visitor.send({"type": "auth", "token": await Chat(live.base, "C011").token()})
    await signed_in(visitor)

    with pytest.raises(NotFound, match="conversation_not_found"):
        await door.message(conversation, None, MessageIn(type="message", id="mine-too", text="what is my balance"))


async def test_a_visitor_who_signs_in_on_the_open_socket_needs_no_secret(live: LiveService) -> None:
    visitor = await live.chat(None).connect()

    await visitor.send({"type": "auth", "token": await Chat(live.base, "C002").token()})

    assert (await signed_in(visitor))["conversation"] == visitor.conversation


async def test_a_token_that_comes_late_signs_in_all_the_same(live: LiveService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "GREETING_S", 0.05)
    token = await Chat(live.base, "C002").token()

    async with websockets.connect(live.socket_address) as socket:
        first = json.loads(await asyncio.wait_for(socket.recv(), 5))
        await socket.send(json.dumps({"type": "auth", "token": token}))
        second = json.loads(await asyncio.wait_for(socket.recv(), 5))

    assert first["type"] == second["type"] == "ready"
    assert (first["customer"], second["customer"]["id"]) == (None, "C002")


async def test_a_token_that_comes_late_brings_a_customer_back_to_the_conversation(
    live: LiveService, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = await live.chat("C002").connect()
    await customer.say("hello")
    monkeypatch.setattr(websocket, "GREETING_S", 0.05)
    token = await customer.token()

    async with websockets.connect(f"{live.socket_address}?conversation={customer.conversation}&after=2") as socket:
        await asyncio.sleep(0.1)
        await socket.send(json.dumps({"type": "auth", "token": token}))
        frame = json.loads(await asyncio.wait_for(socket.recv(), 5))

    assert (frame["type"], frame.get("conversation")) == ("ready", customer.conversation)


async def test_signing_in_while_replies_come_doubles_none(live: LiveService) -> None:
    visitor = await live.chat(None).connect()
    token = await Chat(live.base, "C002").token()

    for number in range(6):
        await visitor.send({"type": "message", "id": f"m-{number}", "text": "hello"})
    await visitor.send({"type": "auth", "token": token, "resume": visitor.resume})
    await visitor.until(lambda: all(visitor.reply_to(seq) for seq in visitor.acks.values()) and len(visitor.acks) == 6)
    await signed_in(visitor)
    await visitor.settled()

    seqs = [f["seq"] for f in visitor.frames if f["type"] == "message"]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_the_name_learnt_at_sign_in_survives_a_turn_that_was_running(live: LiveService) -> None:
    visitor = await live.chat(None).connect()

    async with live.turn_held():
        await visitor.send({"type": "message", "id": "early", "text": "hello"})
        await visitor.until(lambda: visitor.acks.get("early"))
        await visitor.send({"type": "auth", "token": await Chat(live.base, "C002").token(), "resume": visitor.resume})
        await signed_in(visitor)
    await visitor.answered("early")

    (view,) = [value for place, row, value in live.contents() if (place, row) == ("conversation.view", visitor.conversation)]
    assert view["name"] == "Vikram Demo"


async def test_what_was_proven_on_a_socket_survives_the_renewal_of_its_token(live: LiveService) -> None:
    customer = await live.chat("C003").connect()
    await customer.say("what is my balance")
    await customer.otp()

    await customer.send({"type": "auth", "token": await customer.token()})
    await customer.say("what is my balance")

    assert factors(live, customer) == {"pwd", "otp"}
    assert customer.open_request() is None, "no second code is asked for"


async def test_a_second_tab_with_the_same_token_does_not_take_the_first_ones_proof_away(live: LiveService) -> None:
    customer = live.chat("C004")
    token = await customer.token()
    await customer.connect(token)
    await customer.say("what is my balance")
    await customer.otp()

    tab = await live.chat("C004").connect(token)
    await customer.say("what is my balance")
    await tab.say("what is my balance")

    assert factors(live, customer) == {"pwd", "otp"}
    assert customer.open_request() is None
    assert tab.open_request("secret") is not None, "what one tab proved is not the other's"


async def test_a_token_that_runs_out_refuses_the_message_and_takes_it_under_the_same_id_after_renewal(fresh: LiveService) -> None:
    customer = await fresh.chat("C001").connect()
    await customer.say("hello")
    frame = {"type": "message", "id": "late", "text": "thank you"}

    await fresh.advance(15 * 60)
    await customer.send(frame)
    await customer.until(customer.errors)
    refused = next(f for f in customer.frames if f["type"] == "error")
    await customer.send({"type": "auth", "token": await customer.token()})
    await customer.send(frame)
    seq = await customer.until(lambda: customer.acks.get("late"))
    reply = await customer.until(lambda: customer.reply_to(seq))

    assert (refused["code"], refused["id"]) == ("session_expired", "late")
    assert reply["answers"] == [3]
    assert customer.closed_with is None


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "ü.ü.ü", "\u0000", "e30.e30.e30", "x" * 8192])
async def test_a_token_that_is_none_closes_with_4401_at_the_door_and_later(live: LiveService, token: str) -> None:
    at_the_door = await live.chat("C001").connect(token)
    later = await live.chat("C001").connect()
    await later.send({"type": "auth", "token": token})

    for chat in (at_the_door, later):
        errors, code = await closed(chat)
        assert (code, errors[0].startswith("token_")) == (4401, True)


async def test_another_customers_token_on_an_open_socket_closes_it(live: LiveService) -> None:
    customer = await live.chat("C001").connect()

    await customer.send({"type": "auth", "token": await Chat(live.base, "C002").token()})

    assert await closed(customer) == (["session_customer_differs"], 4401)


async def test_a_frame_above_64_kib_closes_with_4413(live: LiveService) -> None:
    customer = await live.chat("C001").connect()

    await customer.send_raw(json.dumps({"type": "message", "id": "big", "text": "a" * 65_536}))

    assert await closed(customer) == (["frame_too_large"], 4413)


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://[::1", "http://127.0.0.1", "file://"])
async def test_a_page_of_another_origin_may_not_open_the_socket(live: LiveService, origin: str) -> None:
    with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
        await websockets.connect(live.socket_address, additional_headers={"Origin": origin})

    assert refused.value.response.status_code == 403


async def test_our_own_page_and_a_program_without_an_origin_may(live: LiveService) -> None:
    for headers in ({}, {"Origin": live.base}):
        async with websockets.connect(live.socket_address, additional_headers=headers) as socket:
            await socket.send('{"type":"ping"}')
            assert json.loads(await asyncio.wait_for(socket.recv(), 5))["type"] == "ready"


@pytest.mark.process  # seconds; the long half has the time
async def test_silence_closes_with_4408_and_speed_with_4429(tmp_path: Any) -> None:
    async with open_service(tmp_path / "data", idle_s=0.4, messages_per_second=1.0, message_burst=2) as service:
        silent = await service.chat("C001").connect()
        hasty = await service.chat("C002").connect()
        for number in range(5):
            await hasty.send({"type": "message", "id": f"m-{number}", "text": "hello"})

        errors, code = await closed(hasty)
        assert (errors, code) == (["too_fast"] * 3, 4429)
        assert all(f["retry_after"] > 0 and f["id"] for f in hasty.frames if f["type"] == "error")
        assert sorted(hasty.acks) == ["m-0", "m-1"], "what was refused was not taken"
        assert await closed(silent) == ([], 4408)
