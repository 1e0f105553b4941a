"""The words between the schedule and its engine: rows of a batch, calls under way, events, and what an engine must offer."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from models.port import Finish, Timings, Vectors


class BatchRow(NamedTuple):
    """One token of a batch: where it goes, and whether the scores after it are wanted."""

    token: int
    position: int
    sequence: int
    wanted: bool


class NoRoom(Exception):
    """The engine has no free cells for this batch."""


class TokenFilter(Protocol):
    def pick(self, logits: Vectors) -> int | None: ...
    def accept(self, token: int) -> None: ...
    def certain(self) -> tuple[tuple[int, ...], bool]: ...
    def free(self) -> None: ...


class Engine(Protocol):
    """What the schedule needs of llama.cpp; `llama_engine.LlamaEngine` is the real one."""

    batch_tokens: int
    context_tokens: int

    def grammar(self, text: str) -> TokenFilter: ...
    def decode(self, rows: list[BatchRow], should_abort: Callable[[], bool] | None) -> bool: ...
    def logits(self, index: int) -> Vectors: ...
    def share(self, source: int, target: int, tokens: int) -> None: ...
    def drop(self, sequence: int) -> None: ...
    def length(self, sequence: int) -> int: ...
    def piece(self, token: int) -> bytes: ...
    def ends(self, token: int) -> bool: ...


@dataclass(slots=True)
class Call:
    """One completion under way. Times are seconds of the schedule's clock.

    `tokens` are the prompt and the answer so far, `done` counts those already in the engine; `asked` counts the prompt's and those
    that its grammar makes certain from the start, after which the first choice is due. `key` is the prefix, `whole` the prompt but
    for its last token, which is computed anew for the scores after it; `repeated` says that the same prompt came before.
    """

    id: int
    tokens: list[int]
    prefix: int
    max_tokens: int
    deadline: float
    grammar_text: str | None
    arrived: float
    sequence: int = -1
    done: int = 0
    reused: int = 0
    prompt: int = 0
    key: tuple[int, ...] = ()
    whole: tuple[int, ...] = ()
    repeated: bool = False
    asked: int = 0
    answer: int = 0
    admitted: float = 0.0
    first_token: float = 0.0
    text: str = ""
    grammar: TokenFilter | None = None
    decoder: codecs.IncrementalDecoder = field(default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace"))

    @property
    def cells(self) -> int:
        """Cells it may come to need, shared ones included."""
        return self.prompt + self.max_tokens


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of answer, as it comes."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    id: int
    text: str
    tokens: int
    finish: Finish
    timings: Timings


@dataclass(frozen=True, slots=True)
class Failed:
    id: int
    code: str


Event = Piece | Finished | Failed
