"""The upper layers of an encoder as one learner: hidden states of the layer below in, unit vectors out, and gradients back.

All learning numbers lie in one flat array, so that an optimiser step is a handful of operations on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from models.adapter import MATRICES, NORMS
from models.bert import Matrix
from models.training.layer import Drop, LearningLayer, Parameters, length_groups


def undropped(x: Matrix) -> tuple[Matrix, Callable[[Matrix], Matrix]]:
    """Drops nothing."""
    return x, lambda gradient: gradient


def dropping(share: float, rng: np.random.Generator) -> Drop:
    """Dropout: of the values, `share` become zero and the others grow by as much as that takes away."""

    def drop(x: Matrix) -> tuple[Matrix, Callable[[Matrix], Matrix]]:
        mask = (rng.random(x.shape, dtype=np.float32) >= np.float32(share)) * np.float32(1 / (1 - share))
        return x * mask, lambda gradient: gradient * mask

    return drop


class Learner:
    """Layers `first` and above, with the numbers that they learn."""

    def __init__(self, layers: Sequence[LearningLayer], rank: int, rng: np.random.Generator) -> None:
        self._layers = layers
        self._shapes = [_shapes(layer, rank) for layer in layers]
        size = sum(int(np.prod(shape)) for shapes in self._shapes for shape in shapes.values())
        self.flat: Matrix = np.zeros(size, dtype=np.float32)
        self.gradient: Matrix = np.zeros(size, dtype=np.float32)
        self.learned, self._gradients = self.views(self.flat), self.views(self.gradient)
        for layer, parameters in zip(layers, self.learned, strict=True):
            for name, values in parameters.items():
                if name.endswith(".down"):
                    values[:] = rng.standard_normal(values.shape, dtype=np.float32) / np.float32(np.sqrt(values.shape[1]))
                elif not name.endswith(".up"):
                    values[:] = layer.fixed[name]

    def views(self, flat: Matrix) -> list[Parameters]:
        """A flat array by layer and name."""
        out, start = [], 0
        for shapes in self._shapes:
            parameters = {}
            for name, shape in shapes.items():
                end = start + int(np.prod(shape))
                parameters[name], start = flat[start:end].reshape(shape), end
            out.append(parameters)
        return out

    def forward(self, states: Sequence[Matrix], drop: Drop = undropped) -> tuple[Matrix, Callable[[Matrix], None]]:
        """Unit vectors of texts given as the states below, and the way back, which adds to `gradient`."""
        lengths = [len(each) for each in states]
        groups = length_groups(lengths)
        x, backs = np.concatenate(states), []
        for layer, learned, gradients in zip(self._layers, self.learned, self._gradients, strict=True):
            x, back = layer.forward(x, learned, groups, drop, gradients)
            backs.append(back)
        starts = np.cumsum([0, *lengths[:-1]])
        counts = np.array(lengths, dtype=np.float32)[:, None]
        means = np.add.reduceat(x, starts, axis=0) / counts
        norms = np.linalg.norm(means, axis=1, keepdims=True)
        unit = means / norms

        def way_back(gradient: Matrix) -> None:
            gradient = (gradient - unit * (gradient * unit).sum(1, keepdims=True)) / norms / counts
            gradient = np.repeat(gradient, lengths, axis=0)
            for back in reversed(backs):
                gradient = back(gradient)

        return unit, way_back

    def vectors(self, states: Sequence[Matrix], at_once: int = 64) -> Matrix:
        """Unit vectors of many texts, nothing dropped."""
        order = sorted(range(len(states)), key=lambda place: len(states[place]))
        out = np.empty((len(states), states[0].shape[1]), dtype=np.float32)
        for start in range(0, len(order), at_once):
            places = order[start : start + at_once]
            out[places] = self.forward([states[place] for place in places])[0]
        return out


def _shapes(layer: LearningLayer, rank: int) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for name in MATRICES:
        wide, narrow = layer.fixed[f"{name}.weight"].shape
        shapes |= {f"{name}.down": (rank, narrow), f"{name}.up": (wide, rank), f"{name}.bias": (wide,)}
    for name in NORMS:
        shapes |= {f"{name}.weight": layer.fixed[f"{name}.weight"].shape, f"{name}.bias": layer.fixed[f"{name}.bias"].shape}
    return shapes
