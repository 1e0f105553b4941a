"""The hash chain of the audit trail, as pure functions (append-only; each entry commits to the one before).

The service's trail hashes text as it is stored, so that checking never serialises anything again (`docs/audit.md` has the format
byte for byte). The core bank's own chain is `link`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from domain.canonical import canonical_json

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered, linked audit entry. `body` is canonical JSON text without secrets or customer text; `subject` is a
    proposal's id or empty; `at_micros` is business time."""

    tenant: str
    n: int
    previous: str
    at_micros: int
    kind: str
    subject: str
    body: str
    hash: str


def body_digest(body: str) -> str:
    """Hex SHA-256 of a body's text: an entry commits to it, so that a body can be masked and the chain still be checked."""
    return hashlib.sha256(body.encode("utf-8", "surrogateescape")).hexdigest()


def preimage(previous: str, tenant: str, n: int, at_micros: int, kind: str, subject: str, digest: str) -> str:
    """The text under an entry's hash: seven fields, six tabs between them; no field holds a tab."""
    return f"{previous}\t{tenant}\t{n}\t{at_micros}\t{kind}\t{subject}\t{digest}"


def chain_hash(previous: str, tenant: str, n: int, at_micros: int, kind: str, subject: str, body: str) -> str:
    """Hex SHA-256 that commits to the previous hash and to everything in this entry."""
    text = preimage(previous, tenant, n, at_micros, kind, subject, body_digest(body))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def link(previous: str, tenant: str, n: int, at_micros: int, kind: str, body: dict[str, Any]) -> str:
    """The core bank's chain: hex SHA-256 over the previous hash and the entry's canonical JSON."""
    content = canonical_json({"tenant": tenant, "n": n, "at": at_micros, "kind": kind, "body": body})
    return hashlib.sha256(previous.encode() + b"\n" + content).hexdigest()
