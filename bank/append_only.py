"""Triggers that keep what is written: postings, entries and audit are never changed; a clock's offset never shrinks.

Rows go only together with a sandbox tenant that is marked `dropping`.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from bank import tables
from bank.columns import metadata

APPEND_ONLY = ("postings", "entries", "audit_entries", "operations", "approval_uses", "events")

_LIVE = "EXISTS (SELECT 1 FROM tenants WHERE tenant = OLD.tenant AND dropping = {false})"


def sqlite_triggers() -> list[str]:
    """DDL of all triggers for SQLite."""
    ddl = []
    for name in APPEND_ONLY:
        ddl.append(
            f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        )
        ddl.append(
            f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} WHEN {_LIVE.format(false='0')} "
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        )
    ddl.append(
        "CREATE TRIGGER tenants_clock BEFORE UPDATE OF offset_us ON tenants WHEN NEW.offset_us < OLD.offset_us "
        "BEGIN SELECT RAISE(ABORT, 'a clock moves forward only'); END"
    )
    return ddl


def postgresql_triggers() -> list[str]:
    """DDL of the functions and triggers for PostgreSQL."""
    ddl = [
        "CREATE FUNCTION bank_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' AND NOT {_LIVE.format(false='false')} THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        "CREATE FUNCTION bank_clock_forward() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.offset_us < OLD.offset_us THEN RAISE EXCEPTION 'a clock moves forward only'; END IF; RETURN NEW; END $$",
    ]
    ddl += [
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION bank_append_only()"
        for name in APPEND_ONLY
    ]
    ddl.append("CREATE TRIGGER tenants_clock BEFORE UPDATE ON tenants FOR EACH ROW EXECUTE FUNCTION bank_clock_forward()")
    return ddl


def create_triggers(connection: sa.Connection) -> None:
    """Create all triggers; the tables must exist."""
    ddl = sqlite_triggers() if connection.dialect.name == "sqlite" else postgresql_triggers()
    for statement in ddl:
        connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement)


@event.listens_for(metadata, "after_create")
def _after_create(_target: sa.MetaData, connection: sa.Connection, **options: Any) -> None:
    if tables.tenants in (options.get("tables") or ()):
        create_triggers(connection)
