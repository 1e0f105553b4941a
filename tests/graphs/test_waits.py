"""Every waiting state against everything that can happen to it: all defined, nothing lost, nothing done that nobody agreed to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from graphs.flows import FLOWS
from graphs.state import TurnResult
from tests.support.chat import Chat
from tests.support.flow_twins import BankTwin, Session, payment

MEGAMART = payment("T1", 500_000, "MEGAMART RETAIL")
TWIN = payment("T2", 500_000, "MEGAMART RETAIL", days_ago=3)
STRANGE = payment("T1", 500_000, "MEGAMART RETAIL", device="D9")
CLAIM = "I did not make the 5000 payment at MegaMart yesterday"


async def balance_code() -> Chat:
    chat = Chat()
    await chat.say("balance")
    return chat


async def balance_answer() -> Chat:
    chat = await balance_code()
    await chat.otp("locked")
    return chat


async def balance_second_code() -> Chat:
    chat = await balance_answer()
    await chat.answer("ok")
    return chat


def disputing(*payments: dict[str, object], level: int = 3) -> Chat:
    return Chat(session=Session(base=level), bank=BankTwin(payments=list(payments)))  # type: ignore[arg-type]


async def dispute_details() -> Chat:
    chat = disputing(MEGAMART)
    await chat.say("I want to dispute a payment")
    return chat


async def dispute_fact() -> Chat:
    chat = disputing(MEGAMART, TWIN, level=2)
    await chat.say("I did not make the 5000 payment")
    return chat


async def dispute_which() -> Chat:
    chat = disputing(MEGAMART, TWIN)
    await chat.say("I did not make the 5000 payment")
    return chat


async def dispute_level_code() -> Chat:
    chat = disputing(MEGAMART, MEGAMART | {"id": "T2"}, level=2)
    await chat.say(CLAIM)
    return chat


async def dispute_payment() -> Chat:
    chat = disputing(MEGAMART)
    await chat.say(CLAIM)
    return chat


async def dispute_type() -> Chat:
    chat = disputing(MEGAMART)
    await chat.say("I want to dispute 5000 at MegaMart yesterday")
    await chat.choose("yes")
    return chat


async def dispute_answer() -> Chat:
    chat = disputing(STRANGE)
    await chat.say(CLAIM)
    await chat.choose("yes")
    return chat


async def dispute_security_code() -> Chat:
    chat = await dispute_answer()
    await chat.answer("ok")
    return chat


async def dispute_consent() -> Chat:
    chat = await dispute_payment()
    await chat.choose("yes")
    return chat


async def dispute_credit_code() -> Chat:
    chat = disputing(MEGAMART, level=2)
    await chat.say(CLAIM)
    await chat.choose("yes")
    await chat.confirm()
    return chat


async def dispute_credit_consent() -> Chat:
    chat = disputing(MEGAMART)
    chat.gate.covers = False
    await chat.say(CLAIM)
    await chat.choose("yes")
    await chat.confirm()
    return chat


async def card_which() -> Chat:
    chat = disputing(MEGAMART)
    chat.bank.cards_held = ["4455", "7788"]
    await chat.say("block my card")
    return chat


#: Waiting node → how to get there.
WAITS: dict[str, Callable[[], Awaitable[Chat]]] = {
    "balance.await_code": balance_code,
    "balance.await_answer": balance_answer,
    "balance.await_challenge_code": balance_second_code,
    "dispute.await_details": dispute_details,
    "dispute.await_details (one fact)": dispute_fact,
    "dispute.await_which": dispute_which,
    "dispute.await_code": dispute_level_code,
    "dispute.await_payment": dispute_payment,
    "dispute.await_info": dispute_type,
    "dispute.await_security_answer": dispute_answer,
    "dispute.await_security_code": dispute_security_code,
    "dispute.await_consent": dispute_consent,
    "dispute.await_credit_code": dispute_credit_code,
    "dispute.await_credit_consent": dispute_credit_consent,
    "block_card.await_which": card_which,
}
#: What has been executed before the wait is reached; nothing below may add to it.
DONE_BEFORE = {"dispute.await_credit_code": ["open_dispute"], "dispute.await_credit_consent": ["open_dispute"]}


def test_every_waiting_node_of_every_flow_is_in_the_matrix() -> None:
    nodes = {f"{name}.{node}" for name, spec in FLOWS.items() for node in spec.build().nodes if node.startswith("await_")}

    assert nodes == {name.split(" ")[0] for name in WAITS}


@pytest.fixture(params=WAITS, ids=list(WAITS))
async def waiting(request: pytest.FixtureRequest) -> tuple[str, Chat]:
    name = request.param
    chat = await WAITS[name]()
    assert chat.active is not None and chat.active.status == "waiting"
    return name, chat


def untouched(name: str, chat: Chat) -> bool:
    return chat.gate.executed == DONE_BEFORE.get(name, [])


def still_asked(chat: Chat, result: TurnResult) -> bool:
    """The same flow waits for the same thing, and the customer can see for what."""
    return chat.active is not None and (
        result.request is not None or chat.active.ask is not None and chat.active.ask.kind == "text"
    )


async def test_other_text_is_answered_and_what_is_awaited_stays_or_is_handed_over(waiting: tuple[str, Chat]) -> None:
    name, chat = waiting

    result = await chat.say("hmm well you know how these things go I suppose")

    assert result.text and result.error is None and untouched(name, chat)
    assert still_asked(chat, result) or result.handover is not None


async def test_cancel_ends_it_and_leaves_nothing_open(waiting: tuple[str, Chat]) -> None:
    name, chat = waiting

    result = await chat.say("cancel")

    assert result.text and chat.view.stack == [] and chat.open == {}
    assert untouched(name, chat)
    assert "awaiting_consent" not in chat.gate.states("open_dispute")


async def test_a_question_in_between_is_answered_and_the_wait_comes_back(waiting: tuple[str, Chat]) -> None:
    name, chat = waiting
    before = chat.active
    assert before is not None and before.ask is not None

    result = await chat.say("hello" if name.startswith("balance") else "what is my balance?")
    assert result.text
    if chat.active is not None and chat.active.id != before.id:
        await chat.otp("ok")

    after = chat.active
    assert after is not None and after.id == before.id and after.ask == before.ask
    assert untouched(name, chat)


async def test_an_early_yes_acts_on_nothing(waiting: tuple[str, Chat]) -> None:
    name, chat = waiting

    result = await chat.say("yes")

    assert result.text and untouched(name, chat)
    assert not any(value for _, _, value in chat.gate.consents[len(DONE_BEFORE.get(name, [])) :])


async def test_silence_past_expiry_is_defined_and_does_nothing(waiting: tuple[str, Chat]) -> None:
    name, chat = waiting
    chat.wait(days=3)

    result = await (chat.expire() if chat.open else chat.say("hello"))

    assert result.text and chat.open == {} and untouched(name, chat)
    assert chat.view.stack == []


async def test_a_restart_in_between_changes_nothing(waiting: tuple[str, Chat]) -> None:
    name, chat = waiting
    before = chat.active

    lost = await chat.play(chat.item("message", text="cancel"), keep=False)

    assert lost.text and chat.active == before
    result = await chat.say("hello")
    assert chat.active is not None and before is not None and chat.active.ask == before.ask
    assert result.text


@pytest.mark.parametrize("name", [name for name in WAITS if "details" not in name])
async def test_a_repeated_answer_to_a_closed_request_changes_nothing(name: str) -> None:
    chat = await WAITS[name]()
    request = chat.request
    await chat.say("hello")  # the question is put again under a new id

    item = chat.item(request.ask.kind, request=request.id, value=True, digest=request.ask.digest)
    result = await chat.play(item)

    assert "answered already" in result.text and untouched(name, chat)


async def test_asking_for_a_person_is_always_heard(waiting: tuple[str, Chat]) -> None:
    name, chat = waiting

    result = await chat.say("I want to talk to a person")

    assert result.handover is not None and chat.view.state == "queued" and chat.open == {}
    assert untouched(name, chat) and chat.live_threads == set()
