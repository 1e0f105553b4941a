"""Open the service's database together with its keys: what the server and the command line have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from domain.clock import SystemClock
from domain.errors import NotFound
from persistence.database import Database
from persistence.migrations import migrate
from runtime.clocks import MonotonicClock
from runtime.keys import master_key
from runtime.settings import Settings
from runtime.storage import legacy
from runtime.storage.key_tables import KEY_MIGRATIONS
from runtime.storage.metadata import MIGRATIONS
from runtime.storage.sealing import VAULT
from runtime.storage.vault import Vault


def open_vault(settings: Settings, clock: SystemClock) -> Vault:
    """The data keys, their database brought up to date. Raises Broken `key_file_open`, `key_file_broken`, `master_key_wrong`."""
    master = master_key(settings.keys_dir, settings.master_key_file)
    migrate(settings.keys_database, KEY_MIGRATIONS)
    return Vault(settings.keys_database, master, clock)


def open_database(settings: Settings, vault: Vault) -> Database:
    """The service's database, brought up to date, with its keys bound to it. What is freed in it is overwritten."""
    migrate(settings.service_database, MIGRATIONS)
    database = Database(settings.service_database, bound={VAULT: vault}, pragmas=("secure_delete=ON",))
    if database.read_now(legacy.is_waiting):
        database.write_now(legacy.seal_content)
        database.maintain("VACUUM")
        if database.is_sqlite:
            database.maintain("PRAGMA wal_checkpoint(TRUNCATE)")
    return database


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Database, Vault]]:
    """Both, for one command. Raises NotFound `data_dir_empty` where nothing has run yet."""
    if not settings.keys_dir.is_dir():
        raise NotFound("data_dir_empty", f"{settings.data_dir}: nothing has run here yet")
    vault = open_vault(settings, MonotonicClock())
    try:
        database = open_database(settings, vault)
        try:
            yield database, vault
        finally:
            database.close()
    finally:
        vault.close()
