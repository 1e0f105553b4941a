"""Content becomes ciphertext: text columns for sealed values, a key for each conversation, a turn's words apart from its account"""

import sqlalchemy as sa
from alembic import op

from runtime.storage.metadata import Sealed

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: What is in them is sealed when the service starts.
SEALED = (
    ("conversation", "view"),
    ("message", "frame"),
    ("message", "input"),
    ("flow_instance", "data"),
    ("checkpoint", "data"),
    ("request", "ask"),
    ("handover", "summary"),
    ("proposal", "arguments"),
    ("proposal", "declarations"),
    ("proposal", "decision"),
    ("proposal", "receipt"),
    ("decision", "body"),
    ("decision", "facts"),
)


def upgrade() -> None:
    op.add_column("conversation", sa.Column("talk_key", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("turn", sa.Column("told", Sealed, nullable=False, server_default=""))
    op.execute("INSERT INTO due (tenant, key, kind, due_at, payload) VALUES ('*', 'seal_content', 'seal_content', 0, '{}')")
    if op.get_bind().dialect.name == "postgresql":
        for table, column in SEALED:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE TEXT USING {column}::text")
