"""Data keys: two for each customer, one for each conversation nobody has signed in to; wrapped by a master key, in a database apart.

`talk` seals what was said and everything made of it; `record` seals what the law makes us keep longer. Destroying a key is the
erasure of everything sealed with it, in every copy of the service's database. AES-256-GCM with random 96-bit nonces (NIST SP
800-38D allows 2^32 messages a key; a customer has thousands).
"""

from __future__ import annotations

import base64
import hmac
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects import postgresql, sqlite

from domain.clock import SystemClock
from domain.errors import Broken, Unavailable
from persistence.database import Database
from runtime.storage.key_tables import data_key, master_check

Purpose = Literal["talk", "record"]
NONCE = 12
KEY = 32
_CHECK = b"tellergate/master/1"
#: Unwrapped keys kept in memory at most, and for how long: another process may have destroyed one meanwhile.
CACHED, CACHED_S = 4_096, 5.0


def customer_owner(customer: str) -> str:
    return f"customer:{customer}"


def conversation_owner(conversation: str) -> str:
    return f"conversation:{conversation}"


@dataclass(frozen=True, slots=True)
class DataKey:
    """An unwrapped key: `cipher` seals content, `mac` commits to what could be guessed."""

    id: str
    cipher: AESGCM
    mac: bytes


class Vault:
    """Makes, finds and destroys data keys. Its methods block; storage calls them from its own threads."""

    def __init__(self, url: str, master: bytes, clock: SystemClock, *, cached_s: float = CACHED_S) -> None:
        """Raises Broken `master_key_wrong` when the keys in the database were wrapped by another master key."""
        self._db = Database(url, pragmas=("secure_delete=ON",))
        self._master = AESGCM(master)
        self._clock, self._cached_s = clock, cached_s
        self._lock = threading.Lock()
        self._keys: OrderedDict[tuple[str, str], tuple[float, DataKey | None]] = OrderedDict()
        self._owned: OrderedDict[tuple[str, str, str], tuple[float, str]] = OrderedDict()
        self._check_master()

    def close(self) -> None:
        self._db.close()

    def key_of(self, tenant: str, owner: str, purpose: Purpose, at: int) -> DataKey:
        """The live key of an owner, made at its first use; durable before anything is sealed with it. `at` in microseconds."""
        with self._lock:
            held = self._owned.get((tenant, owner, purpose))
        if held is not None and self._fresh(held[0]):
            key = self.key(tenant, held[1])
            if key is not None:
                return key
        identifier = self._db.read_now(lambda c: _live(c, tenant, owner, purpose))
        if identifier is None:
            identifier = self._db.write_now(lambda c: self._make(c, tenant, owner, purpose, at))
        with self._lock:
            _keep(self._owned, (tenant, owner, purpose), (self._clock.monotonic(), identifier))
        key = self.key(tenant, identifier)
        return self.key_of(tenant, owner, purpose, at) if key is None else key  # destroyed in this very moment

    def key(self, tenant: str, identifier: str) -> DataKey | None:
        """A key by its id; None when it was destroyed. Raises Broken `data_key_missing` when there never was one here."""
        with self._lock:
            held = self._keys.get((tenant, identifier))
        if held is not None and self._fresh(held[0]):
            return held[1]
        row = self._db.read_now(
            lambda c: c.execute(sa.select(data_key).where(data_key.c.tenant == tenant, data_key.c.id == identifier)).one_or_none()
        )
        if row is None:
            raise Broken("data_key_missing", f"key {identifier} is not in the key database")
        found = None
        if row.destroyed_at is None:
            secret = self._unwrap(row.wrapped, _about(tenant, row.id, row.owner, row.purpose))
            found = DataKey(row.id, AESGCM(secret), hmac.new(secret, b"tellergate/commitment/1", sha256).digest())
        with self._lock:
            _keep(self._keys, (tenant, identifier), (self._clock.monotonic(), found))
        return found

    def claim(self, tenant: str, conversation: str, customer: str) -> None:
        """An anonymous conversation's keys become the customer's, so that they are destroyed with the customer's own."""
        k = data_key.c
        self._db.write_now(
            lambda c: c.execute(
                data_key.update()
                .where(k.tenant == tenant, k.owner == conversation_owner(conversation), k.customer.is_(None))
                .values(customer=customer)
            )
        )

    def destroy(self, tenant: str, customer: str, purpose: Purpose, at: int) -> list[str]:
        """Destroy all keys of one purpose; returns their ids. What they sealed cannot be read by anybody afterwards.

        The wrapped keys are overwritten, and the overwritten pages leave the database's log as well. Raises Unavailable
        `keys_not_destroyed` when that could not be made certain; doing it again is safe.
        """
        ids = self._db.write_now(lambda c: _overwrite(c, tenant, customer, purpose, at))
        self.forget()
        self._scrub()
        return ids

    def forget(self) -> None:
        """Drop all unwrapped keys from memory."""
        with self._lock:
            self._keys.clear()
            self._owned.clear()

    def _scrub(self) -> None:
        """Leave no old page behind: SQLite's write-ahead log is emptied, PostgreSQL's table is written anew."""
        if self._db.is_sqlite:
            busy = self._db.maintain("PRAGMA wal_checkpoint(TRUNCATE)")
            if busy:
                raise Unavailable("keys_not_destroyed", "another process is reading the key database; erase again")
        else:
            self._db.maintain("VACUUM FULL data_key")

    def _fresh(self, since: float) -> bool:
        return self._clock.monotonic() - since < self._cached_s

    def _make(self, connection: sa.Connection, tenant: str, owner: str, purpose: Purpose, at: int) -> str:
        identifier = secrets.token_hex(8)
        wrapped = self._wrap(AESGCM.generate_key(KEY * 8), _about(tenant, identifier, owner, purpose))
        kind, _, name = owner.partition(":")
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        connection.execute(
            dialect.insert(data_key)
            .values(
                tenant=tenant, id=identifier, purpose=purpose, owner=owner, customer=name if kind == "customer" else None,
                wrapped=wrapped, created_at=at,
            )
            .on_conflict_do_nothing()
        )  # fmt: skip
        found = _live(connection, tenant, owner, purpose)
        assert found is not None
        return found

    def _check_master(self) -> None:
        def job(connection: sa.Connection) -> str:
            found: str | None = connection.execute(sa.select(master_check.c.wrapped)).scalar_one_or_none()
            if found is None:
                found = self._wrap(_CHECK, _CHECK)
                connection.execute(master_check.insert().values(id=1, wrapped=found))
            return found

        self._unwrap(self._db.write_now(job), _CHECK)

    def _wrap(self, secret: bytes, about: bytes) -> str:
        nonce = secrets.token_bytes(NONCE)
        return base64.b64encode(nonce + self._master.encrypt(nonce, secret, about)).decode()

    def _unwrap(self, wrapped: str, about: bytes) -> bytes:
        raw = base64.b64decode(wrapped)
        try:
            return self._master.decrypt(raw[:NONCE], raw[NONCE:], about)
        except InvalidTag as error:
            raise Broken("master_key_wrong", "the key database was made with another master key") from error


def _about(tenant: str, identifier: str, owner: str, purpose: str) -> bytes:
    return f"{tenant}|{identifier}|{owner}|{purpose}".encode()


def _live(connection: sa.Connection, tenant: str, owner: str, purpose: Purpose) -> str | None:
    k = data_key.c
    query = sa.select(k.id).where(k.tenant == tenant, k.owner == owner, k.purpose == purpose, k.destroyed_at.is_(None))
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def _overwrite(connection: sa.Connection, tenant: str, customer: str, purpose: Purpose, at: int) -> list[str]:
    k = data_key.c
    mine = (k.tenant == tenant, k.customer == customer, k.purpose == purpose, k.destroyed_at.is_(None))
    rows = connection.execute(sa.select(k.id, k.wrapped).where(*mine).with_for_update()).all()
    for row in rows:
        # As long as what it replaces, so that it takes the same place in the same page.
        blank = "0" * len(row.wrapped)
        connection.execute(data_key.update().where(k.tenant == tenant, k.id == row.id).values(wrapped=blank, destroyed_at=at))
    return [row.id for row in rows]


def _keep(cache: OrderedDict[Any, Any], name: Any, value: Any) -> None:
    cache[name] = value
    cache.move_to_end(name)
    while len(cache) > CACHED:
        cache.popitem(last=False)
