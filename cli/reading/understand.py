"""`tellergate understand`: one line in, one line out, in the same order, whatever the line holds."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import BinaryIO

from agents.understanding import MAX_TEXT
from cli.reading.left_out import Reader
from cli.reading.readers import Readers, readers
from domain.errors import BadInput
from runtime.clocks import OffsetClock
from runtime.settings import Settings

#: Bytes of a line that are kept: UTF-8 needs at most four for each of the characters that are read.
KEPT_BYTES = 4 * MAX_TEXT
PIECE = 65_536
LINE_END = b"\n"


def understand(settings: Settings, without: frozenset[Reader], no_model: bool, now: str | None) -> None:
    """Read stdin to its end and write one Understanding a line to stdout. Raises BadInput `time_invalid`, Unavailable."""
    clock = _clock(now)
    left_out = without | {Reader.llama} if no_model else without
    asyncio.run(_run(settings, frozenset(left_out), clock, encoder=not no_model))


async def _run(settings: Settings, without: frozenset[Reader], now: Callable[[], datetime], *, encoder: bool) -> None:
    async with readers(settings, without, now, encoder=encoder) as found:
        await copy(found, sys.stdin.buffer, sys.stdout.write)


async def copy(found: Readers, source: BinaryIO, write: Callable[[str], object]) -> None:
    """Each line of `source` as a line of JSON; written out at once, so that it can be talked to through a pipe."""
    for text in lines(source):
        reading = await found.read(text)
        write(json.dumps(reading.model_dump(mode="json"), ensure_ascii=False) + "\n")
        sys.stdout.flush()


def lines(source: BinaryIO) -> Iterator[str]:
    """The lines of a stream as text. Only a line feed ends one; bytes that are not UTF-8 become U+FFFD; of a line that is longer than
    anything that is read the rest is passed over, so memory does not grow with it.
    """
    while piece := source.readline(PIECE):
        kept = piece[:KEPT_BYTES]
        while piece and not piece.endswith(LINE_END):
            piece = source.readline(PIECE)
        text = kept.removesuffix(LINE_END).removesuffix(b"\r").decode("utf-8", "replace")
        yield text


def _clock(now: str | None) -> Callable[[], datetime]:
    """What "yesterday" is relative to: this instant, or the one that was given."""
    if now is None:
        return OffsetClock().now
    try:
        instant = datetime.fromisoformat(now)
    except ValueError as error:
        raise BadInput("time_invalid", f"{now}: an instant such as 2026-11-22T12:00:00+05:30 is expected") from error
    if instant.tzinfo is None:
        raise BadInput("time_invalid", f"{now}: the offset from UTC is missing")
    return lambda: instant
