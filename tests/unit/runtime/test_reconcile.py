"""UNKNOWN: asked by key, never sent again blindly, settled by the core's word or its clock."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from runtime.storage import gate_tables as t
from tests.support.gate_house import CREDIT, TENANT, GateHouse


async def unknown(house: GateHouse, fault: str) -> str:
    """A credit that was sent without an answer."""
    proposal = await house.ready_credit()
    house.core.fault = fault
    house.bank._timeout_s = 0.1
    outcome = await house.gate().execute(proposal)
    assert outcome.state == "unknown"
    house.bank._timeout_s = 5.0
    return proposal


@pytest.mark.parametrize("fault", ["silent", "broken", "garbage"])
async def test_an_effect_that_was_not_answered_is_found_by_its_key(house: GateHouse, fault: str) -> None:
    proposal = await unknown(house, fault)
    assert await house.tick(1) == ["succeeded"]
    assert house.state(proposal) == "succeeded"
    assert len(house.core.credits) == 1


@pytest.mark.parametrize("fault", ["lost", "fail"])
async def test_what_the_core_never_got_stays_unknown_until_the_approval_is_dead(house: GateHouse, fault: str) -> None:
    proposal = await unknown(house, fault)
    assert await house.tick(30) == []
    assert await house.tick(30) == []  # expired, and still within the grace
    assert house.state(proposal) == "unknown"
    assert await house.tick(60) == ["never_arrived"]
    assert house.core.credits == []


async def test_a_retry_after_never_arrived_is_a_new_approval_of_the_same_proposal(house: GateHouse) -> None:
    proposal = await unknown(house, "lost")
    await house.tick(70)
    house.sign_in()
    assert (await house.gate().execute(proposal)).state == "succeeded"
    assert len(house.core.credits) == 1
    assert house.scalar(sa.select(sa.func.count()).select_from(t.approval)) == 2
    (_, first), *_ = house.core.approvals
    assert first.proposal == proposal


async def test_the_reservation_stays_while_it_is_unknown_and_goes_with_the_doubt(house: GateHouse) -> None:
    proposal = await unknown(house, "lost")
    r = t.limit_reservation.c
    state = sa.select(r.state).where(r.tenant == TENANT, r.proposal == proposal)
    assert house.scalar(state) == "reserved"
    await house.tick(70)
    assert house.scalar(state) == "released"


async def test_a_late_receipt_that_differs_freezes(house: GateHouse) -> None:
    proposal = await unknown(house, "silent")
    house.core.operations[proposal][1]["account"] = "A9"
    assert await house.tick(1) == ["frozen"]


async def test_the_core_is_asked_at_growing_intervals(house: GateHouse) -> None:
    proposal = await unknown(house, "lost")
    asked: list[int] = []
    for second in range(1, 40):
        before = len(house.core.asked)
        await house.tick(1)
        if len(house.core.asked) > before:
            asked.append(second)
    assert asked == [1, 3, 7, 15, 31]
    assert house.state(proposal) == "unknown"


async def test_fifteen_silent_minutes_are_for_a_person(house: GateHouse) -> None:
    proposal = await unknown(house, "silent")
    house.core.down = True
    for _ in range(14):
        assert await house.tick(60) == []
    assert await house.tick(120) == ["frozen"]
    assert "alarm.bank_silent" in house.kinds(proposal)
    again = await house.gate(flow="flw_2").propose(CREDIT, node="credit", visit=0)
    assert again.proposal == proposal


async def test_a_word_from_the_core_ends_the_silence(house: GateHouse) -> None:
    proposal = await unknown(house, "lost")
    house.core.down = True
    await house.tick(10)
    house.core.down = False
    assert await house.tick(600) == ["never_arrived"]
    assert house.state(proposal) == "never_arrived"


async def test_a_process_that_may_have_rivals_leaves_their_executions_alone(house: GateHouse) -> None:
    proposal = await house.ready_credit()
    await house.parts.authority.mint(TENANT, proposal)
    assert await house.reconciler.recover(TENANT, house.clock.now(), alone=False) == 0
    house.clock.advance(91)
    assert await house.reconciler.recover(TENANT, house.clock.now(), alone=False) == 1
    assert house.state(proposal) == "unknown"


async def test_lapsed_proposals_are_cancelled_on_the_way(house: GateHouse) -> None:
    proposal = await house.ready_credit()
    await house.tick(31 * 60)
    assert house.state(proposal) == "cancelled"
