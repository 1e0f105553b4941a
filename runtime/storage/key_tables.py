"""Tables of the key database: it is apart from the service's, so that a backup of the one never holds the keys to the other."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from runtime.storage.metadata import NAMES

#: The key database's forward-only history.
KEY_MIGRATIONS = Path(__file__).with_name("key_migrations")
metadata = sa.MetaData(naming_convention=NAMES)

#: One key a row. `owner` is `customer:<id>` or `conversation:<id>`; `customer` is whose it is, once that is known. A destroyed key
#: leaves its row, so that what it sealed reads as erased and not as broken.
data_key = sa.Table(
    "data_key",
    metadata,
    sa.Column("tenant", sa.String(32), nullable=False),
    sa.Column("id", sa.String(32), nullable=False),
    sa.Column("purpose", sa.String(8), nullable=False),
    sa.Column("owner", sa.String(80), nullable=False),
    sa.Column("customer", sa.String(64)),
    sa.Column("wrapped", sa.String(120), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("destroyed_at", sa.BigInteger),
    sa.PrimaryKeyConstraint("tenant", "id"),
    sa.CheckConstraint("purpose IN ('talk','record')", name="purpose"),
    sa.Index(
        "uq_data_key_owner",
        "tenant",
        "owner",
        "purpose",
        unique=True,
        sqlite_where=sa.text("destroyed_at IS NULL"),
        postgresql_where=sa.text("destroyed_at IS NULL"),
    ),
    sa.Index(None, "tenant", "customer"),
)

#: A constant under the master key, by which a wrong master key is noticed before anything is sealed with it.
master_check = sa.Table(
    "master_check",
    metadata,
    sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("wrapped", sa.String(120), nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
