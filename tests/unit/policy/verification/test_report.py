"""The report says what is proven and what is not, and the command's exit code says so too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.support.rule_files import rule, write_pack


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack that tells an owner the balance at AL2."""
    return write_pack(tmp_path, rule(when="account_owned && auth_level >= 2"))


def test_a_broken_pack_exits_with_one_and_shows_cases_to_decide_again(folder: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["policy", "verify", str(folder), "--json"])
    assert ran.exit_code == 1
    (pack,) = json.loads(ran.stdout)["packs"]
    assert pack["pack"] == "small@3"
    assert pack["untranslated"] == []
    level = next(each for each in pack["invariants"] if each["name"] == "level")
    assert not level["ok"]
    (finding,) = level["findings"]
    assert (finding["action"], finding["status"], finding["reproduced"]) == ("disclose_balance", "failed", True)
    (shown,) = finding["cases"]
    assert shown["case"]["facts"]["auth_level"] == 2
    case = tmp_path / "case.json"
    case.write_text(json.dumps(shown["case"]))
    again = CliRunner().invoke(app, ["policy", "decide", str(case), "--pack", str(folder)])
    assert json.loads(again.stdout)["verdict"] == shown["verdict"] == "approve"


def test_the_table_names_every_invariant_with_its_state(folder: Path) -> None:
    ran = CliRunner().invoke(app, ["policy", "verify", str(folder)])
    assert "small@3" in ran.stdout
    assert "0 untranslated" in ran.stdout
    states = {line.split()[0]: line.split()[1] for line in ran.stdout.split("\n\n")[0].splitlines()[1:]}
    assert states["level"] == "FAILED"
    assert states["bounds"] == "proven"


def test_an_unknown_pack_is_refused() -> None:
    ran = CliRunner().invoke(app, ["policy", "verify", "no-such-pack"])
    assert ran.exit_code == 2


def test_drawn_cases_are_counted_in_the_report(folder: Path) -> None:
    ran = CliRunner().invoke(app, ["policy", "verify", str(folder), "--json", "--cases", "50", "--seed", "3"])
    (pack,) = json.loads(ran.stdout)["packs"]
    assert pack["agreement"] == {"cases": 50, "seed": 3, "disagreements": 0}
