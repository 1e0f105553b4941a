"""`make prove`: the long proofs, resumable. `docs/proof.md` is the report; a part that is run alone renews its section only.

python -m tests.prove [kills] [matrix] [differential] [verify]     (without a name: all)
    [--kills 1000] [--seeds 100] [--proposals 1000000] [--facts 100000] [--seed-base 0] [--state build/prove]
"""

from __future__ import annotations

import argparse
import platform
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.matrix.ground import ROOT

REPORT = ROOT / "docs" / "proof.md"
#: One part's section: its Markdown, and whether everything held.
Part = Callable[[argparse.Namespace], tuple[str, bool]]


def kills(options: argparse.Namespace) -> tuple[str, bool]:
    from tests.acceptance import kills as part

    return part.run(options.kills, options.seed_base, options.state)


def matrix(options: argparse.Namespace) -> tuple[str, bool]:
    from tests.matrix import __main__ as part

    return part.run(options.seeds, options.seed_base, options.state)


def differential(options: argparse.Namespace) -> tuple[str, bool]:
    state = options.state / f"differential-{options.seed_base}.jsonl"
    arguments = ["-m", "tests.differential", "--count", str(options.proposals), "--seed", str(options.seed_base)]
    return _told("Gate and reference agree", arguments, ["--state", str(state)])


def verify(options: argparse.Namespace) -> tuple[str, bool]:
    return _told("Packs proven", ["-m", "cli", "policy", "verify", "--cases", str(options.facts)], [])


PARTS: dict[str, Part] = {"kills": kills, "matrix": matrix, "differential": differential, "verify": verify}


def _told(title: str, arguments: list[str], unsaid: list[str]) -> tuple[str, bool]:
    """Run a command of its own; what it prints is the section."""
    done = subprocess.run([sys.executable, *arguments, *unsaid], cwd=ROOT, capture_output=True, text=True, check=False)
    said = done.stdout if done.returncode == 0 else done.stdout + done.stderr[-2000:]
    shown = f"python {' '.join(arguments)}".replace("python -m cli ", "tellergate ")
    return f"## {title}\n\n`{shown}`\n\n```\n{said.strip()}\n```\n", done.returncode == 0


def sections_of(report: str) -> dict[str, str]:
    """Part → its section, as they stand in a report. Each begins with a comment that names its part."""
    pieces = re.split(r"^<!-- part: (\w+) -->\n", report, flags=re.MULTILINE)[1:]
    return dict(zip(pieces[::2], (piece.strip() + "\n" for piece in pieces[1::2]), strict=True))


def written(sections: dict[str, str]) -> str:
    """The report: the sections in the order of the parts."""
    return "# Proof\n" + "".join(f"\n<!-- part: {name} -->\n{sections[name]}" for name in PARTS if name in sections)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=100, help="scenes of each hazard in the matrix")
    parser.add_argument("--proposals", type=int, default=1_000_000)
    parser.add_argument("--facts", type=int, default=100_000, help="random facts on which term and closure have to agree")
    parser.add_argument("--seed-base", type=int, default=0)
    parser.add_argument("--state", type=Path, default=ROOT / "build" / "prove")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    options.state.mkdir(parents=True, exist_ok=True)
    good = True
    for name in options.parts or PARTS:
        text, held = PARTS[name](options)
        machine = f"{platform.machine()}, {platform.system()}, {datetime.now(UTC).date()}"
        # Read only now: another part may have written its section meanwhile.
        sections = sections_of(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else {}
        sections[name] = f"{text.rstrip()}\n\n{'Held' if held else '**Broken**'}; {machine}.\n"
        REPORT.write_text(written(sections), encoding="utf-8")
        print(f"{name}: {'held' if held else 'BROKEN'}")
        good = good and held
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
