"""`make prove`: gate and reference on very many proposals, resumable. Each chunk's outcome is written before the next is taken.

python -m tests.differential [--count 1000000] [--seed 0] [--pack in-rbi] [--action transfer] [--workers 2] [--state DIR]

Prints the disagreements grouped by action and rows; exit 1 when there are any, or when a verdict of an action never occurred.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from policy.packs import SHIPPED
from tests.support.agreement import JUDGED, Tally, run

ROOT = Path(__file__).parents[1]
CHUNK = 10_000
#: Pack, actions, seed, how many, folder of the packs.
Job = tuple[str, tuple[str, ...], str, int, Path]


def chunk_of(job: Job) -> tuple[str, Tally]:
    """One chunk, in a worker."""
    pack, actions, seed, count, packs = job
    return seed, run(pack, actions, seed, count, packs)


def jobs(options: argparse.Namespace) -> Iterator[Job]:
    """Chunks over the packs, in proportion to how many actions of each are judged."""
    packs = {name: JUDGED[name] for name in ([options.pack] if options.pack else JUDGED)}
    chosen = {name: tuple(each for each in known if options.action in (None, each)) for name, known in packs.items()}
    everything = sum(len(known) for known in chosen.values())
    for pack, actions in chosen.items():
        left, number = round(options.count * len(actions) / max(everything, 1)), 0
        while left > 0 and actions:
            yield pack, actions, f"{options.seed}:{number}:{pack}", min(CHUNK, left), options.packs
            left, number = left - CHUNK, number + 1


def written(state: Path | None) -> dict[str, Tally]:
    """Chunks on record."""
    if state is None or not state.exists():
        return {}
    return {row["chunk"]: _tally(row) for row in map(json.loads, state.read_text(encoding="utf-8").splitlines())}


def _row(chunk: str, tally: Tally) -> str:
    return json.dumps({
        "chunk": chunk,
        "asked": tally.asked,
        "verdicts": [[list(key), count] for key, count in tally.verdicts.items()],
        "differences": [[list(key), count, tally.examples.get(key, [])] for key, count in tally.differences.items()],
    })  # fmt: skip


def _tally(row: dict[str, Any]) -> Tally:
    tally = Tally(asked=row["asked"])
    tally.verdicts = Counter({tuple(key): count for key, count in row["verdicts"]})
    for key, count, some in row["differences"]:
        tally.differences[tuple(key)] = count
        tally.examples[tuple(key)] = some
    return tally


def report(total: Tally, shown: int) -> None:
    for key, count in sorted(total.differences.items(), key=lambda item: (item[0][:2], -item[1])):
        print(f"{count:8} {' | '.join(key)}")
        for example in total.examples.get(key, [])[:shown]:
            print(f"           {example}")
    for pack, action in sorted({key[:2] for key in total.verdicts}):
        seen = {verdict: total.verdicts[pack, action, verdict] for verdict in ("approve", "step_up", "human", "deny")}
        print(f"{pack} {action}: " + ", ".join(f"{verdict} {count}" for verdict, count in seen.items()))
    print(f"{total.asked} compared, {sum(total.differences.values())} disagreements in {len(total.differences)} groups")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", default="0")
    parser.add_argument("--pack")
    parser.add_argument("--action")
    parser.add_argument(
        "--packs", type=Path, default=SHIPPED, help="folder of the packs, where other than the shipped ones are asked"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--shown", type=int, default=1)
    parser.add_argument("--state", type=Path, help="file of chunks done; given again, the run goes on where it stopped")
    options = parser.parse_args()
    done = written(options.state)
    left = [job for job in jobs(options) if job[2] not in done]
    total = Tally()
    for tally in done.values():
        total.add(tally)
    with ProcessPoolExecutor(options.workers) as pool:
        for chunk, tally in pool.map(chunk_of, left):
            total.add(tally)
            if options.state is not None:
                options.state.parent.mkdir(parents=True, exist_ok=True)
                with options.state.open("a", encoding="utf-8") as file:
                    file.write(_row(chunk, tally) + "\n")
    report(total, options.shown)
    return 1 if total.differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
