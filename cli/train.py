"""`tellergate train`: the adapter of the encoder made anew from labelled texts; the same data gives the same bytes on one machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from domain.errors import BadInput
from models.blas import openblas_threads
from models.config import ModelConfig
from models.training.artifact import ADAPTER_FILE, make, write
from models.training.course import Plan
from models.training.material import gather
from runtime.speech import GRAPHS


def train(data: Path | None, out: Path, epochs: int | None) -> dict[str, Any]:
    """Train and write; raises `training_data_missing`, `training_data_invalid`, `train_out_unwritable` and the codes of the weights.

    One thread computes: two would add up in another order each time.
    """
    if (set_threads := openblas_threads()) is not None:
        set_threads(1)
    material = gather(data, GRAPHS / "utterances")
    plan = Plan() if epochs is None else Plan(epochs=epochs)
    trained = make(material, ModelConfig(data_dir=out.resolve()), plan, _say)
    try:
        write(trained, out)
    except OSError as error:
        raise BadInput("train_out_unwritable", f"{out} cannot be written") from error
    return {
        "file": str(out / ADAPTER_FILE),
        "sha256": trained.sha256,
        "bytes": len(trained.adapter.to_bytes()),
        "sources": material.card(),
    }


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
