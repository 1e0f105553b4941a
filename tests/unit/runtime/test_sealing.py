"""Content is ciphertext in every table, opens for its own row only, and is gone with its key."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain.errors import Broken
from persistence.database import Database
from persistence.migrations import migrate
from runtime import opening
from runtime.clocks import MonotonicClock
from runtime.settings import Settings, load_settings
from runtime.storage import content, sealing
from runtime.storage.key_tables import KEY_MIGRATIONS
from runtime.storage.key_tables import metadata as key_metadata
from runtime.storage.metadata import MIGRATIONS
from runtime.storage.vault import Vault, conversation_owner, customer_owner
from tests.support.gate_house import TENANT, GateHouse
from tests.support.keys import MASTER

TEXT = {"text": "the blue heron flies at noon"}


@pytest.fixture
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    url = f"sqlite:///{tmp_path / 'keys.sqlite'}"
    migrate(url, KEY_MIGRATIONS)
    made = Vault(url, MASTER, MonotonicClock())
    yield made
    made.close()


@pytest.fixture
def connection(vault: Vault, tmp_path: Path) -> Iterator[sa.Connection]:
    """A connection that carries the vault; what it is connected to does not matter."""
    engine = sa.create_engine("sqlite://", execution_options={sealing.VAULT: vault})
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def key_of(vault: Vault, customer: str = "C1", purpose: Any = "talk") -> Any:
    return vault.key_of("demo", customer_owner(customer), purpose, 1)


def test_what_was_sealed_opens_for_its_own_place_only(vault: Vault, connection: sa.Connection) -> None:
    sealed = sealing.seal(key_of(vault), "demo", "message.frame", "cnv:1", TEXT)
    assert "heron" not in sealed
    assert sealing.unseal(connection, "demo", "message.frame", "cnv:1", sealed) == TEXT
    for place, row in (("message.frame", "cnv:2"), ("message.input", "cnv:1")):
        with pytest.raises(Broken, match="sealed_broken"):
            sealing.unseal(connection, "demo", place, row, sealed)
    with pytest.raises(Broken, match="data_key_missing"):
        sealing.unseal(connection, "other", "message.frame", "cnv:1", sealed)


@pytest.mark.parametrize("forged", ['{"text":"plain"}', "2.x.y", ""])
def test_plain_text_put_where_a_seal_belongs_is_refused(connection: sa.Connection, forged: str) -> None:
    with pytest.raises(Broken, match="sealed_broken"):
        sealing.unseal(connection, "demo", "message.frame", "cnv:1", forged)


def test_two_seals_of_the_same_content_differ(vault: Vault) -> None:
    assert len({sealing.seal(key_of(vault), "demo", "message.frame", "cnv:1", TEXT) for _ in range(50)}) == 50


def test_each_customer_and_purpose_has_one_key(vault: Vault) -> None:
    keys = [key_of(vault, customer, purpose).id for customer in ("C1", "C2") for purpose in ("talk", "record")]
    assert len(set(keys)) == 4
    assert key_of(vault).id == keys[0]


def test_a_destroyed_key_opens_nothing_and_the_next_one_is_new(vault: Vault, connection: sa.Connection) -> None:
    old = key_of(vault)
    sealed = sealing.seal(old, "demo", "message.frame", "cnv:1", TEXT)
    assert vault.destroy("demo", "C1", "talk", 2) == [old.id]
    assert sealing.unseal(connection, "demo", "message.frame", "cnv:1", sealed) is None
    assert key_of(vault).id != old.id
    assert key_of(vault, purpose="record") is not None, "the other purpose stays"


def test_a_claimed_conversation_is_destroyed_with_its_customer(vault: Vault) -> None:
    own, other = (vault.key_of("demo", conversation_owner(each), "talk", 1) for each in ("cnv_1", "cnv_2"))
    vault.claim("demo", "cnv_1", "C1")
    vault.destroy("demo", "C1", "talk", 2)
    assert vault.key("demo", own.id) is None
    assert vault.key("demo", other.id) is not None


def test_a_wrapped_key_that_was_destroyed_is_in_no_file(vault: Vault, tmp_path: Path) -> None:
    key_of(vault)
    key_of(vault, "C2")
    reader = sqlite3.connect(tmp_path / "keys.sqlite")
    (wrapped,) = reader.execute("SELECT wrapped FROM data_key WHERE owner = 'customer:C1'").fetchone()
    reader.close()

    def files() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert wrapped.encode() in files()
    vault.destroy("demo", "C1", "talk", 2)
    assert wrapped.encode() not in files()


def test_another_process_learns_of_a_destroyed_key(vault: Vault, tmp_path: Path) -> None:
    key = key_of(vault)
    other = Vault(f"sqlite:///{tmp_path / 'keys.sqlite'}", MASTER, MonotonicClock(), cached_s=0.0)
    assert other.key("demo", key.id) is not None
    vault.destroy("demo", "C1", "talk", 2)
    assert other.key("demo", key.id) is None
    other.close()


def test_another_master_key_is_refused_at_once(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(Broken, match="master_key_wrong"):
        Vault(f"sqlite:///{tmp_path / 'keys.sqlite'}", bytes(32), MonotonicClock())


def test_a_database_opened_without_its_keys_gives_no_content() -> None:
    with sa.create_engine("sqlite://").connect() as bare, pytest.raises(Broken, match="vault_missing"):
        sealing.vault_of(bare)


async def test_a_proposal_is_ciphertext_and_the_trail_holds_no_digest_that_could_be_tried(house: GateHouse) -> None:
    proposal = await house.ready_credit()
    outcome = await house.gate().execute(proposal)
    opened = {place: value for place, _, value in house.db.read_now(lambda c: list(content.everything(c, TENANT)))}
    assert opened["proposal.arguments"]["transaction"] == "T1" and opened["decision.facts"]

    def stored(connection: sa.Connection) -> str:
        tables = ("proposal", "decision", "consent", "approval", "audit_entry")
        return str([connection.execute(sa.text(f"SELECT * FROM {table}")).all() for table in tables])

    text = house.db.read_now(stored)
    assert "DSP-1" not in text and "suspect" not in text
    assert outcome.digest not in text, "whoever guesses the arguments could confirm the guess"


def test_the_keys_schema_is_the_one_the_code_describes(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    url = f"sqlite:///{tmp_path / 'k.sqlite'}"
    migrate(url, KEY_MIGRATIONS)
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), key_metadata) == []
    engine.dispose()


def test_content_from_before_is_sealed_at_the_first_start(tmp_path: Path) -> None:
    settings: Settings = load_settings(data_dir=tmp_path)
    migrate(settings.service_database, MIGRATIONS)
    old = sqlite3.connect(tmp_path / "service.sqlite")
    old.execute(
        "INSERT INTO conversation (tenant, id, channel, view, state, last_seq, created_at, updated_at)"
        " VALUES ('demo', 'cnv_1', 'web', '{\"language\":\"en\"}', 'assistant', 1, 1, 1)"
    )
    old.execute(
        "INSERT INTO message (tenant, conversation, seq, direction, frame, at)"
        " VALUES ('demo', 'cnv_1', 1, 'out', '{\"text\":\"the blue heron\"}', 1)"
    )
    old.commit()
    old.close()
    with_keys(settings)
    assert b"heron" not in b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())


def with_keys(settings: Settings) -> None:
    settings.keys_dir.mkdir()
    with opening.opened(settings) as (database, _):
        opened: Database = database
        found = opened.read_now(lambda c: {place: value for place, _, value in content.everything(c, "demo")})
    assert found["message.frame"] == {"text": "the blue heron"}
