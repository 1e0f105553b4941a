"""One course of training: the upper layers learn to bring texts of one label together and those of others apart.

Cosine softmax: each label has a point on the sphere, a text's chance of a label grows with the cosine to it, and both move
(NormFace, Wang et al. 2017, arXiv 1704.06369). Labels of different sets never compete. Adam, a warm start, a cosine to zero, and the
running mean of all steps as the result. Every choice comes from one seed: on one machine, one thread, the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.bert import Matrix
from models.training.learner import Learner, dropping

#: Where Adam's running means begin to forget; and how much slower biases and norms learn than the corrections.
FIRST_MOMENT, SECOND_MOMENT, TINY = 0.9, 0.98, 1e-8
SLOWLY = 0.2


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. The defaults were chosen by cross-validation on training rows only (docs/models.md).

    Attributes:
        first: the lowest layer that learns. rank: of its corrections.
        epochs, batch, rate: passes over the rows, rows a step, Adam's highest step.
        warm: share of the steps in which the rate grows. scale: sharpness of the softmax over cosines.
        smoothing: share of each target that is spread over the other labels. drop: dropout. forget: share of a text's inner tokens
        that a step does not see. keep: how slowly the running mean forgets. seed: of everything that is drawn.
    """

    first: int = 3
    rank: int = 32
    epochs: int = 3
    batch: int = 32
    rate: float = 1.5e-3
    warm: float = 0.06
    scale: float = 16.0
    smoothing: float = 0.1
    drop: float = 0.1
    forget: float = 0.1
    keep: float = 0.995
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """What is learned from: the states below the first learning layer, one array a text; the place of each text's label; and for
    each label the set it belongs to.
    """

    states: Sequence[Matrix]
    labels: NDArray[np.int64]
    sets: NDArray[np.int64]


class Course:
    """Trains a learner. `run` yields after each epoch, so that a caller can say how far it is, or stop."""

    def __init__(self, learner: Learner, rows: Rows, plan: Plan, rng: np.random.Generator) -> None:
        self._learner, self._rows, self._plan, self._rng = learner, rows, plan, rng
        points = _means(learner.vectors(rows.states), rows.labels, len(rows.sets))
        self._size, self._shape = len(learner.flat), points.shape
        self._numbers = np.concatenate([learner.flat, points.ravel()])
        self._mean = self._numbers.copy()
        self._first, self._second = np.zeros_like(self._numbers), np.zeros_like(self._numbers)
        self._rates = self._rates_of(learner)
        self._steps, self._step = math.ceil(len(rows.states) / plan.batch) * plan.epochs, 0
        self._drop = dropping(plan.drop, rng)

    def run(self) -> Iterator[float]:
        """Yields the mean loss of each epoch; afterwards the learner holds the running mean of all steps."""
        for _ in range(self._plan.epochs):
            order = self._rng.permutation(len(self._rows.states))
            losses = [self._take(order[start : start + self._plan.batch]) for start in range(0, len(order), self._plan.batch)]
            yield float(np.mean(losses))
        self._learner.flat[:] = self._mean[: self._size]

    @property
    def points(self) -> Matrix:
        """The labels' points, of unit length."""
        points = self._mean[self._size :].reshape(self._shape)
        unit: Matrix = points / np.linalg.norm(points, axis=1, keepdims=True)
        return unit

    def _take(self, places: NDArray[np.int64]) -> float:
        """One step on some rows; gives their loss before it."""
        plan, learner = self._plan, self._learner
        learner.flat[:] = self._numbers[: self._size]
        learner.gradient[:] = 0
        points = self._numbers[self._size :].reshape(self._shape)
        norms = np.linalg.norm(points, axis=1, keepdims=True)
        unit = points / norms
        vectors, back = learner.forward([self._thinned(self._rows.states[place]) for place in places], self._drop)
        labels = self._rows.labels[places]
        loss, slope = softmax_loss(vectors @ unit.T, labels, self._rows.sets, plan.scale, plan.smoothing)
        back(slope @ unit)
        towards = slope.T @ vectors
        towards = (towards - unit * (towards * unit).sum(1, keepdims=True)) / norms
        self._move(np.concatenate([learner.gradient, towards.ravel()]))
        return loss

    def _thinned(self, states: Matrix) -> Matrix:
        """Some inner tokens left out: wording differs from customer to customer."""
        kept = self._rng.random(len(states)) >= self._plan.forget
        kept[0] = kept[-1] = True
        thin: Matrix = states[kept]
        return thin

    def _move(self, gradient: Matrix) -> None:
        """Adam, its gradient held to length 1, and the running mean."""
        self._step += 1
        step, plan = self._step, self._plan
        gradient /= max(1.0, float(np.linalg.norm(gradient)))
        self._first += np.float32(1 - FIRST_MOMENT) * (gradient - self._first)
        self._second += np.float32(1 - SECOND_MOMENT) * (gradient * gradient - self._second)
        rate = plan.rate * min(1.0, step / (plan.warm * self._steps)) * 0.5 * (1 + math.cos(math.pi * step / self._steps))
        direction = self._first / np.float32(1 - FIRST_MOMENT**step)
        direction /= np.sqrt(self._second / np.float32(1 - SECOND_MOMENT**step)) + np.float32(TINY)
        self._numbers -= np.float32(rate) * self._rates * direction
        self._mean += np.float32(1 - min(plan.keep, step / (step + 10))) * (self._numbers - self._mean)

    def _rates_of(self, learner: Learner) -> Matrix:
        rates = np.ones_like(self._numbers)
        for parameters in learner.views(rates[: self._size]):
            for name, values in parameters.items():
                if not name.endswith((".up", ".down")):
                    values[:] = SLOWLY
        return rates


def softmax_loss(
    cosines: Matrix, labels: NDArray[np.int64], sets: NDArray[np.int64], scale: float, smoothing: float
) -> tuple[float, Matrix]:
    """Mean cross-entropy of scaled cosines against smoothed labels, and its slope; labels of other sets take no part."""
    same = sets[labels][:, None] == sets[None]
    scores = np.where(same, np.float32(scale) * cosines, np.float32(-1e9))
    scores -= scores.max(1, keepdims=True)
    chances = np.exp(scores)
    chances /= chances.sum(1, keepdims=True)
    targets = same * (np.float32(smoothing) / same.sum(1, keepdims=True, dtype=np.float32))
    targets[np.arange(len(labels)), labels] += np.float32(1 - smoothing)
    loss = -(targets * np.log(chances + np.float32(1e-9))).sum(1).mean()
    slope: Matrix = (chances - targets) * np.float32(scale / len(labels))
    return float(loss), slope


def _means(vectors: Matrix, labels: NDArray[np.int64], count: int) -> Matrix:
    """Where each label's texts lie before anything is learned."""
    means = np.stack([vectors[labels == label].mean(0) for label in range(count)])
    unit: Matrix = means / np.linalg.norm(means, axis=1, keepdims=True)
    return unit


Progress = Callable[[str], None]
