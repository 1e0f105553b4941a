"""Whose customer tokens count: public keys pinned in a file, read again when it changes (two during a rotation)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from domain.tokens import key_id

_END = b"-----END PUBLIC KEY-----"


class TrustedSigners(Mapping[str, Ed25519PublicKey]):
    """Key id → public key, from one PEM file. A missing or unreadable file trusts nobody."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._keys: dict[str, Ed25519PublicKey] = {}

    def _current(self) -> dict[str, Ed25519PublicKey]:
        try:
            stat = self._path.stat()
            if (seen := (stat.st_mtime_ns, stat.st_size)) != self._seen:
                blocks = [block + _END for block in self._path.read_bytes().split(_END) if block.strip()]
                keys = [load_pem_public_key(block) for block in blocks]
                self._keys = {key_id(key): key for key in keys if isinstance(key, Ed25519PublicKey)}
                self._seen = seen
        except (OSError, ValueError, UnsupportedAlgorithm):
            self._seen, self._keys = None, {}
        return self._keys

    def __getitem__(self, kid: str) -> Ed25519PublicKey:
        return self._current()[kid]

    def __iter__(self) -> Iterator[str]:
        return iter(self._current())

    def __len__(self) -> int:
        return len(self._current())
