"""One layer of a BERT that learns: forward with what the way back needs, and the gradients of its low-rank corrections.

Each weight matrix is W + A·B with W fixed and A, B small (LoRA, Hu et al. 2021, arXiv 2106.09685); norms and biases learn whole. Texts lie
end to end, as in `models.bert`; those of one length attend together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.bert import Matrix

Parameters = dict[str, Matrix]
Groups = list[tuple[NDArray[np.int64], int, int]]
Back = Callable[[Matrix], Matrix]
#: Multiplies by a mask that drops some values; the identity where nothing is dropped.
Drop = Callable[[Matrix], tuple[Matrix, Callable[[Matrix], Matrix]]]
_ROOT_HALF = np.float32(0.7071067811865476)
_DENSITY = np.float32(0.3989422804014327)


def length_groups(lengths: list[int]) -> Groups:
    """For each length: the rows of its texts' tokens, how many texts, and the length."""
    starts = np.cumsum([0, *lengths[:-1]])
    by_length: dict[int, list[int]] = {}
    for start, length in zip(starts.tolist(), lengths, strict=True):
        by_length.setdefault(length, []).append(start)
    return [
        ((np.array(begins)[:, None] + np.arange(length)).reshape(-1), len(begins), length) for length, begins in by_length.items()
    ]


@dataclass(frozen=True, slots=True)
class LearningLayer:
    """A layer's fixed weights (by published name, within the layer); the learning ones come with each call."""

    fixed: Mapping[str, Matrix]
    heads: int
    epsilon: float

    def forward(self, x: Matrix, learned: Parameters, groups: Groups, drop: Drop, gradients: Parameters) -> tuple[Matrix, Back]:
        """The layer's output, and the way back: it takes the output's gradient, adds to `gradients`, and gives the input's."""
        query, query_back = self._dense("attention.self.query", x, learned, gradients)
        key, key_back = self._dense("attention.self.key", x, learned, gradients)
        value, value_back = self._dense("attention.self.value", x, learned, gradients)
        mixed, mixed_back = attend(query, key, value, self.heads, groups)
        out, out_back = self._dense("attention.output.dense", mixed, learned, gradients)
        dropped, drop_back = drop(out)
        middle, middle_back = self._norm("attention.output.LayerNorm", x + dropped, learned, gradients)
        wide, wide_back = self._dense("intermediate.dense", middle, learned, gradients)
        bent, bend_back = bend(wide)
        narrow, narrow_back = self._dense("output.dense", bent, learned, gradients)
        dropped, last_drop_back = drop(narrow)
        result, result_back = self._norm("output.LayerNorm", middle + dropped, learned, gradients)

        def back(gradient: Matrix) -> Matrix:
            gradient = result_back(gradient)
            gradient = gradient + wide_back(bend_back(narrow_back(last_drop_back(gradient))))
            gradient = middle_back(gradient)
            d_query, d_key, d_value = mixed_back(out_back(drop_back(gradient)))
            return gradient + query_back(d_query) + key_back(d_key) + value_back(d_value)

        return result, back

    def _dense(self, name: str, x: Matrix, learned: Parameters, gradients: Parameters) -> tuple[Matrix, Back]:
        down, up = learned[f"{name}.down"], learned[f"{name}.up"]
        weight = self.fixed[f"{name}.weight"] + up @ down
        out = x @ weight.T
        out += learned[f"{name}.bias"]

        def back(gradient: Matrix) -> Matrix:
            gradients[f"{name}.up"] += gradient.T @ (x @ down.T)
            gradients[f"{name}.down"] += (gradient @ up).T @ x
            gradients[f"{name}.bias"] += gradient.sum(0)
            before: Matrix = gradient @ weight
            return before

        return out, back

    def _norm(self, name: str, x: Matrix, learned: Parameters, gradients: Parameters) -> tuple[Matrix, Back]:
        centred = x - x.mean(-1, keepdims=True)
        scale = 1 / np.sqrt(np.mean(centred * centred, axis=-1, keepdims=True) + np.float32(self.epsilon))
        unit = centred * scale
        weight = learned[f"{name}.weight"]

        def back(gradient: Matrix) -> Matrix:
            gradients[f"{name}.weight"] += (gradient * unit).sum(0)
            gradients[f"{name}.bias"] += gradient.sum(0)
            inner = gradient * weight
            before: Matrix = scale * (inner - inner.mean(-1, keepdims=True) - unit * (inner * unit).mean(-1, keepdims=True))
            return before

        return unit * weight + learned[f"{name}.bias"], back


def attend(
    query: Matrix, key: Matrix, value: Matrix, heads: int, groups: Groups
) -> tuple[Matrix, Callable[[Matrix], tuple[Matrix, Matrix, Matrix]]]:
    """Each text attends to itself; see `length_groups`."""
    rows, columns = query.shape
    width = columns // heads
    scale = np.float32(1.0 / np.sqrt(width))
    out = np.empty_like(query)
    kept = []

    def apart(x: Matrix, places: NDArray[np.int64], texts: int, length: int) -> Matrix:
        return x[places].reshape(texts, length, heads, width).transpose(0, 2, 1, 3)

    def together(x: Matrix) -> Matrix:
        return x.transpose(0, 2, 1, 3).reshape(-1, columns)

    for places, texts, length in groups:
        q, k, v = (apart(x, places, texts, length) for x in (query, key, value))
        scores = q @ k.transpose(0, 1, 3, 2) * scale
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        out[places] = together(scores @ v)
        kept.append((q, k, v, scores))

    def back(gradient: Matrix) -> tuple[Matrix, Matrix, Matrix]:
        d_query, d_key, d_value = (np.empty((rows, columns), dtype=np.float32) for _ in range(3))
        for (places, texts, length), (q, k, v, weights) in zip(groups, kept, strict=True):
            coming = apart(gradient, places, texts, length)
            d_value[places] = together(weights.transpose(0, 1, 3, 2) @ coming)
            d_weights = coming @ v.transpose(0, 1, 3, 2)
            d_scores = weights * (d_weights - (d_weights * weights).sum(-1, keepdims=True)) * scale
            d_query[places] = together(d_scores @ k)
            d_key[places] = together(d_scores.transpose(0, 1, 3, 2) @ q)
        return d_query, d_key, d_value

    return out, back


def bend(x: Matrix) -> tuple[Matrix, Back]:
    """Gelu: x·Φ(x), Φ from Abramowitz and Stegun 7.1.26; the exponential that Φ needs is the one of its slope."""
    size = np.abs(x)
    size *= _ROOT_HALF
    bell = np.exp(-(size * size))
    t = np.float32(1.0) / (np.float32(1.0) + np.float32(0.3275911) * size)
    half = t * np.float32(1.061405429)
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        half += np.float32(coefficient)
        half *= t
    half *= bell
    half *= np.float32(0.5)
    below = np.where(x < 0, half, np.float32(1.0) - half)

    def back(gradient: Matrix) -> Matrix:
        slope = below + x * bell * _DENSITY
        slope *= gradient
        bent: Matrix = slope
        return bent

    out: Matrix = x * below
    return out, back
