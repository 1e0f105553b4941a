"""A local, append-only, encrypted journal for what must not be lost while the store is down. One process writes it.

A frame is `TGJ1`, the length and the CRC-32 of its body (both big-endian, 4 bytes), and the body: a nonce and AES-256-GCM
ciphertext of one JSON object. Frames are fsynced one by one. A tail that a crash tore is cut off: it was never acknowledged.
"""

from __future__ import annotations

import json
import os
import secrets
import struct
import threading
import zlib
from pathlib import Path
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import Broken, Unavailable

log = structlog.get_logger(__name__)
MAGIC = b"TGJ1"
_HEAD = struct.Struct(">4sII")
NONCE = 12
KEY_BYTES = 32
#: A frame holds one proposal; anything longer is a torn or foreign length.
MAX_BODY = 1 << 20


class Journal:
    """`append` returns once the entry is on disk; `entries` gives what was appended and not removed since."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._cipher = AESGCM(key)
        self._lock = threading.Lock()

    def append(self, entry: dict[str, Any]) -> None:
        """Raises Unavailable `journal_unavailable` when the file cannot be written: then nothing of the entry counts."""
        nonce = secrets.token_bytes(NONCE)
        body = nonce + self._cipher.encrypt(nonce, json.dumps(entry).encode(), MAGIC)
        frame = _HEAD.pack(MAGIC, len(body), zlib.crc32(body)) + body
        try:
            with self._lock:
                self._write(frame)
        except OSError as error:
            raise Unavailable("journal_unavailable", error.strerror or "") from error

    def entries(self) -> list[dict[str, Any]]:
        """All whole entries in order. Raises Broken `journal_broken` for a frame that is whole and not ours."""
        with self._lock:
            data = self._path.read_bytes() if self._path.exists() else b""
        found = []
        for body in _bodies(data)[0]:
            try:
                found.append(json.loads(self._cipher.decrypt(body[:NONCE], body[NONCE:], MAGIC)))
            except (InvalidTag, ValueError) as error:
                raise Broken("journal_broken", f"{self._path.name}: frame {len(found) + 1}") from error
        return found

    def is_empty(self) -> bool:
        return not self._path.exists() or self._path.stat().st_size == 0

    def remove_first(self, count: int) -> None:
        """Forget the oldest entries, once they are on record elsewhere; what was appended meanwhile stays."""
        with self._lock:
            data = self._path.read_bytes()
            bodies, end = _bodies(data)
            done = sum(_HEAD.size + len(body) for body in bodies[:count])
            fresh = self._path.with_name(f"{self._path.name}.new")
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                _write_all(handle, data[done:end])
                os.fsync(handle)
            finally:
                os.close(handle)
            os.replace(fresh, self._path)
            _sync_folder(self._path.parent)

    def _write(self, frame: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_new = not self._path.exists()
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            end = _bodies(os.pread(handle, os.fstat(handle).st_size, 0))[1]
            os.ftruncate(handle, end)
            os.lseek(handle, end, os.SEEK_SET)
            _write_all(handle, frame)
            os.fsync(handle)
        finally:
            os.close(handle)
        if is_new:
            _sync_folder(self._path.parent)


def _bodies(data: bytes) -> tuple[list[bytes], int]:
    """The bodies of all whole frames, and where the last one ends; what follows is a torn tail."""
    found: list[bytes] = []
    at = 0
    while at + _HEAD.size <= len(data):
        magic, length, crc = _HEAD.unpack_from(data, at)
        body = data[at + _HEAD.size : at + _HEAD.size + length]
        if magic != MAGIC or length > MAX_BODY or len(body) < length or zlib.crc32(body) != crc:
            break
        found.append(body)
        at += _HEAD.size + length
    if at < len(data):
        log.warning("journal_tail_torn", bytes=len(data) - at)
    return found, at


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
