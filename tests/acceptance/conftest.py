"""One model-free server process for all tests that do not kill theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.client import Chat
from tests.acceptance.process import Server


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
def chat(server: Server) -> type[Chat]:
    """`chat(customer)` makes a client of the shared server."""

    def make(customer: str | None = None, **values: object) -> Chat:
        return Chat(server.base, customer, **values)  # type: ignore[arg-type]

    return make  # type: ignore[return-value]
