"""`tellergate policy …`: the gate from outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from domain.decisions import PolicyCase
from domain.errors import BadInput
from policy.case import decide_case, read_case
from policy.examples import check_example, is_example, read_example
from policy.packs import load_pack

CASE_FILES = (".json", ".yaml", ".yml")


def decide(path: Path, folder: Path | None = None) -> Iterator[dict[str, Any]]:
    """Decide a case file, or every one in a directory and below, each with its name, with the pack it names or the one in `folder`.

    Raises BadInput for a case or a pack that cannot be read.
    """
    pack = None if folder is None else load_pack(folder)
    if not path.is_dir():
        yield decide_case(_case(path), pack=pack).model_dump(mode="json")
        return
    for each in case_files(path):
        yield {"file": str(each.relative_to(path)), "decision": decide_case(_case(each), pack=pack).model_dump(mode="json")}


def check(path: Path) -> Iterator[dict[str, Any]]:
    """Compare worked examples with their `expect`: file, verdict, and what differs. Raises BadInput for a file without one."""
    for each in case_files(path) if path.is_dir() else [path]:
        decision, different = check_example(each)
        name = str(each.relative_to(path)) if path.is_dir() else each.name
        yield {"file": name, "verdict": decision.verdict, "ok": not different, "differences": different}


def case_files(directory: Path) -> list[Path]:
    """The case files below a directory, in the order of their names. Raises BadInput `case_invalid` when there are none."""
    found = sorted(each for each in directory.rglob("*") if each.suffix in CASE_FILES and each.is_file())
    if not found:
        raise BadInput("case_invalid", f"no case file in {directory}")
    return found


def _case(path: Path) -> PolicyCase:
    return read_example(path).case() if is_example(path) else read_case(path)
