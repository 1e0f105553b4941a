"""`tellergate bench nlu`: everything that `docs/nlu.md` shows, measured anew by one command, with the plots beside it."""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cli.figures import corpora
from cli.figures.ablation import Read, ablation, outcome, read_all
from cli.figures.page import percent, require_places, rewrite, table
from cli.figures.plots import confusion_plot, latency_plot, reliability_plot
from cli.figures.several import Labels, cross_validated
from cli.figures.spoken import Spoken, read_spoken
from cli.reading.classifying import fit_on, intent_figures, measure, oos_figures
from cli.reading.labelled import OUT_OF_SCOPE
from cli.reading.left_out import Reader
from cli.reading.machinery import Machinery, machinery, progress
from cli.reading.readers import classifier_of, put_together
from domain.errors import BadInput
from models.bench import INTENT_P95_MS
from models.intents import OUT_OF_SCOPE as OTHER
from models.intents import IntentClassifier
from models.measures import accuracy, auroc, calibration_error, macro_f1
from models.port import ChatModel
from runtime.bootstrap import ROOT
from runtime.clocks import MonotonicClock, OffsetClock
from runtime.settings import Settings

#: Messages by another hand than the example utterances'.
BLIND = ROOT / "tests" / "data" / "nlu" / "blind-utterances.yaml"
IMAGES = "images"
TAKES = 3
READ = ("count", "right", "macro F1", "asked back", "wrong", "p50", "p95")
PARTS = ("flows", "readers", "benchmarks", "several")
#: Those that need the public sets.
ON_PUBLIC_SETS = frozenset({"benchmarks", "several"})


def bench_nlu(
    settings: Settings, messages: Path | None, data: Path | None, only: tuple[str, ...], write: Path | None
) -> dict[str, Any]:
    """Measure the parts that were named (all that can be, by default). Raises BadInput `bench_unknown`, `data_missing` and others."""
    if unknown := set(only) - set(PARTS):
        raise BadInput("bench_unknown", f"{', '.join(sorted(unknown))}: there are {', '.join(PARTS)}")
    wanted = [part for part in only or PARTS if only or data is not None or part not in ON_PUBLIC_SETS]
    if data is None and ON_PUBLIC_SETS & set(wanted):
        raise BadInput(
            "data_missing", f"{', '.join(sorted(ON_PUBLIC_SETS & set(wanted)))}: --data names the folder of the public sets"
        )
    if write is not None:
        require_places(write, wanted)
    command = " ".join(["tellergate bench nlu", *(["--data DIR"] if data else []), *(f"--only {part}" for part in only)])
    found = asyncio.run(_measured(settings, read_spoken(messages or BLIND), data, wanted))
    at = OffsetClock().now()
    if write is not None:
        _write(write, found, f"`{command} --write docs/nlu.md` · {_machine()} · {at:%Y-%m-%d}")
    return {
        "at": at.isoformat(timespec="seconds"),
        "machine": _machine(),
        **{name: part["figures"] for name, part in found.items()},
    }


async def _measured(settings: Settings, messages: tuple[Spoken, ...], data: Path | None, wanted: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    async with machinery(settings, llama="readers" in wanted) as parts:
        if {"flows", "readers"} & set(wanted):
            classifier = await classifier_of(parts)
        if "flows" in wanted:
            found["flows"] = await _flows(classifier, messages)
        if "readers" in wanted:
            found["readers"] = await _readers(classifier, parts.chat, messages)
        if data is not None and "benchmarks" in wanted:
            found["benchmarks"] = await _benchmarks(parts, data)
        if data is not None and "several" in wanted:
            found["several"] = await _several(parts, data)
        identity = await parts.encoder.encoder_identity()
    for part in found.values():
        part["encoder"] = f"{identity.name} {identity.sha256[:12]}"
    return found


async def _flows(classifier: IntentClassifier, messages: tuple[Spoken, ...]) -> dict[str, Any]:
    """The whole reading without the model, on messages by another hand: a row for each language, and what is drawn."""
    progress(f"reading {len(messages)} messages without the model")
    readers = put_together(classifier, None, frozenset({Reader.llama}), _now())
    await read_all(readers, messages[:50], MonotonicClock())  # warm-up
    read = await read_all(readers, messages, MonotonicClock(), takes=TAKES)
    languages = list(dict.fromkeys(message.language for message in messages))
    figures = {name: asdict(outcome(part)) for name, part in {"all": read, **{name: read.of(name) for name in languages}}.items()}
    alone = await _alone(classifier, messages)
    text = table(("messages", *READ), [_outcome_row(name, row) for name, row in figures.items()]) + "\n" + _alone_line(alone)
    plots = _plots(read, alone)
    return {"figures": figures | {"classifier": alone.figures}, "text": text + _pictures(), "plots": plots}


@dataclass(frozen=True, slots=True)
class Alone:
    """What the classifier alone said: how sure it was of each message, whether it was right, and the sums."""

    confidence: list[float]
    right: list[bool]
    figures: dict[str, float]


async def _alone(classifier: IntentClassifier, messages: tuple[Spoken, ...]) -> Alone:
    expected = [message.intent for message in messages]
    found = await classifier.predict([message.text for message in messages])
    right = [label == intent for label, intent in zip(found.labels, expected, strict=True)]
    confidence = found.confidence.tolist()
    figures = {
        "accuracy": accuracy(expected, found.labels),
        "macro_f1": macro_f1(expected, found.labels),
        "ece": calibration_error(confidence, right),
    }
    ours, others = _in_scope(expected, found.in_scope.tolist())
    if ours and others:
        figures["auroc"] = auroc(ours, others)
    return Alone(confidence, right, {name: round(value, 4) for name, value in figures.items()})


def _in_scope(expected: list[str], scores: list[float]) -> tuple[list[float], list[float]]:
    """Scores of our messages and of those that are not."""
    pairs = list(zip(expected, scores, strict=True))
    return [score for name, score in pairs if name != OTHER], [score for name, score in pairs if name == OTHER]


def _alone_line(alone: Alone) -> str:
    own = alone.figures
    said = f"accuracy {percent(own['accuracy'])}, macro F1 {own['macro_f1']:.3f}, expected calibration error {own['ece']:.3f}"
    scope = f", AUROC of our intents against everything else {own['auroc']:.3f}" if "auroc" in own else ""
    return f"The classifier alone, on the same messages: {said}{scope}.\n"


def _pictures() -> str:
    shown = {
        "confusion": "What was meant, what was read",
        "reliability": "Confidence of the classifier and how often it is right",
        "latency": "Time a message takes to be read",
    }
    return "".join(f"\n![{title}]({IMAGES}/nlu-{name}.svg)\n" for name, title in shown.items())


def _plots(read: Read, alone: Alone) -> dict[str, str]:
    return {
        "confusion": confusion_plot(read.expected, read.said, "What was meant, what was read"),
        "reliability": reliability_plot(alone.confidence, alone.right, "Confidence of the classifier"),
        "latency": latency_plot(read.times_ms, INTENT_P95_MS, "Time a message takes to be read, without the LLaMA"),
    }


async def _readers(classifier: IntentClassifier, chat: ChatModel | None, messages: tuple[Spoken, ...]) -> dict[str, Any]:
    figures = {name: asdict(row) for name, row in (await ablation(classifier, chat, messages, _now())).items()}
    return {
        "figures": figures,
        "text": table(("reading with", *READ), [_outcome_row(name, row) for name, row in figures.items()]),
    }


def _outcome_row(name: str, row: dict[str, Any]) -> list[str]:
    shares = [percent(row["right"]), f"{row['macro_f1']:.3f}", percent(row["asked"]), percent(row["wrong"])]
    return [name, str(row["count"]), *shares, f"{row['p50_ms']:.1f} ms", f"{row['p95_ms']:.1f} ms"]


async def _benchmarks(parts: Machinery, data: Path) -> dict[str, Any]:
    figures, rows = {}, []
    fitted, train = None, None
    for split in (*corpora.banking77(data), *corpora.clinc150(data), *corpora.near_and_far(data)):
        if fitted is None or split.train != train:
            fitted, train = await fit_on(split.train, parts), split.train
        found = await measure(fitted, split.test, MonotonicClock())
        inside = OUT_OF_SCOPE not in split.test.labels
        own = intent_figures(found) if inside else oos_figures(found)
        figures[split.name] = own | {"train": len(split.train), "test": len(split.test)}
        shown = (
            percent(own["accuracy" if inside else "in_scope_accuracy"]),
            *(("–", "–") if inside else (f"{own['auroc']:.4f}", percent(own["oos_recall"]))),
        )
        counts = (f"{len(split.train):,}", f"{len(split.test):,}")
        rows.append([split.name, *counts, *shown, f"{own['ece']:.3f}", f"{own['p95_ms']:.1f} ms"])
    header = ("set", "fitted on", "measured", "accuracy in scope", "AUROC", "others refused", "ECE", "p95")
    return {"figures": figures, "text": table(header, rows)}


async def _several(parts: Machinery, data: Path) -> dict[str, Any]:
    rows = corpora.nlupp(data)
    if not rows:
        return {"figures": {}, "text": "NLU++ was not there."}
    texts = tuple(row["text"] for row in rows)
    vectors = await parts.bulk.embed(texts)
    labels = Labels(texts, tuple(frozenset(row.get("intents", ())) for row in rows), tuple(row["fold"] for row in rows), vectors)
    folds = sorted(set(labels.folds))
    groups = {
        "1 fold": [[fold] for fold in folds],
        "2 folds": [list(pair) for pair in zip(folds[::2], folds[1::2], strict=True)],
        "9 folds": [[other for other in folds if other != fold] for fold in folds],
    }
    figures, table_rows = {}, []
    for name, train in groups.items():
        progress(f"NLU++, fitted on {name}")
        score, exact = await asyncio.to_thread(cross_validated, labels, train)
        figures[name] = {"micro_f1": round(score, 4), "exact": round(exact, 4)}
        table_rows.append([name, str(len(train)), f"{score:.3f}", percent(exact)])
    return {"figures": figures, "text": table(("fitted on", "times", "micro F1", "all labels right"), table_rows)}


def _write(page: Path, found: dict[str, Any], stamp: str) -> None:
    rewrite(page, {name: f"{part['text']}\n{stamp} · encoder {part['encoder']}" for name, part in found.items()})
    for name, drawn in found.get("flows", {}).get("plots", {}).items():
        (page.parent / IMAGES / f"nlu-{name}.svg").write_text(drawn, encoding="utf-8")


def _now() -> Callable[[], datetime]:
    return OffsetClock().now


def _machine() -> str:
    """What it ran on, and how busy that was: times on a machine that does other work too say little."""
    busy = f"load {os.getloadavg()[1]:.1f}"
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {busy}, Python {platform.python_version()}"
