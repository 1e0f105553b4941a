"""`tellergate bench intents` and `bench oos`: the classifier fitted on one file and measured on another."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.reading.labelled import OUT_OF_SCOPE, Labelled, read_labelled, require_classes
from cli.reading.machinery import Machinery, machinery, progress
from cli.reading.pipeline import Fitted, Reading, TwoWays, fit
from domain.clock import SystemClock
from domain.errors import BadInput
from models.measures import accuracy, auroc, calibration_error, macro_f1, percentile
from runtime.clocks import MonotonicClock
from runtime.settings import Settings

#: Messages read before the clock counts, and how many are then timed at most: each one alone, as in a turn.
WARM_UP, TIMED = 50, 1_000
#: Rows read between two lines of progress.
CHUNK = 500
#: Each is timed so often, and the fastest counts: what other programs do on the machine only ever slows one down.
TAKES = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """What was said of each row, in order, and the milliseconds that single messages took."""

    rows: Labelled
    readings: tuple[Reading, ...]
    times_ms: tuple[float, ...]

    @property
    def right(self) -> list[bool]:
        return [reading.label == label for reading, label in zip(self.readings, self.rows.labels, strict=True)]


def bench_intents(settings: Settings, train: Path, test: Path) -> dict[str, Any]:
    """Figures of one split. Raises what `read_labelled` and `require_classes` raise, and Unavailable without the encoder."""
    fitted_on, measured_on = read_labelled(train), read_labelled(test)
    require_classes(fitted_on, train)
    return asyncio.run(_bench(settings, fitted_on, measured_on, oos=False))


def bench_oos(settings: Settings, train: Path, test: Path) -> dict[str, Any]:
    """Figures of telling our texts from all others. Raises as `bench_intents`; the test file needs rows of both kinds."""
    fitted_on, measured_on = read_labelled(train), read_labelled(test)
    require_classes(fitted_on.split(OUT_OF_SCOPE)[0], train)
    for rows, kind in zip(measured_on.split(OUT_OF_SCOPE), ("rows in scope", f"rows of category {OUT_OF_SCOPE}"), strict=True):
        if not rows:
            raise BadInput("labelled_one_class", f"{test.name} has no {kind}")
    return asyncio.run(_bench(settings, fitted_on, measured_on, oos=True))


async def _bench(settings: Settings, train: Labelled, test: Labelled, *, oos: bool) -> dict[str, Any]:
    async with machinery(settings, llama=False) as parts:
        found = await measure(await fit_on(train, parts), test, MonotonicClock())
        identity = await parts.encoder.encoder_identity()
    figures = oos_figures(found) if oos else intent_figures(found)
    return {**figures, **_counts(train, test, oos=oos), "encoder": identity.name, "encoder_sha256": identity.sha256}


async def fit_on(rows: Labelled, parts: Machinery) -> Fitted:
    """The pipeline on labelled rows; those of category `oos`, if there are any, are what belongs to no label."""
    progress(f"fitting on {len(rows)} rows of {len(rows.classes)} categories")
    return await fit(rows.texts, rows.labels, TwoWays(many=parts.bulk, single=parts.encoder), OUT_OF_SCOPE)


async def measure(fitted: Fitted, rows: Labelled, clock: SystemClock) -> Measured:
    """Read every row, then time single messages, evenly drawn from the rows, after a warm-up."""
    readings: list[Reading] = []
    for start in range(0, len(rows), CHUNK):
        readings += await fitted.predict(rows.texts[start : start + CHUNK])
        progress(f"read {len(readings)} of {len(rows)}")
    step = max(1, -(-len(rows) // TIMED))
    return Measured(rows, tuple(readings), tuple(await milliseconds(fitted, rows.texts[::step], clock)))


async def milliseconds(fitted: Fitted, texts: Sequence[str], clock: SystemClock) -> list[float]:
    """How long each text takes alone: the fastest of three passes over all of them."""
    for number in range(WARM_UP):
        await fitted.classify(texts[number % len(texts)])
    best = [float("inf")] * len(texts)
    for _ in range(TAKES):
        for at, text in enumerate(texts):
            began = clock.monotonic()
            await fitted.classify(text)
            best[at] = min(best[at], (clock.monotonic() - began) * 1000)
    return best


def intent_figures(found: Measured) -> dict[str, Any]:
    """Accuracy and macro F1 of the likeliest label, calibration error of what the product says, milliseconds a message."""
    best = [reading.best for reading in found.readings]
    return {
        "accuracy": round(accuracy(found.rows.labels, best), 4),
        "macro_f1": round(macro_f1(found.rows.labels, best), 4),
        "ece": round(calibration_error([reading.confidence for reading in found.readings], found.right), 4),
        "refused": sum(reading.label == OUT_OF_SCOPE for reading in found.readings),
        **_times(found),
    }


def oos_figures(found: Measured) -> dict[str, Any]:
    """AUROC of in-scope against out-of-scope rows, and what the product's own verdict makes of each kind.

    `in_scope_accuracy` counts a row in scope that was refused as wrong (Larson et al. 2019); `in_scope_best` asks for the likeliest
    label only; `oos_recall` is the share of the others that was refused.
    """
    rows = list(zip(found.readings, found.rows.labels, strict=True))
    inside = [(reading, label) for reading, label in rows if label != OUT_OF_SCOPE]
    outside = [reading for reading, label in rows if label == OUT_OF_SCOPE]
    return {
        "auroc": round(auroc([reading.in_scope for reading, _ in inside], [reading.in_scope for reading in outside]), 4),
        "in_scope_accuracy": round(sum(reading.label == label for reading, label in inside) / len(inside), 4),
        "in_scope_best": round(sum(reading.best == label for reading, label in inside) / len(inside), 4),
        "oos_recall": round(sum(reading.label == OUT_OF_SCOPE for reading in outside) / len(outside), 4),
        "ece": round(calibration_error([reading.confidence for reading, _ in rows], found.right), 4),
        **_times(found),
    }


def _times(found: Measured) -> dict[str, float]:
    return {"p50_ms": round(percentile(found.times_ms, 50), 2), "p95_ms": round(percentile(found.times_ms, 95), 2)}


def _counts(train: Labelled, test: Labelled, *, oos: bool) -> dict[str, int]:
    known = set(train.labels) | ({OUT_OF_SCOPE} if oos else set())
    counts = {
        "train": len(train),
        "test": len(test),
        "categories": len({*train.labels} - {OUT_OF_SCOPE}) if oos else len(train.classes),
        "test_of_unknown_category": sum(label not in known for label in test.labels),
    }
    kinds = {"train_oos": len(train.split(OUT_OF_SCOPE)[1]), "test_oos": len(test.split(OUT_OF_SCOPE)[1])}
    return counts | kinds if oos else counts
