"""Keys and secrets of the service: made at first start, one file each with mode 0600; there is no default secret anywhere."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.errors import Broken
from domain.tokens import key_id

#: Random text that the service shows the core bank as its credential; the bank keeps its SHA-256.
CREDENTIAL_FILE = "service.credential"
#: The master key of the data keys, unless a file elsewhere is named.
MASTER_FILE = "master.key"
MASTER_BYTES = 32
AUTHORITY, SUBJECT, AUDIT = "authority", "subject", "audit"


@dataclass(frozen=True, slots=True)
class ServiceKeys:
    """What the service signs with, and its credential at the core bank."""

    authority: Ed25519PrivateKey
    subject: Ed25519PrivateKey
    audit: Ed25519PrivateKey
    bank_credential: str

    def audit_public(self) -> dict[str, Ed25519PublicKey]:
        """The audit key's public half by key id, as verification takes it."""
        public = self.audit.public_key()
        return {key_id(public): public}


def open_keys(directory: Path) -> ServiceKeys:
    """Read the service's keys, making what is missing; public halves lie beside them as `<name>.pub.pem` for the bank and auditors.

    Raises Broken `key_file_open` when others may read a secret, `key_file_broken` when a file holds no Ed25519 key.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    credential = secret(directory / CREDENTIAL_FILE, lambda: secrets.token_urlsafe(32).encode())
    return ServiceKeys(
        authority=signing_key(directory, AUTHORITY),
        subject=signing_key(directory, SUBJECT),
        audit=signing_key(directory, AUDIT),
        bank_credential=credential.decode().strip(),
    )


def signing_key(directory: Path, name: str) -> Ed25519PrivateKey:
    """The Ed25519 key `<name>.pem`, made at first start. Its public half is written beside it when that is missing."""
    try:
        key = serialization.load_pem_private_key(secret(directory / f"{name}.pem", _fresh_key), password=None)
    except ValueError as error:
        raise Broken("key_file_broken", f"{name}.pem is not a key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Broken("key_file_broken", f"{name}.pem is not an Ed25519 key")
    public = directory / f"{name}.pub.pem"
    if not public.exists():
        # During a rotation an operator keeps two blocks in this file, so an existing one is left alone.
        _write_whole(public, public_pem(key.public_key()), 0o644)
    return key


def master_key(directory: Path, file: str = "") -> bytes:
    """The 32 bytes that wrap all data keys, in base64 in `master.key` (made at first start) or in a file given by the bank.

    Raises Broken `key_file_open`; `key_file_broken` when a given file is missing or holds no such key.
    """
    path = Path(file) if file else directory / MASTER_FILE
    if file and not path.is_file():
        raise Broken("key_file_broken", f"{path.name}: no such file")
    return random_key(path)


def random_key(path: Path) -> bytes:
    """32 random bytes in base64 in a secret file, made when it is missing. Raises Broken `key_file_open`, `key_file_broken`."""
    try:
        found = base64.b64decode(secret(path, lambda: base64.b64encode(secrets.token_bytes(MASTER_BYTES))), validate=False)
    except ValueError as error:
        raise Broken("key_file_broken", f"{path.name} is not base64") from error
    if len(found) != MASTER_BYTES:
        raise Broken("key_file_broken", f"{path.name} does not hold {MASTER_BYTES} bytes")
    return found


def public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of a secret file, made when it is missing; of two processes that start at once both get the same one.

    Raises Broken `key_file_open` when its mode lets others read it.
    """
    if not path.exists():
        _write_whole(path, make(), 0o600)
    if path.stat().st_mode & 0o077:
        raise Broken("key_file_open", f"{path.name} must have mode 0600")
    return path.read_bytes()


def _write_whole(path: Path, content: bytes, mode: int) -> None:
    """Write a file that nobody ever sees half; one that appeared meanwhile stays."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            return
    finally:
        fresh.unlink()


def _fresh_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
