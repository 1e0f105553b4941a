"""Alembic's environment for the key database; run by `persistence.migrations.migrate` on its connection."""

from alembic import context

from runtime.storage.key_tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=False)
with context.begin_transaction():
    context.run_migrations()
