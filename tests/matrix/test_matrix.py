"""The matrix: one seed a hazard here, ten in the slower half of the suite, a hundred in `make prove`. Money is counted at the bank."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.matrix.cells import Result, play
from tests.matrix.ground import Ground, open_ground
from tests.matrix.hazards import HAZARDS
from tests.matrix.invariants import INVARIANTS
from tests.matrix.report import Tally
from tests.matrix.table import WHY_NOT, asserted, cells
from tests.support.postgres import postgres_url, running_server

__all__ = ["postgres_url"]
#: Another base draws other instants, orders, amounts and customers.
SEED_BASE = int(os.environ.get("MATRIX_SEED_BASE", "0"))
RACES = (
    "two_workers",
    "two_channels",
    "bot_and_staff",
    "duplicate_delivery",
    "limits_race",
    "approval_used_twice",
    "two_proposals_one_effect",
)
_played: list[Result] = []


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    opened = open_ground(tmp_path_factory.mktemp("matrix"))
    yield opened
    opened.close()


async def check(ground: Ground, hazard: str, seeds: range) -> None:
    results = [await play(ground, hazard, SEED_BASE + seed) for seed in seeds]
    _played.extend(results)
    assert Tally(results).findings() == []


@pytest.mark.parametrize("hazard", HAZARDS)
async def test_no_invariant_breaks_under(ground: Ground, hazard: str) -> None:
    await check(ground, hazard, range(1))


@pytest.mark.process
@pytest.mark.parametrize("hazard", HAZARDS)
async def test_no_invariant_breaks_on_ten_seeds_of(ground: Ground, hazard: str) -> None:
    await check(ground, hazard, range(1, 11))


@pytest.mark.postgres
@pytest.mark.parametrize("hazard", RACES)
async def test_no_invariant_breaks_on_postgresql_under(two_databases: Ground, hazard: str) -> None:
    await check(two_databases, hazard, range(11, 14))


@pytest.fixture(scope="module")
def two_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    server = running_server()
    bank, service = server.create(), server.create()
    opened = open_ground(tmp_path_factory.mktemp("matrix"), server.url(bank), server.url(service))
    yield opened
    opened.close()
    server.drop(bank)
    server.drop(service)


def test_every_hazard_has_its_row_and_every_cell_that_is_not_asserted_its_reason() -> None:
    assert list(WHY_NOT) and set(WHY_NOT) == set(HAZARDS)
    assert all(reason for row in WHY_NOT.values() for reason in row.values())
    assert all(name in INVARIANTS for row in WHY_NOT.values() for name in row)
    assert {name for name, _ in cells()} == set(INVARIANTS)
    everywhere = ("no_double_spend", "exactly_the_confirmed", "all_on_the_trail")
    assert all(name in asserted(hazard) for hazard in HAZARDS for name in everywhere)


@pytest.fixture(scope="module", autouse=True)
def summary(request: pytest.FixtureRequest) -> Iterator[None]:
    """Print what was played; with ten seeds a cell that had nothing to look at fails."""
    yield
    tally = Tally(_played)
    if not tally.by_hazard:
        return
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print("", *tally.lines(), f"{tally.summary()}; seed base {SEED_BASE}", sep="\n")
    if all(len(results) >= 10 for results in tally.by_hazard.values()):
        assert tally.empty() == []
