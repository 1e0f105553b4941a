"""Forward-only alembic histories, applied under a lock; an unknown schema is refused."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from domain.errors import Broken

_LOCK = 0x7E11E9


def migrate(url: str, scripts: Path) -> str:
    """Bring the database at `url` to the head of the history in `scripts`; returns the head revision.

    Raises Broken `schema_unknown` when the database is at a revision this code does not know (it is newer).
    """
    config = Config()
    config.set_main_option("script_location", str(scripts))
    known = ScriptDirectory.from_config(config)
    head = known.get_current_head() or ""
    engine = sa.create_engine(url)
    try:
        with _locked(url), engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
                connection.commit()
            try:
                current = MigrationContext.configure(connection).get_current_revision()
                connection.commit()
                if current == head:
                    return head
                if current is not None and current not in {script.revision for script in known.walk_revisions()}:
                    raise Broken("schema_unknown", f"database is at revision {current}, this code knows up to {head}")
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                connection.commit()
            finally:
                if connection.dialect.name == "postgresql":
                    connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
                    connection.commit()
    finally:
        engine.dispose()
    return head


@contextmanager
def _locked(url: str) -> Iterator[None]:
    path = sa.make_url(url).database if url.startswith("sqlite") else None
    if not path or path == ":memory:":
        yield
        return
    with open(f"{path}.migrate", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
