"""A secret is never written anywhere: not in a table, not in a file, not in a log, not in a frame. Whatever way it was typed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from runtime import door
from tests.acceptance.client import Chat
from tests.support.service import LiveService

pytestmark = pytest.mark.asyncio(loop_scope="module")
CARD, AADHAAR = "4532015112830366", "234123412346"


def stored_texts(live: LiveService, chat: Chat) -> list[str]:
    """What the customer's messages look like in the record."""
    frames = [
        value for place, row, value in live.contents() if place == "message.frame" and row.startswith(f"{chat.conversation}:")
    ]
    said = [frame for frame in frames if frame["type"] == "message" and frame["author"]["kind"] == "customer"]
    return [frame["text"] for frame in sorted(said, key=lambda frame: frame["seq"])]


def service_bytes(live: LiveService) -> bytes:
    """The service's own files. The bank's hold the text message that it sent, as a telephone does."""
    return b"".join(path.read_bytes() for path in live.data_dir.glob("service.sqlite*")) + live.opened_bytes()


def nowhere(live: LiveService, secret: str, *chats: Chat) -> None:
    """No file below the data directory, the bank's included, no frame of anybody and no line of the log holds the secret."""
    assert secret.encode() not in live.stored_bytes()
    assert not [frame for chat in chats for frame in chat.frames if secret in json.dumps(frame, ensure_ascii=False)]
    assert secret not in live.log()


async def asked_for_a_code(live: LiveService, customer: str) -> tuple[Chat, str]:
    chat = await live.chat(customer).connect()
    await chat.say("what is my balance")
    return chat, await chat.code_on_phone()


async def test_a_code_typed_into_the_secure_field_is_written_nowhere(live: LiveService) -> None:
    customer, code = await asked_for_a_code(live, "C002")

    await customer.otp()

    assert code.encode() not in service_bytes(live)
    assert code not in json.dumps(customer.frames)
    assert code not in live.log()
    assert "[balance." in customer.said()


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("C004", "{}"),
        ("C005", "the code is {}"),
        ("C009", "otp {} please"),
        ("C010", "कोड {} है"),
        ("C011", "my OTP: {0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}"),
    ],
)
async def test_a_code_typed_into_the_chat_proves_and_is_written_nowhere(live: LiveService, who: str, words: str) -> None:
    customer, code = await asked_for_a_code(live, who)

    await customer.say(words.format(code))

    assert code.encode() not in service_bytes(live)
    assert code not in json.dumps(customer.frames)
    assert code not in live.log()
    assert stored_texts(live, customer)[-1] == door.SECRET_SHOWN
    assert "[balance." in customer.said(), "it counts as the answer to the request"


async def test_a_security_answer_typed_into_the_chat_is_written_nowhere(fresh: LiveService) -> None:
    customer = await fresh.chat("C001").connect()
    await customer.say("I did not make this 5000 payment")
    await customer.choose("yes")
    request = await customer.request("secret")
    answer = "demo school" if "school" in request["prompt"] else "namunapur"

    await customer.say(answer.upper())

    assert answer.encode() not in service_bytes(fresh).lower()
    assert customer.open_request("secret")["purpose"] == "otp"  # type: ignore[index]


async def test_a_wrong_code_is_written_nowhere_either(live: LiveService) -> None:
    customer, code = await asked_for_a_code(live, "C003")
    wrong = "918273" if code != "918273" else "918274"

    await customer.say(wrong)

    nowhere(live, wrong, customer)


@pytest.mark.parametrize(
    ("typed", "secret"),
    [
        (f"my card {CARD} was used", CARD),
        ("my card 4532-0151-1283-0366 was used", "4532-0151-1283-0366"),
        ("card ४५३२ ०१५१ १२८३ ०३६६", "४५३२ ०१५१ १२८३ ०३६६"),
        (f"aadhaar {AADHAAR}", AADHAAR),
        ("2341 2341 2346 is my aadhaar", "2341 2341 2346"),
        ("my cvv is 731 and pin 918273", "918273"),
        ("my password is Tr0ub4dor&3", "Tr0ub4dor&3"),
    ],
)
async def test_numbers_and_passwords_are_masked_before_the_first_write(live: LiveService, typed: str, secret: str) -> None:
    customer = await live.chat("C001").connect()
    live.reader.seen.clear()

    await customer.say(typed)

    nowhere(live, secret, customer)
    assert secret not in "".join(live.reader.seen), "nobody reads it, no model either"
    assert "[conversation.secret_masked]" in customer.said()


Sender = Callable[[LiveService, Chat, str], Any]


async def on_the_same_socket(live: LiveService, chat: Chat, part: str) -> None:
    await chat.say(part)


async def on_another_socket(live: LiveService, chat: Chat, part: str) -> None:
    other = await live.chat("C001", name=f"o{len(live.chats)}", conversation=chat.conversation, seq=chat.seq).connect()
    await other.say(part)
    await chat.until(lambda: chat.seq >= other.seq)


@pytest.mark.parametrize("send", [on_the_same_socket, on_another_socket])
@pytest.mark.parametrize("parts", [("4532 0151", "1283 0366"), ("4532", "0151", "1283", "0366"), ("aadhaar 2341 2341", "2346")])
async def test_a_number_sent_in_pieces_is_taken_out_of_all_of_them(
    live: LiveService, send: Sender, parts: tuple[str, ...]
) -> None:
    customer = await live.chat("C001").connect()

    for part in parts:
        await send(live, customer, part)

    texts = stored_texts(live, customer)
    assert not [text for text in texts for piece in ("4532", "0151", "1283", "2341", "2346") if piece in text], texts
    replayed = await live.chat("C001", conversation=customer.conversation).connect()
    await replayed.until(lambda: replayed.seq >= customer.seq)
    assert [f["text"] for f in replayed.frames if f["type"] == "message" and f["id"]] == stored_texts(live, customer)


async def test_pieces_sent_at_once_over_two_sockets_are_still_seen_together(live: LiveService) -> None:
    left = await live.chat("C001", name="left").connect()
    right = await live.chat("C001", name="right", conversation=left.conversation).connect()

    for _ in range(5):
        await asyncio.gather(left.say("4532 0151"), right.say("1283 0366"))

    texts = stored_texts(live, left)
    assert "4532 0151 1283 0366" not in " ".join(texts), texts


async def test_a_message_sent_again_is_not_joined_with_itself(live: LiveService) -> None:
    customer = await live.chat("C001").connect()
    frame = {"type": "message", "id": "half", "text": "4111 1111"}
    await customer.send(frame)
    await customer.answered("half")
    before = stored_texts(live, customer)

    for _ in range(4):
        await customer.send(frame)
    await customer.settled()

    assert stored_texts(live, customer) == before
