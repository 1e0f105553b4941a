"""What each reader is worth: the same messages read with one reader after the other left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cli.figures.spoken import Spoken
from cli.reading.left_out import Reader
from cli.reading.machinery import progress
from cli.reading.readers import Readers, put_together
from domain.clock import SystemClock
from domain.conversation import CannotHandle, Clarify, Understanding
from models.intents import IntentClassifier
from models.measures import macro_f1, percentile
from models.port import ChatModel
from runtime.clocks import MonotonicClock

#: What is left out of each reading, in the order of the table. The model is only ever asked after the classifier.
ARRANGEMENTS: tuple[tuple[str, frozenset[Reader]], ...] = (
    ("all three", frozenset()),
    ("without the LLaMA", frozenset({Reader.llama})),
    ("without the parsers", frozenset({Reader.parsers})),
    ("without the classifier", frozenset({Reader.classifier})),
    ("the classifier alone", frozenset({Reader.parsers, Reader.llama})),
)


@dataclass(frozen=True, slots=True)
class Read:
    """Messages, what was understood of each, and the milliseconds each took."""

    messages: tuple[Spoken, ...]
    readings: tuple[Understanding, ...]
    times_ms: tuple[float, ...]

    @property
    def expected(self) -> list[str]:
        return [message.intent for message in self.messages]

    @property
    def said(self) -> list[str]:
        return [reading.intent for reading in self.readings]

    @property
    def right(self) -> list[bool]:
        return [a == b for a, b in zip(self.expected, self.said, strict=True)]

    def of(self, language: str) -> Read:
        """The part in one language."""
        places = [at for at, message in enumerate(self.messages) if message.language == language]
        pick = [tuple(column[at] for at in places) for column in (self.messages, self.readings, self.times_ms)]
        return Read(*pick)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Shares of messages that were read right, asked back about (nothing is done), and read wrongly; macro F1; milliseconds."""

    count: int
    right: float
    asked: float
    wrong: float
    macro_f1: float
    p50_ms: float
    p95_ms: float


def outcome(read: Read) -> Outcome:
    """Sum up. A message that is asked back about, or that is said not to be served, sets nothing in motion."""
    count = len(read.messages)
    right = sum(read.right)
    asked = sum(not hit and _asks(reading) for hit, reading in zip(read.right, read.readings, strict=True))
    return Outcome(
        count=count,
        right=right / count,
        asked=asked / count,
        wrong=(count - right - asked) / count,
        macro_f1=macro_f1(read.expected, read.said),
        p50_ms=percentile(read.times_ms, 50),
        p95_ms=percentile(read.times_ms, 95),
    )


async def read_all(readers: Readers, messages: Sequence[Spoken], clock: SystemClock, *, takes: int = 1) -> Read:
    """Read each message alone; with several takes the fastest counts, since other programs only ever slow one down."""
    readings: list[Understanding] = []
    best = [float("inf")] * len(messages)
    for _ in range(takes):
        readings = []
        for at, message in enumerate(messages):
            began = clock.monotonic()
            readings.append(await readers.read(message.text))
            best[at] = min(best[at], (clock.monotonic() - began) * 1000)
    return Read(tuple(messages), tuple(readings), tuple(best))


async def ablation(
    classifier: IntentClassifier, chat: ChatModel | None, messages: Sequence[Spoken], now: Callable[[], datetime]
) -> dict[str, Outcome]:
    """Every arrangement that this machine can make: without a model, those that ask it are passed over."""
    table = {}
    for name, without in ARRANGEMENTS:
        asks_model = not without & {Reader.llama, Reader.classifier}
        if asks_model and chat is None:
            continue
        progress(f"reading {len(messages)} messages: {name}")
        readers = put_together(classifier, chat, without, now)
        table[name] = outcome(await read_all(readers, messages, MonotonicClock()))
    return table


def _asks(reading: Understanding) -> bool:
    return any(isinstance(command, Clarify | CannotHandle) for command in reading.commands)
