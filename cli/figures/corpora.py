"""The public sets that figures are given on, read from a folder of them; none is part of the project, and what is absent is left out.

Only the parts for development are read. What is measured is parted here by the sets' own splits, or by a seeded draw where they have none.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.reading.labelled import OUT_OF_SCOPE, Labelled, read_labelled

SEED, MEASURED_SHARE = 20, 0.2


@dataclass(frozen=True, slots=True)
class Split:
    """What is fitted on and what is measured, with the name that the page gives it."""

    name: str
    train: Labelled
    test: Labelled


def banking77(folder: Path) -> Iterator[Split]:
    """BANKING77's training file, a fifth of every category measured."""
    path = folder / "banking77" / "dev" / "train.csv"
    if path.is_file():
        rows = read_labelled(path)
        by_label = defaultdict(list)
        for at, label in enumerate(rows.labels):
            by_label[label].append(at)
        draw = random.Random(SEED)
        measured = {
            at for _, places in sorted(by_label.items()) for at in draw.sample(places, round(len(places) * MEASURED_SHARE))
        }
        train = rows.pick([at for at in range(len(rows)) if at not in measured])
        yield Split("BANKING77, a fifth of train", train, rows.pick(sorted(measured)))


def clinc150(folder: Path) -> Iterator[Split]:
    """The thirty banking and credit-card intents of CLINC150 and its out-of-scope rows: train against validation."""
    rows = list(_json_lines(folder / "clinc150_banking" / "dev" / "train_val.jsonl"))
    if rows:
        train = _labelled([row for row in rows if row["split"] in {"train", "oos_train"}])
        test = _labelled([row for row in rows if row["split"] in {"val", "oos_val"}])
        yield Split("CLINC150 banking and cards, out-of-scope shown in training", train, test)
        yield Split("the same, none shown", train.split(OUT_OF_SCOPE)[0], test)


def near_and_far(folder: Path) -> Iterator[Split]:
    """Sets whose out-of-scope rows are a bank's business too (near) or not (far): train against validation, none shown in training."""
    rows = list(_json_lines(folder / "intent_oos" / "dev" / "rows.jsonl"))
    for name in sorted({row["set"] for row in rows}):
        own = [row for row in rows if row["set"] == name]
        train = [row for row in own if row["kind"] == "in_scope" and "-train-" in row["id"]]
        valid = [row for row in own if row["kind"] == "in_scope" and "-valid-" in row["id"]]
        for kind, called in (("id_oos", "near"), ("ood_oos", "far")):
            outside = [row | {"intent": OUT_OF_SCOPE} for row in own if row["kind"] == kind and "-valid-" in row["id"]]
            yield Split(f"{name}, {called}", _labelled(train), _labelled(valid + outside))


def nlupp(folder: Path) -> list[dict[str, Any]]:
    """Rows of NLU++ banking: text, fold, intents."""
    return list(_json_lines(folder / "nlupp_banking" / "dev" / "folds_0_9.jsonl"))


def _labelled(rows: list[dict[str, Any]]) -> Labelled:
    return Labelled(tuple(row["text"] for row in rows), tuple(row["intent"] for row in rows))


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)
