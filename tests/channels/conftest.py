"""A service that all tests of a module speak to, and fresh ones for tests that kill theirs or use up what a customer has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.service import LiveService, open_service

#: Tests are quicker than customers; the limit has a test of its own.
UNHURRIED = {"messages_per_second": 10_000.0, "message_burst": 10_000}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveService]:
    async with open_service(tmp_path_factory.mktemp("served") / "data", **UNHURRIED) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def live(service: LiveService) -> AsyncIterator[LiveService]:
    """The module's service; clients of the test are closed and its reader is itself again at the end."""
    yield service
    service.reader.be_quick()
    await service.leave()


@pytest_asyncio.fixture(loop_scope="module")
async def fresh(tmp_path: Path) -> AsyncIterator[LiveService]:
    async with open_service(tmp_path / "data", **UNHURRIED) as running:
        yield running
