"""Audit bodies as the text that is hashed; chains linked over re-serialised JSON begin again over the same entries"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("body_text", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE audit_entry SET body_text = CAST(body AS TEXT), n = NULL, previous = NULL, hash = NULL")
    op.drop_column("audit_entry", "body")
    op.execute("ALTER TABLE audit_entry RENAME COLUMN body_text TO body")
    op.execute(f"UPDATE audit_head SET n = 0, hash = '{'0' * 64}', anchored_n = 0, anchored_us = 0")
