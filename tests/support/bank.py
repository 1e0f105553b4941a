"""Builders for tests that need a core bank: keys, clocks, tokens, a bank in memory of the process, a client that signs.

`open_workbench(directory)` gives an empty bank; `seed(tenant)` makes a tenant in it. `Teller` speaks the HTTP contract only, over
any transport, so the same tests run against an embedded bank or one at an address.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from bank import seeding
from bank.keys import write_trusted
from bank.setup import AUTHORITY_KEYS, CREDENTIAL, SUBJECT_KEYS, OpenBank, open_bank
from bank.worlds.loader import build_world
from domain.actions import Action
from domain.canonical import digest_of
from domain.tokens import ApprovalClaims, SubjectClaims, sign
from tests.support.bank_world import world_mapping

WALL = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


class HandClock:
    """Wall time that stands still until it is moved; `script` gives the next readings first."""

    def __init__(self, at: datetime = WALL) -> None:
        self.at = at
        self.script: list[datetime] = []

    def now(self) -> datetime:
        return self.script.pop(0) if self.script else self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class CountingIds:
    """Ids that are the same in each run."""

    def __init__(self, seed: str = "") -> None:
        self._seed = seed
        self._n = count(1)

    def new(self, prefix: str) -> str:
        raw = hashlib.sha256(f"{self._seed}{next(self._n)}".encode()).digest()
        return f"{prefix}_{base64.b32encode(raw[:16]).decode().rstrip('=').lower()}"

    def secret(self) -> str:
        return hashlib.sha256(f"{self._seed}{next(self._n)}".encode()).hexdigest()

    def digits(self, count: int) -> str:
        return str(int(hashlib.sha256(f"{self._seed}{next(self._n)}".encode()).hexdigest(), 16))[-count:]


@dataclass
class Teller:
    """Calls one tenant of a bank as the service would, and signs what it needs. Only the HTTP contract is used."""

    http: httpx.AsyncClient
    tenant: str
    credential: str
    authority: Ed25519PrivateKey
    minter: Ed25519PrivateKey
    now: datetime
    _n: Iterator[int] = field(default_factory=lambda: count(1))

    def fresh(self, prefix: str) -> str:
        return f"{prefix}-{self.tenant}-{next(self._n)}"

    def subject(self, customer: str, *, key: Ed25519PrivateKey | None = None, **claims: Any) -> str:
        """A subject token; any claim may be given instead."""
        at = int(self.now.timestamp())
        values: dict[str, Any] = {
            "iss": "tellergate",
            "aud": "bank",
            "jti": self.fresh("sub"),
            "iat": at,
            "exp": at + 60,
            "tenant": self.tenant,
            "sub": customer,
            "purpose": "test",
            "level": 3,
        }
        return sign(SubjectClaims(**(values | claims)), key or self.minter)

    def approval(
        self, customer: str, action: Action, proposal: str, *, key: Ed25519PrivateKey | None = None, **claims: Any
    ) -> str:
        """An approval for exactly this action; any claim may be given instead."""
        at = int(self.now.timestamp())
        values: dict[str, Any] = {
            "iss": "tellergate",
            "aud": "bank",
            "jti": self.fresh("apr"),
            "iat": at,
            "exp": at + 60,
            "tenant": self.tenant,
            "sub": customer,
            "act": action.arguments()["action"],
            "args": digest_of(action.arguments()),
            "proposal": proposal,
            "effect": action.effect_for(customer),
            "pack": "test",
        }
        return sign(ApprovalClaims(**(values | claims)), key or self.authority)

    def headers(self, customer: str | None) -> dict[str, str]:
        given = {"Authorization": f"Bearer {self.credential}"}
        return given if customer is None else given | {"X-Subject-Token": self.subject(customer)}

    async def get(self, path: str, customer: str | None, **params: Any) -> httpx.Response:
        return await self.http.get(f"/{self.tenant}{path}", params=params or None, headers=self.headers(customer))

    async def post(self, path: str, customer: str | None, body: Any, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.post(f"/{self.tenant}{path}", json=body, headers=self.headers(customer) | named)

    async def do(
        self, path: str, customer: str, action: Action, *, proposal: str | None = None, token: str | None = None
    ) -> httpx.Response:
        """Execute an action with an approval of its own (or the one given)."""
        key = proposal or self.fresh("prp")
        approval = token if token is not None else self.approval(customer, action, key)
        return await self.post(path, customer, action.arguments(), Idempotency_Key=key, X_Approval_Token=approval)

    async def dev(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return await self.http.request(method, f"/{self.tenant}/dev{path}", json=body)

    async def advance(self, seconds: float) -> None:
        """Move the tenant's clock, and this teller's with it."""
        answer = await self.dev("POST", "/clock", {"advance_s": seconds})
        self.now = datetime.fromisoformat(answer.json()["now"])

    async def export(self) -> dict[str, Any]:
        state: dict[str, Any] = (await self.dev("GET", "/export")).json()
        return state

    async def phone(self, customer: str) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = (await self.dev("GET", f"/phone/{customer}")).json()["messages"]
        return messages


@dataclass
class Workbench:
    """A bank in this process, with the private keys that it trusts."""

    bank: OpenBank
    clock: HandClock
    credential: str
    authority: Ed25519PrivateKey
    minter: Ed25519PrivateKey
    keys: Path

    @property
    def app(self) -> FastAPI:
        return self.bank.app

    def seed(self, tenant: str, world: dict[str, Any] | None = None) -> datetime:
        """Make a tenant from a mapping (by default the test world); returns its time."""
        made = build_world((world or world_mapping()) | {"tenant": tenant})
        self.bank.database.write_now(lambda connection: seeding.seed(connection, made, self.bank.config))
        return made.now

    def teller(self, tenant: str, now: datetime) -> Teller:
        """A client over ASGI; close its `http` or let it go."""
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url="http://bank.test")
        return Teller(http, tenant, self.credential, self.authority, self.minter, now)


def open_workbench(directory: Path, url: str | None = None, *, clock: HandClock | None = None) -> Workbench:
    """An empty bank under a directory, on SQLite there or on the database at `url`."""
    hand = clock or HandClock()
    bank = open_bank(directory, url, sandbox=True, clock=hand, ids=CountingIds(str(directory)))
    keys = directory / "keys"
    authority, minter = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    write_trusted(keys / AUTHORITY_KEYS, authority.public_key())
    write_trusted(keys / SUBJECT_KEYS, minter.public_key())
    return Workbench(bank, hand, (keys / CREDENTIAL).read_text(), authority, minter, keys)
