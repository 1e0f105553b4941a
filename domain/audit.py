"""The hash chain of the audit trail, as a pure function (append-only; each entry commits to the one before)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from domain.canonical import canonical_json

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered, linked audit entry. `body` is plain JSON without secrets or customer text."""

    tenant: str
    n: int
    previous: str
    at_micros: int
    kind: str
    body: dict[str, Any]
    hash: str


def link(previous: str, tenant: str, n: int, at_micros: int, kind: str, body: dict[str, Any]) -> str:
    """Hex SHA-256 that commits to the previous hash and to everything in this entry."""
    content = canonical_json({"tenant": tenant, "n": n, "at": at_micros, "kind": kind, "body": body})
    return hashlib.sha256(previous.encode() + b"\n" + content).hexdigest()
