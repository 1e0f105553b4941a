"""Commands find the service where the settings say that it listens."""

from __future__ import annotations

import pytest

from cli.address import address_in_force


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        ("", "", "http://127.0.0.1:8080"),
        ("bank.example", "9000", "http://bank.example:9000"),
        ("0.0.0.0", "9000", "http://127.0.0.1:9000"),
    ],
)
def test_the_address_is_that_of_the_settings(host: str, port: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("TELLERGATE_HOST", host), ("TELLERGATE_PORT", port)):
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)
    assert address_in_force() == address
