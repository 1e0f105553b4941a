"""A staff room beside the gate house's database."""

from __future__ import annotations

import pytest

from tests.support.gate_house import GateHouse
from tests.support.postgres import postgres_url
from tests.support.staff_room import StaffRoom
from tests.unit.runtime.conftest import database_url, house

__all__ = ["database_url", "house", "postgres_url", "room"]


@pytest.fixture
def room(house: GateHouse) -> StaffRoom:
    return StaffRoom(house.db, house.clock)
