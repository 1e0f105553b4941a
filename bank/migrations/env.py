"""Alembic's way in: the metadata of the bank, on the connection that `persistence.migrations.migrate` opened under its lock."""

from __future__ import annotations

from alembic import context

from bank import append_only  # noqa: F401 - triggers are part of the schema
from bank.columns import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
