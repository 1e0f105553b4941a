"""Material in, adapter out: the lower layers are computed once, the upper ones learn, and what they learned becomes corrections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from safetensors import safe_open

from models.adapter import Corrections
from models.bert import BertEncoder, Matrix
from models.text_encoder import BATCH_TOKENS, TextEncoder
from models.training.course import Course, Plan, Rows
from models.training.layer import LearningLayer
from models.training.learner import Learner
from models.training.material import Material

#: Tokens of one text that are learned from; a longer message says the rest again.
MOST_TOKENS = 64

Say = Callable[[str], None]


def states_of(encoder: TextEncoder, texts: Sequence[str], first: int) -> list[Matrix]:
    """What the layers below `first` make of each text, shape (tokens, size)."""
    tokens = [ids if len(ids) <= MOST_TOKENS else [*ids[: MOST_TOKENS - 1], ids[-1]] for ids in encoder.tokens(texts)]
    states: list[Matrix] = []
    at = 0
    while at < len(tokens):
        end, room = at + 1, BATCH_TOKENS - len(tokens[at])
        while end < len(tokens) and len(tokens[end]) <= room:
            room -= len(tokens[end])
            end += 1
        x, spans = encoder.model.below(tokens[at:end], first)
        states += [np.ascontiguousarray(x[0, span]) for span in spans]
        at = end
    return states


def learner_of(weights: Path, model: BertEncoder, plan: Plan, rng: np.random.Generator) -> Learner:
    """The upper layers of the published weights, ready to learn."""
    layers = []
    with safe_open(weights, framework="numpy") as file:
        for number in range(plan.first, model.depth):
            prefix = f"encoder.layer.{number}."
            fixed = {
                name.removeprefix(prefix): np.asarray(file.get_tensor(name), dtype=np.float32)
                for name in file.keys()  # noqa: SIM118 (not a dict)
                if name.startswith(prefix)
            }
            layers.append(LearningLayer(fixed, model.heads, model.epsilon))
    return Learner(layers, plan.rank, rng)


def train(encoder: TextEncoder, material: Material, states: Sequence[Matrix], plan: Plan, say: Say) -> tuple[Corrections, ...]:
    """One course on material whose `states_of` are given; the corrections of each layer from `plan.first` up."""
    rng = np.random.default_rng(plan.seed)
    learner = learner_of(encoder.path, encoder.model, plan, rng)
    course = Course(learner, Rows(states, material.labels, material.sets), plan, rng)
    for epoch, loss in enumerate(course.run(), start=1):
        say(f"epoch {epoch} of {plan.epochs}: loss {loss:.3f}")
    return tuple({name: values.copy() for name, values in layer.items()} for layer in learner.learned)
