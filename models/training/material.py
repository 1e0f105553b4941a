"""What the encoder is adapted on: labelled bank messages of others where their folder is at hand, else our own utterances."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.errors import BadInput
from models.utterances import load_utterances

#: Relative to the data folder: BANKING77's official training rows. Its test rows are never read.
BANKING77 = Path("banking77/dev/train.csv")


@dataclass(frozen=True, slots=True)
class Source:
    """One set of labelled texts, as the model card tells of it."""

    name: str
    rows: int
    labels: int
    sha256: str
    licence: str
    attribution: str


@dataclass(frozen=True, slots=True)
class Material:
    """Texts, the place of each one's label, the set of each label, and where they come from."""

    texts: tuple[str, ...]
    labels: NDArray[np.int64]
    sets: NDArray[np.int64]
    sources: tuple[Source, ...]

    def pick(self, places: Sequence[int]) -> Material:
        """Some of the texts, with the same labels and sources."""
        return Material(tuple(self.texts[at] for at in places), self.labels[list(places)], self.sets, self.sources)

    def card(self) -> list[dict[str, Any]]:
        return [asdict(source) for source in self.sources]


def gather(data: Path | None, utterances: Path) -> Material:
    """BANKING77's training rows of the data folder, or without one our own utterances.

    Our utterances stay out of the first: the classifier that is fitted on them then measures itself on texts that its encoder never
    learned from. Raises BadInput `training_data_missing`, `training_data_invalid`, `utterances_invalid`.
    """
    if data is None:
        own = load_utterances(utterances)
        source = Source("own utterances", len(own.items), len(own.intents), own.digest, "Apache-2.0", "this project")
        return _material([item.text for item in own.items], [item.intent for item in own.items], source)
    path = data / BANKING77
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadInput("training_data_missing", f"{BANKING77} cannot be read in the data folder") from error
    texts, labels = _rows(raw)
    return _material(
        texts,
        labels,
        Source(
            "BANKING77, training split",
            len(texts),
            len(set(labels)),
            hashlib.sha256(raw).hexdigest(),
            "CC BY 4.0",
            "Casanueva et al. 2020, Efficient Intent Detection with Dual Sentence Encoders (arXiv 2003.04807); PolyAI",
        ),
    )


def _rows(raw: bytes) -> tuple[list[str], list[str]]:
    try:
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
        return [row["text"] for row in rows], [row["category"] for row in rows]
    except (UnicodeDecodeError, csv.Error, KeyError) as error:
        raise BadInput("training_data_invalid", f"{BANKING77} is no CSV file with the columns text and category") from error


def _material(texts: Sequence[str], labels: Sequence[str], source: Source) -> Material:
    if len(set(labels)) < 2:
        raise BadInput("training_data_invalid", f"{source.name}: fewer than two labels")
    names = {name: place for place, name in enumerate(sorted(set(labels)))}
    places = np.array([names[label] for label in labels], dtype=np.int64)
    return Material(tuple(texts), places, np.zeros(len(names), dtype=np.int64), (source,))
