"""Yes, no, cancel, repeat and a person, in three ways of speaking."""

from __future__ import annotations

import pytest

from models.parsers.answers import AnswerKind, ShortAnswer, read_answer


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (
            "affirm",
            [
                "Yes",
                "yes please!",
                "OK",
                "haan ji",
                "Haan",
                "हाँ",
                "जी हाँ।",
                "theek hai",
                "सही है",
                "yes, that's right",
                "sahi hai sir",
                "👍",
            ],
        ),
        ("deny", ["No", "nope.", "nahi", "नहीं", "जी नहीं", "galat hai", "no, not this one", "ye wala nahi"]),
        (
            "cancel",
            ["cancel", "Never mind.", "rehne do", "रहने दो", "रद्द कर दो", "ok cancel", "No. Cancel it", "cancel kar do please"],
        ),
        ("repeat", ["Repeat that please", "phir se bolo", "दोबारा बोलिए", "resend the OTP", "otp nahi aaya", "sorry, what?"]),
        (
            "human",
            ["talk to a human please", "agent", "insaan se baat karni hai", "मुझे किसी व्यक्ति से बात करनी है", "no, agent please"],
        ),
    ],
)
def test_that_a_whole_message_that_is_an_answer_is_one(kind: AnswerKind, texts: list[str]) -> None:
    assert {text: read_answer(text) for text in texts} == {text: ShortAnswer(kind) for text in texts}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("no, the other one", ShortAnswer("deny", "the other one")),
        ("yes, the MegaMart one", ShortAnswer("affirm", "the megamart one")),
        ("नहीं, दूसरा वाला", ShortAnswer("deny", "दूसरा वाला")),
    ],
)
def test_that_what_goes_on_after_yes_or_no_is_kept(text: str, answer: ShortAnswer) -> None:
    assert read_answer(text) == answer


@pytest.mark.parametrize(
    "text",
    [
        "no problem",  # not a no
        "yesterday",
        "I cancelled my card",
        "my agent at the shop",
        "what is my balance",
        "hmm",
        "",
        "   ",
        "no" * 200,
    ],
)
def test_that_anything_else_is_no_answer(text: str) -> None:
    assert read_answer(text) is None
