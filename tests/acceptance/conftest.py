"""One model-free server process for all tests that do not kill theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from tests.acceptance.client import Chat
from tests.acceptance.process import Server
from tests.support.postgres import running_server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "acceptance" in str(item.path) and item.get_closest_marker("model") is None:
            item.add_marker(pytest.mark.process)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("served") / "data")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def postgres_urls() -> Callable[[int], list[str]]:
    """`postgres_urls(2)`: as many fresh databases."""

    def make(count: int) -> list[str]:
        running = running_server()
        return [running.url(running.create()) for _ in range(count)]

    return make


@pytest.fixture(autouse=True)
async def _sockets_end_with_the_test() -> AsyncIterator[None]:
    yield
    while Chat.connected:
        await Chat.connected.pop().close()
