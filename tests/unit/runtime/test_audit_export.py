"""An export is checked alone: another directory, no settings, no database. By our verifier and by the one printed in the document."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runtime import keys as key_files
from runtime.audit_export import opened, public_keys, verify_export, write_export
from runtime.audit_trail import anchor_file, read_anchors
from runtime.storage import audit
from tests.support.gate_house import TENANT, GateHouse

ROOT = Path(__file__).parents[3]
#: An account number, as a case note might name it.
ACCOUNT = "50100123456789"


@pytest.fixture
async def trail(house: GateHouse, tmp_path: Path) -> Path:
    """An export with an executed proposal in it, beside the public key; both away from the database."""
    proposal = await house.ready_credit()
    await house.gate().execute(proposal)
    house.db.write_now(lambda c: audit.append_audit(c, TENANT, "record.note", {"account": ACCOUNT}, 5))
    await house.sequencer(tmp_path / "anchors").run_once(TENANT, anchor=True)
    away = tmp_path / "auditor"
    away.mkdir()
    (away / "audit.pub.pem").write_bytes(key_files.public_pem(house.audit_key.public_key()))
    export(house, tmp_path, away / "trail.audit")
    return away / "trail.audit"


def export(house: GateHouse, tmp_path: Path, out: Path, **given: Any) -> Path:
    anchors = read_anchors(anchor_file(tmp_path / "anchors", TENANT))
    with opened(out, "w") as file:
        house.db.read_now(lambda c: write_export(file, c, TENANT, anchors, house.audit_keys, **given))
    return out


def independent(trail: Path) -> list[tuple[int, str]]:
    """What the document's own verifier finds."""
    page = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0]
    scope: dict[str, Any] = {"__name__": "document"}
    exec(code, scope)
    found: list[tuple[int, str]] = scope["verify"](str(trail), str(trail.parent / "audit.pub.pem"))
    return found


def ours(trail: Path) -> list[tuple[str, int]]:
    return [(f.kind, f.n) for f in verify_export(trail, public_keys(trail.parent / "audit.pub.pem"))[0]]


def entries(trail: Path) -> list[bytes]:
    return [line for line in trail.read_bytes().splitlines(keepends=True) if line.startswith(b"E\t")]


async def test_both_verifiers_pass_an_untouched_export(trail: Path) -> None:
    assert ours(trail) == [] and independent(trail) == []
    assert len(entries(trail)) >= 5


async def test_both_verifiers_find_the_same_tampering(trail: Path) -> None:
    whole, third = trail.read_bytes(), entries(trail)[2]
    for tampered, expected in {
        whole.replace(third, third.replace(b"proposal.", b"proposaI.")): ("edited", 3),
        whole.replace(third, b""): ("deleted", 3),
        whole.replace(third, third + third): ("inserted", 3),
        whole.replace(third, b"").replace(b"Z\t", third + b"Z\t"): ("reordered", 3),
        whole[: whole.index(entries(trail)[-1])]: ("truncated", len(entries(trail))),
    }.items():
        trail.write_bytes(tampered)
        found = ours(trail)
        assert expected in found, (expected, found)
        assert independent(trail), expected


async def test_any_byte_of_an_entry_that_is_changed_is_found(trail: Path) -> None:
    whole, line = trail.read_bytes(), entries(trail)[1]
    start = whole.index(line)
    for at in range(start, start + len(line), 7):
        trail.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert any(n in (2, 3) for _, n in ours(trail)), (whole[at - 5 : at + 5], ours(trail))


async def test_an_execution_without_its_entry_is_told_from_the_export(trail: Path) -> None:
    text = trail.read_bytes()
    first = entries(trail)[0]
    trail.write_bytes(text.replace(first, b"X\tprp_other\tproposal.executing\n" + first, 1))
    assert ours(trail) == [("unrecorded", 0)]
    assert independent(trail) == [(0, "prp_other was executed and is not on record")]


async def test_anchors_from_elsewhere_win_over_those_in_the_file(trail: Path, tmp_path: Path) -> None:
    elsewhere = read_anchors(anchor_file(tmp_path / "anchors", TENANT))
    without = b"".join(line for line in trail.read_bytes().splitlines(keepends=True) if not line.startswith(b"A\t"))
    cut = without.replace(entries(trail)[-1], b"")
    count = len(entries(trail))
    cut = re.sub(rb"Z\t\d+", b"Z\t%d" % (count - 1), re.sub(rb"T\t.*\n", b"", cut))
    trail.write_bytes(cut)
    assert ours(trail) == [], "nothing in the file knows of what is gone"
    keys = public_keys(trail.parent / "audit.pub.pem")
    assert [(f.kind, f.n) for f in verify_export(trail, keys, elsewhere)[0]] == [("truncated", count)]


async def test_a_masked_export_shows_no_number_and_still_verifies(house: GateHouse, trail: Path, tmp_path: Path) -> None:
    masked = export(house, tmp_path, trail.parent / "masked.audit.gz", masked=True)
    with opened(masked, "r") as file:
        text = file.read().decode()
    assert ACCOUNT not in text and "••••6789" in text
    assert ACCOUNT in trail.read_text()
    assert ours(masked) == [] and independent(masked) == []


@pytest.mark.process
async def test_the_command_needs_the_export_and_the_public_key_only(trail: Path) -> None:
    def command(*options: str) -> tuple[int, dict[str, Any]]:
        done = subprocess.run(
            [sys.executable, "-m", "cli", "audit", "verify", *options],
            cwd=trail.parent,
            env={"PYTHONPATH": str(ROOT), "TELLERGATE_DATA_DIR": str(trail.parent / "nothing"), "PATH": ""},
            capture_output=True,
            text=True,
        )
        return done.returncode, json.loads(done.stdout) if done.stdout.strip() else {"error": done.stderr}

    options = ("--export", trail.name, "--key", "audit.pub.pem")
    status, told = command(*options)
    assert (status, told["ok"], told["entries"]) == (0, True, len(entries(trail)))
    trail.write_bytes(trail.read_bytes().replace(entries(trail)[1], b""))
    status, told = command(*options)
    assert status == 1 and [(f["kind"], f["n"]) for f in told["findings"]] == [("deleted", 2)]
    assert command("--export", trail.name)[0] == 2
    assert not (trail.parent / "nothing").exists()
