"""The web chat socket: frames in, frames out, replay, limits and close codes, as `docs/asyncapi.json` describes it."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from channels.outgoing import Closed, Outgoing
from domain.clock import BusinessClock, SystemClock
from domain.errors import BadInput, TellergateError, TooLarge, Unauthenticated
from domain.frames import (
    MAX_FRAME_BYTES,
    Ack,
    Auth,
    ChoiceIn,
    ConfirmIn,
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
from runtime.door import Door
from runtime.hub import Watcher
from runtime.limits import Strikes, TokenBuckets
from runtime.sessions import AuthSession

log = structlog.get_logger(__name__)
BAD_TOKEN, IDLE, TOO_LARGE, TOO_FAST = 4401, 4408, 4413, 4429
REFUSED, BROKEN, LATER = 1008, 1011, 1013
#: A client that opens a new conversation and sends nothing for this long is taken as anonymous.
GREETING_S = 1.0
#: To come back to a conversation takes a token or a secret, so its first frame is waited for.
RESUMING_S = 15.0
#: A conversation's name; nothing else is looked for.
_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
CHANNEL = "web"


@dataclass(frozen=True, slots=True)
class SocketConfig:
    door: Door
    buckets: TokenBuckets
    clock: BusinessClock
    system: SystemClock
    idle_s: float


class ChatSocket:
    """One connection: reads frames and has them accepted, while what is said in its conversation goes out beside."""

    def __init__(self, socket: WebSocket, config: SocketConfig) -> None:
        self._socket, self._config, self._door = socket, config, config.door
        self._out = Outgoing(socket, self._replay)
        self._session: AuthSession | None = None
        self._conversation: str | None = None
        self._watcher: Watcher | None = None
        self._strikes = Strikes(config.system)
        self._over = False
        self._waiting: asyncio.Task[Any] | None = None

    async def run(self) -> None:
        """Serve until either side leaves."""
        await self._socket.accept()
        writer: asyncio.Task[None] | None = None
        try:
            first = await self._greeting()
            writer = asyncio.get_running_loop().create_task(self._write())
            if first is not None:
                await self._handle(first)
            while not self._over:
                frame = await self._receive(self._config.idle_s)
                if frame is not None:
                    await self._handle(frame)
        except asyncio.CancelledError:
            if not self._over:
                raise
        except Exception as error:  # noqa: BLE001 - every end of a socket has a close code
            await self._end(error)
        finally:
            if writer is not None:
                writer.cancel()
            if self._watcher is not None:
                self._door.unwatch(self._watcher)

    async def _write(self) -> None:
        """Carry frames out. When that ends, so does the reading, though never in the middle of accepting a frame."""
        assert self._watcher is not None
        try:
            await self._out.carry(self._watcher)
        except Exception as error:  # noqa: BLE001 - every end of a socket has a close code
            await self._end(error)
        self._over = True
        if self._waiting is not None:
            self._waiting.cancel()

    async def _end(self, error: Exception) -> None:
        """Close for a reason. After a fault of ours the client reconnects and replays; a mute socket would be worse."""
        match error:
            case Closed():
                await self._out.close(error.code, error.reason)
            case WebSocketDisconnect():
                pass
            case TellergateError():
                with suppress(Closed):
                    await self._out.error(error.code)
                await self._out.close(LATER if error.status >= 500 else REFUSED, error.code)
            case _:
                log.exception("socket_broken", kind=type(error).__name__)
                await self._out.close(BROKEN, "internal")

    async def _replay(self, after: int) -> list[dict[str, Any]]:
        assert self._conversation is not None
        return await self._door.replay(self._conversation, self._session, after)

    # ── coming in ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _greeting(self) -> Any | None:
        """Sign in by the first frame, or open anonymously; returns a first frame that is still to be handled."""
        query = self._socket.query_params
        conversation = query.get("conversation") or None
        after = query.get("after", "0")
        if not after.isdecimal() or len(after) > 9 or (conversation is not None and _NAME.fullmatch(conversation) is None):
            raise BadInput("query_malformed")
        try:
            first = await self._receive(GREETING_S if conversation is None else RESUMING_S)
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
            session = await self._door.entrance.sign_in(token, CHANNEL, self._session)
        except Unauthenticated as error:
            await self._out.error(error.code)
            raise Closed(BAD_TOKEN, error.code) from error
        if self._session is not None and session.customer != self._session.customer:
            await self._out.error("session_customer_differs")
            raise Closed(BAD_TOKEN, "session_customer_differs")
        self._session = session

    async def _attach(self, conversation: str | None, resume: str | None, after: int = 0) -> None:
        """Open a conversation and say what was missed. On a socket that is signed in while it is open, the record just goes on."""
        held = self._conversation is not None
        opened = await self._door.entrance.open(CHANNEL, self._session, conversation, resume, held=held)
        self._conversation = opened.conversation
        if opened.customer is not None:
            self._out.language = "hi" if opened.customer.language == "hi" else "en"
        if self._watcher is None:
            self._out.sent = min(after, opened.seq)
            self._watcher = self._door.watch(opened.conversation)
        ready = Ready(
            conversation=opened.conversation,
            seq=opened.seq,
            customer=opened.customer,
            resume=opened.resume,
            at=self._config.clock.now(),
        )
        await self._out.send(ready.model_dump(mode="json"))
        await self._out.catch_up()

    async def _receive(self, timeout_s: float) -> Any | None:
        """The next valid frame; None for one that was answered with an error."""
        self._waiting = asyncio.current_task()
        try:
            async with asyncio.timeout(timeout_s):
                event = await self._socket.receive()
        except TimeoutError as error:
            raise Closed(IDLE, "idle") from error
        finally:
            self._waiting = None
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1000))
        raw = event.get("text")
        if raw is None:
            await self._out.error("frame_malformed")
            return None
        if len(raw) > MAX_FRAME_BYTES or len(raw.encode(errors="replace")) > MAX_FRAME_BYTES:
            await self._out.error("frame_too_large")
            raise Closed(TOO_LARGE, TooLarge.default_code)
        return await self._parse(raw)

    async def _parse(self, raw: str) -> Any | None:
        try:
            plain = json.loads(raw)
        except (ValueError, RecursionError):
            await self._out.error("frame_malformed")
            return None
        frame_id = plain.get("id") if isinstance(plain, dict) and isinstance(plain.get("id"), str) else None
        try:
            raw.encode()
            return client_frames.validate_json(raw)
        except (ValidationError, UnicodeEncodeError) as error:
            unknown = isinstance(error, ValidationError) and error.errors()[0]["type"] == "union_tag_invalid"
            await self._out.error("frame_unknown" if unknown else "frame_malformed", frame_id=frame_id)
            return None

    async def _handle(self, frame: Any) -> None:
        if isinstance(frame, Ping):
            await self._out.send(Pong().model_dump(mode="json"))
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
            await self._attach(self._conversation, frame.resume)

    async def _accept(self, frame: Any) -> None:
        if not await self._allowed(frame.id if hasattr(frame, "id") else None):
            return
        if self._session is not None and self._config.clock.now() >= self._session.expires:
            await self._out.error("session_expired", frame_id=getattr(frame, "id", None))
            return
        try:
            seq = await self._store(frame)
        except TellergateError as error:
            await self._out.error(error.code, retry_after=error.extra.get("retry_after"), frame_id=getattr(frame, "id", None))
            return
        await self._out.send(Ack(id=frame.id, seq=seq).model_dump(mode="json"))

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
                return await self._door.confirm(self._conversation, self._session, frame, frame.request in self._out.delivered)
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
        await self._out.error("too_fast", retry_after=round(wait, 3), frame_id=frame_id)
        if self._strikes.strike():
            raise Closed(TOO_FAST, "too_fast")
        return False
