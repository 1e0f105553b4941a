"""kill -9 at seeded instants inside turns: nothing acknowledged is lost, nothing happens twice. `make prove` runs 1,000."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.acceptance.disputes_world import write_world
from tests.acceptance.killable import MONEY, STAGES
from tests.acceptance.process import MODEL_FREE
from tests.acceptance.trial import KillableServer, draw, missed, trial

#: Set from outside to draw other instants; printed with the histogram.
SEED_BASE = int(os.environ.get("SEED_BASE", "0"))
TRIALS = 30


@pytest.mark.timeout(900)
async def test_thirty_kills_lose_nothing_and_credit_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = write_world(tmp_path / "world.yaml", TRIALS + len(STAGES))
    server = KillableServer(tmp_path / "data", dict(MODEL_FREE), ["--world", str(world)])
    server.start()
    died: Counter[str] = Counter()

    try:
        for number in range(TRIALS):
            died[await trial(server, number, draw(SEED_BASE + number))] += 1
        aimed = missed(died, SEED_BASE + TRIALS)
        for number, drawn in enumerate(aimed, TRIALS):
            died[await trial(server, number, drawn)] += 1
    finally:
        server.stop()

    with capsys.disabled():
        print(
            f"\nkilled in (seeds {SEED_BASE}..{SEED_BASE + TRIALS - 1}): {dict(died)}; of them aimed: {[d.target for d in aimed]}"
        )
    assert died["survived"] == 0
    assert sum(died[stage] for stage in MONEY) >= 10, "between proposal and receipt"
    assert set(STAGES) <= set(died), f"never hit: {set(STAGES) - set(died)}"
