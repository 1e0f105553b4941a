"""Fresh SQLite databases as copies of one that was really migrated: hundreds of tests need one, and a migration takes 0.3 s.

The copy is made page by page where alembic would have begun, so everything around it (locks, revisions, refusals) is the code's own.
"""

from __future__ import annotations

import sqlite3
from types import SimpleNamespace
from typing import Any

from alembic import command

from persistence import migrations

_templates: dict[str, sqlite3.Connection] = {}


def copy_instead_of_migrating() -> None:
    """From now on, in this process, an empty SQLite file is filled from a template."""
    migrations.command = SimpleNamespace(upgrade=_upgrade)  # type: ignore[assignment]


def _upgrade(config: Any, revision: str) -> None:
    connection = config.attributes["connection"]
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection) or raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        command.upgrade(config, revision)
        return
    scripts = str(config.get_main_option("script_location"))
    if scripts in _templates:
        _templates[scripts].backup(raw)
        return
    command.upgrade(config, revision)
    connection.commit()
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    raw.backup(kept)
    _templates[scripts] = kept
