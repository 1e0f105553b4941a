"""A gate house on SQLite, and, where PostgreSQL is there, the same on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.bank_house import Bank, open_bank_house
from tests.support.gate_house import GateHouse, open_house
from tests.support.postgres import postgres_url

__all__ = ["database_url", "house", "postgres_url"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.sqlite'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[GateHouse]:
    """A gate with Asha signed in at AL3."""
    async with open_house(database_url) as opened:
        opened.sign_in()
        yield opened


@pytest.fixture
async def core(database_url: str, tmp_path: Path) -> AsyncIterator[Bank]:
    """Asha signed in at AL3, and the core of the test world behind the gate."""
    async with open_bank_house(database_url, tmp_path) as opened:
        yield opened
