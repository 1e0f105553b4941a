"""The process in which texts become vectors. It loads no torch and reaches no network: tokenizers, safetensors and numpy on local files.

Frames in: {op: embed, id, texts, deadline_s} · {op: cancel, id}
Frames out: {event: ready, model, sha256, load_s} · {event: failed, code} · {id, event: done, vectors} · {id, event: error, code}
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from tokenizers import Tokenizer

from domain.errors import TellergateError, Unavailable
from models.bert import BertEncoder
from models.blas import openblas_threads
from models.config import ModelConfig
from models.framing import Frame, FrameSocket, pack_vectors
from models.launch import MOST_ENCODER_THREADS
from models.port import Vectors
from models.threads import ThreadChoice
from models.weights import encoder_folder
from models.worker_process import adopt, refuse

#: Tokens in one forward pass: some 40 ms, so a single message never waits longer behind a bulk of texts.
BATCH_TOKENS = 256
#: Calls with at most this many texts go before bulk ones.
FEW = 4
#: What is read of one text; the window is far shorter.
MAX_CHARS = 8000


@dataclass(slots=True)
class Job:
    """One call: its texts as token ids, and the vectors so far."""

    id: int
    ids: list[list[int]]
    deadline: float
    vectors: list[Vectors] = field(default_factory=list)


class EncoderWorker:
    """Takes what has come, computes a batch of it, looks again."""

    def __init__(self, line: FrameSocket, config: ModelConfig) -> None:
        """Loads the encoder. Raises Unavailable `weights_missing`, `weights_not_listed`, `weights_unreadable`."""
        began = perf_counter()
        weights = encoder_folder(config)
        try:
            self._model = BertEncoder(weights.path)
            self._tokenizer = Tokenizer.from_file(str(weights.path.with_name("tokenizer.json")))
            limits = weights.path.with_name("sentence_bert_config.json")
            window = json.loads(limits.read_text(encoding="utf-8"))["max_seq_length"] if limits.exists() else self._model.window
        except Exception as error:  # the tokenizer raises bare Exception
            raise Unavailable("weights_unreadable", f"{weights.path.parent.name} is not an encoder that can be loaded") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(min(window, self._model.window))
        self._line = line
        self._set_threads = openblas_threads() if config.encoder_threads is None else None
        self._threads = ThreadChoice(1, min(MOST_ENCODER_THREADS, len(os.sched_getaffinity(0))))
        self._few: list[Job] = []
        self._bulk: list[Job] = []
        identity, load_s = weights.identity, round(perf_counter() - began, 3)
        line.send({"event": "ready", "model": identity.name, "sha256": identity.sha256, "load_s": load_s})

    def run(self) -> None:
        while not self._line.closed:
            for frame in self._line.receive(None if not (self._few or self._bulk) else 0):
                self._take(frame)
            self._step()

    def _take(self, frame: Frame) -> None:
        if frame["op"] == "cancel":
            self._few = [job for job in self._few if job.id != frame["id"]]
            self._bulk = [job for job in self._bulk if job.id != frame["id"]]
            return
        encoded = self._tokenizer.encode_batch([text[:MAX_CHARS] for text in frame["texts"]])
        job = Job(frame["id"], [item.ids for item in encoded], perf_counter() + frame["deadline_s"])
        (self._few if len(job.ids) <= FEW else self._bulk).append(job)

    def _step(self) -> None:
        """One forward pass over texts of as many calls as fit, those with few texts first."""
        now = perf_counter()
        for queue in (self._few, self._bulk):
            for job in [job for job in queue if job.deadline <= now]:
                queue.remove(job)
                self._line.send({"id": job.id, "event": "error", "code": "model_timeout"})
        chosen: list[tuple[Job, list[int]]] = []
        tokens = 0
        for job in self._few + self._bulk:
            for ids in job.ids[len(job.vectors) :]:
                if chosen and tokens + len(ids) > BATCH_TOKENS:
                    break
                chosen.append((job, ids))
                tokens += len(ids)
        if chosen:
            for (job, _), vector in zip(chosen, self._embed([ids for _, ids in chosen], tokens), strict=True):
                job.vectors.append(vector)
            self._answer()

    def _embed(self, texts: list[list[int]], tokens: int) -> Vectors:
        if self._set_threads is None:
            return self._model.embed(texts)
        threads = self._threads.choose(tokens)
        self._set_threads(threads)
        began = perf_counter()
        vectors = self._model.embed(texts)
        self._threads.measured(tokens, threads, perf_counter() - began)
        return vectors

    def _answer(self) -> None:
        for queue in (self._few, self._bulk):
            for job in [job for job in queue if len(job.vectors) == len(job.ids)]:
                queue.remove(job)
                self._line.send({"id": job.id, "event": "done", "vectors": pack_vectors(np.stack(job.vectors))})


def main(descriptor: int, config_json: str) -> None:
    line, config = adopt(descriptor, config_json)
    try:
        worker = EncoderWorker(line, config)
    except TellergateError as error:
        refuse(line, error)
    else:
        worker.run()
