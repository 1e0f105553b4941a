"""What a customer is asked for: which answers count, once, and what happens when the time for one runs out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.client import Chat
from tests.support.service import LiveService

pytestmark = pytest.mark.asyncio(loop_scope="module")
WORDS = "I did not make this 5000 payment"
ANSWERS = {"school": "demo school", "town": "namunapur"}


async def refused(chat: Chat, frame: dict[str, Any]) -> str:
    """The code with which a frame is refused."""
    frame_id = chat.next_id()
    await chat.send(frame | {"id": frame_id})
    found = await chat.until(
        lambda: next((f for f in chat.frames if f["type"] == "error" and f["id"] == frame_id), None), timeout=5
    )
    return str(found["code"])


async def at_confirm(service: LiveService) -> Chat:
    """A customer who is shown what they are to confirm."""
    customer = await service.chat("C001").connect()
    await customer.say(WORDS)
    while (await customer.until(customer.open_request))["kind"] != "confirm":
        await customer.answer_open_request(ANSWERS, ("yes",))
        await customer.settled()
    return customer


def yes(shown: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"type": "confirm", "request": shown["id"], "digest": shown["digest"], "value": True} | changes


async def test_a_yes_counts_only_with_the_digest_shown_where_it_was_shown_and_once(fresh: LiveService) -> None:
    customer = await at_confirm(fresh)
    request = await customer.request("confirm")
    unseen = await fresh.chat("C001", name="unseen", conversation=customer.conversation, seq=customer.seq).connect()
    before = await fresh.export()

    assert await refused(unseen, yes(request)) == "request_not_delivered"
    assert await refused(customer, yes(request, digest="0" * 64)) == "digest_mismatch"
    assert await refused(customer, yes(request, digest="हाँ")) == "digest_mismatch"
    assert await refused(customer, yes(request, digest="")) == "digest_mismatch"
    assert await refused(customer, yes(request, request="req_none")) == "request_unknown"
    assert await refused(customer, {"type": "choice", "request": request["id"], "value": "yes"}) == "request_kind"
    assert await refused(customer, {"type": "secret", "request": request["id"], "value": "123456"}) == "request_kind"
    assert (await fresh.export())["disputes"] == before["disputes"]

    seen = await fresh.chat("C001", name="seen", conversation=customer.conversation, seq=request["seq"] - 1).connect()
    await seen.request("confirm")
    reply = await seen.confirm()
    assert await refused(customer, yes(request)) == "request_closed"
    assert "[dispute.registered]" in reply["text"]
    assert len((await fresh.export())["disputes"]) == len(before["disputes"]) + 1


async def test_two_yeses_at_once_are_one(fresh: LiveService) -> None:
    customer = await at_confirm(fresh)
    request = await customer.request("confirm")
    before = await fresh.export()

    for name in ("left", "right", "left"):
        await customer.send(yes(request, id=name))
    await customer.answered("left")
    await customer.settled()

    assert customer.errors() == ["request_closed"]
    assert len((await fresh.export())["disputes"]) == len(before["disputes"]) + 1


async def test_a_choice_that_was_not_offered_is_refused_and_the_offered_one_still_counts(live: LiveService) -> None:
    customer = await live.chat("C001").connect()
    await customer.say(WORDS)
    request = await customer.request("choice")

    for value in ("third", "", "YES", "\u0000", "हाँ"):
        assert await refused(customer, {"type": "choice", "request": request["id"], "value": value}) == "choice_not_offered"

    assert (await customer.choose("other"))["answers"]


async def test_an_answer_to_a_request_of_another_conversation_is_to_nothing(live: LiveService) -> None:
    asked = await live.chat("C001").connect()
    await asked.say(WORDS)
    request = await asked.request("choice")

    other = await live.chat("C001", name="other").connect()

    assert await refused(other, {"type": "choice", "request": request["id"], "value": "yes"}) == "request_unknown"
    assert asked.open_request("choice") is not None


async def test_a_request_whose_time_is_over_closes_by_itself_and_the_flow_says_so(fresh: LiveService) -> None:
    customer = await fresh.chat("C002").connect()
    await customer.say("what is my balance")
    request = await customer.request("secret")
    said = len(customer.frames)

    await fresh.advance(301)
    gone = await customer.until(lambda: next((f for f in customer.frames if f["type"] == "request_closed"), None), timeout=5)
    word = await customer.until(lambda: next((f for f in customer.frames[said:] if f["type"] == "message"), None), timeout=5)

    assert (gone["id"], gone["reason"]) == (request["id"], "expired")
    assert gone["seq"] in word["answers"]
    assert "expired" in word["text"] or "ran_out" in word["text"]
    assert await refused(customer, {"type": "secret", "request": request["id"], "value": "123456"}) == "request_expired"
    assert [f["type"] for f in customer.frames].count("request_closed") == 1


async def test_a_yes_given_while_the_question_was_being_put_again_counts(fresh: LiveService) -> None:
    customer = await at_confirm(fresh)
    request = await customer.request("confirm")

    async with fresh.turn_held():
        await customer.send({"type": "message", "id": "chat", "text": "thank you"})
        await customer.until(lambda: customer.acks.get("chat"))
        await customer.send(yes(request, id="yes"))
        await customer.until(lambda: customer.acks.get("yes"))
    reply = await customer.answered("yes")

    assert "[dispute.registered]" in reply["text"]
    assert await customer.settled(), "nothing is left open"


async def test_an_answer_taken_in_time_counts_although_its_turn_runs_after_the_time(fresh: LiveService) -> None:
    customer = await fresh.chat("C002").connect()
    await customer.say("what is my balance")
    request = await customer.request("secret")
    code = await customer.code_on_phone()

    async with fresh.turn_held():
        await customer.send({"type": "message", "id": "slow", "text": "hello"})
        await customer.until(lambda: customer.acks.get("slow"))
        await customer.send({"type": "secret", "id": "code", "request": request["id"], "value": code})
        await customer.until(lambda: customer.acks.get("code"))
        await fresh.advance(301)
    reply = await customer.answered("code")

    assert "[balance." in customer.said()
    assert "expired" not in reply["text"]


async def test_a_clock_moved_past_everything_closes_every_open_request_once(fresh: LiveService) -> None:
    chats = [await fresh.chat(f"C00{n}").connect() for n in range(2, 8)]
    for chat in chats:
        await chat.say("what is my balance")
    asked = [chat for chat in chats if chat.open_request()]

    await fresh.advance(86_400)
    for chat in asked:
        await chat.until(lambda chat=chat: chat.open_request() is None, timeout=5)
        await chat.until(lambda chat=chat: chat.frames[-1]["type"] == "message", timeout=5)

    assert len(asked) >= 4
    for chat in asked:
        assert [f["type"] for f in chat.frames].count("request_closed") == 1
    assert fresh.rows("SELECT count(*) FROM request WHERE status = 'open'") == [(0,)]


async def test_both_proofs_of_one_dispute_are_kept(fresh: LiveService) -> None:
    customer = fresh.chat("C001")
    await customer.connect(await customer.token(["hwk"]))
    await customer.say(WORDS)

    while not await customer.settled():
        await customer.answer_open_request(ANSWERS, ("yes",))

    assert customer.said().count("[authentication.code_sent]") == 1, "an answer and a code, each asked for once, are two factors"
    assert "[dispute.credited]" in customer.said()
