"""Brakes are in force with their commit and always on record; protection has none."""

from __future__ import annotations

import pytest

from domain.actions import Protective
from domain.errors import BadInput
from runtime.brakes import BrakeLever
from tests.support.gate_house import CREDIT, TENANT, GateHouse


async def test_a_switch_stops_the_next_proposal_and_its_release_lets_it_through(house: GateHouse) -> None:
    lever = BrakeLever(house.db, house.clock)
    await lever.kill_switch(TENANT, "provisional_credit", True, "terminal:demo")
    assert (await house.gate().propose(CREDIT, node="credit", visit=0)).state == "refused"
    await lever.kill_switch(TENANT, "provisional_credit", False, "terminal:demo")
    assert (await house.gate().propose(CREDIT, node="credit", visit=1)).state != "refused"


async def test_one_switch_stops_everything(house: GateHouse) -> None:
    await BrakeLever(house.db, house.clock).kill_switch(TENANT, "*", True, "terminal:demo")
    assert (await house.gate().propose(CREDIT, node="credit", visit=0)).state == "refused"


async def test_what_stands_is_told_with_who_set_it(house: GateHouse) -> None:
    lever = BrakeLever(house.db, house.clock)
    await lever.duty_mode(TENANT, "incident", "terminal:demo")
    await lever.kill_switch(TENANT, "transfer", True, "terminal:demo")
    standing = await lever.standing(TENANT)
    assert standing["duty_mode"] == "incident"
    assert [(each["action"], each["by"]) for each in standing["kill_switches"]] == [("transfer", "terminal:demo")]
    assert house.kinds() == ["brake.set", "brake.set"]


@pytest.mark.parametrize("action", [*sorted(Protective), "launch_rocket"])
async def test_what_protects_has_no_switch_and_neither_has_what_there_is_not(house: GateHouse, action: str) -> None:
    with pytest.raises(BadInput, match="brake_unknown"):
        await BrakeLever(house.db, house.clock).kill_switch(TENANT, action, True, "terminal:demo")


async def test_a_mode_that_there_is_not_is_refused(house: GateHouse) -> None:
    with pytest.raises(BadInput, match="brake_unknown"):
        await BrakeLever(house.db, house.clock).duty_mode(TENANT, "panic", "terminal:demo")
