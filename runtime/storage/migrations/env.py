"""Alembic's environment for the service's database; run by `persistence.migrations.migrate` on its connection."""

from alembic import context

from runtime.storage import gate_tables, staff_tables, tables  # noqa: F401 - all add to the one metadata
from runtime.storage.metadata import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=False)
with context.begin_transaction():
    context.run_migrations()
