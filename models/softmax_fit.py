"""Linear softmax models fitted in seconds: what a text is about, from its vector and from its wording.

Both are multinomial logistic regressions; their log-chances are added with fixed weights, so that neither can drown the other on rows
that the encoder has learned by heart. Drawn orders come from one seed: the same rows give the same weights.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.lexical import features
from models.port import Vectors

Weights = NDArray[np.float32]
Labels = NDArray[np.int64]
#: Places that words, sounds, pairs and n-grams are hashed to, half of them with the other sign.
PLACES = 4096
FIRST_MOMENT, SECOND_MOMENT, TINY = 0.9, 0.99, 1e-8


class HashedWording:
    """Weighted words and n-grams (TF-IDF) of texts as unit vectors of PLACES numbers."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Learns how common each feature is."""
        documents = Counter(feature for text in texts for feature in counted(text))
        self._weight = {feature: math.log((1 + len(texts)) / (1 + count)) + 1 for feature, count in documents.items()}
        self._unknown = math.log(1 + len(texts)) + 1

    def vector(self, text: str) -> Weights:
        """Shape (PLACES,)."""
        places, values = [], []
        for feature, count in counted(text).items():
            value = math.sqrt(count) * self._weight.get(feature, self._unknown)
            digest = zlib.crc32(feature.encode("utf-8", "replace"))
            places.append(digest % PLACES)
            values.append(value if digest >> 31 else -value)
        vector = np.bincount(places, values, PLACES)
        unit: Weights = (vector / (np.linalg.norm(vector) or 1.0)).astype(np.float32)
        return unit

    def vectors(self, texts: Sequence[str]) -> Weights:
        """Shape (texts, PLACES)."""
        out = np.empty((len(texts), PLACES), dtype=np.float32)
        for place, text in enumerate(texts):
            out[place] = self.vector(text)
        return out


def counted(text: str) -> Counter[str]:
    """How often each feature stands in a text, as `models.lexical` weighs it."""
    counts: Counter[str] = Counter()
    for feature, weight in features(text):
        counts[feature] += weight  # type: ignore[assignment]
    return counts


def softmax_regression(
    rows: Vectors,
    labels: Labels,
    classes: int,
    *,
    scale: float,
    epochs: int,
    rate: float,
    batch: int = 256,
    begin: Weights | None = None,
) -> Weights:
    """Weights of shape (columns, classes): a row's scores are `row @ weights`. `scale` multiplies the rows while fitting.

    Adam with a rate that falls to zero; no penalty, since the few epochs are what keeps the weights small.
    """
    rng = np.random.default_rng(0)
    size = max(1, min(batch, len(rows) // 8))
    weights = np.zeros((rows.shape[1], classes), dtype=np.float32) if begin is None else begin.astype(np.float32)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    steps, step = epochs * max(1, len(rows) // size), 0
    for _ in range(epochs):
        order = rng.permutation(len(rows))
        for start in range(0, len(order) - size + 1, size):
            places = order[start : start + size]
            some = rows[places] * np.float32(scale)
            slope = chances_of((some @ weights).astype(np.float32))
            slope[np.arange(size), labels[places]] -= 1
            gradient = some.T @ slope
            gradient *= np.float32(1 / size)
            step += 1
            first += np.float32(1 - FIRST_MOMENT) * (gradient - first)
            second += np.float32(1 - SECOND_MOMENT) * (gradient * gradient - second)
            pace = rate * (1 - (step - 1) / steps) / (1 - FIRST_MOMENT**step)
            spread = np.sqrt(second / np.float32(1 - SECOND_MOMENT**step))
            spread += np.float32(TINY)
            weights -= np.float32(pace) * first / spread
    weights *= np.float32(scale)
    return weights


def class_means(rows: Vectors, labels: Labels, classes: int) -> Vectors:
    """The unit mean of each class's rows, shape (classes, columns)."""
    means = np.stack([rows[labels == place].mean(0) for place in range(classes)])
    unit: Vectors = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
    return unit


def chances_of(scores: Weights) -> Weights:
    """Softmax over the last axis."""
    exponents = np.exp(scores - scores.max(-1, keepdims=True))
    out: Weights = exponents / exponents.sum(-1, keepdims=True)
    return out
