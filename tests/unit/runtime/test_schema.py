"""The history of migrations leads to exactly the tables that the code describes, partial indexes and checks included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from persistence.migrations import migrate
from runtime.storage import gate_tables, tables

SCRIPTS = Path(tables.__file__).parent / "migrations"


def described(url: str) -> dict[str, Any]:
    """Every table as the database itself describes it: columns, keys, checks, indexes with their conditions."""
    engine = sa.create_engine(url)
    reading = sa.inspect(engine)
    found = {
        table: {
            "columns": sorted((c["name"], str(c["type"]), c["nullable"], str(c["default"])) for c in reading.get_columns(table)),
            "key": reading.get_pk_constraint(table)["constrained_columns"],
            "unique": sorted((u["name"], u["column_names"]) for u in reading.get_unique_constraints(table)),
            "checks": sorted((c["name"], c["sqltext"]) for c in reading.get_check_constraints(table)),
            "references": sorted((f["referred_table"], f["constrained_columns"]) for f in reading.get_foreign_keys(table)),
            "indexes": sorted(
                (i["name"], i["column_names"], i["unique"], str(i.get("dialect_options", {}).get("sqlite_where")))
                for i in reading.get_indexes(table)
            ),
        }
        for table in reading.get_table_names()
        if table != "alembic_version"
    }
    engine.dispose()
    return found


def test_migrating_an_empty_database_gives_the_described_tables(tmp_path: Path) -> None:
    migrated, created = f"sqlite:///{tmp_path / 'migrated.sqlite'}", f"sqlite:///{tmp_path / 'created.sqlite'}"
    migrate(migrated, SCRIPTS)
    engine = sa.create_engine(created)
    gate_tables.metadata.create_all(engine)
    engine.dispose()
    assert described(migrated) == described(created)


def test_the_tenant_leads_every_key_and_unique_index() -> None:
    for table in tables.metadata.sorted_tables:
        assert list(table.primary_key.columns)[0].name == "tenant", table.name
        for index in table.indexes:
            assert list(index.columns)[0].name == "tenant", index.name
        for constraint in table.constraints:
            if isinstance(constraint, sa.UniqueConstraint):
                assert list(constraint.columns)[0].name == "tenant", constraint.name
