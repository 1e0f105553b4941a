"""Eight conversations in one context of the real model: each answer is about its own prompt, and a constant part is computed once."""

from __future__ import annotations

import asyncio

import pytest

from agents.prompt_files import grammar, prompt_file, rule_names
from models.client import ModelClient
from models.port import Prompt, Shot

pytestmark = pytest.mark.model

WORDS = ("lemon", "river", "candle", "tiger", "silver", "window", "garden", "thunder")
SHOTS = (
    Shot("The code word is banana. Repeat the code word.", "banana"),
    Shot("The code word is planet. Repeat the code word.", "planet"),
)
SYSTEM = "You repeat the code word of the message."
#: Any of the eight may be said under it, the others' too.
GRAMMAR = "root ::= " + " | ".join(f'"{word}"' for word in WORDS)
PATIENT_S = 60.0


def ask(client: ModelClient, word: str) -> asyncio.Task[str]:
    async def answer() -> str:
        prompt = Prompt(SYSTEM, f"The code word is {word}. Repeat the code word.", SHOTS)
        return (await client.complete(prompt, grammar=GRAMMAR, max_tokens=8, deadline_s=PATIENT_S)).text

    return asyncio.create_task(answer())


async def test_that_eight_conversations_at_once_each_say_their_own_secret(client: ModelClient) -> None:
    await client.chat_identity()
    for _ in range(2):
        asked = [ask(client, word) for word in WORDS]
        assert tuple(await asyncio.gather(*asked)) == WORDS


async def test_that_conversations_that_come_and_are_cancelled_in_between_change_nothing(client: ModelClient) -> None:
    await client.chat_identity()
    first = [ask(client, word) for word in WORDS[:5]]
    await asyncio.sleep(0.05)
    for task in first[::2]:
        task.cancel()
    second = [ask(client, word) for word in WORDS]
    assert tuple(await asyncio.gather(*second)) == WORDS
    assert await asyncio.gather(*first[1::2]) == [WORDS[1], WORDS[3]]


@pytest.mark.parametrize(("name", "file"), [("lead", "lead-general"), ("read", "read")])
async def test_that_a_prompts_constant_part_is_computed_once_and_stays_warm(client: ModelClient, name: str, file: str) -> None:
    prompt, rules = prompt_file(name), grammar(file, *rule_names(file))
    await client.complete(prompt.ask("-"), grammar=rules, max_tokens=1, deadline_s=PATIENT_S)
    for text in ("Your dispute is registered.", "I could not find that payment."):
        timings = (await client.complete(prompt.ask(text), grammar=rules, max_tokens=2, deadline_s=PATIENT_S)).timings
        assert timings.reused_tokens > 120
        assert timings.prompt_tokens - timings.reused_tokens <= 16, "the message and the turn's markup"
