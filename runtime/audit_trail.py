"""The sequencer that links the audit trail within a second, its anchors outside the database, and the check of a live database."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ValidationError

from domain.errors import BadInput
from domain.tokens import key_id
from persistence.database import Database
from runtime.audit_check import ANCHOR_ENTRIES, ANCHOR_US, Anchor, Head, check
from runtime.audit_findings import Finding
from runtime.clocks import wall_micros
from runtime.storage import audit

log = structlog.get_logger(__name__)
LEASE_US = 5_000_000
#: An anchor's line is far shorter than this many bytes.
LINE_MAX = 4_096


class AuditSequencer:
    """Numbers and links what changes have staged, one leased owner per tenant, and anchors the head outside the database.

    `anchors` is a directory with one file a tenant, which only grows; it belongs on storage that the database's administrator
    cannot write. What is linked and not yet anchored (a minute, or 1,000 entries) is protected by the database alone.
    """

    def __init__(self, db: Database, *, key: Ed25519PrivateKey, anchors: Path, owner: str) -> None:
        self._db = db
        self._key = key
        self._kid = key_id(key.public_key())
        self._anchors = anchors
        self._owner = owner
        self._left: dict[str, tuple[int, str]] = {}

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
                self._left.pop(tenant, None)
                return total
            head = done.head
            total += done.count
            if not self._continues(tenant, done):
                await self._db.write(
                    lambda connection: audit.append_audit(connection, tenant, "alarm.audit_head_changed", {}, now)
                )
                return total
            if head.n > head.anchored_n and (anchor or self._anchor_due(head, now)):
                await asyncio.to_thread(self._sign, tenant, head, now)
                await self._db.write(lambda connection, n=head.n: audit.mark_anchored(connection, tenant, n, now))  # type: ignore[misc]
            if done.count < audit.BATCH:
                return total

    def _has_work(self, connection: sa.Connection, tenant: str, now: int, anchor: bool) -> bool:
        """A read first, so that an idle service writes nothing."""
        if audit.staged_count(connection, tenant):
            return True
        head = audit.read_head(connection, tenant)
        return head is not None and head.n > head.anchored_n and (anchor or self._anchor_due(head, now))

    def _anchor_due(self, head: audit.Head, now: int) -> bool:
        return head.n - head.anchored_n >= ANCHOR_ENTRIES or now - head.anchored_us >= ANCHOR_US

    def _continues(self, tenant: str, done: audit.Linked) -> bool:
        """Whether the chain went on from where this process left it. If not, its end was changed: an alarm goes into the chain."""
        left = self._left.get(tenant)
        self._left[tenant] = (done.head.n, done.head.hash)
        if left is None or not done.held or left == done.before:
            return True
        log.error("audit_head_changed", tenant=tenant, n=left[0])
        return False

    def _sign(self, tenant: str, head: audit.Head, now: int) -> None:
        path = anchor_file(self._anchors, tenant)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            unsigned = Anchor(
                tenant=tenant, seq=_last_seq(handle, path) + 1, n=head.n, head=head.hash, at=now, kid=self._kid, signature=""
            )
            signature = base64.urlsafe_b64encode(self._key.sign(unsigned.signed())).decode()
            line = unsigned.model_copy(update={"signature": signature}).model_dump_json() + "\n"
            os.lseek(handle, 0, os.SEEK_END)
            os.write(handle, line.encode())
            os.fsync(handle)
        finally:
            os.close(handle)


def _last_seq(handle: int, path: Path) -> int:
    """The number of the last anchor of an open file; 0 for none. Cuts off a last line that a crash left without its end."""
    size = os.lseek(handle, 0, os.SEEK_END)
    start = max(size - LINE_MAX, 0)
    tail = os.pread(handle, LINE_MAX, start)
    whole = tail[: tail.rfind(b"\n") + 1]
    if len(whole) < len(tail):
        os.ftruncate(handle, start + len(whole))
    if not whole:
        return 0
    try:
        return Anchor.model_validate_json(whole.rsplit(b"\n", 2)[-2]).seq
    except ValidationError as error:
        raise BadInput("anchor_unreadable", f"{path.name}, last line") from error


def anchor_file(directory: Path, tenant: str) -> Path:
    """Where a tenant's anchors are."""
    return directory / f"{tenant}.jsonl"


def read_anchors(path: Path) -> list[Anchor]:
    """The signed anchors of a file, in order. A last line without its end (a crash while it was written) is left out.

    Raises BadInput `anchor_unreadable` with the line.
    """
    if not path.exists():
        return []
    anchors = []
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    for number, line in enumerate(lines[:-1], start=1):
        try:
            anchors.append(Anchor.model_validate_json(line))
        except ValidationError as error:
            raise BadInput("anchor_unreadable", f"{path.name}, line {number}") from error
    return anchors


def verify(
    connection: sa.Connection, tenant: str, anchors: list[Anchor], keys: Mapping[str, Ed25519PublicKey]
) -> tuple[list[Finding], int]:
    """Check a tenant's whole trail in the database against its anchors: what is wrong (nothing: it holds), and how many entries."""
    head = audit.read_head(connection, tenant)
    return check(
        lambda: audit.read_lines(connection, tenant),
        tenant,
        anchors,
        keys,
        head=None if head is None else Head(head.n, head.hash, head.anchored_n),
        executed=audit.executed(connection, tenant),
    )
