"""Keys as files: the bank's own secrets, made at first start with mode 0600, and the public keys it trusts, re-read when they change."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.errors import Broken
from domain.tokens import key_id

#: Two during a rotation: the old one until its last token has expired, and the new one.
MAX_TRUSTED = 2
_END = b"-----END PUBLIC KEY-----"


class TrustedKeys:
    """Public keys from a file of PEM blocks (one, or two during a rotation), read again whenever the file changes.

    No file means that nobody is trusted. A file that cannot be read, holds another kind of key or more than two keys
    trusts nobody as well: a doubtful key list must not approve anything.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int, int] | None = None
        self._keys: dict[str, Ed25519PublicKey] = {}

    def current(self) -> dict[str, Ed25519PublicKey]:
        """Trusted keys by key id."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            self._seen, self._keys = None, {}
            return self._keys
        seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if seen != self._seen:
            self._keys = _read(self.path)
            self._seen = seen
        return self._keys


def _read(path: Path) -> dict[str, Ed25519PublicKey]:
    try:
        blocks = [block + _END for block in path.read_bytes().split(_END) if block.strip()]
        found = [serialization.load_pem_public_key(block) for block in blocks]
    except (OSError, ValueError, UnsupportedAlgorithm):
        return {}
    keys = {key_id(key): key for key in found if isinstance(key, Ed25519PublicKey)}
    return keys if len(keys) == len(found) <= MAX_TRUSTED else {}


def write_trusted(path: Path, *keys: Ed25519PublicKey) -> None:
    """Replace the list of trusted keys at once."""
    pem = b"".join(key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo) for key in keys)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(pem)
    fresh.replace(path)


def secret_file(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of a secret file, made with mode 0600 when it is missing. Raises Broken `key_file_open` if others may read it."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            raise Broken("key_file_open", f"{path.name} must have mode 0600") from None
        return path.read_bytes()
    content = make()
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return content


def private_key(path: Path) -> Ed25519PrivateKey:
    """An Ed25519 key from its PEM file, made at first start. Raises Broken `key_file_broken`."""
    try:
        key = serialization.load_pem_private_key(secret_file(path, _fresh_key), password=None)
    except ValueError as error:
        raise Broken("key_file_broken", f"{path.name} is not a key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Broken("key_file_broken", f"{path.name} is not an Ed25519 key")
    return key


def _fresh_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
