"""The one MetaData of the service's database; the tables live in `tables.py` (conversations) and `gate_tables.py` (the gate)."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

#: The database's forward-only history.
MIGRATIONS = Path(__file__).with_name("migrations")

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)
