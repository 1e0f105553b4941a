"""The fit for many rows: it reads by both, by wording alone where there is no vector, and knows when it may not measure itself."""

from __future__ import annotations

import numpy as np
import pytest

from models.blend import ADAPTED, Blend, blend
from models.port import Vectors
from models.softmax_fit import HashedWording, chances_of, class_means, softmax_regression

WORDS = {0: "where is my new card", 1: "my top up failed today", 2: "change the pin of my account"}
SEEN, UNSEEN = np.ones(120, dtype=bool), np.zeros(120, dtype=bool)


def _rows() -> tuple[list[str], np.ndarray, Vectors]:
    """Forty texts a label, and vectors that tell labels apart in their second half only."""
    rng = np.random.default_rng(0)
    labels = np.arange(120) % 3
    texts = [f"{WORDS[label]} number {row}" for row, label in enumerate(labels.tolist())]
    general = rng.standard_normal((120, 8))
    adapted = np.eye(8)[labels] + rng.normal(0, 0.2, (120, 8))
    halves = [half / np.linalg.norm(half, axis=1, keepdims=True) for half in (general, adapted)]
    return texts, labels, (np.hstack(halves) / np.sqrt(2)).astype(np.float32)


@pytest.fixture(scope="module")
def fitted() -> Blend:
    texts, labels, vectors = _rows()
    return blend(texts, labels, 3, vectors, UNSEEN)


def test_that_it_reads_by_vector_and_wording(fitted: Blend) -> None:
    texts, labels, vectors = _rows()
    for row in range(12):
        chances, likeness, nearest = fitted.read(texts[row], vectors[row])
        assert (int(chances.argmax()), nearest) == (labels[row], row)
        assert likeness == pytest.approx(1.0, abs=1e-5)
        assert chances.sum() == pytest.approx(1.0)


def test_that_without_a_vector_it_reads_by_wording(fitted: Blend) -> None:
    chances, likeness, nearest = fitted.read("is my card on its way, where is it", None)
    assert (int(chances.argmax()), likeness, nearest) == (0, 0.0, -1)


def test_that_rows_the_encoder_has_learned_bring_their_own_calibration() -> None:
    texts, labels, vectors = _rows()
    known, new = blend(texts, labels, 3, vectors, SEEN), blend(texts, labels, 3, vectors, UNSEEN)
    assert known.calibration == ADAPTED != new.calibration
    assert new.calibration.accuracy > 0.9
    chances, _, _ = known.read(texts[4], vectors[4])
    assert int(chances.argmax()) == labels[4]


def test_that_the_same_rows_give_the_same_weights() -> None:
    texts, labels, vectors = _rows()
    once, again = blend(texts, labels, 3, vectors, UNSEEN), blend(texts, labels, 3, vectors, UNSEEN)
    assert once.wording.tobytes() == again.wording.tobytes()
    assert once.dense is not None and again.dense is not None
    assert once.dense.tobytes() == again.dense.tobytes()


def test_that_it_works_by_wording_alone() -> None:
    texts, labels, _ = _rows()
    fit = blend(texts, labels, 3, None, UNSEEN)
    assert int(fit.read("top up failed", None)[0].argmax()) == 1
    assert fit.calibration.accuracy > 0.9


def test_that_hashed_wording_is_of_unit_length_and_alike_for_like_texts() -> None:
    features = HashedWording(list(WORDS.values()))
    near, like, far = features.vectors(["where is my card", "is my card here", "pin change"])
    assert np.linalg.norm(near) == pytest.approx(1.0, abs=1e-6)
    assert near @ like > near @ far + 0.2


def test_that_softmax_regression_finds_what_separates() -> None:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 3, 300)
    rows = (np.eye(3)[labels] + rng.normal(0, 0.3, (300, 3))).astype(np.float32)
    weights = softmax_regression(rows, labels, 3, scale=1.0, epochs=40, rate=0.1)
    assert (chances_of(rows @ weights).argmax(1) == labels).mean() > 0.9
    assert np.allclose(np.linalg.norm(class_means(rows, labels, 3), axis=1), 1.0)
