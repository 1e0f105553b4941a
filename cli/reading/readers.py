"""The reading of a turn, put together without a service: masking first, then the three readers, each of which can be left out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from agents.masking import mask
from agents.understanding import MAX_TEXT, MessageReader
from cli.reading.left_out import Reader
from cli.reading.machinery import Machinery, machinery
from cli.reading.pipeline import TwoWays
from domain.conversation import Understanding
from domain.ports import ReadingContext
from models.intents import IntentClassifier
from models.port import ChatModel
from runtime.clocks import MonotonicClock
from runtime.settings import Settings
from runtime.speech import GRAPHS, model_reads

#: Where a new conversation's customer is taken to be, as in `graphs.state.ConversationView`.
ZONE = "Asia/Kolkata"
#: No customer waits here: what is understood must not depend on how busy the machine is.
PATIENCE_S = 30.0


class Readers:
    """Reads a text as the first message of a conversation: nothing is awaited, no flow is on."""

    def __init__(self, reader: MessageReader, now: Callable[[], datetime]) -> None:
        self._reader, self._now = reader, now

    async def read(self, text: str) -> Understanding:
        """Take secrets out and read what is left. Never raises for a text."""
        masked = mask(text[:MAX_TEXT])
        context = ReadingContext(self._now(), ZONE, "en", None, None, PATIENCE_S)
        reading = await self._reader.understand(masked.text, context)
        return reading.model_copy(update={"flags": tuple(dict.fromkeys((*reading.flags, *masked.flags)))})


@asynccontextmanager
async def readers(
    settings: Settings, without: frozenset[Reader], now: Callable[[], datetime], *, encoder: bool = True
) -> AsyncIterator[Readers]:
    """The readers of this machine. Raises Unavailable when the encoder is wanted and cannot be had."""
    classifies = Reader.classifier not in without
    reads = Reader.llama not in without and model_reads(settings)
    async with machinery(settings, llama=reads, encoder=encoder and classifies) as parts:
        yield put_together(await classifier_of(parts) if classifies else None, parts.chat, without, now)


def put_together(
    classifier: IntentClassifier | None, chat: ChatModel | None, without: frozenset[Reader], now: Callable[[], datetime]
) -> Readers:
    """Readers over models that run already; those in `without` are left out."""
    second = None if Reader.classifier in without else classifier
    third = None if Reader.llama in without else chat
    return Readers(MessageReader(MonotonicClock(), second, third, parsers=Reader.parsers not in without), now)


async def classifier_of(parts: Machinery) -> IntentClassifier:
    """The classifier of the service, on the example utterances that it ships with."""
    encoder = TwoWays(many=parts.bulk, single=parts.encoder)
    return await IntentClassifier.load(GRAPHS / "utterances", encoder, parts.cache)
