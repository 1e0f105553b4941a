"""A small file that makes the encoder speak a bank's language: low-rank corrections of its upper layers, made by `tellergate train`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save

#: The matrices of a layer that are corrected, and the norms that are replaced, by their published names within the layer.
MATRICES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
NORMS = ("attention.output.LayerNorm", "output.LayerNorm")
SEEN = "seen"
MARK_BYTES = 5
#: By name within a layer: `<matrix>.down` (rank, in), `<matrix>.up` (out, rank), and biases and norms as they are to be.
Corrections: TypeAlias = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Adapter:
    """Corrections of layers `first` and above; the marks of the texts that they were learned from (sorted), and what was written down
    when they were made (see the model card).
    """

    first: int
    layers: tuple[Corrections, ...]
    seen: NDArray[np.uint64]
    facts: Mapping[str, Any]

    def of_layer(self, number: int) -> Corrections | None:
        return self.layers[number - self.first] if number >= self.first else None

    def to_bytes(self) -> bytes:
        """The artifact: safetensors in half precision, the facts in its header. The same adapter gives the same bytes."""
        tensors: dict[str, NDArray[Any]] = {
            f"{self.first + place}.{name}": np.ascontiguousarray(values, dtype=np.float16)
            for place, layer in enumerate(self.layers)
            for name, values in sorted(layer.items())
        }
        tensors[SEEN] = self.seen
        written: bytes = save(tensors, metadata={"facts": json.dumps(self.facts, sort_keys=True, ensure_ascii=False)})
        return written


def read_adapter(path: Path) -> Adapter:
    """Read an artifact; nothing in it is run. Raises OSError, KeyError or ValueError for anything else."""
    with safe_open(path, framework="numpy") as file:
        facts = json.loads((file.metadata() or {})["facts"])
        seen = np.empty(0, dtype=np.uint64)
        by_layer: dict[int, dict[str, NDArray[np.float32]]] = {}
        for key in file.keys():  # noqa: SIM118 (not a dict)
            if key == SEEN:
                seen = np.asarray(file.get_tensor(key), dtype=np.uint64)
                continue
            number, name = key.split(".", 1)
            by_layer.setdefault(int(number), {})[name] = np.asarray(file.get_tensor(key), dtype=np.float32)
    numbers = sorted(by_layer)
    if not numbers or numbers != list(range(numbers[0], numbers[-1] + 1)):
        raise ValueError("an adapter corrects neighbouring layers")
    return Adapter(numbers[0], tuple(by_layer[number] for number in numbers), seen, facts)


def mark(text: str) -> int:
    """A number by which a text is known again without being kept; case and spaces at the ends do not count."""
    return int.from_bytes(hashlib.sha256(text.strip().casefold().encode("utf-8", "replace")).digest()[:MARK_BYTES], "big")
