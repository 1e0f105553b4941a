"""`make prove`: the long proofs, resumable. Each trial's outcome is written before the next begins; `docs/proof.md` is the report.

python -m tests.prove [--kills 1000] [--seed-base 0] [--state build/prove]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.acceptance.disputes_world import write_world
from tests.acceptance.killable import MONEY, STAGES
from tests.acceptance.process import MODEL_FREE, ROOT
from tests.acceptance.trial import ForkedServer, Nursery, draw, trial

#: Trials on one data directory; then a fresh one, so that a report does not rest on one lucky database.
BATCH = 50


def done_so_far(state: Path) -> dict[int, dict[str, Any]]:
    """Seed → outcome of every trial on record."""
    path = state / "kills.jsonl"
    if not path.exists():
        return {}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["seed"]: row for row in rows}


async def run_batch(state: Path, seeds: list[int]) -> None:
    """Trials on a fresh bank of as many customers."""
    folder = state / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    world = write_world(folder / "world.yaml", len(seeds))
    nursery = Nursery()
    server = ForkedServer(folder / "data", dict(MODEL_FREE), ["--world", str(world)], nursery=nursery)
    server.start()
    try:
        for number, seed in enumerate(seeds):
            row: dict[str, Any] = {"seed": seed, "at": datetime.now(UTC).isoformat(timespec="seconds")}
            try:
                row |= {"died": await trial(server, number, draw(seed)), "held": True}
            except (AssertionError, TimeoutError, ConnectionError) as failure:
                row |= {"died": "?", "held": False, "why": str(failure)[:500]}
            with (state / "kills.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            if not row["held"]:
                return  # the server may be in any state; the next batch starts a fresh one
    finally:
        server.stop()
        nursery.close()


def report(rows: dict[int, dict[str, Any]], wanted: int, command: str) -> str:
    died = Counter(row["died"] for row in rows.values())
    broken = [row for row in rows.values() if not row["held"]]
    lines = [
        "# Proof",
        "",
        f"`{command}` on {platform.machine()}, {platform.system()}, {datetime.now(UTC).date()}.",
        "",
        "## kill -9 inside turns",
        "",
        f"{len(rows)} of {wanted} trials; {len(broken)} broke a promise; "
        f"{sum(died[stage] for stage in MONEY)} died between proposal and receipt.",
        "",
        "| stage | kills |",
        "| --- | --- |",
        *(f"| {stage} | {died[stage]} |" for stage in (*STAGES, "survived") if died[stage]),
    ]
    lines += [f"- seed {row['seed']}: {row['why']}" for row in broken]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed-base", type=int, default=0)
    parser.add_argument("--state", type=Path, default=ROOT / "build" / "prove")
    options = parser.parse_args()
    options.state.mkdir(parents=True, exist_ok=True)
    wanted = range(options.seed_base, options.seed_base + options.kills)
    while left := [seed for seed in wanted if seed not in done_so_far(options.state)]:
        asyncio.run(run_batch(options.state, left[:BATCH]))
    rows = {seed: row for seed, row in done_so_far(options.state).items() if seed in wanted}
    command = f"python -m tests.prove --kills {options.kills} --seed-base {options.seed_base}"
    (ROOT / "docs" / "proof.md").write_text(report(rows, options.kills, command), encoding="utf-8")
    return 0 if all(row["held"] for row in rows.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
