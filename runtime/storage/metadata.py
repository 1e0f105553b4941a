"""The one MetaData of the service's database; the tables live in `tables.py` (conversations) and `gate_tables.py` (the gate)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from domain.canonical import canonical_json

#: The database's forward-only history.
MIGRATIONS = Path(__file__).with_name("migrations")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = sa.MetaData(naming_convention=NAMES)


class Sealed(sa.types.TypeDecorator[str]):
    """Ciphertext as text. Values are sealed and opened by `sealing`, never by the column: the key depends on the row."""

    impl = sa.Text
    cache_ok = True


@compiles(Sealed, "sqlite")
def _declared(_type: Sealed, _compiler: Any, **_given: Any) -> str:
    """SQLite keeps what these columns were first declared as; to it a declared type is a hint."""
    return "JSON"


class CanonicalJson(sa.types.TypeDecorator[Any]):
    """A JSON value kept as RFC 8785 text, so that a hash over what is stored needs no serialiser."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        return None if value is None else canonical_json(value).decode()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        return None if value is None else json.loads(value)
