"""The socket's contract under bad input: each a clear error with a code, nothing lost, the conversation still usable."""

from __future__ import annotations

import asyncio
import itertools
import json

import pytest

from tests.acceptance.client import Chat
from tests.acceptance.process import Server

_turns = itertools.count()


def somebody() -> str:
    """Customers in turn: the limit of messages a second is one customer's over all sockets."""
    return f"C{next(_turns) % 24 + 1:03d}"


async def usable(customer: Chat) -> bool:
    """The conversation still answers."""
    return bool((await customer.say("hello"))["text"])


@pytest.mark.parametrize(
    ("raw", "code", "reason"),
    [
        ("not json", "frame_malformed", "not JSON"),
        ("[]", "frame_malformed", "JSON, but not an object"),
        ("[" * 30_000, "frame_malformed", "nested beyond any sense"),
        ('{"type":"dance"}', "frame_unknown", "unknown type"),
        ('{"type":"message","id":"x"}', "frame_malformed", "text missing"),
        ('{"type":"message","id":"x","text":"a","to":"b"}', "frame_malformed", "unknown key"),
        ('{"type":"message","id":"","text":"a"}', "frame_malformed", "empty id"),
        ('{"type":"message","id":"x","text":"\\ud800"}', "frame_malformed", "half a surrogate pair"),
        ('{"type":"message","id":"x","text":"   "}', "message_empty", "only spaces"),
        (json.dumps({"type": "message", "id": "x", "text": "a" * 4001}), "message_too_long", "4,001 characters"),
        ('{"type":"choice","id":"x","request":"req_none","value":"a"}', "request_unknown", "a request that never was"),
        ('{"type":"confirm","id":"x","request":"req_none","digest":"d","value":true}', "request_unknown", "a yes to nothing"),
        ('{"type":"secret","id":"x","request":"req_none","value":"123456"}', "request_unknown", "a code nobody asked for"),
        ('{"type":"file","id":"x","request":"req_none","handle":"h"}', "files_not_taken", "files come later"),
    ],
)
async def test_a_bad_frame_is_answered_with_its_code(server: Server, raw: str, code: str, reason: str) -> None:
    customer = await Chat(server.base, somebody(), name=f"bad-{code}").connect()

    await customer.send_raw(raw)
    await customer.until(lambda: customer.errors() or customer.closed_with)

    assert customer.errors() == [code], reason
    assert await usable(customer)
    await customer.close()


async def test_a_binary_frame_is_answered_with_an_error(server: Server) -> None:
    customer = await Chat(server.base, somebody()).connect()

    await customer.send_raw(b"\x00\x01")
    await customer.until(customer.errors)

    assert customer.errors() == ["frame_malformed"]
    assert await usable(customer)
    await customer.close()


async def test_a_text_of_one_megabyte_closes_the_socket_with_4413_and_the_conversation_goes_on(server: Server) -> None:
    customer = await Chat(server.base, somebody()).connect()
    await customer.say("hello")

    await customer.send_raw(json.dumps({"type": "message", "id": "big", "text": "a" * 1_000_000}))
    await customer.until(lambda: customer.closed_with)

    assert customer.errors() == ["frame_too_large"]
    assert customer.closed_with == 4413
    await customer.connect()
    assert await usable(customer)
    await customer.close()


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
async def test_a_token_that_is_none_closes_with_4401(server: Server, token: str) -> None:
    customer = await Chat(server.base, somebody()).connect(token)

    await customer.until(lambda: customer.closed_with)

    assert customer.closed_with == 4401
    assert customer.errors()[0].startswith("token_")


async def test_somebody_elses_conversation_is_not_found(server: Server) -> None:
    owner = await Chat(server.base, somebody()).connect()
    await owner.say("hello")

    for other in (Chat(server.base, "C006"), Chat(server.base)):
        other.conversation = owner.conversation
        await other.connect()
        await other.until(lambda other=other: other.closed_with)
        assert other.errors() == ["conversation_not_found"]
        assert not [frame for frame in other.frames if frame["type"] == "message"]
    await owner.close()


async def test_an_anonymous_customer_comes_back_with_the_secret_only_and_keeps_the_chat_after_signing_in(server: Server) -> None:
    anonymous = await Chat(server.base).connect()
    await anonymous.say("hello")
    secret, conversation = anonymous.resume, anonymous.conversation
    await anonymous.close()

    stranger = Chat(server.base, conversation=conversation, resume="guess")
    await stranger.connect()
    assert "conversation_not_found" in stranger.errors()

    back = Chat(server.base, conversation=conversation, resume=secret)
    await back.connect()
    await back.until(lambda: back.seq > 0)
    token = await Chat(server.base, "C007").token()
    await back.send({"type": "auth", "token": token, "resume": secret})
    await back.until(lambda: any(f["type"] == "ready" and f["customer"] for f in back.frames))
    assert await usable(back)
    await back.close()


async def test_a_message_sent_twice_under_one_id_is_one_message(server: Server) -> None:
    customer = await Chat(server.base, somebody()).connect()
    frame = {"type": "message", "id": "twice", "text": "hello"}

    await customer.send(frame)
    await customer.send(frame)
    await customer.answered("twice")
    await customer.settled()

    mine = [f for f in customer.frames if f["type"] == "message" and f["id"] == "twice"]
    acks = [f["seq"] for f in customer.frames if f["type"] == "ack" and f["id"] == "twice"]
    assert len(mine) == 1 and len(set(acks)) == 1 and len(acks) == 2
    await customer.close()


async def test_reconnecting_replays_what_was_missed_in_order_and_once(server: Server) -> None:
    customer = await Chat(server.base, somebody()).connect()
    await customer.say("hello")
    seen, customer.seq = customer.seq, 0
    await customer.close()
    customer.frames.clear()

    await customer.connect()
    await customer.until(lambda: customer.seq == seen)

    assert [f["seq"] for f in customer.frames if "seq" in f and f["type"] in ("message", "request", "status")] == sorted(
        {f["seq"] for f in customer.frames if "seq" in f and f["type"] in ("message", "request", "status")}
    )
    await customer.close()


async def test_too_fast_is_told_with_a_wait_and_the_third_time_closes_with_4429(server: Server) -> None:
    customer = await Chat(server.base, "C008").connect()

    for number in range(16):
        await customer.send({"type": "message", "id": f"fast-{number}", "text": "hello"})
    await customer.until(lambda: customer.closed_with)

    slow = [frame for frame in customer.frames if frame["type"] == "error"]
    assert {frame["code"] for frame in slow} == {"too_fast"}
    assert all(frame["retry_after"] > 0 for frame in slow)
    assert customer.closed_with == 4429
    await asyncio.sleep(2.5)
    await customer.connect()
    assert await usable(customer)
    await customer.close()


async def test_a_code_wrong_three_times_is_locked_and_the_conversation_goes_on(server: Server) -> None:
    customer = await Chat(server.base, "C009").connect()
    await customer.say("what is my balance")
    right = await customer.code_on_phone()
    wrong = "000000" if right != "000000" else "111111"

    for _ in range(3):
        await customer.secret(wrong)

    assert "₹" not in customer.said(), "nothing was disclosed"
    assert await usable(customer)
    await customer.close()


async def test_a_code_typed_into_the_chat_is_taken_and_never_stored(server: Server) -> None:
    customer = await Chat(server.base, "C010").connect()
    await customer.say("what is my balance")
    code = await customer.code_on_phone()

    await customer.say(f"the code is {code}")

    stored = b"".join(path.read_bytes() for path in server.data_dir.glob("service.sqlite*"))
    assert code.encode() not in stored
    assert code not in server.log()
    assert code not in json.dumps([f for f in customer.frames if f["type"] == "message"])
    await customer.close()


async def test_a_choice_that_was_not_offered_and_a_yes_to_another_digest_change_nothing(server: Server) -> None:
    customer = await Chat(server.base, "C002").connect()
    before = server.export()
    await customer.say("I did not make the ₹1,299 payment at BookNook Online on 23 November")
    for _ in range(8):
        request = customer.open_request()
        if request is not None and request["kind"] == "confirm":
            break
        if request is not None and request["kind"] == "choice":
            await customer.send({"type": "choice", "id": customer.next_id(), "request": request["id"], "value": "not-there"})
            await customer.until(lambda: "choice_not_offered" in customer.errors())
        await customer.answer_open_request({"school": "demo school", "town": "namunapur"}, ("unauthorised",))
        await customer.settled()
    request = await customer.request("confirm")

    await customer.send(
        {"type": "confirm", "id": customer.next_id(), "request": request["id"], "digest": "0" * 64, "value": True}
    )
    await customer.until(lambda: "digest_mismatch" in customer.errors())

    assert server.export()["operations"] == before["operations"]
    assert customer.open_request("confirm") is not None, "the right yes is still possible"
    await customer.close()


@pytest.mark.parametrize("text", ["Ⲧⲉⲥⲧ ⲙⲉⲥⲥⲁⲅⲉ", "ຂໍຍອດເງິນ", "مرحبا كم رصيدي", "🙂🙃", "\u202e\u200b\u2066hello", "a" * 4000])
async def test_unknown_scripts_and_strange_texts_are_answered(server: Server, text: str) -> None:
    customer = await Chat(server.base, somebody()).connect()

    reply = await customer.say(text)

    assert reply["text"]
    assert await usable(customer)
    await customer.close()


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=99999999999", "conversation=" + "c" * 65])
async def test_a_query_that_cannot_be_read_is_refused(server: Server, query: str) -> None:
    import websockets

    async with websockets.connect(server.base.replace("http", "ws") + f"/ws/chat?{query}") as socket:
        frame = json.loads(await asyncio.wait_for(socket.recv(), 5))
    assert frame["code"] == "query_malformed"


async def test_a_page_of_another_origin_may_not_open_the_socket(server: Server) -> None:
    import websockets

    with pytest.raises(websockets.exceptions.InvalidStatus):
        await websockets.connect(server.base.replace("http", "ws") + "/ws/chat", origin="https://elsewhere.example")  # type: ignore[arg-type]
