"""Twenty messages over two connections on one conversation: turns never overlap, order holds, nothing is doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.acceptance.client import Chat
from tests.acceptance.process import MODEL_FREE, Server

MESSAGES = 20


def turns_of(url: str, conversation: str) -> list[sa.Row[Any]]:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        query = sa.text(
            "SELECT started_us, ended_us, answers FROM turn WHERE tenant = 'demo' AND conversation = :c ORDER BY epoch"
        )
        rows = list(connection.execute(query, {"c": conversation}))
    engine.dispose()
    return rows


async def converse(first: Chat, second: Chat) -> None:
    """Ten messages from each side, as fast as the limits allow."""
    await first.connect()
    second.conversation = first.conversation
    await second.connect()
    for number in range(MESSAGES // 2):
        for chat in (first, second):
            frame_id = f"{chat.name}-m{number}"
            await chat.send({"type": "message", "id": frame_id, "text": ["hello", "what can you do?", "thank you"][number % 3]})
        await asyncio.sleep(0.42)
    for chat in (first, second):
        await chat.until(lambda chat=chat: len(chat.acks) == MESSAGES // 2)
        await chat.until(lambda chat=chat: all(chat.reply_to(seq) for seq in [*first.acks.values(), *second.acks.values()]))
        await chat.until(lambda: first.seq == second.seq)


def judge(first: Chat, second: Chat, rows: list[Any]) -> None:
    spans = [(row.started_us, row.ended_us) for row in rows]
    assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False)), "turns overlap"
    record = [frame for frame in first.frames if frame.get("seq") and frame["type"] == "message"]
    assert record == [frame for frame in second.frames if frame.get("seq") and frame["type"] == "message"]
    mine = [frame for frame in record if frame["author"]["kind"] == "customer"]
    assert len({frame["id"] for frame in mine}) == len(mine) == MESSAGES
    answered = [seq for frame in record for seq in frame["answers"]]
    assert answered == sorted(answered) and len(set(answered)) == len(answered) == MESSAGES
    for frame in record:
        assert all(seq < frame["seq"] for seq in frame["answers"]), "a reply comes after what it answers"


async def test_one_process_two_connections(server: Server) -> None:
    first, second = Chat(server.base, "C004", name="a"), Chat(server.base, "C004", name="b")

    await converse(first, second)

    judge(first, second, turns_of(f"sqlite:///{server.data_dir}/service.sqlite", str(first.conversation)))
    await first.close()
    await second.close()


@pytest.fixture
def pair(tmp_path: Path, postgres_urls: Any) -> Iterator[tuple[Server, Server, str]]:
    """Two server processes on one PostgreSQL, with one data directory for keys and the model socket."""
    service, bank = postgres_urls(2)
    environment = MODEL_FREE | {"TELLERGATE_DATABASE_URL": service, "TELLERGATE_BANK_DATABASE_URL": bank}
    servers = Server(tmp_path / "data", dict(environment)), Server(tmp_path / "data", dict(environment))
    try:
        for one in servers:
            one.start()
        yield *servers, service
    finally:
        for one in servers:
            one.stop()


@pytest.mark.postgres
async def test_two_processes_on_postgresql(pair: tuple[Server, Server, str]) -> None:
    left, right, url = pair
    first, second = Chat(left.base, "C004", name="a"), Chat(right.base, "C004", name="b")

    await converse(first, second)

    judge(first, second, turns_of(url, str(first.conversation)))
    await first.close()
    await second.close()
