"""The way to the model server: many calls over one connection, each with its own time budget; cancelling one stops its work there."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from domain.errors import BadInput, TellergateError, Unavailable
from models.framing import Frame, FrameError, pack, read_frame, unpack_vectors
from models.port import EMBED_SECONDS, Completion, ModelIdentity, OnText, Prompt, Vectors
from models.socket_path import short_name
from models.wire import MAX_TEXTS, complete_frame, completion_of

#: How long past its budget a call waits for the server's own word on it.
GRACE_S = 0.5
CONNECT_S = 1.0
IDENTITY_S = 20.0
DIMENSIONS = 384
_REFUSALS = {"prompt_too_long", "grammar_invalid", "bad_request"}


class _Call:
    """An open call: where its text goes, and its end."""

    def __init__(self, on_text: OnText | None) -> None:
        self.on_text = on_text
        self.end: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()


class ModelClient:
    """ChatModel and Encoder over the socket of a model server. It connects when it is first used, and again after a loss."""

    def __init__(self, socket_path: Path) -> None:
        self._path = socket_path
        self._ids = itertools.count(1)
        self._calls: dict[int, _Call] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._connecting = asyncio.Lock()

    async def complete(
        self,
        prompt: Prompt,
        *,
        grammar: str | None = None,
        max_tokens: int = 128,
        deadline_s: float,
        on_text: OnText | None = None,
    ) -> Completion:
        """See ChatModel."""
        frame = complete_frame(prompt, grammar=grammar, max_tokens=max_tokens, deadline_s=deadline_s, stream=on_text is not None)
        done = await self._call(frame, deadline_s, on_text)
        return completion_of(done, ModelIdentity(done["model"], done["sha256"]))

    async def embed(self, texts: Sequence[str], *, deadline_s: float = EMBED_SECONDS) -> Vectors:
        """See Encoder. Long lists go in several calls, one after the other, within the one budget."""
        loop = asyncio.get_running_loop()
        end = loop.time() + deadline_s
        parts: list[Vectors] = [np.empty((0, DIMENSIONS), dtype=np.float32)] if not texts else []
        for start in range(0, len(texts), MAX_TEXTS):
            left = end - loop.time()
            if left <= 0:
                raise Unavailable("model_timeout")
            frame = {"op": "embed", "texts": list(texts[start : start + MAX_TEXTS]), "deadline_s": left}
            parts.append(unpack_vectors((await self._call(frame, left))["vectors"]))
        return np.concatenate(parts)

    async def chat_identity(self) -> ModelIdentity:
        """Waits for the worker to be ready. Raises Unavailable `model_unavailable`."""
        return await self._identity("llama")

    async def encoder_identity(self) -> ModelIdentity:
        return await self._identity("encoder")

    async def _identity(self, worker: str, deadline_s: float = IDENTITY_S) -> ModelIdentity:
        frame = await self._call({"op": "ready", "worker": worker, "deadline_s": deadline_s}, deadline_s)
        return ModelIdentity(frame["model"], frame["sha256"])

    async def health(self, deadline_s: float = 2.0) -> dict[str, Any]:
        """`{pid, workers: {llama|encoder: {state, pid, restarts, code, calls, model, sha256}}}`. Raises Unavailable."""
        health: dict[str, Any] = (await self._call({"op": "health"}, deadline_s))["health"]
        return health

    async def hung_up(self) -> None:
        """Return when the present connection is lost; at once when there is none."""
        if self._reading is not None:
            await asyncio.wait([self._reading])

    async def close(self) -> None:
        """Hang up; open calls fail with `model_unavailable`."""
        if self._reading is not None:
            self._reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reading

    async def _call(self, frame: Frame, deadline_s: float, on_text: OnText | None = None) -> Frame:
        call_id, call = next(self._ids), _Call(on_text)
        try:
            async with asyncio.timeout(max(deadline_s, 0.0) + GRACE_S):
                writer = await self._connected()
                self._calls[call_id] = call
                writer.write(pack(frame | {"id": call_id}))
                end = await call.end
        except TimeoutError as error:
            self._give_up(call_id)
            raise Unavailable("model_timeout") from error
        except asyncio.CancelledError:
            self._give_up(call_id)
            raise
        except FrameError as error:
            raise BadInput("prompt_too_long") from error
        finally:
            self._calls.pop(call_id, None)
        if end["event"] == "error":
            raise _error(end)
        return end

    def _give_up(self, call_id: int) -> None:
        if call_id in self._calls and self._writer is not None:
            self._writer.write(pack({"op": "cancel", "id": call_id}))

    async def _connected(self) -> asyncio.StreamWriter:
        """The connection, made anew when it is gone. Raises Unavailable `model_unavailable`."""
        async with self._connecting:
            if self._writer is None:
                sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                sock.setblocking(False)
                try:
                    with short_name(self._path) as name:
                        async with asyncio.timeout(CONNECT_S):
                            await asyncio.get_running_loop().sock_connect(sock, name)
                except (OSError, TimeoutError) as error:
                    sock.close()
                    raise Unavailable("model_unavailable", "no model server answers") from error
                reader, self._writer = await asyncio.open_unix_connection(sock=sock)
                self._reading = asyncio.create_task(self._read(reader, self._writer))
            return self._writer

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (frame := await read_frame(reader)) is not None:
                self._hear(frame)
        except FrameError:
            pass  # the same as a loss: the connection is of no more use
        finally:
            if self._writer is writer:
                self._writer = None
            writer.close()
            for call in list(self._calls.values()):
                if not call.end.done():
                    call.end.set_result({"event": "error", "code": "model_unavailable"})

    def _hear(self, frame: Frame) -> None:
        call = self._calls.get(frame["id"])
        if call is None or call.end.done():
            return
        if frame["event"] != "text":
            call.end.set_result(frame)
        elif call.on_text is not None:
            # Later, not now: a fault in the caller's code must not end the line that all calls share.
            asyncio.get_running_loop().call_soon(call.on_text, frame["text"])


def _error(frame: Frame) -> TellergateError:
    code, detail = frame["code"], frame.get("detail") or ""
    return BadInput(code, detail) if code in _REFUSALS else Unavailable(code, detail)
