"""The process in which texts become vectors. It loads no torch and reaches no network: tokenizers, safetensors and numpy on local files.

Frames in: {op: embed, id, texts, deadline_s} · {op: cancel, id}
Frames out: {event: ready, model, sha256, load_s} · {event: failed, code} · {id, event: done, vectors} · {id, event: error, code}
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from domain.errors import TellergateError
from models.blas import openblas_threads
from models.config import ModelConfig
from models.framing import Frame, FrameSocket, pack_vectors
from models.launch import MOST_ENCODER_THREADS
from models.port import Vectors
from models.text_encoder import BATCH_TOKENS, TextEncoder
from models.threads import ThreadChoice
from models.worker_process import adopt, refuse

#: Calls with at most this many texts go before bulk ones.
FEW = 4


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
        self._encoder = TextEncoder(config)
        self._line = line
        self._set_threads = openblas_threads() if config.encoder_threads is None else None
        self._threads = ThreadChoice(1, min(MOST_ENCODER_THREADS, len(os.sched_getaffinity(0))))
        self._few: list[Job] = []
        self._bulk: list[Job] = []
        identity, load_s = self._encoder.identity, round(perf_counter() - began, 3)
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
        job = Job(frame["id"], self._encoder.tokens(frame["texts"]), perf_counter() + frame["deadline_s"])
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
            return self._encoder.embed(texts)
        threads = self._threads.choose(tokens)
        self._set_threads(threads)
        began = perf_counter()
        vectors = self._encoder.embed(texts)
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
