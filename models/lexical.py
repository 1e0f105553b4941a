"""The encoder's twin: vectors from hashed words and character n-grams. Instant, deterministic, the same on every machine.

Texts that share wording come out near each other, in any script; it knows nothing of meaning. Model-free mode runs on it.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from models.parsers.text import LETTER, fold
from models.phonetic import skeleton
from models.port import EMBED_SECONDS, ModelIdentity, Vectors

DIMENSIONS = 384
GRAMS = (3, 4)
MAX_CHARS = 2000
WORD_WEIGHT = 2.0
SOUND_WEIGHT = 2.0
PAIR_WEIGHT = 1.0
_WORD = re.compile(rf"[{LETTER}\d]+")
#: Belongs to the key of whatever is cached from these vectors: change it when the vectors change.
IDENTITY = ModelIdentity("lexical-twin", "lexical-2")


def features(text: str) -> Iterator[tuple[str, float]]:
    """Words, their consonants, pairs of neighbours, and n-grams of characters within words, each with its weight."""
    before = ""
    for word in _WORD.findall(fold(text)[:MAX_CHARS]):
        yield f"w:{word}", WORD_WEIGHT
        sound = skeleton(word)
        yield f"s:{sound}", SOUND_WEIGHT
        yield f"{before}_{sound}", PAIR_WEIGHT
        before = sound
        marked = f"<{word}>"
        for size in GRAMS:
            for start in range(len(marked) - size + 1):
                yield marked[start : start + size], 1.0
    if not before:
        yield "(nothing)", 1.0


class LexicalEncoder:
    """An Encoder without a model."""

    async def embed(self, texts: Sequence[str], *, deadline_s: float = EMBED_SECONDS) -> Vectors:
        """See Encoder; it never fails and needs no time worth a budget."""
        return np.stack([_vector(text) for text in texts]) if texts else np.empty((0, DIMENSIONS), dtype=np.float32)

    async def encoder_identity(self) -> ModelIdentity:
        return IDENTITY


def _vector(text: str) -> Vectors:
    counts: Counter[str] = Counter()
    for feature, weight in features(text):
        counts[feature] += weight  # type: ignore[assignment]
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    for feature, weight in counts.items():
        digest = zlib.crc32(feature.encode("utf-8", "replace"))
        # One bit of the hash is a sign, so that features that fall together cancel out on average.
        vector[digest % DIMENSIONS] += (1.0 if digest >> 31 else -1.0) * np.sqrt(weight)
    norm = float(np.linalg.norm(vector))
    return vector / np.float32(norm) if norm else np.eye(1, DIMENSIONS, dtype=np.float32)[0]
