"""The migrated database is the described one, and `tenant` leads everything in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bank import append_only  # noqa: F401 - its triggers are part of the metadata
from bank.columns import metadata
from bank.setup import SCRIPTS
from domain.errors import Broken
from persistence.migrations import migrate

TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname || tgrelid::regclass, pg_get_triggerdef(oid) || pg_get_functiondef(tgfoid) FROM pg_trigger "
    "WHERE NOT tgisinternal",
}
CHECKS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'",
    "postgresql": "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN ('c', 'f') "
    "AND connamespace = 'public'::regnamespace",
}


def _facts(connection: sa.Connection, queries: dict[str, str]) -> dict[str, Any]:
    rows = connection.execute(sa.text(queries[connection.dialect.name])).all()
    return {name: _normal(text) for name, text in rows}


def _normal(text: str) -> Any:
    """SQL without the order in which parts of a table are written; SQLite puts columns added later at its end, in one line."""
    lines = text.replace("\t", "\n").split("\n")
    parts = (part.strip(" ,()\n\t") for line in lines for part in re.split(r", (?![^(]*\))", line))
    return sorted(filter(None, parts))


def _compare(migrated: str, described: str) -> None:
    migrate(migrated, SCRIPTS)
    fresh = sa.create_engine(described)
    with fresh.begin() as connection:
        metadata.create_all(connection)
        wanted = [_facts(connection, TRIGGERS), _facts(connection, CHECKS)]
    engine = sa.create_engine(migrated)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert [_facts(connection, TRIGGERS), _facts(connection, CHECKS)] == wanted
    fresh.dispose()
    engine.dispose()


@pytest.mark.process  # seconds; the long half has the time
def test_the_migrated_schema_is_the_described_one_on_sqlite(tmp_path: Path) -> None:
    _compare(f"sqlite:///{tmp_path}/migrated.sqlite", f"sqlite:///{tmp_path}/described.sqlite")


@pytest.mark.postgres
def test_the_migrated_schema_is_the_described_one_on_postgresql() -> None:
    from tests.support.postgres import running_server

    server = running_server()
    names = server.create(), server.create()
    _compare(server.url(names[0]), server.url(names[1]))
    for name in names:
        server.drop(name)


@pytest.mark.process  # seconds; the long half has the time
def test_migrating_twice_changes_nothing_and_a_newer_schema_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bank.sqlite"
    assert migrate(url, SCRIPTS) == migrate(url, SCRIPTS)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(Broken, match="schema_unknown"):
        migrate(url, SCRIPTS)


def test_tenant_leads_every_primary_key_unique_constraint_index_and_reference() -> None:
    for table in metadata.tables.values():
        leads = [list(table.primary_key.columns)[0].name]
        leads += [list(index.columns)[0].name for index in table.indexes]
        for constraint in table.constraints:
            if isinstance(constraint, sa.UniqueConstraint | sa.ForeignKeyConstraint):
                leads.append(list(constraint.columns)[0].name)
        assert set(leads) == {"tenant"}, table.name


def test_times_and_money_are_whole_numbers() -> None:
    for table in metadata.tables.values():
        for column in table.c:
            if column.name.endswith(("_us", "_minor")):
                assert isinstance(column.type, sa.BigInteger), f"{table.name}.{column.name}"
            assert not isinstance(column.type, sa.Float | sa.Numeric | sa.DateTime), f"{table.name}.{column.name}"
