"""Texts to vectors in this process: tokenizer and encoder of one folder, checked against the list of digests before they are read."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from tokenizers import Tokenizer

from domain.errors import Unavailable
from models.adapter import read_adapter
from models.bert import BertEncoder
from models.blas import openblas_threads
from models.config import ModelConfig
from models.port import EMBED_SECONDS, ModelIdentity, Vectors
from models.weights import adapted, adapter_weights, encoder_folder

#: Tokens in one forward pass: some 40 ms, so a single message never waits longer behind a bulk of texts.
BATCH_TOKENS = 256
#: What is read of one text; the window is far shorter.
MAX_CHARS = 8000


class TextEncoder:
    """The configured encoder with its tokenizer."""

    def __init__(self, config: ModelConfig) -> None:
        """Raises Unavailable `weights_missing`, `weights_not_listed`, `weights_unreadable`."""
        weights, adapter = encoder_folder(config), adapter_weights(config)
        self.identity: ModelIdentity = adapted(weights.identity, adapter)
        self.path = weights.path
        try:
            self.model = BertEncoder(weights.path, None if adapter is None else read_adapter(adapter.path))
            self._tokenizer = Tokenizer.from_file(str(weights.path.with_name("tokenizer.json")))
            limits = weights.path.with_name("sentence_bert_config.json")
            window = json.loads(limits.read_text(encoding="utf-8"))["max_seq_length"] if limits.exists() else self.model.window
        except Exception as error:  # the tokenizer raises bare Exception
            raise Unavailable("weights_unreadable", f"{weights.path.parent.name} is not an encoder that can be loaded") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(min(window, self.model.window))

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids with the model's own marks, cut at its window."""
        return [item.ids for item in self._tokenizer.encode_batch([text[:MAX_CHARS] for text in texts])]

    def embed(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """One forward pass over texts as token ids; see BertEncoder."""
        return self.model.embed(texts)


class LocalEncoder:
    """An Encoder without a server: for the command line and for training, where nobody else waits."""

    def __init__(self, config: ModelConfig) -> None:
        """Loads the weights; raises like TextEncoder. Uses `config.encoder_threads` threads, one where that is left open."""
        self._encoder = TextEncoder(config)
        if (set_threads := openblas_threads()) is not None:
            set_threads(config.encoder_threads or 1)

    async def embed(self, texts: Sequence[str], *, deadline_s: float = EMBED_SECONDS) -> Vectors:
        """See Encoder; it takes the time it needs. Texts of like length share a pass."""
        tokens = self._encoder.tokens(texts)
        if not tokens:
            return np.empty((0, 0), dtype=np.float32)
        if len(tokens) == 1:
            return self._encoder.embed(tokens)
        order = sorted(range(len(tokens)), key=lambda place: len(tokens[place]))
        vectors: list[Vectors] = [np.empty(0, dtype=np.float32)] * len(tokens)
        for places in _passes(order, tokens):
            for place, vector in zip(places, self._encoder.embed([tokens[place] for place in places]), strict=True):
                vectors[place] = vector
        return np.stack(vectors)

    async def encoder_identity(self) -> ModelIdentity:
        return self._encoder.identity


def _passes(order: list[int], tokens: list[list[int]]) -> list[list[int]]:
    """The texts in groups of at most BATCH_TOKENS tokens."""
    groups: list[list[int]] = []
    room = 0
    for place in order:
        if len(tokens[place]) > room or not groups:
            groups.append([])
            room = BATCH_TOKENS
        groups[-1].append(place)
        room -= len(tokens[place])
    return groups
