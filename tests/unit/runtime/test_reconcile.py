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
    assert await house.tick(5) == []
    assert await house.tick(6) == []  # expired, and still within the grace
    assert house.state(proposal) == "unknown"
    assert await house.tick(10) == ["never_arrived"]
    assert house.core.credits == []


async def test_a_retry_after_never_arrived_is_a_new_approval_of_the_same_proposal(house: GateHouse) -> None:
    proposal = await unknown(house, "lost")
    await house.tick(20)
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
    await house.tick(20)
    assert house.scalar(state) == "released"


async def test_a_late_receipt_that_differs_freezes(house: GateHouse) -> None:
    proposal = await unknown(house, "silent")
    house.core.operations[proposal][1]["account"] = "A9"
    assert await house.tick(1) == ["frozen"]


async def test_the_core_is_asked_at_growing_intervals(house: GateHouse) -> None:
    proposal = await unknown(house, "lost")
    house.core.down = True
    asked: list[int] = []
    for second in range(1, 200):
        before = len(house.core.asked)
        await house.tick(1)
        if len(house.core.asked) > before:
            asked.append(second)
    assert asked == [1, 3, 7, 15, 31, 63, 123, 183]
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


async def test_what_never_arrived_is_approved_anew_by_itself_while_the_yes_holds(house: GateHouse) -> None:
    house.retries = 2
    house.parts = house.process()
    proposal = await unknown(house, "lost")
    assert await house.tick(20) == ["succeeded"]
    assert len(house.core.credits) == 1
    assert house.state(proposal) == "succeeded"


async def test_a_core_that_loses_everything_is_tried_three_times_and_no_more(house: GateHouse) -> None:
    house.retries = 2
    house.parts = house.process()
    proposal = await unknown(house, "fail")
    for _ in range(6):
        house.core.fault = "fail"
        await house.tick(20)
    assert house.state(proposal) == "never_arrived"
    assert house.scalar(sa.select(sa.func.count()).select_from(t.approval)) == 3
    assert house.core.credits == []


async def test_a_retry_by_itself_needs_the_facts_to_hold(house: GateHouse) -> None:
    house.retries = 2
    house.parts = house.process()
    proposal = await unknown(house, "lost")
    house.rules.answer = lambda action, facts: "human"
    await house.tick(20)
    assert house.state(proposal) == "awaiting_human"
    assert house.core.credits == []


async def test_who_asks_anew_after_never_arrived_starts_anew(house: GateHouse) -> None:
    first = await unknown(house, "lost")
    assert await house.tick(20) == ["never_arrived"]
    second = await house.gate(flow="flw_2").propose(CREDIT, node="credit", visit=0)
    assert (second.proposal != first, second.state) == (True, "awaiting_consent")
    assert house.state(first) == "cancelled"


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
