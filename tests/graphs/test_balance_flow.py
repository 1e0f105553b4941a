"""Balance, played through the whole conversation graph."""

from __future__ import annotations

import pytest

from domain.actions import Action
from tests.support.chat import Chat
from tests.support.flow_twins import BankTwin, Session, account, hold


def signed_in(**bank: object) -> Chat:
    """A customer at AL3."""
    return Chat(session=Session(base=3), bank=BankTwin(**bank))  # type: ignore[arg-type]


async def test_a_customer_at_al3_is_told_the_balance_in_one_turn() -> None:
    chat = signed_in()

    result = await chat.say("What is my account balance?")

    assert "₹50,000.00" in result.text
    assert chat.view.flows == {}
    assert chat.live_threads == set()
    assert chat.gate.states("disclose_balance") == ["succeeded"]


async def test_the_first_reply_says_that_it_is_an_ai_and_only_the_first() -> None:
    chat = signed_in()

    first = await chat.say("balance please")
    second = await chat.say("balance please")

    assert "AI" in first.text and "human" in first.text
    assert "AI assistant" not in second.text


async def test_available_and_total_are_explained_by_the_hold() -> None:
    chat = signed_in(accounts=[account(held_minor=300_000, holds=[hold(300_000)])])

    result = await chat.say("balance")

    assert "₹47,000.00" in result.text
    assert "₹50,000.00" in result.text
    assert "₹3,000.00" in result.text and "“HOTEL DEMO PALACE”" in result.text


async def test_below_al3_a_code_comes_first_and_then_the_balance() -> None:
    chat = Chat()

    asked = await chat.say("balance")
    told = await chat.otp("ok")

    assert asked.request is not None and asked.request.ask.purpose == "otp"
    assert "50,000" not in asked.text
    assert chat.identity.sent == [("disclose_balance", {"action": "disclose_balance"})]
    assert "₹50,000.00" in told.text


async def test_a_wrong_code_can_be_tried_again() -> None:
    chat = Chat()
    await chat.say("balance")

    wrong = await chat.otp("wrong", tries_left=2)
    right = await chat.otp("ok")

    assert "2" in wrong.text and wrong.request is not None
    assert "₹50,000.00" in right.text
    assert len(chat.identity.sent) == 1


async def test_three_wrong_codes_lead_to_the_challenge_and_passing_it_to_the_balance() -> None:
    chat = Chat()
    await chat.say("balance")
    await chat.otp("wrong", tries_left=2)
    await chat.otp("wrong", tries_left=1)

    question = await chat.otp("locked", tries_left=0)
    code = await chat.answer("ok")
    told = await chat.otp("ok")

    assert question.request is not None and question.request.prompt == "Your first school?"
    assert code.request is not None and code.request.ask.purpose == "otp"
    assert "₹50,000.00" in told.text


async def test_a_wrong_answer_is_not_told_and_ends_with_security() -> None:
    chat = Chat()
    await chat.say("balance")
    await chat.otp("locked")

    code = await chat.answer("wrong")
    ended = await chat.otp("ok")

    assert code.request is not None, "the code follows whatever the answer was"
    assert ended.handover is not None and ended.handover.team == "security"
    assert "50,000" not in ended.text
    assert ended.conversation.state == "queued"


async def test_a_sim_changed_today_is_told_as_the_reason_and_a_person_helps() -> None:
    chat = Chat()
    chat.identity.cooling = True

    result = await chat.say("balance")

    assert "24 hours" in result.text
    assert result.handover is not None and result.handover.reason == "factor_cooling"
    assert chat.identity.asked == 0


async def test_a_session_that_ended_is_asked_to_sign_in_again() -> None:
    chat = Chat(session=Session(base=0))

    result = await chat.say("balance")

    assert "sign in" in result.text.lower()
    assert result.handover is None and chat.view.stack == []


async def test_nobody_signed_in_is_asked_to_sign_in() -> None:
    chat = Chat(customer=None)

    result = await chat.say("balance")

    assert "sign in" in result.text.lower()
    assert chat.bank.asked.total() == 0


async def test_several_accounts_are_told_as_cards() -> None:
    chat = signed_in(accounts=[account(), account("A2", number_masked="XX9876", type="current", ledger_minor=100_00)])

    result = await chat.say("balance")

    cards = [card for say in result.says for card in say.cards]
    assert [card.title for card in cards] == ["savings account XX1234", "current account XX9876"]


async def test_only_the_account_asked_about_is_told() -> None:
    chat = signed_in(accounts=[account(), account("A2", number_masked="XX9876", ledger_minor=123_00)])

    result = await chat.say("balance of the account ending 9876")

    assert "₹123.00" in result.text and "₹50,000.00" not in result.text


async def test_an_account_that_the_customer_does_not_have_is_not_invented() -> None:
    chat = signed_in()

    result = await chat.say("balance of the account ending 0000")

    assert "0000" in result.text and "₹50,000.00" in result.text


FREEZES = [
    ("court", {"amount_minor": 1_000_000, "authority": "District Court", "reference": "CC-7", "date": "2026-11-01"}, ["₹10,000.00", "District Court", "CC-7"]),
    ("lien", {"amount_minor": 1_000_000, "authority": "Cyber Cell", "reference": "ACK-9"}, ["Cyber Cell", "ACK-9"]),
    ("kyc", {}, ["KYC"]),
    ("own", {}, ["you asked us"]),
    ("dormant", {}, ["dormant", "free"]),
    ("fraud", {}, ["under review"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "tellable", "told"), FREEZES, ids=[row[0] for row in FREEZES])
async def test_a_freeze_is_told_as_far_as_it_may_be(kind: str, tellable: dict[str, object], told: list[str]) -> None:
    chat = signed_in(accounts=[account(freezes=[{"kind": kind, "tellable": tellable}])])

    result = await chat.say("balance")

    assert all(words in result.text for words in told)
    assert "fraud" not in result.text.lower()
    assert "unfamiliar" not in result.text, "no service is offered to somebody with a freeze"


async def test_the_related_service_is_offered_once_in_a_conversation() -> None:
    chat = signed_in()

    first = await chat.say("balance")
    second = await chat.say("balance")

    assert "unfamiliar" in first.text
    assert "unfamiliar" not in second.text


async def test_what_the_gate_keeps_for_a_person_is_not_told() -> None:
    chat = signed_in()
    chat.gate.rules = lambda action, level: ("human", None, "papers_needed")

    result = await chat.say("balance")

    assert "50,000" not in result.text and "papers" in result.text
    assert result.handover is not None and result.handover.reason == "gate_human"


async def test_where_only_one_account_may_be_told_the_other_is_withheld() -> None:
    chat = signed_in(accounts=[account(), account("A2", number_masked="XX5555", ledger_minor=77_00)])

    def rules(action: Action, level: int) -> tuple[str, int | None, str]:
        return ("human", None, "papers_needed") if "A2" in action.arguments()["accounts"] else ("approve", None, "approved")

    chat.gate.rules = rules
    result = await chat.say("balance")

    assert "₹50,000.00" in result.text
    assert "XX5555" in result.text and "₹77.00" not in result.text
    assert "₹77.00" not in result.model_dump_json(include={"says"})


async def test_a_refusal_says_no_reason_of_a_review() -> None:
    chat = signed_in()
    chat.gate.rules = lambda action, level: ("deny", None, "under_review")

    result = await chat.say("balance")

    assert "under review" in result.text and "50,000" not in result.text


async def test_a_step_up_binds_the_code_to_this_disclosure() -> None:
    chat = signed_in()
    chat.gate.rules = lambda action, level: (
        ("approve", None, "approved") if chat.session.otp else ("step_up", 4, "stronger_sign_in")
    )

    asked = await chat.say("balance")
    told = await chat.otp("ok")

    purpose, binding = chat.identity.sent[0]
    (proposal,) = chat.gate.rows
    assert purpose == "disclose_balance" and binding["proposal"] == proposal
    assert asked.request is not None and asked.request.ask.digest == chat.gate.rows[proposal].outcome.digest
    assert "₹50,000.00" in told.text


async def test_a_gate_that_never_has_enough_ends_with_a_person_and_not_in_a_loop() -> None:
    chat = signed_in()
    chat.gate.rules = lambda action, level: ("step_up", 4, "stronger_sign_in")

    await chat.say("balance")
    ended = await chat.otp("ok")

    assert ended.handover is not None
    assert "50,000" not in ended.text


async def test_a_bank_that_does_not_answer_is_said_and_a_person_takes_over() -> None:
    chat = signed_in(down={"balances"})

    result = await chat.say("balance")

    assert "not answering" in result.text
    assert result.handover is not None and result.handover.summary["failed"] == "bank_unavailable"
    assert result.error is None


async def test_figures_that_do_not_add_up_are_not_told_as_a_total() -> None:
    chat = signed_in(accounts=[account(available_minor=4_000_000)])

    result = await chat.say("balance")

    assert "₹40,000.00" in result.text and "₹50,000.00" not in result.text


async def test_in_hindi_everything_is_hindi() -> None:
    chat = signed_in(accounts=[account(held_minor=300_000, holds=[hold(300_000)])])

    result = await chat.say("मेरा बैलेंस कितना है?")

    assert "उपलब्ध" in result.text and "₹47,000.00" in result.text
    assert "available" not in result.text
    assert chat.view.language == "hi"
