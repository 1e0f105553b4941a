"""The sequencer that links the audit trail within a second, its anchors outside the database, verification and export."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ValidationError

from domain.audit import Entry
from domain.errors import BadInput
from domain.tokens import key_id
from persistence.database import Database
from runtime.audit_check import Anchor, Finding, check_anchors, check_chain
from runtime.clocks import wall_micros
from runtime.storage import audit

LEASE_US = 5_000_000
#: An anchor is signed after this many entries or this long after the last one, whatever comes first.
ANCHOR_ENTRIES = 1_000
ANCHOR_US = 60_000_000


class AuditSequencer:
    """Numbers and links what changes have staged, one leased owner per tenant, and anchors the head outside the database.

    The anchor file only grows; it belongs on storage that the database's administrator cannot write.
    """

    def __init__(self, db: Database, *, key: Ed25519PrivateKey, anchors: Path, owner: str) -> None:
        self._db = db
        self._key = key
        self._kid = key_id(key.public_key())
        self._anchors = anchors
        self._owner = owner

    async def run_once(self, tenant: str, *, now_us: int | None = None, anchor: bool = False) -> int:
        """Link all that is staged for the tenant; sign an anchor when one is due, or at once with `anchor`.

        Returns how many entries were linked; 0 also when another process holds the lease. `now_us` is wall time.
        """
        now = wall_micros() if now_us is None else now_us
        if not await self._db.read(lambda connection: self._has_work(connection, tenant, now, anchor)):
            return 0
        total = 0
        while True:
            done = await self._db.write(lambda connection: audit.link_staged(connection, tenant, self._owner, now, LEASE_US))
            if done is None:
                return total
            head, linked = done
            total += linked
            if head.n > head.anchored_n and (anchor or self._anchor_due(head, now)):
                await asyncio.to_thread(self._sign, tenant, head, now)
                await self._db.write(lambda connection, n=head.n: audit.mark_anchored(connection, tenant, n, now))  # type: ignore[misc]
            if linked < audit.BATCH:
                return total

    def _has_work(self, connection: sa.Connection, tenant: str, now: int, anchor: bool) -> bool:
        """A read first, so that an idle service writes nothing."""
        if audit.staged_count(connection, tenant):
            return True
        head = audit.read_head(connection, tenant)
        return head is not None and head.n > head.anchored_n and (anchor or self._anchor_due(head, now))

    def _anchor_due(self, head: audit.Head, now: int) -> bool:
        return head.n - head.anchored_n >= ANCHOR_ENTRIES or now - head.anchored_us >= ANCHOR_US

    def _sign(self, tenant: str, head: audit.Head, now: int) -> None:
        unsigned = Anchor(tenant=tenant, n=head.n, head=head.hash, at=now, kid=self._kid, signature="")
        signature = base64.urlsafe_b64encode(self._key.sign(unsigned.signed())).decode()
        line = unsigned.model_copy(update={"signature": signature}).model_dump_json() + "\n"
        self._anchors.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._anchors, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line.encode())
            os.fsync(handle)
        finally:
            os.close(handle)


def read_anchors(path: Path) -> list[Anchor]:
    """The signed anchors of a file, in order. Raises BadInput `anchor_unreadable` with the line."""
    if not path.exists():
        return []
    anchors = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            anchors.append(Anchor.model_validate_json(line))
        except ValidationError as error:
            raise BadInput("anchor_unreadable", f"{path.name}, line {number}") from error
    return anchors


def verify(connection: sa.Connection, tenant: str, anchors: list[Anchor], keys: dict[str, Ed25519PublicKey]) -> list[Finding]:
    """Check a tenant's whole trail in the database against its anchors; an empty list means it holds."""
    findings, hashes = check_chain(audit.read_entries(connection, tenant))
    findings += check_anchors(anchors, hashes, keys, tenant)
    head = audit.read_head(connection, tenant)
    last = max(hashes, default=0)
    if head is not None and head.n > last and not any(each.kind == "truncated" for each in findings):
        findings.append(Finding(kind="truncated", n=last + 1, detail=f"the head knows {head.n} entries"))
    if head is not None and head.n < last:
        findings.append(Finding(kind="inserted", n=head.n + 1, detail="after the head"))
    missing = audit.unrecorded(connection, tenant)
    return findings + [Finding(kind="unrecorded", n=0, detail=f"{proposal} lacks {kind}") for proposal, kind in missing]


def export(connection: sa.Connection, tenant: str) -> Iterator[str]:
    """The trail as JSON lines, one entry each, for an auditor who has the anchors and the public keys."""
    for entry in audit.read_entries(connection, tenant):
        yield json.dumps(
            {
                "tenant": entry.tenant,
                "n": entry.n,
                "previous": entry.previous,
                "at": entry.at_micros,
                "kind": entry.kind,
                "body": entry.body,
                "hash": entry.hash,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )


def verify_export(lines: Iterator[str], tenant: str, anchors: list[Anchor], keys: dict[str, Ed25519PublicKey]) -> list[Finding]:
    """The same check on an exported trail, without a database. Raises BadInput `export_unreadable` with the line."""
    findings, hashes = check_chain(_parsed(lines))
    return findings + check_anchors(anchors, hashes, keys, tenant)


def _parsed(lines: Iterator[str]) -> Iterator[Entry]:
    for number, line in enumerate(lines, start=1):
        try:
            row: dict[str, Any] = json.loads(line)
            yield Entry(row["tenant"], row["n"], row["previous"], row["at"], row["kind"], row["body"], row["hash"])
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput("export_unreadable", f"line {number}") from error
