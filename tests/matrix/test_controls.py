"""Mutation of controls: with each switched off in turn, the cells that it keeps must break. With all on they hold: `test_matrix`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.matrix.cells import play
from tests.matrix.controls import CONTROLS, Control
from tests.matrix.ground import Ground, open_ground
from tests.matrix.hazards import HAZARDS
from tests.matrix.invariants import INVARIANTS
from tests.matrix.table import THE_END, WHY_NOT

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    opened = open_ground(tmp_path_factory.mktemp("controls"))
    yield opened
    opened.close()


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)
async def test_a_cell_notices_the_loss_of(
    control: Control, shared: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground = open_ground(tmp_path) if control.schema else shared
    control.off(monkeypatch, ground)
    unbroken = set(control.cells)
    for seed in control.seeds:
        for hazard in sorted({hazard for _, hazard in unbroken}):
            violated = (await play(ground, hazard, seed)).violated()
            unbroken -= {(name, hazard) for name in violated}
        if not unbroken:
            break
    if control.schema:
        ground.close()
    assert not unbroken, "switched off, and these cells hold all the same"


def test_the_named_cells_are_asserted_cells() -> None:
    for control in CONTROLS:
        for name, hazard in control.cells:
            assert hazard in HAZARDS
            assert name == THE_END or (name in INVARIANTS and name not in WHY_NOT[hazard]), (control.name, name, hazard)
