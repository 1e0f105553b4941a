"""Several who write at once, in one process and in two: nothing is lost, doubled or done twice, and nobody waits in a circle."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from persistence.database import Database
from runtime import requests
from runtime.storage import record
from tests.support.turn_house import OTP, T, TurnHouse, open_house


@pytest.fixture
async def on_both(database_url: str) -> AsyncIterator[TurnHouse]:
    async with open_house(database_url, driven=False, customer="C001") as found:
        yield found


async def test_the_sweep_closes_each_request_once_however_many_sweep(on_both: TurnHouse) -> None:
    house = on_both
    for number in range(20):
        house.ask(OTP, request=f"req_{number}")
    now = 1 + (2**62)

    swept = await asyncio.gather(*(house.database.write(lambda c: requests.sweep_expired(c, T, now)) for _ in range(4)))

    assert sum(len(each) for each in swept) == 20
    assert len([f for f in house.frames() if f["type"] == "request_closed"]) == 20


@pytest.mark.postgres
async def test_every_job_locks_the_conversation_first_so_that_none_waits_in_a_circle(postgres_url: str) -> None:
    async with open_house(postgres_url, customer="C001") as house:
        session = await house.door.entrance.sign_in("C001:pwd", "web")
        house.ask(OTP)
        with transactions_of(house.database) as seen:
            await house.say("hello", session=session)
            await house.settled()
            await house.prove(session, "918273")
            await house.settled()
            house.ask(OTP, request="req_2")
            await house.database.write(lambda c: requests.sweep_expired(c, T, 2**62))

    shared = [statements for statements in seen if len(tables_of(statements) & {"conversation", "turn_lease", "request"}) > 1]
    assert len(shared) == 5, "two accepted, two answered, one swept"
    assert all(statements[0].startswith("SELECT conversation.") and "FOR UPDATE" in statements[0] for statements in shared)


async def test_many_messages_at_once_over_two_processes_are_all_taken_and_answered_once(on_both: TurnHouse) -> None:
    house, other = on_both, on_both.other_process()
    house.driven = other.driven = True
    asha = await house.door.entrance.sign_in("C001:pwd", "web")

    seqs = await asyncio.gather(*([house, other][n % 2].say("hello", id=f"m{n}", session=asha) for n in range(20)))
    while house.database.read_now(lambda c: record.replay(c, T, "cnv", 0)) and house.rows(
        "SELECT 1 FROM message WHERE direction = 'in' AND turn IS NULL"
    ):
        await house.runner.wake_unanswered()
        await asyncio.gather(house.settled(), other.settled())

    answered = [seq for frame in house.frames() if frame["type"] == "message" for seq in frame["answers"]]
    assert answered == sorted(seqs)


@contextmanager
def transactions_of(database: Database) -> Iterator[list[list[str]]]:
    """The statements that lock rows, transaction by transaction."""
    seen: list[list[str]] = []

    def begins(_connection: Any) -> None:
        seen.append([])

    def runs(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FOR UPDATE" in statement or statement.split()[0] in ("UPDATE", "DELETE", "INSERT"):
            seen[-1].append(" ".join(statement.split()))

    sa.event.listen(database._writer_engine, "begin", begins)
    sa.event.listen(database._writer_engine, "before_cursor_execute", runs)
    yield seen
    sa.event.remove(database._writer_engine, "begin", begins)
    sa.event.remove(database._writer_engine, "before_cursor_execute", runs)


def tables_of(statements: list[str]) -> set[str]:
    """The tables in which rows are locked or changed."""
    found = (re.search(r"^(?:UPDATE|INSERT INTO|DELETE FROM) (\w+)|FROM (\w+)", statement) for statement in statements)
    return {match.group(1) or match.group(2) for match in found if match}
