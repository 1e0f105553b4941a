"""Training the upper layers: gradients are the slopes they claim to be, a course brings labels apart, and one seed gives one result."""

from __future__ import annotations

import numpy as np
import pytest

from models.adapter import MATRICES, NORMS
from models.bert import Matrix
from models.training.course import Course, Plan, Rows, softmax_loss
from models.training.layer import LearningLayer, bend, length_groups
from models.training.learner import Learner, dropping

SIZE, WIDE, HEADS = 8, 16, 2
LENGTHS = [3, 2, 3, 4]


def layer(seed: int = 0, kind: type = np.float32) -> LearningLayer:
    """A layer of a very small BERT."""
    rng = np.random.default_rng(seed)
    shapes = dict.fromkeys(MATRICES, (SIZE, SIZE)) | {"intermediate.dense": (WIDE, SIZE), "output.dense": (SIZE, WIDE)}
    fixed = {f"{name}.weight": rng.normal(0, 0.5, shape).astype(kind) for name, shape in shapes.items()}
    fixed |= {f"{name}.bias": rng.normal(0, 0.1, shape[0]).astype(kind) for name, shape in shapes.items()}
    fixed |= {f"{name}.weight": np.ones(SIZE, dtype=kind) for name in NORMS} | {
        f"{name}.bias": np.zeros(SIZE, dtype=kind) for name in NORMS
    }
    return LearningLayer(fixed, HEADS, 1e-12)


def learner(seed: int = 0) -> Learner:
    return Learner([layer(1), layer(2)], rank=2, rng=np.random.default_rng(seed))


def states(seed: int, lengths: list[int]) -> list[Matrix]:
    rng = np.random.default_rng(seed)
    return [rng.standard_normal((length, SIZE), dtype=np.float32) for length in lengths]


def test_that_gradients_are_the_slopes_of_the_output() -> None:
    own, texts = learner(), states(3, LENGTHS)
    rng = np.random.default_rng(4)
    own.flat += rng.normal(0, 0.1, len(own.flat)).astype(np.float32)
    towards = rng.standard_normal((len(texts), SIZE), dtype=np.float32)
    own.forward(texts)[1](towards)

    def output() -> float:
        return float((own.forward(texts)[0].astype(np.float64) * towards).sum())

    for place in rng.choice(len(own.flat), 60, replace=False):
        kept, step = own.flat[place], np.float32(1e-2)
        own.flat[place] = kept + step
        above = output()
        own.flat[place] = kept - step
        below = output()
        own.flat[place] = kept
        assert (above - below) / (2 * step) == pytest.approx(own.gradient[place], abs=0.03, rel=0.05)


def test_that_a_text_has_the_same_vector_in_any_company() -> None:
    own, texts = learner(), states(5, LENGTHS)
    together = own.forward(texts)[0]
    for text, vector in zip(texts, together, strict=True):
        assert np.allclose(own.forward([text])[0][0], vector, atol=1e-5)


def test_that_tokens_of_equal_length_texts_stand_together() -> None:
    groups = {length: (rows.tolist(), texts) for rows, texts, length in length_groups([2, 3, 2])}
    assert groups == {2: ([0, 1, 5, 6], 2), 3: ([2, 3, 4], 1)}


def test_that_gelu_has_its_known_values() -> None:
    values, back = bend(np.array([-1.0, 0.0, 1.0, 3.0], dtype=np.float32))
    assert np.allclose(values, [-0.158655, 0.0, 0.841345, 2.99595], atol=1e-5)
    assert np.allclose(back(np.ones(4, dtype=np.float32)), [-0.083315, 0.5, 1.083315, 1.011946], atol=1e-5)


def test_that_labels_of_another_set_take_no_part() -> None:
    cosines = np.array([[0.9, 0.1, 0.99]], dtype=np.float32)
    sets = np.array([0, 0, 1])
    loss, slope = softmax_loss(cosines, np.array([0]), sets, scale=10.0, smoothing=0.0)
    assert loss == pytest.approx(np.log1p(np.exp(-8.0)), rel=1e-2)
    assert slope[0, 2] == 0
    assert slope[0, 0] == pytest.approx(-slope[0, 1], rel=1e-3)


def test_that_what_is_dropped_has_no_gradient() -> None:
    kept, back = dropping(0.5, np.random.default_rng(0))(np.ones((40, 40), dtype=np.float32))
    assert set(np.unique(kept).tolist()) == {0.0, 2.0}
    assert (back(np.ones_like(kept)) == kept).all()


def _course(seed: int) -> tuple[Learner, list[float], Rows]:
    """Three labels, told apart by one token in the midst of others."""
    rng = np.random.default_rng(9)
    marks = rng.standard_normal((3, SIZE), dtype=np.float32) * 2
    labels = np.arange(60) % 3
    texts = [
        np.concatenate([each[:1], marks[label][None], each[1:]]) for each, label in zip(states(8, [3] * 60), labels, strict=True)
    ]
    rows = Rows(texts, labels, np.zeros(3, dtype=np.int64))
    plan = Plan(first=0, rank=2, epochs=6, batch=12, rate=1e-2, seed=seed, forget=0.0)
    own_rng = np.random.default_rng(seed)
    own = learner(seed)
    return own, list(Course(own, rows, plan, own_rng).run()), rows


def test_that_a_course_brings_texts_of_one_label_together() -> None:
    own, losses, rows = _course(0)
    assert losses[-1] < 0.7 * losses[0]
    vectors = own.vectors(rows.states)
    same = rows.labels[:, None] == rows.labels[None]
    likeness = vectors @ vectors.T
    before = learner(0).vectors(rows.states)
    was = before @ before.T
    assert likeness[same].mean() - likeness[~same].mean() > was[same].mean() - was[~same].mean() + 0.1


def test_that_one_seed_gives_one_result_and_another_seed_another() -> None:
    once, again, other = (_course(seed)[0].flat.tobytes() for seed in (0, 0, 1))
    assert once == again != other
