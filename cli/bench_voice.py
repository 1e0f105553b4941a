"""What the grounding check lets out and what it accepts; with the local model, how much of its wording is accepted and how soon it speaks."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from agents.composer import MAX_PHRASE_S, Composer, Mode
from agents.personas import cast
from agents.replies import ReplyBook
from agents.voice_cases import load_cases, measure_check
from domain.conversation import Say
from models.client import ModelClient
from models.config import ModelConfig
from models.keeper import ensure_model_server
from runtime.bootstrap import ROOT
from runtime.clocks import MonotonicClock
from runtime.speech import GRAPHS

CASES = ROOT / "tests" / "data" / "voice"
#: Milliseconds until the first checked sentence of a reply that a model phrased, and until the whole of it.
FIRST_P95_MS = 900.0
WHOLE_P95_MS = 2000.0
ROUNDS = 3
#: Seconds a wording may take where only its words are measured.
PATIENT_S = 15.0
MODES: tuple[Mode, ...] = ("opening", "reword")
#: Facts as flows give them, by their names.
FACTS = {
    "account": "savings account XX1234",
    "amount": "₹1,250.00",
    "available": "₹4,000.00",
    "total": "₹9,000.00",
    "until": "24 November 2026",
    "last4": "7788",
    "reference": "DSP-4F2A91",
    "sent_to": "XXXXXX3210",
}


def measure_voice(cases: Path | None, *, with_model: bool) -> dict[str, Any]:
    """`ok` is false when a false wording got out, too few true ones were accepted, or the model was too slow."""
    book, clock = ReplyBook.load(GRAPHS / "replies"), MonotonicClock()
    found = measure_check(load_cases(cases or CASES, book), clock)
    if with_model:
        with tempfile.TemporaryDirectory(prefix="tellergate-bench-") as folder:
            found["model"] = asyncio.run(_with_model(Path(folder), book, clock))
        found["ok"] = found["ok"] and found["model"]["ok"]
    return found


async def _with_model(folder: Path, book: ReplyBook, clock: MonotonicClock) -> dict[str, Any]:
    config = ModelConfig(data_dir=folder.resolve(), encoder=False)
    server = await ensure_model_server(config)
    client = ModelClient(config.socket_path)
    try:
        identity = await client.chat_identity()
        patient = {
            mode: await _accepted(Composer(book, clock, client, mode, longest_s=PATIENT_S), book, mode, clock) for mode in MODES
        }
        timed = await _timed(Composer(book, clock, client, "opening"), book, clock)
    finally:
        await client.close()
        if server is not None:
            await server.close()
    first, whole = timed["first_sentence_ms"]["best"]["p95"], timed["whole_ms"]["best"]["p95"]
    return {
        "ok": first <= FIRST_P95_MS and whole <= WHOLE_P95_MS,
        "name": identity.name,
        "sha256": identity.sha256[:12],
        "limits": {"first_sentence_p95_ms": FIRST_P95_MS, "whole_p95_ms": WHOLE_P95_MS},
        "load": round(os.getloadavg()[0], 1),
        "cores": os.cpu_count(),
        "accepted": patient,
        "timed": timed,
    }


def _says(book: ReplyBook, mode: Mode) -> list[tuple[Say, str]]:
    names = [name for name in book.ids() if book.get(name).phrase and (mode == "reword" or book.get(name).opening)]
    said = [
        Say(template=name, facts={fact: FACTS.get(fact, "₹5,000.00") for fact in book.get(name).facts["en"]}) for name in names
    ]
    return [(say, persona) for say in said for persona in cast().personas]


async def _accepted(composer: Composer, book: ReplyBook, mode: Mode, clock: MonotonicClock) -> dict[str, Any]:
    """The share of wordings that may go out, however long each takes: what the model is worth, not the machine."""
    reasons: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    for say, persona in _says(book, mode):
        _, _, detail = await _one(composer, say, persona, clock, PATIENT_S)
        reasons[detail["reason"]] += 1
        problems.update(detail.get("problems", ()))
    asked = sum(reasons.values())
    share = round(reasons["accepted"] / asked, 4) if asked else 0.0
    return {"asked": asked, "share": share, "reasons": dict(reasons.most_common()), "problems": dict(problems.most_common())}


async def _timed(composer: Composer, book: ReplyBook, clock: MonotonicClock) -> dict[str, Any]:
    """Milliseconds with the budget of a turn; `best` takes the best of the rounds for each reply, which other work disturbs least."""
    firsts: dict[tuple[str, str], list[float]] = defaultdict(list)
    wholes: dict[tuple[str, str], list[float]] = defaultdict(list)
    late = 0
    for _ in range(ROUNDS):
        for say, persona in _says(book, "opening"):
            first, whole, detail = await _one(composer, say, persona, clock, MAX_PHRASE_S)
            firsts[say.template, persona].append(first)
            wholes[say.template, persona].append(whole)
            late += detail["reason"] == "model_timeout"
    return {
        "replies": len(firsts),
        "rounds": ROUNDS,
        "late_so_template": late,
        "budget_ms": MAX_PHRASE_S * 1000,
        "first_sentence_ms": _spread(firsts),
        "whole_ms": _spread(wholes),
    }


def _spread(times: dict[tuple[str, str], list[float]]) -> dict[str, dict[str, float]]:
    return {
        "all": _shown([one for some in times.values() for one in some]),
        "best": _shown([min(some) for some in times.values()]),
    }


async def _one(
    composer: Composer, say: Say, persona: str, clock: MonotonicClock, budget_s: float
) -> tuple[float, float, dict[str, Any]]:
    """Milliseconds until the first checked sentence, until the whole reply, and what became of the wording."""
    heard: list[float] = []
    began = clock.monotonic()
    done = await composer.compose(
        [say],
        language="en",
        persona=persona,
        budget_s=budget_s,
        on_sentence=lambda _text: heard.append(clock.monotonic()),
    )
    ended = clock.monotonic()
    spoke = heard[0] if heard else ended
    return (spoke - began) * 1000, (ended - began) * 1000, dict(done.detail)


def _shown(times: list[float]) -> dict[str, float]:
    ordered = sorted(times) or [0.0]
    return {"p50": round(ordered[len(ordered) // 2], 1), "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 1)}
