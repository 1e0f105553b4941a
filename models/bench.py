"""How fast the models are on this machine: one message embedded, completions one at a time and eight at once, first words, cold start."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from models.client import ModelClient
from models.config import ModelConfig
from models.intents import IntentClassifier
from models.keeper import ensure_model_server
from models.port import Completion, Prompt, Shot

#: docs: eight completions at once, grammar and sampling included, against one at a time; milliseconds a message for the classifier.
THROUGHPUT_RATIO = 3.0
INTENT_P95_MS = 12.0
AT_ONCE = 8
TOKENS = 48
ROUNDS = 3
MESSAGES = 120
DEADLINE_S = 60.0
#: Any line of text: each token is tried against it.
GRAMMAR = r"root ::= [^\n\x00]+"
TEXTS = (
    "what is my account balance",
    "I did not make a payment of 5000 at MegaMart yesterday",
    "mera card kho gaya hai block kar do",
    "मेरे खाते में कितना बैलेंस है",
    "please let me talk to a person about my dispute",
)


def _prompt(number: int) -> Prompt:
    shot = Shot("Your balance is ₹500.00.", "You have ₹500.00 in your account right now.")
    system = "You are the assistant of a bank. You write one friendly paragraph and keep to what you are told."
    return Prompt(system, f"Tell customer {number} a long story about the sea.", (shot,))


async def measure_models(folder: Path, utterances: Path) -> dict[str, Any]:
    """Start a model server in `folder`, measure, stop it. `ok` says whether the two limits hold."""
    config, loop = ModelConfig(data_dir=folder.resolve()), asyncio.get_running_loop()
    began = loop.time()
    server = await ensure_model_server(config)
    client = ModelClient(config.socket_path)
    try:
        await asyncio.gather(client.chat_identity(), client.encoder_identity())
        ready_s = loop.time() - began
        classifier = await IntentClassifier.load(utterances, client, folder / "cache")
        embed_ms = await _milliseconds(lambda text: client.embed([text]))
        intent_ms = await _milliseconds(classifier.classify)
        speech = await _throughput(client)
    finally:
        await client.close()
        if server is not None:
            await server.close()
    return {
        "ok": speech["ratio"] >= THROUGHPUT_RATIO and intent_ms["p95"] <= INTENT_P95_MS,
        "ready_s": round(ready_s, 2),
        "embed_ms": embed_ms,
        "intent_ms": intent_ms,
        "intent_calibration": {
            name: round(getattr(classifier.calibration, name), 4) for name in ("accuracy", "error", "covered")
        },
        **speech,
    }


async def _milliseconds(work: Callable[[str], Awaitable[Any]]) -> dict[str, float]:
    loop, times = asyncio.get_running_loop(), []
    for number in range(MESSAGES):
        began = loop.time()
        await work(f"{TEXTS[number % len(TEXTS)]} {number}")
        times.append((loop.time() - began) * 1000)
    percentiles = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50": round(percentiles[49], 1), "p95": round(percentiles[94], 1)}


async def _throughput(client: ModelClient) -> dict[str, Any]:
    """Tokens a second one at a time and at once, alternating, best round of each: noise of the machine only ever slows down."""
    await _complete(client, 0)  # the system text is warm from here on
    single, several, first = [], [], []
    for _ in range(ROUNDS):
        alone, seconds = await _timed([partial(_complete, client, number) for number in range(3)], at_once=False)
        single.append(sum(each.tokens for each in alone) / seconds)
        first += [each.timings.prefill_s * 1000 for each in alone]
        together, seconds = await _timed([partial(_complete, client, number) for number in range(AT_ONCE)], at_once=True)
        several.append(sum(each.tokens for each in together) / seconds)
    return {
        "model": (await client.chat_identity()).name,
        "one_at_a_time_tokens_s": round(max(single), 1),
        "eight_at_once_tokens_s": round(max(several), 1),
        "ratio": round(max(several) / max(single), 2),
        "first_token_ms": round(statistics.median(first), 1),
    }


async def _timed(calls: list[Callable[[], Awaitable[Completion]]], *, at_once: bool) -> tuple[list[Completion], float]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    done = await asyncio.gather(*(call() for call in calls)) if at_once else [await call() for call in calls]
    return list(done), loop.time() - began


async def _complete(client: ModelClient, number: int) -> Completion:
    return await client.complete(_prompt(number), grammar=GRAMMAR, max_tokens=TOKENS, deadline_s=DEADLINE_S)
