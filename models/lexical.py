"""The encoder's twin: vectors from hashed words and character n-grams. Instant, deterministic, the same on every machine.

Texts that share wording come out near each other, in any script; it knows nothing of meaning. Model-free mode runs on it.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from models.port import EMBED_SECONDS, ModelIdentity, Vectors

DIMENSIONS = 384
GRAMS = (3, 4)
MAX_CHARS = 2000
WORD_WEIGHT = 2.0
#: Belongs to the key of whatever is cached from these vectors: change it when the vectors change.
IDENTITY = ModelIdentity("lexical-twin", "lexical-1")


def normalised(text: str) -> str:
    """Lower case, compatible forms folded, spaces single; marks stay, since Devanagari vowels are marks."""
    return " ".join(unicodedata.normalize("NFKC", text[:MAX_CHARS]).casefold().split())


def features(text: str) -> Iterator[tuple[str, float]]:
    """Words, and n-grams of characters within word boundaries, with their weights."""
    for word in normalised(text).split(" "):
        yield f"w:{word}", WORD_WEIGHT
        marked = f"<{word}>"
        for size in GRAMS:
            for start in range(len(marked) - size + 1):
                yield marked[start : start + size], 1.0


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
    if norm == 0.0:
        vector[0] = norm = 1.0
    return vector / np.float32(norm)
