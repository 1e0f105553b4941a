"""How fast the models are on this machine: one message embedded, completions one at a time and eight at once, first words, cold start.

Eight at once is held against one at a time in the work that the product has: openings under their closed grammars, each from its own
prompt. Beside it stand plain lines of text, where nothing is certain, and llama.cpp's own batched decode without any of ours. All of it
alternates in one run; a ratio is of medians.
"""

from __future__ import annotations

import asyncio
import os
import statistics
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from models.bench_raw import RawDecode
from models.blas import compute_on_one_thread
from models.client import ModelClient
from models.config import ModelConfig
from models.intents import IntentClassifier
from models.keeper import ensure_model_server
from models.port import Completion, Prompt, Shot

#: docs: eight completions at once, grammar and sampling included, against one at a time; milliseconds a message for the classifier.
THROUGHPUT_RATIO = 3.0
INTENT_P95_MS = 12.0
AT_ONCE = 8
TOKENS = 32
ROUNDS = 5
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


#: What the chat model is asked: a prompt and the grammar of its answer.
Asked: TypeAlias = tuple[Prompt, str]
Beside: TypeAlias = Callable[[ModelClient], Awaitable[None]]


def _line(number: int) -> Asked:
    shot = Shot("Your balance is ₹500.00.", "You have ₹500.00 in your account right now.")
    system = "You are the assistant of a bank. You write one friendly paragraph and keep to what you are told."
    return Prompt(system, f"Tell customer {number} a long story about the sea.", (shot,)), GRAMMAR


async def measure_models(folder: Path, utterances: Path, openings: Sequence[Asked], beside: Beside) -> dict[str, Any]:
    """Start a model server in `folder`, measure, stop it. `ok` says whether the two limits hold.

    `openings` are eight of the product's own tasks, one for each conversation; `beside` measures more on the same server.
    """
    config, loop = ModelConfig(data_dir=folder.resolve()), asyncio.get_running_loop()
    began = loop.time()
    server = await ensure_model_server(config)
    client = ModelClient(config.socket_path)
    try:
        await asyncio.gather(client.chat_identity(), client.encoder_identity())
        ready_s = loop.time() - began
        classifier = await IntentClassifier.load(utterances, client, folder / "cache")
        compute_on_one_thread()  # as the service does
        embed_ms = await _milliseconds(lambda text: client.embed([text]))
        intent_ms = await _milliseconds(classifier.classify)
        speech = await _speech(client, config, openings)
        await beside(client)
    finally:
        await client.close()
        if server is not None:
            await server.close()
    return {
        "ok": speech["openings"]["ratio"] >= THROUGHPUT_RATIO and intent_ms["p95"] <= INTENT_P95_MS,
        "ready_s": round(ready_s, 2),
        "embed_ms": embed_ms,
        "intent_ms": intent_ms,
        "intent_calibration": {
            name: round(getattr(classifier.calibration, name), 4) for name in ("accuracy", "error", "covered")
        },
        "limits": {"ratio": THROUGHPUT_RATIO, "intent_p95_ms": INTENT_P95_MS},
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


async def _speech(client: ModelClient, config: ModelConfig, openings: Sequence[Asked]) -> dict[str, Any]:
    """Each kind of work one at a time and at once, with llama.cpp's own figures between, so that the machine's noise falls on all."""
    kinds = {"openings": _Kind(openings), "lines": _Kind([_line(number) for number in range(AT_ONCE)])}
    raw = await RawDecode.start(config)
    try:
        for kind in kinds.values():
            await kind.warm(client)
        for _ in range(ROUNDS):
            for kind in kinds.values():
                await kind.round(client)
                await raw.sample()
    finally:
        await raw.close()
    return {
        "model": (await client.chat_identity()).name,
        **{name: kind.figures() for name, kind in kinds.items()},
        "llama.cpp alone": raw.figures(),
    }


class _Kind:
    """One kind of work: the tasks of eight conversations, and tokens a second of each round."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        self._asked = asked
        self._one: list[_Round] = []
        self._several: list[_Round] = []
        self._first: list[float] = []

    async def warm(self, client: ModelClient) -> None:
        """Twice: system texts are kept from the first call on, grammars from the second."""
        for _ in range(2):
            for asked in self._asked:
                await _complete(client, asked)

    async def round(self, client: ModelClient) -> None:
        calls = [partial(_complete, client, asked) for asked in self._asked]
        pid = (await client.health())["workers"]["llama"]["pid"]
        for rounds, at_once in ((self._one, False), (self._several, True)):
            used = _cpu_s(pid)
            done, seconds = await _timed(calls, at_once=at_once)
            tokens = sum(each.tokens for each in done)
            rounds.append(_Round(tokens / seconds, (_cpu_s(pid) - used) * 1000 / tokens))
            if not at_once:
                self._first += [each.timings.prefill_s * 1000 for each in done]

    def figures(self) -> dict[str, float]:
        """Medians. The ratio of processor times tells what batching saves, whoever else computes; two cores do not add to it."""
        one, several = (statistics.median(each.tokens_s for each in rounds) for rounds in (self._one, self._several))
        one_cpu, several_cpu = (statistics.median(each.cpu_ms for each in rounds) for rounds in (self._one, self._several))
        return {
            "one_at_a_time_tokens_s": round(one, 1),
            "eight_at_once_tokens_s": round(several, 1),
            "ratio": round(several / one, 2),
            "one_cpu_ms_a_token": round(one_cpu, 1),
            "eight_cpu_ms_a_token": round(several_cpu, 1),
            "cpu_ratio": round(one_cpu / max(several_cpu, 0.01), 2),
            "first_token_ms": round(statistics.median(self._first), 1),
        }


class _Round(NamedTuple):
    """Tokens a second by the wall, and the worker's processor time for each."""

    tokens_s: float
    cpu_ms: float


def _cpu_s(pid: int) -> float:
    """Processor seconds that a process has used, all its threads together; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rsplit(") ", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _timed(calls: Sequence[Callable[[], Awaitable[Completion]]], *, at_once: bool) -> tuple[list[Completion], float]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    done = await asyncio.gather(*(call() for call in calls)) if at_once else [await call() for call in calls]
    return list(done), loop.time() - began


async def _complete(client: ModelClient, asked: Asked) -> Completion:
    prompt, grammar = asked
    return await client.complete(prompt, grammar=grammar, max_tokens=TOKENS, deadline_s=DEADLINE_S)
