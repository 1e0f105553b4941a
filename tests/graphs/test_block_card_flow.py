"""Blocking a card."""

from __future__ import annotations

import pytest

from tests.support.chat import Chat
from tests.support.flow_twins import BankTwin, Session


def holder(*cards: str, level: int = 1) -> Chat:
    return Chat(session=Session(base=level), bank=BankTwin(cards_held=list(cards or ("4455",))))


async def test_an_only_card_is_blocked_at_once_without_any_proof() -> None:
    chat = holder()

    result = await chat.say("block my card, it was stolen")

    assert chat.gate.executed == ["block_card"] and chat.identity.sent == []
    assert "XX4455" in result.text and "blocked" in result.text
    (row,) = chat.gate.rows.values()
    assert row.action.arguments()["reason"] == "stolen"


async def test_of_several_the_one_chosen_is_blocked() -> None:
    chat = holder("4455", "7788")

    asked = await chat.say("block my card")
    done = await chat.choose("K2")

    assert asked.request is not None and [option.value for option in asked.request.ask.options] == ["K1", "K2", "all"]
    assert "XX7788" in done.text and "XX4455" not in done.text
    assert chat.gate.executed == ["block_card"]


async def test_the_last_digits_say_which() -> None:
    chat = holder("4455", "7788")

    result = await chat.say("block my card ending 7788")

    assert "XX7788" in result.text and chat.gate.executed == ["block_card"]


async def test_the_last_digits_typed_instead_of_pressing_say_which() -> None:
    chat = holder("4455", "7788")
    await chat.say("block my card")

    result = await chat.say("the one ending 7788")

    assert "XX7788" in result.text and chat.gate.executed == ["block_card"]


async def test_all_of_them_are_blocked_one_by_one() -> None:
    chat = holder("4455", "7788")
    await chat.say("block my card")

    await chat.choose("all")

    assert chat.gate.executed == ["block_card", "block_card"]


@pytest.mark.parametrize("ending", ["unknown", "failed", "down"])
async def test_a_block_that_is_not_certain_is_not_told_as_done(ending: str) -> None:
    chat = holder()
    chat.gate.endings["block_card"] = ending

    result = await chat.say("block my card")

    assert "cannot be sure" in result.text and "is blocked. Nobody" not in result.text
    assert result.handover is not None and result.handover.team == "fraud"


async def test_no_working_card_is_said() -> None:
    chat = holder()
    chat.bank.card_status = "expired"

    result = await chat.say("block my card")

    assert "no card" in result.text and chat.gate.executed == []


async def test_a_bank_that_does_not_answer_is_a_person_at_once() -> None:
    chat = holder()
    chat.bank.down = {"cards"}

    result = await chat.say("block my card")

    assert result.handover is not None and "could not block" in result.text


async def test_in_the_middle_of_a_balance_the_card_comes_first_and_the_code_is_asked_again() -> None:
    chat = holder(level=2)
    await chat.say("balance")

    result = await chat.say("block my card")

    assert chat.gate.executed == ["block_card"]
    assert result.request is not None and result.request.ask.purpose == "otp"


async def test_a_card_that_was_named_and_is_not_there_is_never_taken_for_another() -> None:
    chat = holder()

    asked = await chat.say("block my card ending 9999")

    assert chat.gate.executed == [] and "9999" in asked.text
    assert asked.request is not None and [option.value for option in asked.request.ask.options] == ["K1"]
    await chat.choose("K1")
    assert chat.gate.executed == ["block_card"]


async def test_two_cards_with_the_same_digits_are_both_offered() -> None:
    chat = holder("4455", "4455", "7788")

    asked = await chat.say("block my card ending 4455")

    assert chat.gate.executed == []
    assert asked.request is not None and [option.value for option in asked.request.ask.options] == ["K1", "K2", "all"]


async def test_a_card_that_is_blocked_already_is_said_to_be_and_the_others_stay() -> None:
    chat = holder("4455", "7788")
    chat.bank.card_states = {"K2": "blocked_own"}

    result = await chat.say("block my card ending 7788")

    assert "XX7788" in result.text and "already" in result.text
    assert chat.gate.executed == [] and result.request is None


async def test_the_kind_of_card_says_which() -> None:
    chat = holder("4455", "7788")
    chat.bank.card_kinds = {"K2": "credit"}

    result = await chat.say("block my credit card")

    assert "XX7788" in result.text and chat.gate.executed == ["block_card"]


async def test_a_kind_that_nobody_has_is_asked_about() -> None:
    chat = holder()

    asked = await chat.say("block my credit card")

    assert chat.gate.executed == [] and "of that kind" in asked.text
