"""What typed words are to an open question. Each row names its reason."""

from __future__ import annotations

from typing import Any

import pytest

from domain.conversation import (
    Affirm,
    Answer,
    Ask,
    CannotHandle,
    Command,
    Correct,
    Deny,
    Repeat,
    Say,
    SetSlot,
    Start,
    Understanding,
)
from domain.frames import Option
from graphs.expectations import answer_to, slots_of

PROMPT = Say(template="conversation.clarify")
YES_OTHER = (Option(value="yes", title="Yes, this one"), Option(value="other", title="No, another one"))
PAYMENTS = (Option(value="T1", title="₹5,000.00 · 21 November 2026"), Option(value="T2", title="₹20.00 · 20 November 2026"), Option(value="none", title="None of these"))  # fmt: skip
TYPES = (Option(value="unauthorised", title="I did not make it"), Option(value="duplicate", title="I was charged twice"))
TEXT = Ask(kind="text", slot="claim", prompt=PROMPT)
CHOICE = Ask(kind="choice", slot="confirmed", prompt=PROMPT, options=YES_OTHER)
WHICH = Ask(kind="choice", slot="transaction", prompt=PROMPT, options=PAYMENTS)
KIND = Ask(kind="choice", slot="dispute_type", prompt=PROMPT, options=TYPES)
CONFIRM = Ask(kind="confirm", slot="consent", prompt=PROMPT, digest="d" * 64)
CODE = Ask(kind="secret", slot="otp", prompt=PROMPT, purpose="otp", challenge="c")
QUESTION = Ask(kind="secret", slot="security_answer", prompt=PROMPT, purpose="security_answer", challenge="c")


def reading(*commands: Command, **slots: Any) -> Understanding:
    return Understanding(commands=commands or (CannotHandle(),), intent="x", confidence=1, reader="parser", slots=slots)


ANSWERS: list[tuple[Ask, str, Understanding, tuple[str, Any, str] | None, str]] = [
    (TEXT, "5000 at MegaMart", reading(amount_minor=500_000), ("text", "5000 at MegaMart", "other"), "words answer a question for words"),
    (CHOICE, "yes", reading(Affirm()), ("choice", "yes", "other"), "a yes to a question that is no consent"),
    (CHOICE, "no", reading(Deny()), ("choice", "other", "other"), "a no is the other one"),
    (CHOICE, "not that one", reading(), ("choice", "other", "other"), "said in other words"),
    (CHOICE, "yes, this one", reading(), ("choice", "yes", "other"), "the option's own words"),
    (CHOICE, "no, 2000", reading(Deny(), amount_minor=200_000), ("text", "no, 2000", "correct"), "more was said than no"),
    (CHOICE, "hmm", reading(), None, "no answer"),
    (WHICH, "the second one", reading(), ("choice", "T2", "other"), "by its place"),
    (WHICH, "पहला", reading(), ("choice", "T1", "other"), "by its place in Hindi"),
    (WHICH, "no", reading(Deny()), ("choice", "none", "other"), "none of them"),
    (WHICH, "yes", reading(Affirm()), None, "a yes to several chooses none"),
    (KIND, "I was charged twice", reading(dispute_type="duplicate"), ("choice", "duplicate", "other"), "what was said fits an option"),
    (CONFIRM, "yes", reading(Affirm()), None, "a typed yes is never consent"),
    (CONFIRM, "haan ji kar do", reading(Affirm()), None, "in no language"),
    (CONFIRM, "no", reading(Deny()), ("confirm", False, "other"), "a typed no stops"),
    (CONFIRM, "no, the other one", reading(Deny()), ("text", "no, the other one", "correct"), "a correction"),
    (CONFIRM, "actually 2000", reading(Correct(slot="amount_minor", value=200_000)), ("text", "actually 2000", "correct"), "a corrected value"),
    (CODE, "123", reading(), None, "a plain message is no code"),
    (CODE, "please resend", reading(), ("text", "please resend", "repeat"), "asks for a new code"),
    (CODE, "phir se bhejo", reading(), ("text", "phir se bhejo", "repeat"), "asks for a new code in Hinglish"),
    (CODE, "say that again", reading(Repeat()), ("text", "say that again", "repeat"), "a repeat of a code is a new code"),
    (QUESTION, "resend", reading(), None, "a question is not sent"),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "text", "read", "expected", "why"), ANSWERS, ids=[row[4] for row in ANSWERS])
def test_what_words_are_to_a_wait(
    ask: Ask, text: str, read: Understanding, expected: tuple[str, Any, str] | None, why: str
) -> None:
    answer = answer_to(ask, read, text)

    assert (None if answer is None else (answer.kind, answer.value, answer.meant)) == expected


def test_no_words_ever_make_a_yes_to_a_proposal() -> None:
    words = ("yes", "ok", "confirm", "हाँ", "haan", "yes, this one", "true", "1", "the first one")

    answers = [answer_to(CONFIRM, reading(Affirm()), text) for text in words]

    assert not [each for each in answers if isinstance(each, Answer) and each.value is True]


def test_a_payment_that_was_not_received_is_no_wish_for_a_new_code() -> None:
    answer = answer_to(TEXT, reading(), "I did not receive the goods")

    assert answer is not None and answer.meant == "other"


def test_each_of_several_wishes_has_only_its_own_values() -> None:
    commands = [
        Start(flow="block_card"),
        SetSlot(slot="last4", value="4321"),
        Start(flow="dispute"),
        SetSlot(slot="amount_minor", value=500_000),
        Start(flow="balance"),
    ]
    read = reading(*commands, last4="4321", amount_minor=500_000)

    assert slots_of(read, "block_card") == {"last4": "4321"}
    assert slots_of(read, "dispute") == {"amount_minor": 500_000}
    assert slots_of(read, "balance") == {}
    assert slots_of(read) == {"last4": "4321", "amount_minor": 500_000}
