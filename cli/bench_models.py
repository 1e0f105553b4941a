"""`tellergate bench models`: the models at the product's own work, openings of replies in the persona's voice."""

from __future__ import annotations

import asyncio
import itertools
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agents.composer import MAX_PHRASE_S, Composer
from agents.replies import ReplyBook
from domain.conversation import Say
from domain.errors import Unavailable
from models.bench import AT_ONCE, measure_models
from models.client import ModelClient
from models.port import Completion, ModelIdentity, OnText, Prompt
from runtime.clocks import MonotonicClock
from runtime.speech import GRAPHS

FIRST_SENTENCE_P95_MS = 900.0
REPLY_P95_MS = 2000.0
ROUNDS = 4
#: A value for every fact of a reply; openings hold none of them.
FACT = "₹5,000.00"


class _Recorder:
    """A chat model that only notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Prompt, str]] = []

    async def complete(
        self,
        prompt: Prompt,
        *,
        grammar: str | None = None,
        max_tokens: int = 128,
        deadline_s: float,
        on_text: OnText | None = None,
    ) -> Completion:
        self.asked.append((prompt, grammar or ""))
        raise Unavailable("model_unavailable")

    async def chat_identity(self) -> ModelIdentity:
        raise Unavailable("model_unavailable")


async def measure_chat(folder: Path) -> dict[str, Any]:
    """Models at work in `folder`: see `measure_models`, and how soon the first checked sentence of a worded reply is out."""
    book = ReplyBook.load(GRAPHS / "replies")
    says = _says(book)
    recorder = _Recorder()
    for say in says:
        await Composer(book, MonotonicClock(), recorder).compose([say], language="en", persona="general", budget_s=MAX_PHRASE_S)
    first: dict[str, Any] = {}

    async def beside(client: ModelClient) -> None:
        first.update(await _first_sentences(book, says, client))

    found = await measure_models(folder, GRAPHS / "utterances", recorder.asked, beside)
    held = all(
        each["first_ms"]["p95"] <= FIRST_SENTENCE_P95_MS and each["reply_ms"]["p95"] <= REPLY_P95_MS for each in first.values()
    )
    limits = found["limits"] | {"first_sentence_p95_ms": FIRST_SENTENCE_P95_MS, "reply_p95_ms": REPLY_P95_MS}
    return found | {"ok": found["ok"] and held, "limits": limits, "worded replies": first}


def _says(book: ReplyBook) -> list[Say]:
    """Eight replies that may be worded, each of another kind as far as there are any."""
    names = [name for name in book.ids() if book.get(name).opening and book.get(name).phrase]
    replies = [Say(template=name, facts=dict.fromkeys(book.get(name).facts["en"], FACT)) for name in names]
    return list(itertools.islice(itertools.cycle(replies), AT_ONCE))


async def _first_sentences(book: ReplyBook, says: Sequence[Say], client: ModelClient) -> dict[str, Any]:
    """Milliseconds from a reply's order to its first sentence that may go out, and to its end; alone and eight at once."""
    composer, clock = Composer(book, MonotonicClock(), client), MonotonicClock()

    async def worded(say: Say) -> tuple[float, float, bool]:
        began, heard = clock.monotonic(), list[float]()
        done = await composer.compose(
            [say],
            language="en",
            persona="general",
            budget_s=MAX_PHRASE_S,
            on_sentence=lambda _text: heard.append(clock.monotonic()),
        )
        whole = (clock.monotonic() - began) * 1000
        return (heard[0] - began) * 1000 if heard else whole, whole, done.phrased_by == "model"

    alone, together = [], []
    for _ in range(ROUNDS):
        alone += [await worded(say) for say in says]
        together += await asyncio.gather(*(worded(say) for say in says))
    return {"alone": _figures(alone), "eight at once": _figures(together)}


def _figures(replies: Sequence[tuple[float, float, bool]]) -> dict[str, Any]:
    """A reply that the model did not word in time counts with the time until its template was out."""
    first, whole, worded = zip(*replies, strict=True)
    return {"first_ms": _percentiles(first), "reply_ms": _percentiles(whole), "worded": round(sum(worded) / len(worded), 2)}


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1)}
