"""`tellergate audit …`: check and export the trail of a data directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from domain.errors import NotFound
from persistence.database import Database
from runtime import audit_trail
from runtime.bootstrap import ANCHORS
from runtime.keys import open_keys
from runtime.settings import Settings


def verify(settings: Settings) -> dict[str, Any]:
    """Findings over the linked chain and its anchors; `ok` without any."""
    anchors = audit_trail.read_anchors(settings.data_dir / ANCHORS)
    with _opened(settings) as database:
        keys = open_keys(settings.keys_dir).audit_public()
        findings = database.read_now(lambda c: audit_trail.verify(c, settings.tenant, anchors, keys))
    return {"ok": not findings, "anchors": len(anchors), "findings": [finding.model_dump() for finding in findings]}


def export(settings: Settings, out: Path) -> dict[str, Any]:
    """Write the linked entries as JSON lines; returns how many."""

    def write(connection: Any) -> int:
        count = 0
        with out.open("w", encoding="utf-8") as file:
            for line in audit_trail.export(connection, settings.tenant):
                file.write(line + "\n")
                count += 1
        return count

    with _opened(settings) as database:
        return {"entries": database.read_now(write), "file": str(out)}


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    if not settings.keys_dir.is_dir():
        raise NotFound("data_dir_empty", f"{settings.data_dir}: nothing has run here yet")
    database = Database(settings.service_database)
    try:
        yield database
    finally:
        database.close()
