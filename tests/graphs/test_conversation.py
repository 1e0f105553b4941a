"""The turn around the flows: who speaks, what is open, what happens to messages that are no answer."""

from __future__ import annotations

import pytest

from domain.conversation import Answer
from domain.errors import Broken
from graphs.state import ConversationView
from tests.support.chat import Chat
from tests.support.flow_twins import BankTwin, Session, account, hold, payment

MEGAMART = payment("T1", 500_000, "MEGAMART RETAIL")


def customer(level: int = 3) -> Chat:
    return Chat(session=Session(base=level), bank=BankTwin(payments=[MEGAMART]))


async def test_a_greeting_is_greeted_with_what_can_be_done() -> None:
    result = await customer().say("hello")

    assert "help" in result.text
    assert [reply.title for say in result.says for reply in say.quick_replies] == [
        "My balance",
        "A payment I did not make",
        "A person",
    ]


async def test_who_asks_for_a_person_gets_one_and_is_not_spoken_over() -> None:
    chat = customer()

    handed = await chat.say("I want a human")
    later = await chat.say("are you there?")

    assert handed.handover is not None and handed.handover.reason == "asked"
    assert handed.conversation.state == "queued"
    assert "added that" in later.text and later.handover is None


async def test_while_a_person_speaks_the_assistant_is_silent() -> None:
    chat = customer()
    chat.view = chat.view.model_copy(update={"state": "agent"})

    result = await chat.say("what is my balance?")

    assert result.text == "" and result.says == []
    assert chat.bank.asked.total() == 0


async def test_asking_for_a_person_in_the_middle_closes_what_was_open() -> None:
    chat = customer()
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")
    request = chat.request.id

    result = await chat.say("human please")

    assert result.closed_requests == {request: "cancelled"}
    assert result.handover is not None and result.handover.team == "fraud"
    assert result.handover.summary["amount_minor"] == "500000"
    assert result.handover.summary["open_question"] == "dispute.is_it_this"
    assert chat.view.stack == [] and chat.live_threads == set()


async def test_unclear_once_is_asked_and_unclear_twice_is_a_person() -> None:
    chat = customer()

    once = await chat.say("blorp")
    twice = await chat.say("blorp blorp")

    assert "other words" in once.text and once.handover is None
    assert twice.handover is not None and twice.handover.reason == "not_understood"


async def test_something_clear_in_between_starts_the_count_again() -> None:
    chat = customer()
    await chat.say("blorp")
    await chat.say("what is my balance?")

    result = await chat.say("blorp")

    assert result.handover is None


async def test_quick_unclear_messages_count_once_in_a_turn() -> None:
    result = await customer().say("blorp", "blorp", "blorp")

    assert result.handover is None


async def test_what_is_out_of_scope_is_said_to_be() -> None:
    result = await customer().say("how is the weather")

    assert "outside what I can help with" in result.text


async def test_a_login_problem_has_no_flow_yet_and_says_so() -> None:
    result = await customer().say("I cannot log in")

    assert "Sign-in problems" in result.text


async def test_messages_of_one_turn_are_answered_in_order() -> None:
    chat = customer()

    result = await chat.say("I want to dispute a payment I did not make", "5000 at MegaMart", "yesterday")

    assert result.request is not None and "₹5,000.00" in result.request.prompt
    assert "Which payment is it?" not in result.text, "a question answered in the same turn is not asked"


async def test_two_wishes_in_one_message_are_both_served() -> None:
    chat = customer()

    result = await chat.say("what is my balance and I did not make the 5000 payment at MegaMart yesterday")

    assert "₹50,000.00" in result.text
    assert result.request is not None and "MEGAMART" in result.request.prompt


async def test_a_second_wish_waits_while_the_first_one_waits() -> None:
    chat = customer(level=2)

    code = await chat.say("what is my balance and I did not make the 5000 payment at MegaMart yesterday")
    both = await chat.otp("ok")

    assert code.request is not None and code.request.ask.purpose == "otp"
    assert "₹50,000.00" in both.text and both.request is not None and "MEGAMART" in both.request.prompt


async def test_a_wish_for_the_flow_that_is_on_does_not_start_it_twice() -> None:
    chat = customer()
    await chat.say("I want to dispute a payment")

    result = await chat.say("I did not make the 5000 payment at MegaMart yesterday")

    assert len(chat.view.flows) == 1
    assert result.request is not None and "MEGAMART" in result.request.prompt


async def test_cancel_with_nothing_on_is_harmless() -> None:
    result = await customer().say("cancel")

    assert "nothing under way" in result.text and result.handover is None


async def test_a_code_awaited_and_a_plain_message_asks_for_the_code_again() -> None:
    chat = customer(level=2)
    await chat.say("balance")
    first = chat.request

    result = await chat.say("blorp")

    assert result.request is not None and result.request.ask.challenge == first.ask.challenge
    assert result.request.expires_at == first.expires_at, "showing it again gives it no more time"
    assert chat.closed[first.id] == "cancelled"


async def test_resend_sends_a_new_code() -> None:
    chat = customer(level=2)
    await chat.say("balance")

    result = await chat.say("I did not get it, please resend")

    assert len(chat.identity.sent) == 2
    assert result.request is not None and result.request.ask.challenge == "otp_2"


async def test_resending_has_an_end_at_a_person() -> None:
    chat = customer(level=2)
    chat.identity.no_questions = True
    await chat.say("balance")
    for _ in range(2):
        await chat.say("resend")

    result = await chat.say("resend")

    assert result.handover is not None and len(chat.identity.sent) == 3


async def test_a_code_that_ran_out_is_sent_anew_when_it_was_typed_too_late() -> None:
    chat = customer(level=2)
    await chat.say("balance")

    result = await chat.otp("expired")

    assert len(chat.identity.sent) == 2 and result.request is not None


async def test_a_silence_past_the_code_ends_the_flow_politely_when_the_tick_says_so() -> None:
    chat = customer(level=2)
    await chat.say("balance")
    request = chat.request.id

    result = await chat.wait(minutes=6).expire()

    assert "run out" in result.text and chat.view.stack == []
    assert result.closed_requests == {request: "expired"}


async def test_a_message_after_a_long_silence_is_read_afresh() -> None:
    chat = customer()
    await chat.say("I want to dispute a payment")

    result = await chat.wait(days=2).say("what is my balance?")

    assert "run out" in result.text and "₹50,000.00" in result.text
    assert chat.view.stack == []


async def test_an_event_about_a_request_that_is_gone_says_nothing() -> None:
    chat = customer()

    result = await chat.play(chat.item("event", request="req_unknown", value="request_expired"))

    assert result.text == "" and result.request is None


async def test_an_answer_to_an_unknown_request_is_told_and_changes_nothing() -> None:
    chat = customer()

    result = await chat.play(chat.item("choice", request="req_unknown", value="yes"))

    assert "answered already" in result.text and chat.view.flows == {}


async def test_an_unreachable_check_of_a_code_asks_for_it_again() -> None:
    chat = customer(level=2)
    await chat.say("balance")

    result = await chat.otp("unavailable")

    assert "could not check" in result.text and result.request is not None


async def test_somebody_in_distress_gets_a_person_and_no_offers() -> None:
    result = await customer().say("I just want to end it all")

    assert result.handover is not None and result.handover.reason == "vulnerable"
    assert "14416" in result.text
    assert not any(say.quick_replies for say in result.says)


async def test_a_secret_in_a_message_is_pointed_out_and_the_wish_still_served() -> None:
    result = await customer().say("my PIN is [PIN], what is my balance?", flags=("secret",))

    assert "Please never send these" in result.text and "₹50,000.00" in result.text


async def test_the_language_follows_the_customer_but_not_a_bare_number() -> None:
    chat = customer()
    await chat.say("मुझे शिकायत करनी है")

    result = await chat.say("5000")

    assert result.conversation.language == "hi"


async def test_a_reader_that_is_down_leaves_the_conversation_usable() -> None:
    chat = customer()
    chat.reader.down = True

    first = await chat.say("balance")
    chat.reader.down = False
    second = await chat.say("balance")

    assert first.error is None and first.text != ""
    assert "₹50,000.00" in second.text


class BrokenComposer:
    async def compose(self, *_args: object, **_kwargs: object) -> None:
        raise Broken("reply_unknown", "secret detail")

    def render(self, *_args: object) -> str:
        raise Broken("reply_unknown", "secret detail")


async def test_a_fault_of_ours_is_an_apology_with_a_code_and_nothing_is_lost() -> None:
    chat = customer()
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")
    composer, before = chat.composer, chat.view
    chat.composer = BrokenComposer()

    broken = await chat.say("thanks")
    chat.composer = composer
    result = await chat.say("yes")

    assert broken.error == "reply_unknown" and "secret detail" not in broken.model_dump_json()
    assert broken.text != "" and broken.conversation.stack == before.stack
    assert result.request is not None and result.request.ask.kind == "confirm"


async def test_after_a_fault_the_open_question_is_put_again() -> None:
    chat = customer(level=2)
    await chat.say("balance")
    chat.bank.accounts = [{"broken": True}]
    await chat.otp("ok")

    assert chat.results[-1].error is None, "a fault inside a flow is that flow's trouble"
    assert chat.results[-1].handover is not None


@pytest.mark.parametrize("stage", ["understand", "decide", "run_flow", "compose"])
async def test_each_stage_is_announced(stage: str) -> None:
    chat, seen = customer(), list[str]()
    ports = chat.ports

    def listening(saver):  # type: ignore[no-untyped-def]
        from dataclasses import replace

        return replace(ports(saver), stage=seen.append)

    chat.ports = listening  # type: ignore[method-assign]
    await chat.say("balance")

    assert stage in seen


def test_a_view_survives_json_with_everything_in_it() -> None:
    view = ConversationView(tenant="demo", id="c", customer=None, offered=["balance"], unclear=1)

    assert ConversationView.model_validate_json(view.model_dump_json()) == view
    assert Answer(kind="text").meant == "other"


async def test_a_long_answer_in_between_still_comes_back_to_what_was_parked() -> None:
    chat = customer()
    chat.bank.accounts = [account(f"A{n}", held_minor=100, holds=[hold(100)]) for n in range(12)]
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")

    result = await chat.say("what is my balance?")

    assert len(result.says) > 24
    assert result.request is not None and result.request.ask.slot == "confirmed"
