"""A turn: driven until it is stored, stored by whoever holds the lease, given up in the end, and never lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain.conversation import Ask, Say
from domain.errors import Conflict, Unavailable
from graphs.state import FlowInstance
from persistence.database import Database
from runtime import turns
from runtime.checkpoints import store_threads
from runtime.storage import conversations, leases
from tests.support.keys import bound
from tests.support.turn_house import T, TurnHouse, open_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[TurnHouse]:
    async with open_house(f"sqlite:///{tmp_path}/turns.sqlite") as found:
        yield found


@pytest.fixture
async def on_both(database_url: str) -> AsyncIterator[TurnHouse]:
    """On SQLite and on PostgreSQL."""
    async with open_house(database_url) as found:
        yield found


def lease_of(house: TurnHouse) -> tuple[str | None, int]:
    ((owner, epoch),) = house.rows("SELECT owner, epoch FROM turn_lease WHERE tenant = 'demo' AND conversation = 'cnv'")
    return owner, epoch


async def test_a_turn_stores_reply_turn_and_audit_and_gives_the_lease_back(house: TurnHouse) -> None:
    await house.say("hello")
    await house.settled()

    assert len(house.said()) == 1 and "[conversation.greeting]" in house.said()[0]
    assert house.frames()[1]["answers"] == [1]
    assert house.rows("SELECT answers FROM turn") == [("[1]",)]
    assert house.rows("SELECT count(*) FROM audit_entry WHERE kind = 'turn'") == [(1,)]
    assert lease_of(house)[0] is None


async def test_what_waits_when_a_turn_ends_is_the_next_turn_under_the_next_epoch(on_both: TurnHouse) -> None:
    house = on_both
    house.reader.hold = asyncio.Event()
    await house.say("hello")
    await house.say("thank you", id="m2")
    await house.say("thank you", id="m3")
    house.reader.hold.set()
    await house.settled()

    assert [f["answers"] for f in house.frames() if f["type"] == "message" and f["answers"]] == [[1], [2, 3]]
    assert house.rows("SELECT epoch FROM turn ORDER BY epoch") == [(1,), (2,)]


async def test_a_turn_whose_lease_was_taken_stores_nothing_and_the_taker_answers(on_both: TurnHouse) -> None:
    house = on_both
    house.reader.hold = asyncio.Event()
    await house.say("hello")
    while not house.reader.seen:
        await asyncio.sleep(0)
    house.database.write_now(lambda c: leases.free_leases(c, T))
    other = house.other_process()
    await other.runner.wake_unanswered()
    house.reader.hold.set()
    await house.settled()
    await other.settled()

    assert len(house.said()) == 1
    assert house.rows("SELECT owner FROM turn") == [("srv_2",)]
    assert house.rows("SELECT count(*) FROM audit_entry WHERE kind = 'turn'") == [(1,)]


async def test_a_turn_that_breaks_is_driven_again_by_the_tick_and_answers_then(house: TurnHouse) -> None:
    house.breaks = [RuntimeError("first")]
    await house.say("hello")
    await house.settled()
    assert house.said() == [] and lease_of(house)[0] is None

    assert await house.runner.wake_unanswered() == 1
    await house.settled()

    assert "[conversation.greeting]" in house.said()[0]


async def test_a_turn_that_breaks_three_times_apologises_and_hands_over(house: TurnHouse) -> None:
    house.breaks = [RuntimeError("1"), RuntimeError("2"), RuntimeError("3")]
    await house.say("hello")
    for _ in range(3):
        await house.settled()
        await house.runner.wake_unanswered()

    assert house.said() == ["Sorry, something went wrong on our side. Your message is safe, and a colleague will take over."]
    assert house.frames()[-1] | {"seq": 0} == {"type": "status", "seq": 0, "state": "queued", "position": 1, "agent": None}
    assert house.rows("SELECT reason, team, status FROM handover") == [("technical", "support", "waiting")]
    assert house.rows("SELECT count(*) FROM message WHERE direction = 'in' AND turn IS NULL") == [(0,)]


async def test_a_turn_that_is_given_up_leaves_no_question_open(on_both: TurnHouse) -> None:
    house = on_both
    ask = Ask(kind="choice", slot="x", prompt=Say(template="t"))
    flow = FlowInstance(id="flw", flow="balance", schema_version=1, status="waiting", ask=ask, ask_request="req_1")
    house.ask(ask)

    def waits(connection: sa.Connection) -> None:
        view = conversations.load_view(connection, T, "cnv")
        conversations.save_view(connection, view.model_copy(update={"flows": {"flw": flow}, "stack": ["flw"]}), 1)
        store_threads(connection, T, "cnv", {"flw": {"ns": ""}})

    house.database.write_now(waits)
    house.breaks = [RuntimeError(str(n)) for n in range(3)]
    await house.say("hello")
    for _ in range(3):
        await house.settled()
        await house.runner.wake_unanswered()

    closed = [f for f in house.frames() if f["type"] == "request_closed"]
    assert [(f["id"], f["reason"]) for f in closed] == [("req_1", "cancelled")]
    assert house.rows("SELECT status FROM request") == [("cancelled",)]
    assert house.rows("SELECT status FROM flow_instance") == [("failed",)]
    assert house.rows("SELECT count(*) FROM checkpoint") == [(0,)]


@pytest.mark.parametrize(
    "error", [Conflict("effect_exists"), Unavailable("bank_unavailable"), sa.exc.OperationalError("x", {}, Exception())]
)
async def test_whatever_breaks_a_commit_counts_as_a_break_and_is_not_tried_for_ever(house: TurnHouse, error: Exception) -> None:
    def fails(_connection: sa.Connection) -> None:
        raise error

    ports = house.runner._ports

    def with_job(scope: Any) -> Any:
        scope.stage_job(fails)
        return ports(scope)

    house.runner._ports = with_job
    await house.say("hello")
    for _ in range(3):
        await house.settled()
        await house.runner.wake_unanswered()

    assert len(house.said()) == 1 and house.said()[0].startswith("Sorry")


async def test_a_conversation_that_cannot_be_loaded_keeps_no_other_one_waiting(house: TurnHouse) -> None:
    house.driven = False
    await house.say("hello")
    house.conversation("cnv_2")
    await house.say("hello", conversation="cnv_2")
    house.database.write_now(lambda c: leases.free_leases(c, T))
    house.database.write_now(lambda c: c.execute(sa.text("UPDATE message SET input = '{\"odd\": 1}' WHERE conversation = 'cnv'")))

    assert await house.runner.wake_unanswered() == 1
    await house.settled()

    assert len(house.said("cnv_2")) == 1


async def test_shutting_down_lets_a_running_turn_end_and_leaves_the_rest_for_the_next_start(house: TurnHouse) -> None:
    house.reader.hold = asyncio.Event()
    await house.say("hello")
    await house.say("thank you", id="m2")
    asyncio.get_running_loop().call_later(0.02, house.reader.hold.set)

    await house.runner.drain()

    assert [f["answers"] for f in house.frames() if f["type"] == "message" and f["answers"]] == [[1]]
    assert lease_of(house)[0] is None
    other = house.other_process()
    assert await other.runner.wake_unanswered() == 1
    await other.settled()
    assert len(house.said()) == 2


async def test_shutting_down_does_not_wait_for_ever_for_a_turn_that_hangs(
    house: TurnHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "DRAIN_S", 0.05)
    house.reader.hold = asyncio.Event()
    await house.say("hello")

    await asyncio.wait_for(house.runner.drain(), 2)

    assert not house.runner._tasks
    assert house.said() == []


async def test_a_lease_is_held_as_long_as_its_turn_lasts(tmp_path: Path) -> None:
    house = TurnHouse(Database(f"sqlite:///{tmp_path}/short.sqlite", bound=bound()), lease_us=60_000)
    house.conversation()
    house.reader.hold = asyncio.Event()
    await house.say("hello")
    await asyncio.sleep(0.1)

    assert await house.other_process().runner.wake_unanswered() == 0, "renewed while the turn runs"
    house.reader.hold.set()
    await house.settled()
    assert len(house.said()) == 1
    house.database.close()
