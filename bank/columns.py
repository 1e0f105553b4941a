"""What every table of the bank is made of: one metadata, `tenant` first in each key, times as UTC microseconds, money as integers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def table(name: str, *parts: sa.Column[Any] | sa.schema.SchemaItem) -> sa.Table:
    """A table whose primary key begins with `tenant`; every unique constraint and index must do so too (tested)."""
    return sa.Table(name, metadata, sa.Column("tenant", sa.String, primary_key=True), *parts)


def key(name: str) -> sa.Column[str]:
    """A text column of the primary key."""
    return sa.Column(name, sa.String, primary_key=True)


def number(name: str) -> sa.Column[int]:
    """A counted column of the primary key; the code counts, not the database."""
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


def text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=null)


def money(name: str, *, null: bool = False) -> sa.Column[int]:
    """Integer minor units; the currency stands in its own column or on the account."""
    return sa.Column(name, sa.BigInteger, nullable=null)


def instant(name: str, *, null: bool = False) -> sa.Column[int]:
    """UTC microseconds since 1970; such columns end in `_us`."""
    return sa.Column(name, sa.BigInteger, nullable=null)


def count(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=null)


def flag(name: str, *, null: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=null)


def one_of(column: str, *values: str) -> sa.CheckConstraint:
    """A closed set of words, kept by the database."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def refers(table_name: str, column: str, to: str = "id") -> sa.ForeignKeyConstraint:
    """A reference inside the same tenant: (tenant, column) points at (tenant, `to`)."""
    return sa.ForeignKeyConstraint(["tenant", column], [f"{table_name}.tenant", f"{table_name}.{to}"])
