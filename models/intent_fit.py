"""Fitting the intent classifier: kernel ridge over the similarity of utterances, with leave-one-out answers in closed form.

What a classifier says of an utterance that it was not shown follows from one matrix inverse, so calibration costs no held-out data:
the temperature of the softmax, the confidence from which it may be believed, and how far from everything a text may be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lexicon import Floats

RIDGE = 0.3
TEMPERATURES = np.geomspace(0.02, 2.0, 60)
#: Of readings at least as confident as `sure_from`, so many have to be right.
SURE_PRECISION = 0.96
#: Share of utterances that may be farther from all others than `floor`.
FAR_SHARE = 0.02
BINS = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """Measured leave-one-out: `accuracy`; `error`, the mean gap between confidence and accuracy over ten bins (ECE); `temperature`;
    `sure_from`, the confidence from which readings are right in 96 of 100 cases; `covered`, the share of such readings; `floor`, the
    similarity below which a text is like nothing known.
    """

    accuracy: float
    error: float
    temperature: float
    sure_from: float
    covered: float
    floor: float


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights of the utterances for each intent, shape (utterances, intents): a text's scores are its similarities times these."""

    weights: Floats
    calibration: Calibration


def fit(kernel: Floats, labels: NDArray[np.int64], intents: int) -> Fit:
    """Fit to a symmetric matrix of similarities and the utterances' labels."""
    inverse = np.linalg.inv(kernel + RIDGE * np.eye(len(kernel)))
    targets = np.eye(intents)[labels]
    weights = inverse @ targets
    left_out = targets - weights / np.diag(inverse)[:, None]
    others = kernel - 2 * np.eye(len(kernel)) * kernel.max()
    return Fit(weights, calibrate(left_out, labels, others.max(1)))


def calibrate(scores: Floats, labels: NDArray[np.int64], nearest: Floats) -> Calibration:
    """From scores of texts that their fit has not seen, their labels, and the similarity of each to what is nearest."""
    temperature = _temperature(scores, labels)
    best = scores.argmax(1)
    confidence = probabilities(scores, temperature).max(1)
    right = best == labels
    sure_from = _sure_from(confidence, right)
    return Calibration(
        accuracy=float(right.mean()),
        error=calibration_error(confidence, right),
        temperature=temperature,
        sure_from=sure_from,
        covered=float((confidence >= sure_from).mean()),
        floor=float(np.quantile(nearest, FAR_SHARE)),
    )


def probabilities(scores: Floats, temperature: float) -> Floats:
    """Softmax over the last axis."""
    scaled = (scores - scores.max(-1, keepdims=True)) / temperature
    exponents = np.exp(scaled)
    out: Floats = exponents / exponents.sum(-1, keepdims=True)
    return out


def calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in range(BINS) if (bins == b).any()
    ]
    return float(sum(gaps))


def _temperature(scores: Floats, labels: NDArray[np.int64]) -> float:
    """The temperature at which the left-out labels are least surprising."""
    rows = np.arange(len(labels))
    losses = [-np.log(probabilities(scores, t)[rows, labels] + 1e-12).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def _sure_from(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """The lowest confidence such that all readings from there up are precise enough; 1 when none are."""
    order = np.argsort(-confidence)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision >= SURE_PRECISION)
    return float(confidence[order[enough[-1]]]) if len(enough) else 1.0
