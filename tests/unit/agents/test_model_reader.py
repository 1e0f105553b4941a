"""The third reader is offered only what can be meant at this step."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agents.model_reader import pick_intent, possible_here, reading_grammar
from domain.conversation import Ask, Say
from domain.ports import ReadingContext
from models.scripted import ScriptedChatModel

LIKELY = ("dispute", "affirm", "cancel", "deny", "balance")
QUESTION = Ask(slot="ask_reason", kind="text", prompt=Say(template="x"))


def context(*, flow: str | None = None, expecting: Ask | None = None) -> ReadingContext:
    return ReadingContext(datetime(2026, 11, 22, tzinfo=UTC), "Asia/Kolkata", "en", expecting, flow, 1.0)


@pytest.mark.parametrize(
    ("here", "possible"),
    [
        (context(), ("dispute", "balance")),
        (context(flow="dispute"), ("dispute", "cancel", "balance")),
        (context(flow="dispute", expecting=QUESTION), LIKELY),
        (context(expecting=QUESTION), LIKELY),
    ],
    ids=["nothing is on", "a flow is on", "a question in a flow", "a question"],
)
def test_that_an_answer_needs_a_question_and_cancelling_something_that_is_on(
    here: ReadingContext, possible: tuple[str, ...]
) -> None:
    assert possible_here(LIKELY, here) == possible


def test_that_the_grammar_offers_those_and_other_alone() -> None:
    first = reading_grammar(possible_here(LIKELY, context())).splitlines()[0]
    assert first == "root ::= dispute | balance | other"


async def test_that_the_prompt_names_those_and_other_alone() -> None:
    model = ScriptedChatModel(["dispute"])
    assert await pick_intent(model, "odd thing", possible_here(LIKELY, context()), 1.0) == "dispute"
    assert model.asked[0].prompt.user == "Words: dispute, balance, other. Message: odd thing"
