"""Data keys of customers and conversations, wrapped"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_key",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("wrapped", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("destroyed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("purpose IN ('talk','record')", name=op.f("ck_data_key_purpose")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_data_key")),
    )
    op.create_index(
        "uq_data_key_owner",
        "data_key",
        ["tenant", "owner", "purpose"],
        unique=True,
        sqlite_where=sa.text("destroyed_at IS NULL"),
        postgresql_where=sa.text("destroyed_at IS NULL"),
    )
    op.create_index(op.f("ix_data_key_tenant_customer"), "data_key", ["tenant", "customer"], unique=False)
    op.create_table(
        "master_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_master_check")),
    )
