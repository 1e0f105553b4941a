"""A vault for tests that open a database of their own, beside it or in a file of its own."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from runtime.clocks import MonotonicClock
from runtime.storage.key_tables import metadata
from runtime.storage.sealing import VAULT
from runtime.storage.vault import Vault

MASTER = bytes(range(32))


def vault_at(path: Path) -> Vault:
    """A vault in a file, its tables made."""
    engine = sa.create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    return Vault(f"sqlite:///{path}", MASTER, MonotonicClock(), cached_s=60.0)


@cache
def shared_vault() -> Vault:
    """One for all tests that only need content to be sealed."""
    folder = Path(tempfile.mkdtemp(prefix="tellergate-keys-"))
    vault = vault_at(folder / "keys.sqlite")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(vault.close)
    return vault


def bound() -> dict[str, Any]:
    """For `Database(url, bound=bound())`."""
    return {VAULT: shared_vault()}
