"""How well labels and confidences fit: accuracy, macro F1, AUROC, calibration error, confusion, percentiles. Plain functions of values.

Definitions are the usual ones (scikit-learn's where it has one), so that figures can be compared with published ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Bins of equal width for calibration, as in Guo et al. 2017 (arXiv 1706.04599) with ten of them.
BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Readings whose confidence lies in [low, high): how many, how confident on average, and what share of them was right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class LabelScore:
    """Precision, recall and their harmonic mean for one label; `support` is how many rows carry it."""

    precision: float
    recall: float
    f1: float
    support: int


def accuracy(expected: Sequence[str], said: Sequence[str]) -> float:
    """Share of rows whose label is right; 0 without rows."""
    pairs = list(zip(expected, said, strict=True))
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else 0.0


def label_scores(expected: Sequence[str], said: Sequence[str]) -> dict[str, LabelScore]:
    """Scores of every label that is expected or said anywhere. A label never said, or never right, scores 0."""
    right = Counter(a for a, b in zip(expected, said, strict=True) if a == b)
    wanted, given = Counter(expected), Counter(said)
    scores = {}
    for label in sorted({*wanted, *given}):
        precision = right[label] / given[label] if given[label] else 0.0
        recall = right[label] / wanted[label] if wanted[label] else 0.0
        both = precision + recall
        scores[label] = LabelScore(precision, recall, 2 * precision * recall / both if both else 0.0, wanted[label])
    return scores


def macro_f1(expected: Sequence[str], said: Sequence[str]) -> float:
    """Unweighted mean of the labels' F1 over all labels expected or said."""
    scores = label_scores(expected, said)
    return sum(score.f1 for score in scores.values()) / len(scores) if scores else 0.0


def micro_f1(expected: Iterable[frozenset[str]], said: Iterable[frozenset[str]]) -> float:
    """F1 over all (row, label) pairs of rows with several labels; 0 when nothing is expected and nothing said."""
    right = wanted = given = 0
    for a, b in zip(expected, said, strict=True):
        right, wanted, given = right + len(a & b), wanted + len(a), given + len(b)
    return 2 * right / (wanted + given) if wanted + given else 0.0


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive scores higher than a negative, ties counting half (the Mann-Whitney statistic).

    Raises ValueError when either side is empty: there is no such chance then.
    """
    if not len(positive) or not len(negative):
        raise ValueError("AUROC needs both kinds of rows")
    scores = np.concatenate([np.asarray(positive, dtype=np.float64), np.asarray(negative, dtype=np.float64)])
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2  # ties share the mean of their ranks
    ranks = middle[place][: len(positive)].sum()
    pairs = len(positive) * len(negative)
    return float((ranks - len(positive) * (len(positive) + 1) / 2) / pairs)


def reliability(confidence: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """The bins of a reliability diagram; empty ones have zeros. Confidences are within 0 to 1, and 1 belongs to the last bin."""
    sure, hit = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=bool)
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    bins = []
    for number in range(BINS):
        here = place == number
        count = int(here.sum())
        means = (float(sure[here].mean()), float(hit[here].mean())) if count else (0.0, 0.0)
        bins.append(Bin(number / BINS, (number + 1) / BINS, count, *means))
    return bins


def calibration_error(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error: the gap between confidence and accuracy, averaged over the rows of ten bins; 0 without rows."""
    rows = len(confidence)
    return sum(abs(b.confidence - b.accuracy) * b.count for b in reliability(confidence, right)) / rows if rows else 0.0


def confusion(expected: Sequence[str], said: Sequence[str]) -> tuple[list[str], list[list[int]]]:
    """Labels in order, and how often each (row: expected) was said to be each (column)."""
    labels = sorted({*expected, *said})
    counts = Counter(zip(expected, said, strict=True))
    return labels, [[counts[row, column] for column in labels] for row in labels]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` percent lie, between neighbours by the straight line. Raises IndexError without values."""
    return float(np.percentile(np.asarray(values, dtype=np.float64), share))
