"""The intent classifier: how like the example utterances is a message, by meaning (encoder) and by wording (words, sounds, n-grams).

It answers without the encoder too, by wording alone and less surely. Confidence is calibrated on the utterances themselves; the
reader after this one is asked when it is below `sure`.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import structlog

from domain.errors import Unavailable
from models.adapter import mark
from models.blend import MANY, Blend, blend
from models.intent_fit import Calibration, Fit, fit, probabilities
from models.lexicon import Floats, Lexicon
from models.port import Encoder, ModelIdentity, Vectors
from models.utterances import Utterances, listed, load_utterances
from models.weights import learned_from

log = structlog.get_logger(__name__)

OUT_OF_SCOPE = "other"
#: How much of the similarity is meaning. The default encoder knows little Devanagari: there, wording counts.
MEANING, MEANING_DEVANAGARI = 0.5, 0.05
DEVANAGARI_SHARE = 1 / 3
RANKED = 3
CLASSIFY_SECONDS = 1.0
TRAIN_SECONDS = 60.0
CACHE_PREFIX = "utterances-"
#: Share of rows that the encoder was adapted on, from which a fit cannot measure itself on them.
MOSTLY = 0.1


@dataclass(frozen=True, slots=True)
class IntentReading:
    """What a message is about.

    Attributes:
        intent: the likeliest label; `other` for what is out of scope, and for what is like nothing known.
        confidence: calibrated chance that it is right, 0 to 1.
        sure: confident enough to act on without asking another reader.
        ranking: the likeliest labels with their chances, best first.
        similarity: to the nearest utterance, 0 to 1. nearest: that utterance.
        degraded: read without the encoder.
        in_scope_score: how surely it is one of ours at all, 0 to 1.
        best: the likeliest label that is not out of scope.
    """

    intent: str
    confidence: float
    sure: bool
    ranking: tuple[tuple[str, float], ...]
    similarity: float
    nearest: str
    degraded: bool = False
    in_scope_score: float = 1.0
    best: str = ""

    @property
    def in_scope(self) -> bool:
        return self.intent != OUT_OF_SCOPE


@dataclass(frozen=True, slots=True)
class Predictions:
    """What many texts are about, in their order: see IntentReading for the four."""

    labels: tuple[str, ...]
    best: tuple[str, ...]
    confidence: Floats
    in_scope: Floats


async def fit_classifier(
    texts: Sequence[str], labels: Sequence[str], encoder: Encoder, *, out_of_scope: str = OUT_OF_SCOPE
) -> IntentClassifier:
    """The service's classifier on any labelled texts; rows with the label `out_of_scope`, if there are any, are what is not ours.

    Raises BadInput `utterances_invalid` when there is no text, or not a label for each.
    """
    return await IntentClassifier.train(listed(texts, labels), encoder, out_of_scope=out_of_scope)


class IntentClassifier:
    """Nearest utterances, weighed. Make one with `train` or `load`; it keeps nothing of what it classifies."""

    def __init__(
        self,
        utterances: Utterances,
        encoder: Encoder,
        vectors: Vectors | None,
        *,
        out_of_scope: str = OUT_OF_SCOPE,
        learned: frozenset[int] = frozenset(),
    ) -> None:
        """`vectors` are the utterances' embeddings, None to work by wording alone; `learned`: see `models.weights.learned_from`."""
        self.intents = utterances.intents
        self._out_of_scope = out_of_scope
        self._texts = [item.text for item in utterances.items]
        self._encoder, self._vectors = encoder, vectors
        labels = np.array([self.intents.index(item.intent) for item in utterances.items], dtype=np.int64)
        seen = np.array([mark(text) in learned for text in self._texts])
        self._blend: Blend | None = None
        self._by_both: Fit | None = None
        if len(self._texts) >= MANY:
            self._blend = blend(self._texts, labels, len(self.intents), vectors, seen)
            return
        self._lexicon = Lexicon(self._texts)
        wording = self._lexicon.gram()
        self._by_wording = fit(wording, labels, len(self.intents))
        self._shares = np.array([meaning_share(text) for text in self._texts])
        # Left-out answers say nothing of rows that the encoder has learned from: there its general half alone is used.
        self._general = vectors is not None and bool(seen.mean() > MOSTLY)
        if vectors is not None:
            self._vectors = self._used(vectors)
            meaning = self._vectors @ self._vectors.T
            self._by_both = fit(_mixed(meaning, wording, self._shares[:, None], self._shares), labels, len(self.intents))

    @classmethod
    async def load(cls, folder: Path, encoder: Encoder, cache_dir: Path | None = None) -> IntentClassifier:
        """Train on the YAML files of a folder. Raises BadInput `utterances_invalid`."""
        return await cls.train(load_utterances(folder), encoder, cache_dir)

    @classmethod
    async def train(
        cls, utterances: Utterances, encoder: Encoder, cache_dir: Path | None = None, *, out_of_scope: str = OUT_OF_SCOPE
    ) -> IntentClassifier:
        """Train on utterances; their embeddings are kept in `cache_dir`. Without an encoder it works by wording alone."""
        try:
            vectors = await _embedded(utterances, encoder, cache_dir)
            learned = learned_from(await encoder.encoder_identity())
        except Unavailable as error:
            log.warning("intents_without_encoder", code=error.code)
            vectors, learned = None, frozenset()
        # Half a second of arithmetic: not on the event loop.
        return await asyncio.to_thread(cls, utterances, encoder, vectors, out_of_scope=out_of_scope, learned=learned)

    @property
    def calibration(self) -> Calibration:
        return (self._blend or self._by_both or self._by_wording).calibration

    async def classify(self, text: str, *, deadline_s: float = CLASSIFY_SECONDS) -> IntentReading:
        """Read a message. It never fails: without the encoder, or past `deadline_s`, it reads by wording alone."""
        vector: Vectors | None = None
        if self._vectors is not None:
            try:
                vector = (await self._encoder.embed([text], deadline_s=deadline_s))[0]
            except Unavailable as error:
                log.warning("intent_read_without_encoder", code=error.code)
        return self.read(text, vector)

    async def predict(self, texts: Sequence[str]) -> Predictions:
        """Read many messages. Raises Unavailable when the encoder fails half-way; by wording alone if it was trained so."""
        vectors: Sequence[Vectors | None] = [None] * len(texts)
        if self._vectors is not None and texts:
            vectors = list(await self._encoder.embed(texts, deadline_s=TRAIN_SECONDS))
        readings = [self.read(text, vector) for text, vector in zip(texts, vectors, strict=True)]
        return Predictions(
            labels=tuple(reading.intent for reading in readings),
            best=tuple(reading.best for reading in readings),
            confidence=np.array([reading.confidence for reading in readings]),
            in_scope=np.array([reading.in_scope_score for reading in readings]),
        )

    def read(self, text: str, vector: Vectors | None) -> IntentReading:
        """Read a message whose embedding is at hand (None: by wording alone)."""
        if self._blend is not None:
            chances, similarity, nearest = self._blend.read(text, vector)
            return self._reading(chances, similarity, nearest, self._blend.calibration, degraded=nearest < 0)
        similarities = self._lexicon.similarities(self._lexicon.vector(text))
        fitted, degraded = self._by_wording, True
        if vector is not None and self._by_both is not None and self._vectors is not None:
            similarities = _mixed(self._vectors @ self._used(vector), similarities, self._shares, meaning_share(text))
            fitted, degraded = self._by_both, False
        chances = probabilities(similarities @ fitted.weights, fitted.calibration.temperature)
        nearest = int(similarities.argmax())
        return self._reading(
            chances, float(np.clip(similarities[nearest], 0.0, 1.0)), nearest, fitted.calibration, degraded=degraded
        )

    def _used(self, vectors: Vectors) -> Vectors:
        """What is used of vectors: all, or the half that the encoder had before it was adapted."""
        if not self._general:
            return vectors
        half: Vectors = vectors[..., : vectors.shape[-1] // 2] * np.float32(np.sqrt(2))
        return half

    def _reading(
        self, chances: Floats, similarity: float, nearest: int, calibration: Calibration, *, degraded: bool
    ) -> IntentReading:
        order = np.argsort(-chances)
        ranking = tuple((self.intents[place], float(chances[place])) for place in order[:RANKED])
        intent, confidence = ranking[0]
        ours = confidence
        if self._out_of_scope in self.intents:
            ours = 1.0 - float(chances[self.intents.index(self._out_of_scope)])
        if nearest >= 0 and similarity < calibration.floor:
            intent, confidence = self._out_of_scope, 1.0 - confidence
        return IntentReading(
            intent=intent,
            confidence=confidence,
            sure=confidence >= calibration.sure_from,
            ranking=ranking,
            similarity=similarity,
            nearest=self._texts[nearest] if nearest >= 0 else "",
            degraded=degraded,
            in_scope_score=ours * similarity if nearest >= 0 else ours,
            best=next((name for place in order if (name := self.intents[place]) != self._out_of_scope), intent),
        )


def meaning_share(text: str) -> float:
    """How much of a text's similarity to others is left to the encoder."""
    letters = [char for char in text if char.isalpha()]
    devanagari = sum("\u0900" <= char <= "\u097f" for char in letters)
    return MEANING_DEVANAGARI if letters and devanagari > DEVANAGARI_SHARE * len(letters) else MEANING


def _mixed(meaning: Vectors, wording: Floats, left: Floats, right: Floats | float) -> Floats:
    """Both similarities as one: each text's vector is its two parts, scaled so that its length stays 1."""
    mixed: Floats = np.sqrt(left * right) * meaning + np.sqrt((1 - left) * (1 - right)) * wording
    return mixed


async def _embedded(utterances: Utterances, encoder: Encoder, cache_dir: Path | None) -> Vectors:
    """The utterances' embeddings, from the cache if it has them for this encoder and these files."""
    texts = [item.text for item in utterances.items]
    if cache_dir is None:
        return await encoder.embed(texts, deadline_s=TRAIN_SECONDS)
    path = _cache_path(cache_dir, await encoder.encoder_identity(), utterances)
    kept = _kept(path, len(texts))
    if kept is not None:
        return kept
    vectors = await encoder.embed(texts, deadline_s=TRAIN_SECONDS)
    _keep(path, vectors)
    return vectors


def _cache_path(cache_dir: Path, identity: ModelIdentity, utterances: Utterances) -> Path:
    key = hashlib.sha256(f"{identity.name}\0{identity.sha256}\0{utterances.digest}".encode()).hexdigest()
    return cache_dir / f"{CACHE_PREFIX}{key[:24]}.npy"


def _kept(path: Path, rows: int) -> Vectors | None:
    try:
        vectors: Vectors = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    right = vectors.ndim == 2 and len(vectors) == rows and vectors.dtype == np.float32 and bool(np.isfinite(vectors).all())
    return vectors if right else None


def _keep(path: Path, vectors: Vectors) -> None:
    """Write the cache whole or not at all, and drop those of other files; a full disk costs only time at the next start."""
    partial = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            np.save(file, vectors, allow_pickle=False)
        for old in path.parent.glob(f"{CACHE_PREFIX}*.npy"):
            old.unlink(missing_ok=True)
        partial.replace(path)
    except OSError as error:
        log.warning("utterances_not_cached", error=type(error).__name__)
