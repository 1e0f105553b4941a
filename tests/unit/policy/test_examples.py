"""The worked examples: each decided by its pack, and the answer compared with the one worked out by hand."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from cli.main import app
from domain.errors import BadInput
from policy.case import load_named
from policy.documents import parse_document
from policy.examples import check_example, read_example
from policy.schema import example_schema

FOLDER = Path(__file__).parents[3] / "docs" / "policy" / "examples"
EXAMPLES = sorted(FOLDER.rglob("*.yaml"))
SCHEMA = jsonschema.Draft202012Validator(example_schema())


def name_of(path: Path) -> str:
    return str(path.relative_to(FOLDER).with_suffix(""))


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_the_gate_answers_as_worked_out_by_hand(path: Path, packs: dict[str, Any]) -> None:
    decision, different = check_example(path, pack=packs[read_example(path).pack])
    assert not different, f"{different}; rules {decision.rules}"


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_an_example_fits_the_published_schema(path: Path) -> None:
    SCHEMA.validate(parse_document(path.name, path.read_text()).data)


@pytest.fixture(scope="module")
def packs() -> dict[str, Any]:
    return {name: load_named(name) for name in {read_example(path).pack for path in EXAMPLES}}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copy(FOLDER / "in-rbi" / "provisional_credit" / "fifty-thousand.yaml", tmp_path)
    return tmp_path / "fifty-thousand.yaml"


def changed(path: Path, **expect: Any) -> None:
    data = yaml.safe_load(path.read_text())
    data["expect"] |= expect
    path.write_text(yaml.safe_dump(data))


def test_the_command_decides_an_example_like_any_case(copied: Path) -> None:
    result = CliRunner().invoke(app, ["policy", "decide", str(copied)])
    assert result.exit_code == 0 and '"verdict": "human"' in result.output


def test_the_command_compares_a_directory_and_passes(copied: Path) -> None:
    result = CliRunner().invoke(app, ["policy", "decide", "--check", str(copied.parent)])
    assert result.exit_code == 0 and '"ok": true' in result.output


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"verdict": "approve"}, "verdict is human, expected approve"),
        ({"four_eyes": True}, "four_eyes is False, expected True"),
        ({"role": "fraud_team"}, "role is disputes_officer, expected fraud_team"),
        ({"owes_none_of": ["shadow_reversal"]}, "shadow_reversal is 2026-12-04 5000000 INR, expected none"),
        (
            {"obligations": [{"kind": "decide_liability", "due": "2027-02-18"}]},
            "decide_liability is 2027-02-19, expected 2027-02-18",
        ),
        ({"obligations": [{"kind": "final_answer"}]}, "final_answer is not owed, expected undated"),
    ],
)
def test_the_command_fails_and_says_what_differs(copied: Path, wrong: dict[str, Any], said: str) -> None:
    changed(copied, **wrong)
    result = CliRunner().invoke(app, ["policy", "decide", "--check", str(copied)])
    assert result.exit_code == 1 and said in result.output


def test_a_file_that_expects_nothing_is_refused_by_check(copied: Path) -> None:
    data = yaml.safe_load(copied.read_text())
    del data["expect"], data["why"]
    copied.write_text(yaml.safe_dump(data))
    with pytest.raises(BadInput, match="case_invalid"):
        check_example(copied)
    assert CliRunner().invoke(app, ["policy", "decide", str(copied)]).exit_code == 0


def test_a_directory_without_cases_is_refused(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["policy", "decide", str(tmp_path)]).exit_code == 2
