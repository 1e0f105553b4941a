"""Dispute, played through the whole conversation graph; each test looks at what is true at the bank in the end."""

from __future__ import annotations

import pytest

from domain.actions import Action
from tests.support.chat import Chat
from tests.support.flow_twins import BankTwin, Session, payment

MEGAMART = payment("T1", 500_000, "MEGAMART RETAIL PVT LTD")


def disputing(*payments: dict[str, object], level: int = 3, **bank: object) -> Chat:
    return Chat(session=Session(base=level), bank=BankTwin(payments=list(payments or (MEGAMART,)), **bank))  # type: ignore[arg-type]


async def until_confirm(chat: Chat, text: str = "I did not make the 5000 payment at MegaMart yesterday") -> None:
    await chat.say(text)
    await chat.choose("yes")


async def test_the_whole_dispute_up_to_number_and_credit() -> None:
    chat = disputing()

    found = await chat.say("I did not make the 5000 payment at MegaMart yesterday")
    shown = await chat.choose("yes")
    done = await chat.confirm()

    assert found.request is not None and found.request.ask.kind == "choice"
    assert found.request.prompt == "Is it this payment: ₹5,000.00 · 21 November 2026 “MEGAMART RETAIL PVT LTD”?"
    assert shown.request is not None and shown.request.ask.kind == "confirm"
    assert chat.gate.executed == ["open_dispute", "provisional_credit"]
    assert "DSP-261122-000001" in done.text and "₹5,000.00 is credited" in done.text
    assert [kind for kind, _ in chat.records.notes.values()] == ["dispute_opened"]
    assert sorted(template for template, _ in chat.records.notices.values()) == ["dispute_opened", "provisional_credit"]
    assert chat.view.flows == {} and chat.live_threads == set()


async def test_deadlines_are_told_from_obligations_only() -> None:
    chat = disputing()
    await until_confirm(chat)

    done = await chat.confirm()

    assert "20 February 2027" in done.text, "decide_liability of the credit's decision"
    assert "22 December 2026" in done.text, "ombudsman_from of the dispute's decision"
    assert "6 December 2026" not in done.text, "shadow reversal is done already"
    assert "1930" in done.text


async def test_nothing_is_registered_before_the_yes_and_a_no_leaves_nothing() -> None:
    chat = disputing()
    await until_confirm(chat)
    before = list(chat.gate.executed)

    result = await chat.confirm(False)

    assert before == [] and chat.gate.executed == []
    assert chat.gate.states("open_dispute") == ["cancelled"]
    assert "nothing was registered" in result.text


async def test_a_typed_yes_shows_the_button_again_and_registers_nothing() -> None:
    chat = disputing()
    await until_confirm(chat)
    first = chat.request.id

    result = await chat.say("yes")

    assert chat.gate.executed == []
    assert result.request is not None and result.request.ask.kind == "confirm" and result.request.id != first
    assert chat.closed[first] == "cancelled"


async def test_a_confirm_with_another_digest_counts_for_nothing() -> None:
    chat = disputing()
    await until_confirm(chat)

    result = await chat.confirm(digest="0" * 64)

    assert chat.gate.executed == [] and chat.gate.consents == []
    assert result.request is not None and result.request.ask.kind == "confirm"


async def test_the_yes_is_recorded_for_the_request_and_digest_that_were_shown() -> None:
    chat = disputing()
    await until_confirm(chat)
    request = chat.request

    await chat.confirm()

    assert chat.gate.consents == [(request.ask.proposal, request.id, True)]


async def test_a_suspicious_payment_blocks_the_card_at_once_and_alerts() -> None:
    chat = disputing(suspicious={"T1"})
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")

    result = await chat.choose("yes")

    assert chat.gate.executed == ["block_card"]
    assert list(chat.records.alerts.values()) == ["T1"]
    assert "XX4455" in result.text and "blocked" in result.text
    assert result.request is not None and result.request.ask.kind == "confirm"
    assert result.persona == "fraud"


async def test_a_block_that_is_not_certain_is_not_told_as_done_and_a_person_follows() -> None:
    chat = disputing(suspicious={"T1"})
    chat.gate.endings["block_card"] = "unknown"
    await until_confirm(chat)
    told = chat.results[-1].text

    done = await chat.confirm()

    assert "cannot be sure" in told and "I have blocked" not in told
    assert chat.gate.executed == ["open_dispute", "provisional_credit"]
    assert done.handover is not None and done.handover.reason == "card_not_blocked"


async def test_a_fraud_desk_that_does_not_answer_never_stops_the_dispute() -> None:
    chat = disputing(suspicious={"T1"})
    chat.records.down = True
    await until_confirm(chat)

    done = await chat.confirm()

    assert "DSP-" in done.text and "SMS" not in done.text
    assert done.handover is not None and done.handover.reason == "fraud_alert_failed"
    assert "dispute.registered" in done.handover.summary["promised"]


async def test_an_unknown_device_needs_answer_and_code_before_anything_is_registered() -> None:
    chat = disputing(payment("T1", 500_000, "MEGAMART RETAIL", device="D9"))
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")

    question = await chat.choose("yes")
    code = await chat.answer("ok")
    shown = await chat.otp("ok")
    await chat.confirm()

    assert question.request is not None and question.request.ask.purpose == "security_answer"
    assert code.request is not None and code.request.ask.purpose == "otp"
    assert shown.request is not None and shown.request.ask.kind == "confirm"
    assert "open_dispute" in chat.gate.executed


async def test_three_wrong_codes_on_an_unknown_device_end_with_the_fraud_team() -> None:
    chat = disputing(payment("T1", 500_000, "MEGAMART RETAIL", device="D9"), level=2)
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")
    await chat.choose("yes")
    await chat.answer("ok")
    await chat.otp("wrong", tries_left=2)
    await chat.otp("wrong", tries_left=1)

    result = await chat.otp("locked", tries_left=0)

    assert result.handover is not None and result.handover.team == "fraud"
    assert chat.gate.executed == []


@pytest.mark.parametrize(("text", "chosen"), [("The second reason is charged twice", "duplicate"), ("2", "duplicate"), ("I was charged twice", "duplicate")])  # fmt: skip
async def test_what_is_wrong_is_asked_where_it_was_not_said(text: str, chosen: str) -> None:
    chat = disputing()
    await chat.say("I want to dispute 5000 at MegaMart yesterday")

    asked = await chat.choose("yes")
    shown = await chat.say(text)

    assert asked.request is not None and asked.request.ask.slot == "dispute_type"
    assert shown.request is not None and shown.request.ask.kind == "confirm"
    assert shown.conversation.flows[chat.view.stack[-1]].slots["claim"]["dispute_type"] == chosen


async def test_too_little_is_asked_for_and_then_found() -> None:
    chat = disputing()

    asked = await chat.say("I want to dispute a payment I did not make")
    found = await chat.say("5000 at MegaMart")

    assert asked.request is None and "Which payment" in asked.text
    assert found.request is not None and "₹5,000.00" in found.request.prompt


async def test_a_bare_name_in_answer_to_the_question_is_the_merchant() -> None:
    chat = disputing()
    await chat.say("I want to dispute a payment I did not make")

    found = await chat.say("megamart")

    assert found.request is not None and "₹5,000.00" in found.request.prompt


async def test_two_payments_alike_are_offered_as_choices() -> None:
    chat = disputing(MEGAMART, payment("T2", 500_000, "MEGAMART RETAIL PVT LTD", days_ago=3))

    result = await chat.say("I did not make the 5000 payment at MegaMart")
    shown = await chat.choose("T2")

    assert result.request is not None
    assert [option.value for option in result.request.ask.options] == ["T1", "T2", "none"]
    assert shown.request is not None and shown.request.ask.kind == "confirm"
    await chat.confirm()
    assert chat.bank.registered[0]["transaction"] == "T2"


async def test_a_choice_that_was_not_offered_changes_nothing() -> None:
    chat = disputing(MEGAMART, payment("T2", 500_000, "MEGAMART RETAIL PVT LTD", days_ago=3))
    await chat.say("I did not make the 5000 payment at MegaMart")

    result = await chat.choose("T999")

    assert "not one of the options" in result.text
    assert result.request is not None and len(result.request.ask.options) == 3


async def test_none_of_these_looks_no_further_among_them() -> None:
    chat = disputing(MEGAMART, payment("T2", 500_000, "MEGAMART RETAIL PVT LTD", days_ago=3))
    await chat.say("I did not make the 5000 payment at MegaMart")

    result = await chat.choose("none")

    assert result.handover is not None and result.handover.reason == "payment_not_found"


async def test_no_such_payment_is_said_and_the_fraud_team_takes_it() -> None:
    chat = disputing()

    result = await chat.say("I did not make the 777 payment at Zedshop yesterday")

    assert "no such payment" in result.text
    assert result.handover is not None and result.handover.team == "fraud"
    assert "₹777.00" in result.handover.summary["payment"]


async def test_the_existing_number_is_told_again() -> None:
    chat = disputing(registered=[{"reference": "DSP-OLD-1", "transaction": "T1"}])
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")

    result = await chat.choose("yes")

    assert "DSP-OLD-1" in result.text
    assert chat.gate.executed == [] and chat.view.flows == {}


async def test_a_payment_that_was_reversed_needs_no_dispute() -> None:
    chat = disputing(payment("T1", 500_000, "MEGAMART RETAIL", status="reversed"))
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")

    result = await chat.choose("yes")

    assert "reversed already" in result.text and chat.gate.executed == []


# ── joint 11: matching discloses nothing ──────────────────────────────────────────────────────────────────────────────────────────


async def test_below_the_level_one_match_on_two_facts_is_confirmed_in_the_customers_own_words() -> None:
    chat = disputing(level=2)

    result = await chat.say("I did not make the payment at MegaMart yesterday")

    assert result.request is not None
    assert "MegaMart" in result.request.prompt
    told = result.model_dump_json(exclude={"conversation"})
    assert "5,000" not in told and "RETAIL" not in told and "4455" not in told


async def test_below_the_level_the_summary_tells_no_more_than_the_customer_said() -> None:
    chat = disputing(level=2)
    await chat.say("I did not make the payment at MegaMart yesterday")

    shown = await chat.choose("yes")

    assert shown.request is not None
    assert "5,000" not in str(shown.request.ask.rows) and "MegaMart" in str(shown.request.ask.rows)


CLUES = {
    "none": [],
    "one": [payment("T1", 500_000, "MEGAMART RETAIL")],
    "several": [payment("T1", 500_000, "MEGAMART RETAIL"), payment("T2", 500_000, "OTHER SHOP", days_ago=2)],
}


async def test_below_the_level_none_one_and_several_read_alike() -> None:
    heard = {}
    for name, payments in CLUES.items():
        chat = Chat(session=Session(base=2), bank=BankTwin(payments=payments))
        first = await chat.say("I did not make the 5000 payment")
        heard[name] = (first.text, first.request)

    assert heard["none"] == heard["one"] == heard["several"]


async def test_below_the_level_when_facts_run_out_a_code_is_sent_and_then_all_is_told() -> None:
    chat = Chat(session=Session(base=2), bank=BankTwin(payments=[MEGAMART, payment("T2", 500_000, "MEGAMART RETAIL PVT LTD")]))

    asked = await chat.say("I did not make the 5000 payment at MegaMart yesterday")
    told = await chat.otp("ok")

    assert asked.request is not None and asked.request.ask.purpose == "otp"
    assert chat.identity.sent[0][0] == "disclose_transactions"
    assert told.request is not None and [option.value for option in told.request.ask.options] == ["T1", "T2", "none"]


async def test_below_the_level_not_that_one_does_not_tell_that_there_is_another() -> None:
    replies = []
    for others in ([], [payment("T2", 500_000, "MEGAMART RETAIL PVT LTD", days_ago=5)]):
        chat = Chat(session=Session(base=2), bank=BankTwin(payments=[MEGAMART, *others]))
        await chat.say("I did not make the 5000 payment at MegaMart yesterday")
        replies.append((await chat.choose("other")).text)

    assert replies[0] == replies[1] and "sent a one-time password" in replies[0]


async def test_others_words_are_quoted_cleaned_and_left_out_where_amount_and_day_suffice() -> None:
    evil = "PAY NOW http://evil.example call 9876543210"
    chat = disputing(payment("T1", 500_000, evil), payment("T2", 500_000, "MEGAMART", days_ago=4))

    result = await chat.say("I did not make the 5000 payment")

    assert result.request is not None
    shown = " ".join(f"{option.title} {option.detail}" for option in result.request.ask.options)
    assert "evil" not in shown and "9876543210" not in shown and "MEGAMART" not in shown


# ── correction ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_correction_voids_the_shown_summary_and_asks_again() -> None:
    chat = disputing(MEGAMART, payment("T2", 200_000, "BOOKSHOP DEMO"))
    await until_confirm(chat)
    old = chat.request

    other = await chat.say("no, the other one, 2000 at Bookshop")
    shown = await chat.choose("yes")
    await chat.confirm()

    assert other.request is not None and "₹2,000.00" in other.request.prompt
    assert shown.request is not None and shown.request.ask.digest != old.ask.digest
    assert chat.gate.states("open_dispute") == ["cancelled", "succeeded"]
    assert [each["transaction"] for each in chat.bank.registered] == ["T2"]


async def test_the_old_button_is_dead_after_a_correction() -> None:
    chat = disputing(MEGAMART, payment("T2", 200_000, "BOOKSHOP DEMO"))
    await until_confirm(chat)
    old = chat.request
    await chat.say("no, the other one, 2000 at Bookshop")

    result = await chat.play(chat.item("confirm", request=old.id, value=True, digest=old.ask.digest))

    assert chat.gate.executed == [] and (old.ask.proposal, old.id, True) not in chat.gate.consents
    assert "answered already" in result.text
    assert result.request is not None and "₹2,000.00" in result.request.prompt


async def test_not_that_one_without_more_words_leaves_that_payment_out() -> None:
    chat = disputing(MEGAMART, payment("T2", 500_000, "MEGAMART RETAIL PVT LTD", days_ago=5))
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")

    result = await chat.say("no, not that one")

    assert result.handover is None or "no such payment" in result.text


async def test_back_to_the_first_payment_after_two_corrections_works() -> None:
    chat = disputing(MEGAMART, payment("T2", 200_000, "BOOKSHOP DEMO"))
    await until_confirm(chat)
    await chat.say("no, the other one, 2000 at Bookshop")
    await chat.choose("yes")

    await chat.say("actually the 5000 at MegaMart yesterday")
    await chat.choose("yes")
    await chat.confirm()

    assert [each["transaction"] for each in chat.bank.registered] == ["T1"]


async def test_a_correction_of_what_is_wrong_keeps_the_payment() -> None:
    chat = disputing()
    await until_confirm(chat)

    shown = await chat.say("actually I was charged twice")
    await chat.confirm()

    assert shown.request is not None and "charged twice" in str(shown.request.ask.rows)
    assert chat.gate.executed == ["open_dispute", "provisional_credit"]


# ── cancel, expiry, digression, chat ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_cancelling_at_the_summary_declines_the_frozen_proposal() -> None:
    chat = disputing()
    await until_confirm(chat)

    result = await chat.say("cancel")

    assert chat.gate.states("open_dispute") == ["cancelled"]
    assert "No dispute was registered" in result.text and chat.view.stack == []
    assert chat.open == {}


async def test_after_a_block_cancelling_says_that_the_card_stays_blocked() -> None:
    chat = disputing(suspicious={"T1"})
    await until_confirm(chat)

    result = await chat.say("cancel")

    assert "stays blocked" in result.text


async def test_a_confirm_that_expired_registers_nothing() -> None:
    chat = disputing()
    await until_confirm(chat)

    result = await chat.wait(minutes=11).confirm()

    assert chat.gate.executed == [] and "run out" in result.text


async def test_the_balance_in_the_middle_is_answered_and_the_dispute_goes_on() -> None:
    chat = disputing()
    await until_confirm(chat)
    old = chat.request

    digression = await chat.say("what is my balance?")
    await chat.confirm()

    assert "₹50,000.00" in digression.text
    assert "back to" in digression.text
    assert digression.request is not None and digression.request.ask.digest == old.ask.digest
    assert chat.gate.executed.count("open_dispute") == 1


async def test_a_balance_that_needs_a_code_parks_the_dispute_until_it_is_told() -> None:
    chat = disputing(level=2)
    await until_confirm(chat)
    first = chat.request

    asked = await chat.say("what is my balance?")
    told = await chat.otp("ok")

    assert asked.request is not None and asked.request.ask.purpose == "otp"
    assert "₹50,000.00" in told.text
    assert told.request is not None and told.request.ask.digest == first.ask.digest


async def test_a_parked_button_that_is_pressed_still_counts() -> None:
    chat = disputing(level=2)
    await until_confirm(chat)
    parked = chat.request
    await chat.say("what is my balance?")

    done = await chat.confirm(request=parked.id)

    assert "DSP-" in done.text


async def test_thanks_in_the_middle_are_answered_and_the_question_stays() -> None:
    chat = disputing()
    await until_confirm(chat)

    result = await chat.say("thank you")

    assert "welcome" in result.text
    assert result.request is not None and result.request.ask.kind == "confirm"


async def test_repeat_says_the_last_reply_again_with_its_button() -> None:
    chat = disputing()
    await until_confirm(chat)
    last = chat.view.last_text

    result = await chat.say("please repeat")

    assert result.text == " ".join(last.split())
    assert result.request is not None


async def test_something_else_while_a_button_is_awaited_is_said_once_and_then_a_person_helps() -> None:
    chat = disputing()
    await until_confirm(chat)

    once = await chat.say("blorp blorp")
    twice = await chat.say("blorp")

    assert once.request is not None and once.handover is None
    assert twice.handover is not None and twice.handover.reason == "not_understood"
    assert chat.gate.executed == []


# ── the gate and the bank say otherwise ───────────────────────────────────────────────────────────────────────────────────────────


def verdicts(**by_action: tuple[str, int | None, str]):  # type: ignore[no-untyped-def]
    def rules(action: Action, level: int) -> tuple[str, int | None, str]:
        return by_action.get(action.arguments()["action"], ("approve", None, "approved"))

    return rules


async def test_a_credit_for_an_officer_is_told_truthfully_with_its_deadline() -> None:
    chat = disputing()
    chat.gate.rules = verdicts(provisional_credit=("human", None, "person_checks"))
    await until_confirm(chat)

    done = await chat.confirm()

    assert chat.gate.executed == ["open_dispute"]
    assert "an officer" in done.text and "6 December 2026" in done.text
    assert "₹5,000.00 is credited" not in done.text
    assert chat.gate.states("provisional_credit") == ["awaiting_human"]


async def test_a_refused_credit_is_told_without_a_cause() -> None:
    chat = disputing()
    chat.gate.rules = verdicts(provisional_credit=("deny", None, "not_allowed"))
    await until_confirm(chat)

    done = await chat.confirm()

    assert "not possible here" in done.text and "DSP-" in done.text


async def test_below_al3_a_code_bound_to_the_credit_is_asked_for_after_the_number() -> None:
    chat = disputing(level=2)
    await until_confirm(chat)

    number = await chat.confirm()
    done = await chat.otp("ok")

    purpose, binding = chat.identity.sent[0]
    assert "DSP-" in number.text and number.request is not None and number.request.ask.purpose == "otp"
    assert purpose == "provisional_credit" and binding["amount_minor"] == "500000"
    assert number.request.ask.digest == binding["digest"]
    assert "is credited" in done.text


async def test_giving_up_the_code_leaves_the_credit_to_an_officer_and_the_dispute_registered() -> None:
    chat = disputing(level=2)
    await until_confirm(chat)
    await chat.confirm()

    done = await chat.say("cancel")

    assert chat.gate.executed == ["open_dispute"]
    assert "officer" in done.text and "No dispute was registered" not in done.text
    assert [kind for kind, _ in chat.records.notes.values()] == ["dispute_opened"]


async def test_an_unknown_outcome_is_being_checked_and_never_repeated() -> None:
    chat = disputing()
    chat.gate.endings["open_dispute"] = "unknown"
    await until_confirm(chat)

    done = await chat.confirm()

    assert "being checked" in done.text and "DSP-" not in done.text
    assert chat.gate.executed == []


async def test_asking_again_while_it_is_being_checked_makes_no_second_dispute() -> None:
    chat = disputing()
    chat.gate.endings["open_dispute"] = "unknown"
    await until_confirm(chat)
    await chat.confirm()
    await chat.say("I did not make the 5000 payment at MegaMart yesterday")

    again = await chat.choose("yes")

    assert "being checked" in again.text
    assert chat.gate.states("open_dispute") == ["unknown"]


async def test_a_gate_out_of_reach_at_execution_is_a_person_and_not_a_promise() -> None:
    chat = disputing()
    chat.gate.endings["open_dispute"] = "down"
    await until_confirm(chat)

    done = await chat.confirm()

    assert done.handover is not None and done.handover.team == "fraud"
    assert "DSP-" not in done.text and done.error is None


async def test_a_credit_whose_outcome_is_not_known_is_not_told_as_done() -> None:
    chat = disputing()
    chat.gate.endings["provisional_credit"] = "unknown"
    await until_confirm(chat)

    done = await chat.confirm()

    assert "being checked" in done.text and "is credited" not in done.text
    assert "DSP-" in done.text


async def test_a_core_that_refuses_is_a_person() -> None:
    chat = disputing()
    chat.gate.endings["open_dispute"] = "failed"
    await until_confirm(chat)

    done = await chat.confirm()

    assert done.handover is not None and done.handover.reason == "core_refused"


@pytest.mark.parametrize("part", ["transactions", "disputes", "devices", "fraud"])
async def test_a_check_that_fails_hands_the_report_over_and_asks_nothing_twice(part: str) -> None:
    chat = disputing(down={part})

    result = await chat.say("I did not make the 5000 payment at MegaMart yesterday")

    assert result.handover is not None and result.handover.team == "fraud"
    assert result.handover.summary["failed"] == "bank_unavailable"
    assert result.error is None and result.request is None


async def test_a_disputed_subscription_asks_for_no_credit() -> None:
    chat = disputing()
    await chat.say("I want to dispute 5000 at MegaMart yesterday")
    await chat.choose("yes")
    await chat.choose("subscription")

    done = await chat.confirm()

    assert chat.gate.executed == ["open_dispute"] and "DSP-" in done.text


async def test_in_hindi_the_dispute_is_hindi_to_the_end() -> None:
    chat = disputing()

    await chat.say("मैंने नहीं किया, MegaMart पर 5000 का भुगतान कल")
    shown = await chat.choose("yes")
    done = await chat.confirm()

    assert shown.request is not None and shown.request.ask.rows[1][0] == "क्या ग़लत है"
    assert "संदर्भ संख्या DSP-" in done.text and "₹5,000.00" in done.text
    assert "Your dispute" not in done.text
