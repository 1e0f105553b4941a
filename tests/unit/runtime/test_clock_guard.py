"""The clock is believed while it goes forwards; one that was turned back moves no money, also after a restart."""

from __future__ import annotations

from runtime.clock_guard import TOLERANCE, ClockGuard
from tests.support.gate_house import BLOCK, CREDIT, TENANT, GateHouse

HOUR = 3600.0


async def clock_fact(house: GateHouse) -> object:
    await house.gate(flow=house.ids.new("flw")).propose(CREDIT, node="credit", visit=0)
    return house.rules.asked[-1]["clock_ok"].value


async def test_a_clock_that_goes_forwards_is_believed(house: GateHouse) -> None:
    for _ in range(3):
        house.clock.advance(HOUR)
        assert await house.clock_guard.keep(TENANT)
    assert await clock_fact(house) is True


async def test_a_clock_that_was_turned_back_is_a_fact_for_the_rules_and_one_alarm(house: GateHouse) -> None:
    await house.clock_guard.keep(TENANT)
    house.clock.advance(-HOUR)
    assert [await house.clock_guard.keep(TENANT) for _ in range(3)] == [False] * 3
    assert await clock_fact(house) is False
    assert house.kinds().count("alarm.clock_backwards") == 1


async def test_a_small_correction_is_no_turning_back(house: GateHouse) -> None:
    await house.clock_guard.keep(TENANT)
    house.clock.advance(-TOLERANCE.total_seconds())
    assert await house.clock_guard.keep(TENANT)
    house.clock.advance(-0.001)
    assert not await house.clock_guard.keep(TENANT)


async def test_another_process_and_a_restart_know_the_latest_time_too(house: GateHouse) -> None:
    house.clock.advance(HOUR)
    await house.clock_guard.keep(TENANT)
    house.clock.advance(-HOUR)
    fresh = ClockGuard(house.db, house.parts.tenants)
    assert not await fresh.keep(TENANT)


async def test_once_the_clock_has_caught_up_it_is_believed_and_a_second_fall_alarms_again(house: GateHouse) -> None:
    await house.clock_guard.keep(TENANT)
    for _ in range(2):
        house.clock.advance(-HOUR)
        assert not await house.clock_guard.keep(TENANT)
        house.clock.advance(2 * HOUR)
        assert await house.clock_guard.keep(TENANT)
    assert house.kinds().count("alarm.clock_backwards") == 2


async def test_a_card_can_be_blocked_whatever_the_clock_says(house: GateHouse) -> None:
    await house.clock_guard.keep(TENANT)
    house.clock.advance(-HOUR)
    outcome = await house.gate().propose(BLOCK, node="block", visit=0)
    assert outcome.state == "decided"
