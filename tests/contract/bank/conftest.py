"""The core under test: the sandbox on SQLite, on PostgreSQL, and whatever `BANK_CONTRACT_URL` names.

For an address, `BANK_CONTRACT_KEYS` is a folder with `service.credential`, `authority.pem` and `subject.pem` that the core trusts.
Each test has a tenant of its own, made over the contract's development aids. The embedded ones run under the tenant guard: a query
without its tenant fails the suite.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bank.columns import metadata
from tests.support.bank import Teller, Workbench, open_workbench
from tests.support.bank_world import world_mapping
from tests.support.postgres import running_server
from tests.support.tenancy import TenantGuard

ADDRESS = os.environ.get("BANK_CONTRACT_URL")
_numbers = count(1)


@dataclass
class Core:
    """A core that can be called. `bench` is there for the embedded ones only."""

    name: str
    authority: Ed25519PrivateKey
    minter: Ed25519PrivateKey
    credential: str
    bench: Workbench | None = None

    def http(self) -> httpx.AsyncClient:
        if self.bench is None:
            return httpx.AsyncClient(base_url=str(ADDRESS), trust_env=False, timeout=30)
        transport = httpx.ASGITransport(app=self.bench.app)
        return httpx.AsyncClient(transport=transport, base_url="http://bank.test")

    async def seeded(self, world: dict[str, Any]) -> Teller:
        """A teller of a fresh tenant."""
        tenant = f"t{os.getpid()}-{next(_numbers)}"
        http = self.http()
        made = await http.post(f"/{tenant}/dev/world", json=world)
        assert made.status_code == 201, made.text
        now = datetime.fromisoformat(made.json()["now"])
        return Teller(http, tenant, self.credential, self.authority, self.minter, now)


_KINDS: list[Any] = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session", params=_KINDS + (["address"] if ADDRESS else []))
def core(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    """One core a session and kind."""
    if request.param == "address":
        keys = Path(os.environ["BANK_CONTRACT_KEYS"])
        yield Core("address", _key(keys / "authority.pem"), _key(keys / "subject.pem"), _text(keys / "service.credential"))
        return
    url = None
    if request.param == "postgresql":
        server = running_server()
        url = server.url(server.create())
    bench = open_workbench(tmp_path_factory.mktemp(request.param), url)
    with TenantGuard(metadata).watching(bench.bank.database):
        yield Core(request.param, bench.authority, bench.minter, bench.credential, bench)
    bench.bank.close()


@pytest.fixture
async def teller(core: Core) -> AsyncIterator[Teller]:
    """A teller of a tenant of the test's own, seeded with the test world."""
    made = await core.seeded(world_mapping())
    yield made
    await made.dev("DELETE", "/world")
    await made.http.aclose()


def _key(path: Path) -> Ed25519PrivateKey:
    return cast(Ed25519PrivateKey, serialization.load_pem_private_key(path.read_bytes(), password=None))


def _text(path: Path) -> str:
    return path.read_text().strip()
