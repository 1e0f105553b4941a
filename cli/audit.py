"""`tellergate audit …`: check and export the trail of a data directory, or check an export alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from domain.errors import BadInput, NotFound
from persistence.database import Database
from runtime import audit_export, audit_trail
from runtime.audit_findings import Finding
from runtime.keys import AUDIT
from runtime.settings import Settings


def verify(settings: Settings, key: Path | None = None, anchors: Path | None = None) -> dict[str, Any]:
    """Findings over the linked chain of this data directory and its anchors; `ok` without any."""
    with _opened(settings) as database:
        keys = audit_export.public_keys(key or _public_key(settings))
        signed = audit_trail.read_anchors(anchors or audit_trail.anchor_file(settings.anchors_dir, settings.tenant))
        findings, count = database.read_now(lambda c: audit_trail.verify(c, settings.tenant, signed, keys))
    return _told(findings, {"tenant": settings.tenant, "entries": count, "anchors": len(signed)})


def verify_file(export: Path, key: Path | None, anchors: Path | None) -> dict[str, Any]:
    """The same over an export: without settings, database or keys of ours. Raises BadInput `key_unreadable`, `export_unreadable`."""
    if key is None:
        raise BadInput("key_unreadable", "an export is checked with --key FILE, a public key from somewhere else than the export")
    if not export.is_file():
        raise BadInput("export_unreadable", f"{export}: no such file")
    signed = audit_trail.read_anchors(anchors) if anchors is not None else None
    return _told(*audit_export.verify_export(export, audit_export.public_keys(key), signed))


def export(settings: Settings, out: Path, masked: bool = False) -> dict[str, Any]:
    """Write the linked entries with anchors and public key; returns how many entries."""
    with _opened(settings) as database, audit_export.opened(out, "w") as file:
        # Anchors first: what they vouch for is in the entries read afterwards.
        anchors = audit_trail.read_anchors(audit_trail.anchor_file(settings.anchors_dir, settings.tenant))
        keys = audit_export.public_keys(_public_key(settings))
        count = database.read_now(lambda c: audit_export.write_export(file, c, settings.tenant, anchors, keys, masked=masked))
    return {"entries": count, "anchors": len(anchors), "masked": masked, "file": str(out)}


def _told(findings: list[Finding], looked_at: dict[str, Any]) -> dict[str, Any]:
    return {"ok": not findings, **looked_at, "findings": [finding.model_dump(exclude_none=True) for finding in findings]}


def _public_key(settings: Settings) -> Path:
    return settings.keys_dir / f"{AUDIT}.pub.pem"


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    if not settings.keys_dir.is_dir():
        raise NotFound("data_dir_empty", f"{settings.data_dir}: nothing has run here yet")
    database = Database(settings.service_database)
    try:
        yield database
    finally:
        database.close()
