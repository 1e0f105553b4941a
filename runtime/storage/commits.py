"""One commit of the gate's record. When the record cannot be written, the change has not happened, and the caller is told so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

from domain.errors import Unavailable
from persistence.database import Database

T = TypeVar("T")


async def commit(db: Database, job: Callable[[sa.Connection], T]) -> T:
    """Run a job that writes. Raises Unavailable `record_unavailable` when the database refuses; nothing of the job is there then."""
    try:
        return await db.write(job)
    except sa.exc.SQLAlchemyError as error:
        raise Unavailable("record_unavailable") from error


async def look(db: Database, job: Callable[[sa.Connection], T]) -> T:
    """Run a job that reads. Raises Unavailable `record_unavailable` when the database does not answer."""
    try:
        return await db.read(job)
    except sa.exc.SQLAlchemyError as error:
        raise Unavailable("record_unavailable") from error
