"""The kill test with very many seeds, resumable: each trial's outcome is written before the next begins."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.acceptance.disputes_world import write_world
from tests.acceptance.killable import MONEY, STAGES
from tests.acceptance.process import MODEL_FREE
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


def run(kills: int, seed_base: int, state: Path) -> tuple[str, bool]:
    """Run what is not on record yet: the section of the report, and whether everything held."""
    wanted = range(seed_base, seed_base + kills)
    while left := [seed for seed in wanted if seed not in done_so_far(state)]:
        asyncio.run(run_batch(state, left[:BATCH]))
    rows = {seed: row for seed, row in done_so_far(state).items() if seed in wanted}
    command = f"python -m tests.prove kills --kills {kills} --seed-base {seed_base}"
    return section(rows, kills, command), all(row["held"] for row in rows.values())


def section(rows: dict[int, dict[str, Any]], wanted: int, command: str) -> str:
    """The part of the proof report about kills."""
    died = Counter(row["died"] for row in rows.values())
    broken = [row for row in rows.values() if not row["held"]]
    lines = [
        "## kill -9 inside turns",
        "",
        f"`{command}`: {len(rows)} of {wanted} trials; {len(broken)} broke a promise; "
        f"{sum(died[stage] for stage in MONEY)} died between proposal and receipt.",
        "",
        "| stage | kills |",
        "| --- | --- |",
        *(f"| {stage} | {died[stage]} |" for stage in (*STAGES, "survived") if died[stage]),
    ]
    lines += [f"- seed {row['seed']}: {row['why']}" for row in broken]
    return "\n".join(lines) + "\n"
