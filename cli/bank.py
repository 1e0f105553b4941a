"""`tellergate bank …`: seed, check, export and run the sandbox bank of a data directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from bank.embedded import Embedded
from bank.setup import OpenBank, open_bank
from cli.output import say
from cli.serve import bind
from domain.errors import Conflict
from runtime.datadir import DataDir
from runtime.settings import Settings


@contextmanager
def _opened(settings: Settings) -> Iterator[OpenBank]:
    data_dir = DataDir(settings.data_dir)
    bank = open_bank(data_dir.path, settings.bank_database_url or None)
    try:
        yield bank
    finally:
        bank.close()


def seed(settings: Settings, world: Path) -> dict[str, Any]:
    """Build a world. Raises BadInput `world_invalid`, Conflict `tenant_exists`."""
    with _opened(settings) as bank:
        embedded = Embedded(bank)
        if embedded.holds(settings.tenant):
            raise Conflict(
                "tenant_exists", f"{settings.tenant} holds data already; seed another tenant or an empty data directory"
            )
        return {"tenant": settings.tenant, "bank": embedded.seed(settings.tenant, world)}


def verify(settings: Settings) -> dict[str, Any]:
    with _opened(settings) as bank:
        findings = Embedded(bank).findings(settings.tenant)
    return {"ok": not findings, "findings": findings}


def export(settings: Settings) -> dict[str, Any]:
    with _opened(settings) as bank:
        return Embedded(bank).export(settings.tenant)


def serve_alone(settings: Settings) -> None:
    """Run the bank in a process of its own; the service then points `TELLERGATE_BANK_URL` at it."""
    listener = bind(settings.host, settings.port)
    data_dir = DataDir(settings.data_dir)
    bank = open_bank(data_dir.path, settings.bank_database_url or None)
    Embedded(bank).seed(settings.tenant, settings.world)
    host, port = listener.getsockname()[:2]
    say(f"sandbox core bank on http://{host}:{port}")
    try:
        uvicorn.Server(uvicorn.Config(bank.app, log_level="warning", access_log=False)).run(sockets=[listener])
    finally:
        bank.close()
