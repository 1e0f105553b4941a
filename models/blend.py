"""The classifier's fit for many rows: two softmax models, of the vectors and of the wording, their log-chances added.

Kernel ridge (`models.intent_fit`) grows with the cube of the rows; this is fitted in seconds. The weight of the wording is fixed, since a
weight learned on rows that the encoder was adapted on would be zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.intent_fit import Calibration, calibrate, probabilities
from models.lexicon import Floats
from models.port import Vectors
from models.softmax_fit import HashedWording, Labels, Weights, class_means, softmax_regression

#: Rows from which this fit is used.
MANY = 4000
#: Chosen on BANKING77's training rows, one fifth left out (docs/models.md).
WORDING = 0.3
DENSE_EPOCHS, DENSE_RATE, SHARPNESS = 10, 0.05, 16.0
WORDING_EPOCHS, WORDING_RATE, WORDING_SCALE = 10, 0.02, 5.0
#: Every so many-th row is left out to calibrate.
HELD_OUT = 5
#: Calibration for rows that the encoder was adapted on: measured on a fifth that neither encoder nor fit had seen.
ADAPTED = Calibration(accuracy=0.938, error=0.008, temperature=1.46, sure_from=0.54, covered=0.96, floor=0.5)


@dataclass(frozen=True, slots=True)
class Blend:
    """Both models' weights. `first` is the column at which the vectors' used part begins."""

    dense: Weights | None
    wording: Weights
    first: int
    rows: Vectors | None
    features: HashedWording
    calibration: Calibration

    def read(self, text: str, vector: Vectors | None) -> tuple[Floats, float, int]:
        """Chances of each label, and likeness to and place of the nearest row (0 and -1 without a vector)."""
        words = (self.features.vector(text) @ self.wording).astype(np.float64)
        if vector is None or self.dense is None or self.rows is None:
            return probabilities(words, self.calibration.temperature if self.dense is None else 1.0), 0.0, -1
        likeness = self.rows @ vector
        nearest = int(likeness.argmax())
        chances = probabilities(WORDING * words + vector[self.first :] @ self.dense, self.calibration.temperature)
        return chances, float(np.clip(likeness[nearest], 0.0, 1.0)), nearest


def blend(texts: Sequence[str], labels: Labels, classes: int, vectors: Vectors | None, seen: NDArray[np.bool_]) -> Blend:
    """Fit on all rows; `seen` are those that the encoder was adapted on. Calibrated on a fifth that is left out of a first fit."""
    features = HashedWording(texts)
    wording = features.vectors(texts)
    adapted = vectors is not None and bool(seen.mean() > 0.5)
    first = vectors.shape[1] // 2 if vectors is not None and adapted else 0
    if adapted:
        calibration = ADAPTED
    else:
        held = np.arange(len(texts)) % HELD_OUT == 0
        parts = _weights(wording[~held], labels[~held], classes, None if vectors is None else vectors[~held])
        scores = _scores(wording[held], None if vectors is None else vectors[held], *parts)
        near = np.ones(int(held.sum())) if vectors is None else (vectors[held] @ vectors[~held].T).max(1)
        calibration = calibrate(scores, labels[held], near)
    dense, words = _weights(wording, labels, classes, None if vectors is None else vectors[:, first:])
    return Blend(dense, words, first, vectors, features, calibration)


def _weights(wording: Weights, labels: Labels, classes: int, vectors: Vectors | None) -> tuple[Weights | None, Weights]:
    words = softmax_regression(wording, labels, classes, scale=WORDING_SCALE, epochs=WORDING_EPOCHS, rate=WORDING_RATE)
    if vectors is None:
        return None, words
    # Rows scaled to unit length in the part that is used, so that the sharpness means the same for a half and for the whole.
    length = float(np.linalg.norm(vectors[0])) or 1.0
    rows = vectors / np.float32(length)
    begin = np.float32(SHARPNESS) * class_means(rows, labels, classes).T
    dense = softmax_regression(rows, labels, classes, scale=1.0, epochs=DENSE_EPOCHS, rate=DENSE_RATE, begin=begin)
    return dense / np.float32(length), words


def _scores(wording: Weights, vectors: Vectors | None, dense: Weights | None, words: Weights) -> Floats:
    if vectors is None or dense is None:
        return (wording @ words).astype(np.float64)
    return (np.float32(WORDING) * (wording @ words) + vectors @ dense).astype(np.float64)
