"""The migrated database is the one the code describes, on both databases; an unknown schema is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from domain.errors import Broken
from persistence.migrations import migrate
from runtime.storage import gate_tables, staff_tables, tables  # noqa: F401 - registers the tables
from runtime.storage.metadata import MIGRATIONS, metadata


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/s.sqlite" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


def differences(url: str) -> list[object]:
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return list(compare_metadata(MigrationContext.configure(connection), metadata))
    finally:
        engine.dispose()


def test_migrations_lead_to_exactly_the_tables_of_the_code(url: str) -> None:
    migrate(url, MIGRATIONS)

    assert differences(url) == []


def test_migrating_again_changes_nothing(url: str) -> None:
    assert migrate(url, MIGRATIONS) == migrate(url, MIGRATIONS)


def test_a_database_of_newer_code_is_refused(url: str) -> None:
    migrate(url, MIGRATIONS)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(Broken, match="schema_unknown"):
        migrate(url, MIGRATIONS)
