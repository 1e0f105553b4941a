"""The openings with the real local model: every one that it chooses passes the check, and its grammars compile."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.composer import Composer
from agents.model_reader import pick_intent
from agents.prompt_files import compile_grammars, every_grammar
from agents.replies import ReplyBook
from domain.conversation import Say
from models.client import ModelClient
from models.config import ModelConfig
from models.keeper import ensure_model_server
from models.port import Prompt

pytestmark = pytest.mark.model
REPLIES = Path(__file__).resolve().parents[3] / "graphs" / "replies"
#: Long enough for a machine that is busy with other tests; the benches judge speed.
PATIENT_S = 10.0


@pytest.fixture
async def model(tmp_path: Path) -> AsyncIterator[ModelClient]:
    config = ModelConfig(data_dir=tmp_path, encoder=False)
    process = await ensure_model_server(config)
    client = ModelClient(config.socket_path)
    await client.chat_identity()
    yield client
    await client.close()
    if process is not None:
        await process.close()


class Clock:
    def monotonic(self) -> float:
        return time.monotonic()


async def test_every_grammar_file_compiles(model: ModelClient) -> None:
    assert await compile_grammars(model, PATIENT_S) == len({name.split(":")[0] for name in every_grammar()})


async def test_every_start_of_every_grammar_is_answered_within_it(model: ModelClient) -> None:
    for name, grammar in every_grammar().items():
        done = await model.complete(Prompt("Say something kind.", "hello"), grammar=grammar, max_tokens=40, deadline_s=PATIENT_S)
        assert done.finish == "stop", name


async def test_nearly_all_openings_are_accepted_in_time(model: ModelClient) -> None:
    book = ReplyBook.load(REPLIES)
    composer = Composer(book, Clock(), model, longest_s=PATIENT_S)
    asked = [name for name in book.ids() if book.get(name).opening and book.get(name).phrase]

    details = []
    for name in asked:
        say = Say(template=name, facts=dict.fromkeys(book.get(name).facts["en"], "₹5,000.00"))
        for persona in ("general", "fraud"):
            done = await composer.compose([say], language="en", persona=persona, budget_s=PATIENT_S)
            details.append(done.detail)

    accepted = sum(detail["accepted"] for detail in details)
    assert len(details) >= 16
    assert accepted >= 0.9 * len(details), [detail for detail in details if not detail["accepted"]]
    assert all(len(detail["model"]) == 12 for detail in details if detail["accepted"])


async def test_the_third_reader_answers_one_of_the_intents_in_question(model: ModelClient) -> None:
    picked = await pick_intent(model, "there is a debit that I never made", ("dispute", "balance"), PATIENT_S)

    assert picked in {"dispute", "balance", "other"}
