"""Several labels for one message (NLU++): the product's encoder and wording under one ridge, a threshold instead of the best label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.intents import MEANING
from models.lexicon import Floats, Lexicon
from models.measures import micro_f1
from models.port import Vectors

RIDGE = 0.3
THRESHOLDS = np.linspace(0.1, 0.6, 51)


@dataclass(frozen=True, slots=True)
class Labels:
    """Texts with any number of labels, their embeddings, and the fold each belongs to."""

    texts: tuple[str, ...]
    labels: tuple[frozenset[str], ...]
    folds: tuple[int, ...]
    vectors: Vectors

    def where(self, folds: Sequence[int], *, inside: bool) -> Labels:
        places = [at for at, fold in enumerate(self.folds) if (fold in folds) == inside]
        return Labels(
            tuple(self.texts[at] for at in places),
            tuple(self.labels[at] for at in places),
            tuple(self.folds[at] for at in places),
            self.vectors[places],
        )


class SeveralLabels:
    """Kernel ridge with a column for each label; what scores above the threshold is said. Both are fitted on `rows` alone."""

    def __init__(self, rows: Labels) -> None:
        self._names = sorted(frozenset().union(*rows.labels))
        self._lexicon, self._vectors = Lexicon(rows.texts), rows.vectors
        kernel = MEANING * (rows.vectors @ rows.vectors.T) + (1 - MEANING) * self._lexicon.gram()
        inverse = np.linalg.inv(kernel + RIDGE * np.eye(len(kernel)))
        targets = np.array([[float(name in own) for name in self._names] for own in rows.labels])
        self._weights = inverse @ targets
        left_out = targets - self._weights / np.diag(inverse)[:, None]
        scores = np.array([micro_f1(rows.labels, self._said(left_out, float(least))) for least in THRESHOLDS])
        # Of thresholds that do equally well the middle one: it is as far from either mistake as can be.
        self.threshold = float(np.median(THRESHOLDS[scores == scores.max()]))

    def read(self, texts: Sequence[str], vectors: Vectors) -> list[frozenset[str]]:
        """The labels of each text."""
        wording = np.stack([self._lexicon.similarities(self._lexicon.vector(text)) for text in texts])
        scores: Floats = (MEANING * (vectors @ self._vectors.T) + (1 - MEANING) * wording) @ self._weights
        return self._said(scores, self.threshold)

    def _said(self, scores: Floats, least: float) -> list[frozenset[str]]:
        return [
            frozenset(name for name, score in zip(self._names, row, strict=True) if score >= least) for row in scores.tolist()
        ]


def cross_validated(rows: Labels, train: Sequence[Sequence[int]]) -> tuple[float, float]:
    """Mean micro F1 and mean share of rows with exactly the right labels, fitted on each group of folds and measured on the others."""
    scores, exact = [], []
    for folds in train:
        fitted_on, others = rows.where(folds, inside=True), rows.where(folds, inside=False)
        said = SeveralLabels(fitted_on).read(others.texts, others.vectors)
        scores.append(micro_f1(others.labels, said))
        exact.append(sum(a == b for a, b in zip(others.labels, said, strict=True)) / len(said))
    return float(np.mean(scores)), float(np.mean(exact))
