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
from runtime.clocks import MonotonicClock
from runtime.settings import Settings
from runtime.speech import GRAPHS

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
    async with machinery(settings, llama=Reader.llama not in without, encoder=encoder and classifies) as parts:
        yield await put_together(parts, without, now)


async def put_together(parts: Machinery, without: frozenset[Reader], now: Callable[[], datetime]) -> Readers:
    """Readers over models that run already."""
    classifier = None
    if Reader.classifier not in without:
        encoder = TwoWays(many=parts.bulk, single=parts.encoder)
        classifier = await IntentClassifier.load(GRAPHS / "utterances", encoder, parts.folder)
    chat = None if Reader.llama in without else parts.chat
    return Readers(MessageReader(MonotonicClock(), classifier, chat, parsers=Reader.parsers not in without), now)
