"""The way out of one chat socket: the record in order and once, passing frames as they come, errors, the closing frame."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Literal

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from channels.render import error_text
from domain.frames import ErrorOut
from runtime.hub import CLAIMED, NUDGE, Watcher

#: A client that takes no frame for this long has stopped reading.
SENDING_S = 30.0
#: A closing frame that finds no way out in this time is left unsaid.
CLOSING_S = 2.0
GOING_AWAY = 1012

Replay = Callable[[int], Awaitable[list[dict[str, Any]]]]


class Closed(Exception):
    """This socket is to be closed with a code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Outgoing:
    """Sends to one client. `sent` is the last seq of the record that went out; a gap is filled by reading the record.

    `delivered` are the requests that went out here: a yes counts only to one of them. Every sending raises Closed when the
    client has stopped reading.
    """

    def __init__(self, socket: WebSocket, replay: Replay) -> None:
        self._socket, self._replay = socket, replay
        self._lock = asyncio.Lock()
        self.sent = 0
        self.delivered: set[str] = set()
        self.language: Literal["en", "hi"] = "en"

    async def carry(self, watcher: Watcher) -> None:
        """Carry what the hub gives, for ever. Raises what `replay` does."""
        while True:
            frame = await watcher.take()
            if frame["type"] in (NUDGE, CLAIMED):
                await self.catch_up()
            elif "seq" in frame:
                await self._record(frame, frame["seq"])
            else:
                await self.send(frame)

    async def catch_up(self) -> None:
        """Send what the record has beyond what was sent."""
        async with self._lock:
            while self._open and (frames := await self._replay(self.sent)):
                for frame in frames:
                    await self._put(frame)

    async def send(self, frame: dict[str, Any]) -> None:
        """Send one frame that is not part of the record."""
        if not self._open:
            return
        try:
            async with asyncio.timeout(SENDING_S):
                await self._socket.send_text(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))
        except TimeoutError as error:
            raise Closed(GOING_AWAY, "not_reading") from error
        except RuntimeError:
            if self._open:
                raise  # else it was closed while this frame waited for its turn

    async def error(self, code: str, *, retry_after: float | None = None, frame_id: str | None = None) -> None:
        """Say what is wrong with a frame, in the customer's language. An id that no frame may have is not repeated."""
        known = frame_id if frame_id is not None and len(frame_id) <= 64 and frame_id.isascii() else None
        frame = ErrorOut(code=code, message=error_text(code, self.language), retry_after=retry_after, id=known)
        with suppress(WebSocketDisconnect, RuntimeError):
            await self.send(frame.model_dump(mode="json"))

    async def close(self, code: int, reason: str) -> None:
        with suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
            async with asyncio.timeout(CLOSING_S):
                await self._socket.close(code, reason)

    async def _record(self, frame: dict[str, Any], seq: int) -> None:
        async with self._lock:
            if seq == self.sent + 1:
                await self._put(frame)
                return
        if seq > self.sent + 1:
            await self.catch_up()

    async def _put(self, frame: dict[str, Any]) -> None:
        self.sent = frame["seq"]
        await self.send(frame)
        if frame["type"] == "request":
            self.delivered.add(frame["id"])

    @property
    def _open(self) -> bool:
        return self._socket.application_state is WebSocketState.CONNECTED
