"""A bank under test for rows: on SQLite, and on PostgreSQL where its binaries are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.bank import Workbench, open_workbench
from tests.support.postgres import running_server

BOTH: list[Any] = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """A seeded bank on SQLite; its tenant is `demo`."""
    made = open_workbench(tmp_path)
    made.seed("demo")
    yield made
    made.bank.close()


@pytest.fixture(params=BOTH)
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workbench]:
    """The same on both databases."""
    server = running_server() if request.param == "postgresql" else None
    name = server.create() if server else ""
    made = open_workbench(tmp_path, server.url(name) if server else None)
    made.seed("demo")
    yield made
    made.bank.close()
    if server:
        server.drop(name)
