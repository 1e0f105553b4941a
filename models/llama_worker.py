"""The process in which the chat model runs. A crash in native code ends this process and nothing else; the server starts it anew.

Frames in: {op: complete, id, prompt, grammar, max_tokens, deadline_s} · {op: cancel, id}
Frames out: {event: ready, model, sha256, load_s} · {event: failed, code} · {id, event: text|done|error}
"""

from __future__ import annotations

import os
from time import perf_counter
from typing import Any

from domain.errors import TellergateError
from models.chat_format import render
from models.config import ModelConfig
from models.framing import Frame, FrameSocket
from models.llama_calls import Event, Failed, Finished, Piece
from models.llama_engine import LlamaEngine, requantise
from models.llama_schedule import WARM_SEQUENCES, Schedule
from models.port import ModelIdentity, Prompt, Shot
from models.threads import thread_counts
from models.weights import Weights, checked, listed, llama_weights
from models.worker_process import adopt, refuse, silence_native_stderr


def prepare_weights(config: ModelConfig, threads: int) -> Weights:
    """The checked file to load; makes the requantised copy of the packaged weights where it is wanted and missing."""
    weights = llama_weights(config)
    entry = listed()["llama"]
    if config.llama_path is not None or not config.requantise or weights.path.name != entry["file"]:
        return weights
    target = config.weights_dir / entry["requantised"]["file"]
    partial, refused = target.with_suffix(".part"), target.with_suffix(".refused")
    if refused.exists():
        return weights
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not requantise(weights.path, partial, threads):
            return weights
        made = checked(partial, entry["requantised"]["sha256"])
        os.replace(partial, target)
    except TellergateError:
        refused.touch()  # this CPU rounds otherwise, and will next time
        return weights
    except OSError:
        return weights  # no space: the packaged file does the same work, slower
    finally:
        partial.unlink(missing_ok=True)
    return Weights(target, ModelIdentity(target.stem, made.identity.sha256))


class LlamaWorker:
    """Passes frames to the schedule and its events back, until the server hangs up."""

    def __init__(self, line: FrameSocket, config: ModelConfig) -> None:
        """Loads the model. Raises Unavailable `weights_missing`, `weights_not_listed`, `weights_unreadable`."""
        began = perf_counter()
        single, several = thread_counts(config.threads, config.threads_batch, len(os.sched_getaffinity(0)))
        weights = prepare_weights(config, several)
        self._line, self._config = line, config
        self._engine = LlamaEngine(
            weights.path,
            chat_format=config.chat_format,
            context_tokens=config.context_tokens,
            sequences=config.sequences + WARM_SEQUENCES,
            threads=single,
            threads_batch=several,
        )
        self._schedule = Schedule(
            self._engine, perf_counter, sequences=config.sequences, queue=config.queue, max_prompt_tokens=config.max_prompt_tokens
        )
        self._streaming: set[int] = set()
        load_s = round(perf_counter() - began, 3)
        line.send({"event": "ready", "model": weights.identity.name, "sha256": weights.identity.sha256, "load_s": load_s})

    def run(self) -> None:
        while not self._line.closed:
            for frame in self._line.receive(None if self._schedule.idle else 0):
                self._take(frame)
            if not self._schedule.idle:
                for event in self._schedule.step():
                    self._tell(event)

    def _take(self, frame: Frame) -> None:
        if frame["op"] == "cancel":
            self._streaming.discard(frame["id"])
            self._schedule.cancel(frame["id"])
            return
        try:
            self._submit(frame)
        except TellergateError as error:
            self._line.send({"id": frame["id"], "event": "error", "code": error.code, "detail": error.detail})

    def _submit(self, frame: Frame) -> None:
        text = frame["prompt"]
        rendered = render(
            Prompt(text["system"], text["user"], tuple(Shot(*shot) for shot in text["shots"])), self._config.chat_format
        )
        self._schedule.submit(
            frame["id"],
            self._engine.tokens_of(rendered.prefix),
            self._engine.tokens_of(rendered.rest),
            max_tokens=min(frame["max_tokens"], self._config.max_new_tokens),
            deadline=perf_counter() + frame["deadline_s"],
            grammar=frame["grammar"],
        )
        if frame.get("stream"):
            self._streaming.add(frame["id"])

    def _tell(self, event: Event) -> None:
        if isinstance(event, Piece):
            if event.id in self._streaming:
                self._line.send({"id": event.id, "event": "text", "text": event.text})
            return
        self._streaming.discard(event.id)
        if isinstance(event, Failed):
            self._line.send({"id": event.id, "event": "error", "code": event.code})
        else:
            self._line.send({"id": event.id, "event": "done", **finished_fields(event)})


def finished_fields(event: Finished) -> dict[str, Any]:
    timings = event.timings
    return {
        "text": event.text,
        "tokens": event.tokens,
        "finish": event.finish,
        "timings": {name: getattr(timings, name) for name in type(timings).__slots__},
    }


def main(descriptor: int, config_json: str) -> None:
    line, config = adopt(descriptor, config_json)
    silence_native_stderr()
    try:
        worker = LlamaWorker(line, config)
    except TellergateError as error:
        refuse(line, error)
    else:
        worker.run()
