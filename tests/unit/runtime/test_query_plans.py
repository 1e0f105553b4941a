"""No query of a turn or of the tick reads more rows than it needs, however long a conversation or a day has been."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from persistence.database import Database
from runtime import requests
from runtime.storage import record
from tests.support.keys import bound
from tests.support.service import open_service

#: Tables that grow with every customer, conversation or message.
GROWING = ("message", "request", "conversation", "turn", "turn_lease", "flow_instance", "checkpoint", "auth_session", "proposal")


@contextmanager
def statements_of(database: Database) -> Iterator[dict[str, Any]]:
    """Every query and change that is run meanwhile, with one set of its parameters."""
    seen: dict[str, Any] = {}

    def look(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.split()[0] in ("SELECT", "UPDATE", "DELETE"):
            seen.setdefault(statement, parameters[0] if many else parameters)

    engines = (database._writer_engine, database._reader_engine)
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", look)
    yield seen
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", look)


def plan_of(database: Database, statement: str, parameters: Any) -> list[str]:
    return database.read_now(
        lambda connection: [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    )


@pytest.mark.process  # seconds; the long half has the time
async def test_every_query_of_a_conversation_goes_by_an_index(tmp_path: Path) -> None:
    async with open_service(tmp_path / "data", message_burst=100, messages_per_second=100.0) as live:
        with statements_of(live.database) as seen:
            customer = await live.chat("C001").connect()
            await customer.go_through("I did not make this 5000 payment", answers={"school": "demo school", "town": "namunapur"})
            await customer.say("what is my balance")
            await asyncio.sleep(0.6)  # a tick
        plans = {statement: plan_of(live.database, statement, parameters) for statement, parameters in seen.items()}

    assert len(plans) > 30
    whole = [statement for statement, plan in plans.items() for step in plan for table in GROWING if step == f"SCAN {table}"]
    assert not whole


QUERIES: list[tuple[str, Callable[[sa.Connection], Any]]] = [
    ("ix_message_waiting", lambda connection: record.unanswered(connection, "demo")),
    ("ix_message_waiting", lambda connection: record.require_room(connection, "demo", "cnv")),
    ("ix_request_open", lambda connection: requests.any_expired(connection, "demo", 1)),
    ("ix_request_open", lambda connection: requests.sweep_expired(connection, "demo", 1)),
]


@pytest.mark.parametrize(("index", "job"), QUERIES)
async def test_what_waits_and_what_runs_out_is_found_by_its_own_index(
    tmp_path: Path, index: str, job: Callable[[sa.Connection], Any]
) -> None:
    from runtime.storage import gate_tables  # noqa: F401 - registers the tables
    from runtime.storage.metadata import metadata

    database = Database(f"sqlite:///{tmp_path}/plans.sqlite", bound=bound())
    database.write_now(metadata.create_all)
    with statements_of(database) as seen:
        await database.read(job)
    ((statement, parameters),) = seen.items()

    assert any(index in step for step in plan_of(database, statement, parameters))
    database.close()
