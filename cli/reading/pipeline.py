"""The product's own classifier, fitted on texts and labels that are not ours: the one place where the benches touch it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.errors import Unavailable
from models.intents import IntentClassifier, fit_classifier
from models.lexical import IDENTITY
from models.port import EMBED_SECONDS, Encoder, ModelIdentity, Vectors


@dataclass(frozen=True, slots=True)
class Reading:
    """One text, read.

    Attributes:
        label: what the product takes it for; the out-of-scope label for what is like nothing known.
        best: the likeliest label besides the out-of-scope one.
        confidence: calibrated chance that `label` is right.
        in_scope: 0 to 1, the higher the more it is a text of the known labels.
    """

    label: str
    best: str
    confidence: float
    in_scope: float


class Fitted(Protocol):
    """A classifier fitted on somebody's labels."""

    async def predict(self, texts: Sequence[str]) -> list[Reading]:
        """Read many at once."""
        ...

    async def classify(self, text: str) -> bool:
        """Read one message, as a turn does: this is what is timed. False when it was read without the encoder."""
        ...


class TwoWays:
    """An Encoder that takes many texts here, where nobody waits, and a single one the way a turn's message goes."""

    def __init__(self, many: Encoder, single: Encoder) -> None:
        self._many, self._single = many, single

    async def embed(self, texts: Sequence[str], *, deadline_s: float = EMBED_SECONDS) -> Vectors:
        """See Encoder."""
        return await (self._single if len(texts) == 1 else self._many).embed(texts, deadline_s=deadline_s)

    async def encoder_identity(self) -> ModelIdentity:
        return await self._many.encoder_identity()


class _Pipeline:
    def __init__(self, classifier: IntentClassifier) -> None:
        self._classifier = classifier

    async def predict(self, texts: Sequence[str]) -> list[Reading]:
        found = await self._classifier.predict(texts)
        columns = (found.labels, found.best, found.confidence.tolist(), found.in_scope.tolist())
        return [Reading(*row) for row in zip(*columns, strict=True)]

    async def classify(self, text: str) -> bool:
        return not (await self._classifier.classify(text)).degraded


async def fit(texts: Sequence[str], labels: Sequence[str], encoder: Encoder, out_of_scope: str) -> Fitted:
    """Fit on texts and labels; `out_of_scope` is the label, if there is one, of texts that belong to none of the others.

    Raises Unavailable `model_unavailable` when the encoder could not be used: figures without it would pass for figures with it.
    """
    pipeline = _Pipeline(await fit_classifier(texts, labels, encoder, out_of_scope=out_of_scope))
    if not await pipeline.classify(texts[0]) and await encoder.encoder_identity() != IDENTITY:
        raise Unavailable("model_unavailable", "the encoder did not embed the training texts")
    return pipeline
