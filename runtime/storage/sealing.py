"""The one place where content becomes ciphertext and back: storage seals what it writes and opens what it reads.

A sealed value is `1.<key id>.<nonce and ciphertext>`; it is bound to its tenant, table, column and row, so that a value that is
moved does not open. The jobs of a connection find the vault bound to it.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from domain.errors import Broken, Conflict
from runtime.clocks import wall_micros
from runtime.storage import tables as t
from runtime.storage.gate_tables import proposal as proposals
from runtime.storage.vault import NONCE, DataKey, Vault, conversation_owner, customer_owner

#: Under this name a database's connections carry the vault.
VAULT = "vault"
VERSION = "1"


def vault_of(connection: sa.Connection) -> Vault:
    """Raises Broken `vault_missing`: a database opened without one can neither read nor write content."""
    found = connection.get_execution_options().get(VAULT)
    if not isinstance(found, Vault):
        raise Broken("vault_missing", "the database was opened without its keys")
    return found


def new_talk_key(connection: sa.Connection, tenant: str, conversation: str, customer: str | None) -> str:
    """The id of the key for a conversation that begins: the customer's, or one of its own while nobody has signed in."""
    owner = conversation_owner(conversation) if customer is None else customer_owner(customer)
    return vault_of(connection).key_of(tenant, owner, "talk", wall_micros()).id


def talk_key(connection: sa.Connection, tenant: str, conversation: str) -> DataKey:
    """The key that a conversation's content is sealed with. Raises Conflict `conversation_erased` when it was destroyed."""
    c = t.conversation.c
    query = sa.select(c.talk_key).where(c.tenant == tenant, c.id == conversation)
    identifier = connection.execute(query).scalar_one()
    key = vault_of(connection).key(tenant, identifier)
    if key is None:
        raise Conflict("conversation_erased", "nothing can be added to it")
    return key


def record_key(connection: sa.Connection, tenant: str, customer: str) -> DataKey:
    """The key of what is kept about a customer by law."""
    return vault_of(connection).key_of(tenant, customer_owner(customer), "record", wall_micros())


def record_key_of(connection: sa.Connection, tenant: str, proposal: str) -> DataKey:
    """The same by a proposal of the customer's."""
    p = proposals.c
    customer = connection.execute(sa.select(p.customer).where(p.tenant == tenant, p.id == proposal)).scalar_one()
    return record_key(connection, tenant, customer)


def seal(key: DataKey, tenant: str, place: str, row: str, value: Any) -> str:
    """Ciphertext of a plain JSON value for one place (`table.column`) of one row."""
    nonce = secrets.token_bytes(NONCE)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    raw = nonce + key.cipher.encrypt(nonce, text, _about(tenant, place, row))
    return f"{VERSION}.{key.id}.{base64.urlsafe_b64encode(raw).decode()}"


def unseal(connection: sa.Connection, tenant: str, place: str, row: str, sealed: str | None) -> Any:
    """The value again; None when it was erased (or never there). Raises Broken `sealed_broken` for anything but our own seal."""
    if sealed is None:
        return None
    version, _, rest = sealed.partition(".")
    identifier, _, text = rest.partition(".")
    if version != VERSION:
        raise Broken("sealed_broken", f"{place} of {row} is not sealed")
    key = vault_of(connection).key(tenant, identifier)
    if key is None:
        return None
    raw = base64.urlsafe_b64decode(text)
    try:
        return json.loads(key.cipher.decrypt(raw[:NONCE], raw[NONCE:], _about(tenant, place, row)))
    except InvalidTag as error:
        raise Broken("sealed_broken", f"{place} of {row} was changed or moved") from error


def commitment(key: DataKey, digest: str) -> str:
    """What stands for a digest of guessable content where it outlives the content: nobody without the key can try guesses."""
    return hmac.new(key.mac, digest.encode(), sha256).hexdigest()


def _about(tenant: str, place: str, row: str) -> bytes:
    return f"{tenant}|{place}|{row}".encode()
