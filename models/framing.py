"""Frames between the processes of this room: four bytes of length, then a JSON object. Vectors travel as base64 of float32."""

from __future__ import annotations

import asyncio
import base64
import json
import select
import socket
from typing import Any, TypeAlias

import numpy as np

from models.port import Vectors

Frame: TypeAlias = dict[str, Any]

LENGTH_BYTES = 4
#: 1,024 vectors of 384 take 2.1 MB; nothing we send is larger.
MAX_FRAME_BYTES = 4 * 1024 * 1024
READ_BYTES = 1 << 16


class FrameError(Exception):
    """The other side sent something that is not a frame; the connection is of no more use."""


def pack(frame: Frame) -> bytes:
    """A frame as bytes. Raises FrameError when it is too large."""
    body = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    if len(body) > MAX_FRAME_BYTES:
        raise FrameError("frame too large")
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def unpack(body: bytes) -> Frame:
    """The object in a frame's body. Raises FrameError."""
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FrameError("frame is not JSON") from error
    if not isinstance(frame, dict):
        raise FrameError("frame is not an object")
    return frame


async def read_frame(reader: asyncio.StreamReader) -> Frame | None:
    """The next frame, or None when the other side has gone. Raises FrameError."""
    try:
        length = int.from_bytes(await reader.readexactly(LENGTH_BYTES), "big")
        if length > MAX_FRAME_BYTES:
            raise FrameError("frame too large")
        return unpack(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def pack_vectors(vectors: Vectors) -> Frame:
    little = np.ascontiguousarray(vectors, dtype="<f4")
    return {"shape": list(little.shape), "f32": base64.b64encode(little.tobytes()).decode("ascii")}


def unpack_vectors(value: Frame) -> Vectors:
    """Raises FrameError when bytes and shape do not agree."""
    try:
        flat = np.frombuffer(base64.b64decode(value["f32"], validate=True), dtype="<f4")
        rows, columns = value["shape"]
        return flat.reshape((rows, columns)).astype(np.float32)
    except (KeyError, ValueError, TypeError) as error:
        raise FrameError("not vectors") from error


class FrameSocket:
    """A worker's blocking end: it looks for frames between two pieces of work, and sends when it has something to say."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(True)
        self._sock = sock
        self._buffer = bytearray()
        self.closed = False

    def send(self, frame: Frame) -> None:
        """Send one frame. When the other side has gone, `closed` becomes true and nothing is raised."""
        try:
            self._sock.sendall(pack(frame))
        except OSError:
            self.closed = True

    def receive(self, timeout_s: float | None) -> list[Frame]:
        """Frames that have come; waits at most `timeout_s` for the first (None = as long as it takes, 0 = not at all)."""
        frames = self._complete()
        while not self.closed and select.select([self._sock], [], [], 0 if frames else timeout_s)[0]:
            try:
                data = self._sock.recv(READ_BYTES)
            except OSError:
                data = b""
            if not data:
                self.closed = True
                break
            self._buffer += data
            frames += self._complete()
        return frames

    def _complete(self) -> list[Frame]:
        frames: list[Frame] = []
        while len(self._buffer) >= LENGTH_BYTES:
            end = LENGTH_BYTES + int.from_bytes(self._buffer[:LENGTH_BYTES], "big")
            if len(self._buffer) < end:
                break
            frames.append(unpack(bytes(self._buffer[LENGTH_BYTES:end])))
            del self._buffer[:end]
        return frames
