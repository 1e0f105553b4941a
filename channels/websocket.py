"""The web chat socket: frames in, frames out, replay, limits and close codes, as `docs/asyncapi.json` describes it."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from channels.render import error_text
from domain.clock import BusinessClock, SystemClock
from domain.errors import BadInput, TellergateError, TooLarge, Unauthenticated
from domain.frames import (
    MAX_FRAME_BYTES,
    Ack,
    Auth,
    ChoiceIn,
    ConfirmIn,
    CustomerView,
    ErrorOut,
    FileIn,
    MessageIn,
    Ping,
    Pong,
    Rate,
    Ready,
    SecretIn,
    Typing,
    client_frames,
)
from runtime.door import Door, Opened, error_of
from runtime.hub import Watcher
from runtime.limits import Strikes, TokenBuckets
from runtime.sessions import AuthSession

log = structlog.get_logger(__name__)
BAD_TOKEN, IDLE, TOO_LARGE, TOO_FAST, GOING_AWAY = 4401, 4408, 4413, 4429, 1012
#: A client that sends nothing for this long is taken as anonymous.
GREETING_S = 1.0
CHANNEL = "web"


class Closed(Exception):
    """This socket is to be closed with a code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


@dataclass(frozen=True, slots=True)
class SocketConfig:
    door: Door
    buckets: TokenBuckets
    clock: BusinessClock
    system: SystemClock
    idle_s: float


class ChatSocket:
    """One connection. `_sent` is the last seq of the record that went out; a gap is filled by reading the record."""

    def __init__(self, socket: WebSocket, config: SocketConfig) -> None:
        self._socket, self._config, self._door = socket, config, config.door
        self._session: AuthSession | None = None
        self._customer: CustomerView | None = None
        self._conversation: str | None = None
        self._watcher: Watcher | None = None
        self._sent = 0
        self._delivered: set[str] = set()
        self._strikes = Strikes(config.system)
        self._sending = asyncio.Lock()
        self._language: Any = "en"

    async def run(self) -> None:
        """Serve until either side leaves."""
        await self._socket.accept()
        writer: asyncio.Task[None] | None = None
        try:
            first = await self._greeting()
            writer = asyncio.get_running_loop().create_task(self._write())
            if first is not None:
                await self._handle(first)
            while True:
                frame = await self._receive(self._config.idle_s)
                if frame is not None:
                    await self._handle(frame)
        except Closed as closed:
            await self._close(closed.code, closed.reason)
        except WebSocketDisconnect:
            return
        except Exception as error:
            log.exception("socket_broken", kind=type(error).__name__)
            await self._close(1011, "internal")
        finally:
            if writer is not None:
                writer.cancel()
            if self._watcher is not None:
                self._door.unwatch(self._watcher)

    # ── coming in ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _greeting(self) -> Any | None:
        """Sign in by the first frame, or open anonymously; returns a first frame that is still to be handled."""
        query = self._socket.query_params
        conversation = query.get("conversation") or None
        after = query.get("after", "0")
        if not after.isdecimal() or len(after) > 9 or (conversation is not None and len(conversation) > 64):
            await self._error("query_malformed")
            raise Closed(1008, "query_malformed")
        try:
            first = await self._receive(GREETING_S)
        except Closed as closed:
            if closed.code != IDLE:
                raise
            first = None
        resume = None
        if isinstance(first, Auth):
            resume = first.resume
            if first.token:
                await self._sign_in(first.token)
            first = None
        await self._attach(conversation, resume, int(after))
        return first

    async def _sign_in(self, token: str) -> None:
        try:
            session = await self._door.sign_in(token, CHANNEL, self._session)
        except Unauthenticated as error:
            await self._error(error.code)
            raise Closed(BAD_TOKEN, error.code) from error
        if self._session is not None and session.customer != self._session.customer:
            await self._error("session_customer_differs")
            raise Closed(BAD_TOKEN, "session_customer_differs")
        self._session = session

    async def _attach(self, conversation: str | None, resume: str | None, after: int) -> None:
        try:
            opened = await self._door.open(CHANNEL, self._session, conversation, resume)
        except TellergateError as error:
            await self._error(error.code)
            raise Closed(1008, error.code) from error
        await self._ready(opened, after)

    async def _ready(self, opened: Opened, after: int) -> None:
        self._conversation, self._customer, self._sent = opened.conversation, opened.customer, after
        if opened.customer is not None:
            self._language = "hi" if opened.customer.language == "hi" else "en"
        if self._watcher is None:
            self._watcher = self._door.watch(opened.conversation)
        ready = Ready(
            conversation=opened.conversation,
            seq=opened.seq,
            customer=opened.customer,
            resume=opened.resume,
            at=self._config.clock.now(),
        )
        await self._send(ready.model_dump(mode="json"))
        await self._catch_up()

    async def _receive(self, timeout_s: float) -> Any | None:
        """The next valid frame; None for one that was answered with an error."""
        try:
            async with asyncio.timeout(timeout_s):
                event = await self._socket.receive()
        except TimeoutError as error:
            raise Closed(IDLE, "idle") from error
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1000))
        raw = event.get("text")
        if raw is None:
            await self._error("frame_malformed")
            return None
        if len(raw) > MAX_FRAME_BYTES or len(raw.encode(errors="replace")) > MAX_FRAME_BYTES:
            await self._error("frame_too_large")
            raise Closed(TOO_LARGE, TooLarge.default_code)
        return await self._parse(raw)

    async def _parse(self, raw: str) -> Any | None:
        try:
            plain = json.loads(raw)
        except (ValueError, RecursionError):
            await self._error("frame_malformed")
            return None
        frame_id = plain.get("id") if isinstance(plain, dict) and isinstance(plain.get("id"), str) else None
        try:
            raw.encode()
            return client_frames.validate_json(raw)
        except (ValidationError, UnicodeEncodeError) as error:
            unknown = isinstance(error, ValidationError) and error.errors()[0]["type"] == "union_tag_invalid"
            await self._error("frame_unknown" if unknown else "frame_malformed", frame_id=frame_id)
            return None

    async def _handle(self, frame: Any) -> None:
        if isinstance(frame, Ping):
            await self._send(Pong().model_dump(mode="json"))
            return
        if isinstance(frame, Auth):
            await self._renew(frame)
            return
        if isinstance(frame, Typing):
            return
        await self._accept(frame)

    async def _renew(self, frame: Auth) -> None:
        """A fresh token of the same customer, or the sign-in of an anonymous customer, who keeps the conversation."""
        anonymous = self._session is None
        await self._sign_in(frame.token)
        if anonymous:
            await self._attach(self._conversation, frame.resume, self._sent)

    async def _accept(self, frame: Any) -> None:
        if not await self._allowed(frame.id if hasattr(frame, "id") else None):
            return
        if self._session is not None and self._config.clock.now() >= self._session.expires:
            await self._error("session_expired", frame_id=getattr(frame, "id", None))
            return
        try:
            seq = await self._store(frame)
        except TellergateError as error:
            code, wait = error_of(error)
            await self._error(code, retry_after=wait, frame_id=getattr(frame, "id", None))
            return
        await self._send(Ack(id=frame.id, seq=seq).model_dump(mode="json"))

    async def _store(self, frame: Any) -> int:
        assert self._conversation is not None
        match frame:
            case MessageIn():
                return await self._door.message(self._conversation, self._session, frame)
            case ChoiceIn():
                return await self._door.choice(self._conversation, self._session, frame)
            case SecretIn():
                return await self._door.secret(self._conversation, self._session, frame)
            case ConfirmIn():
                return await self._door.confirm(self._conversation, self._session, frame, frame.request in self._delivered)
            case FileIn():
                raise BadInput("files_not_taken")
            case Rate():
                raise BadInput("rating_not_open")
            case _:
                raise BadInput("frame_unknown")

    async def _allowed(self, frame_id: str | None) -> bool:
        key = self._session.customer if self._session is not None else f"anonymous:{self._conversation}"
        wait = self._config.buckets.take(key)
        if wait == 0:
            return True
        await self._error("too_fast", retry_after=round(wait, 3), frame_id=frame_id)
        if self._strikes.strike():
            raise Closed(TOO_FAST, "too_fast")
        return False

    # ── going out ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _write(self) -> None:
        """Carry what the hub gives: passing frames as they come, the record in order, gaps filled from storage."""
        assert self._watcher is not None
        try:
            while True:
                frame = await self._watcher.queue.get()
                seq = frame.get("seq")
                if frame["type"] == "nudge":
                    await self._catch_up()
                elif seq is None:
                    await self._send(frame)
                else:
                    await self._record(frame, seq)
        except (WebSocketDisconnect, RuntimeError):
            return
        except Exception as error:
            log.exception("socket_writer_broken", kind=type(error).__name__)
            await self._close(1011, "internal")  # the client reconnects and replays; a mute socket would be worse

    async def _record(self, frame: dict[str, Any], seq: int) -> None:
        async with self._sending:
            if seq == self._sent + 1:
                await self._put(frame)
                return
        if seq > self._sent + 1:
            await self._catch_up()

    async def _catch_up(self) -> None:
        assert self._conversation is not None
        async with self._sending:
            while frames := await self._door.replay(self._conversation, self._sent):
                for frame in frames:
                    await self._put(frame)

    async def _put(self, frame: dict[str, Any]) -> None:
        if self._socket.application_state is not WebSocketState.CONNECTED:
            return
        self._sent = frame["seq"]
        await self._socket.send_text(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))
        if frame["type"] == "request":
            self._delivered.add(frame["id"])

    async def _send(self, frame: dict[str, Any]) -> None:
        if self._socket.application_state is WebSocketState.CONNECTED:
            await self._socket.send_text(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))

    async def _error(self, code: str, *, retry_after: float | None = None, frame_id: str | None = None) -> None:
        known = frame_id if frame_id is not None and len(frame_id) <= 64 else None
        frame = ErrorOut(code=code, message=error_text(code, self._language), retry_after=retry_after, id=known)
        with suppress(WebSocketDisconnect, RuntimeError):
            await self._send(frame.model_dump(mode="json"))

    async def _close(self, code: int, reason: str) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):
            await self._socket.close(code, reason)
