"""What clients and the model server say to each other, and the check of what a client sent before it reaches a worker.

{op: complete, id, prompt: {system, user, shots}, grammar, max_tokens, deadline_s, stream}
{op: embed, id, texts, deadline_s}      {op: ready, id, worker, deadline_s}      {op: health, id}      {op: cancel, id}
→ {id, event: text, text} …  then {id, event: done, …} or {id, event: error, code, detail}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.errors import BadInput
from models.framing import Frame
from models.port import Completion, ModelIdentity, Prompt, Timings

MAX_TEXTS = 64
MAX_PROMPT_CHARS = 64_000
MAX_GRAMMAR_CHARS = 16_000
MAX_DEADLINE_S = 300.0
WORKERS = ("llama", "encoder")


def complete_frame(
    prompt: Prompt, *, grammar: str | None, max_tokens: int, deadline_s: float, stream: bool, call_id: int = 0
) -> Frame:
    text = {"system": prompt.system, "user": prompt.user, "shots": [[shot.user, shot.assistant] for shot in prompt.shots]}
    return {
        "op": "complete",
        "id": call_id,
        "prompt": text,
        "grammar": grammar,
        "max_tokens": max_tokens,
        "deadline_s": deadline_s,
        "stream": stream,
    }


def completion_of(frame: Frame, model: ModelIdentity) -> Completion:
    """The completion in a `done` frame."""
    return Completion(frame["text"], frame["tokens"], frame["finish"], Timings(**frame["timings"]), model)


def checked_request(frame: Frame) -> Frame:
    """The request with known keys and sane values only. Raises BadInput `bad_request`, `prompt_too_long`."""
    op, call_id = frame.get("op"), frame.get("id")
    _require(type(call_id) is int, "id")
    if op in ("cancel", "health"):
        return {"op": op, "id": call_id}
    deadline = frame.get("deadline_s")
    _require(isinstance(deadline, int | float) and 0 < deadline <= MAX_DEADLINE_S, "deadline_s")
    request: Frame = {"op": op, "id": call_id, "deadline_s": deadline}
    if op == "ready":
        _require(frame.get("worker") in WORKERS, "worker")
        return request | {"worker": frame["worker"]}
    if op == "embed":
        texts = frame.get("texts")
        _require(_strings(texts) and 0 < len(texts or ()) <= MAX_TEXTS, "texts")
        return request | {"texts": texts}
    _require(op == "complete", "op")
    return request | _checked_completion(frame)


def _checked_completion(frame: Frame) -> dict[str, Any]:
    prompt, grammar, tokens = frame.get("prompt"), frame.get("grammar"), frame.get("max_tokens")
    _require(isinstance(prompt, dict) and set(prompt) == {"system", "user", "shots"}, "prompt")
    assert isinstance(prompt, dict)  # for the type checker; `_require` has said so
    shots = prompt["shots"]
    _require(isinstance(shots, list) and all(_strings(shot) and len(shot) == 2 for shot in shots), "shots")
    parts = [prompt["system"], prompt["user"], *(text for shot in shots for text in shot)]
    _require(_strings(parts), "prompt")
    if sum(map(len, parts)) > MAX_PROMPT_CHARS:
        raise BadInput("prompt_too_long")
    _require(grammar is None or (isinstance(grammar, str) and len(grammar) <= MAX_GRAMMAR_CHARS), "grammar")
    _require(type(tokens) is int and tokens > 0, "max_tokens")
    return {"prompt": prompt, "grammar": grammar, "max_tokens": tokens, "stream": bool(frame.get("stream"))}


def _strings(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(item, str) for item in value)


def _require(condition: bool, field: str) -> None:
    if not condition:
        raise BadInput("bad_request", f"{field} is missing or not what it should be")
