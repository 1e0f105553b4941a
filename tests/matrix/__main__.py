"""Play the matrix with many seeds; each scene's outcome is on disk before the next begins, so it can be stopped and gone on with.

python -m tests.matrix [--seeds 100] [--seed-base 0] [--state build/prove] [--hazard NAME …]
"""

from __future__ import annotations

import argparse
import json
import logging
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import structlog

from tests.matrix.cells import Result, play_now
from tests.matrix.ground import ROOT, open_ground
from tests.matrix.hazards import HAZARDS
from tests.matrix.report import Tally
from tests.matrix.table import WHY_NOT

#: Scenes on one ground; then a fresh one, so that the databases stay small.
BATCH = 200
FILE = "matrix.jsonl"


def done_so_far(state: Path) -> dict[tuple[str, int], Result]:
    """Every scene on record, the latest outcome of each."""
    path = state / FILE
    names = {field.name for field in fields(Result)}
    if not path.exists():
        return {}
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {(row["hazard"], row["seed"]): Result(**{name: row[name] for name in names}) for row in rows}


def play_all(state: Path, wanted: list[tuple[str, int]]) -> list[Result]:
    """Play what is not on record yet; returns all wanted outcomes."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    state.mkdir(parents=True, exist_ok=True)
    known = done_so_far(state)
    left = [each for each in wanted if each not in known]
    for start in range(0, len(left), BATCH):
        with (
            tempfile.TemporaryDirectory(prefix="tellergate-matrix-") as folder,
            (state / FILE).open("a", encoding="utf-8") as file,
        ):
            ground = open_ground(Path(folder))
            try:
                for hazard, seed in left[start : start + BATCH]:
                    known[hazard, seed] = result = play_now(ground, hazard, seed)
                    file.write(json.dumps(result.row()) + "\n")
                    file.flush()
            finally:
                ground.close()
    return [known[each] for each in wanted]


def section(tally: Tally, command: str) -> str:
    """The part of the proof report about the matrix."""
    findings = tally.findings()
    lines = [
        "## Invariants under hazards",
        "",
        f"`{command}`: {tally.summary()}.",
        "",
        "Movements are counted by SQL in the bank's own ledger. `·`: not asserted, the reason is in `tests/matrix/table.py`.",
        "",
        *tally.lines(),
    ]
    return "\n".join(lines + ([""] if findings else []) + [f"- {each}" for each in findings]) + "\n"


def run(seeds: int, seed_base: int, state: Path, hazards: list[str] | None = None) -> tuple[str, bool]:
    """Play and report: the section, and whether everything held."""
    chosen = hazards or list(WHY_NOT)
    results = play_all(state, [(hazard, seed_base + n) for hazard in chosen for n in range(seeds)])
    tally = Tally(results)
    empty = tally.empty() if seeds >= 10 else []
    text = section(tally, f"python -m tests.matrix --seeds {seeds} --seed-base {seed_base}")
    text += "".join(f"- nothing to look at: {each}\n" for each in empty)
    return text, not tally.findings() and not empty


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--seed-base", type=int, default=0)
    parser.add_argument("--state", type=Path, default=ROOT / "build" / "prove")
    parser.add_argument("--hazard", action="append", choices=list(HAZARDS))
    options = parser.parse_args()
    text, held = run(options.seeds, options.seed_base, options.state, options.hazard)
    print(text)
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
