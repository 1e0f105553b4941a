"""One call being served: its transaction, whose bank it is, what time it is there. What every function with rows takes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.clock import from_micros
from domain.ids import Ids

#: Where the bank's customers live, if a tenant says nothing else.
ZONE = "Asia/Kolkata"


@dataclass(frozen=True, slots=True)
class Call:
    """A tenant's business inside one database transaction. `now` is business time in UTC microseconds, read inside it."""

    connection: sa.Connection
    tenant: str
    now: int
    zone: str
    ids: Ids

    def local(self, micros: int) -> datetime:
        """A stored instant by the clock on the branch's wall."""
        return from_micros(micros).astimezone(ZoneInfo(self.zone))

    def today(self) -> date:
        return self.local(self.now).date()

    def rows(self, query: sa.Select[Any]) -> list[sa.RowMapping]:
        return list(self.connection.execute(query).mappings())

    def first(self, query: sa.Select[Any]) -> sa.RowMapping | None:
        return self.connection.execute(query).mappings().first()

    def insert(self, into: sa.Table, **values: Any) -> None:
        self.connection.execute(into.insert().values(tenant=self.tenant, **values))

    def insert_new(self, into: sa.Table, **values: Any) -> bool:
        """Insert unless a row with one of its unique keys is there; says whether it was. Waits for a rival's commit."""
        dialect = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(into).values(tenant=self.tenant, **values).on_conflict_do_nothing()
        return self.connection.execute(statement.returning(into.c.tenant)).first() is not None


def rfc3339(micros: int | None) -> str | None:
    """UTC with Z, microseconds only where there are some."""
    if micros is None:
        return None
    return from_micros(micros).isoformat().replace("+00:00", "Z")
