"""The threat model cites tests that exist, and every threat either cites one or says that it is a gap."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.matrix.hazards import HAZARDS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for section in PAGE.split("| threat | control | shown by |\n| --- | --- | --- |\n")[1:]
    for line in section.split("\n\n")[0].splitlines()
]
CITED = sorted(set(re.findall(r"`(tests/[^`]+::[^`]+)`", PAGE)))
#: What the page has to speak of.
SUBJECTS = (
    "tells the model", "stolen session", "SIM swap", "insider", "administrator", "Code runs inside the service", "borrowed token", "Replay", "Races",
    "poisoned pack", "clock", "core lies", "silent", "webhooks", "Enumeration", "AL0", "Secrets typed", "audit trail", "Erasure", "weights",
    "Chat templates", "flood",
)  # fmt: skip


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in functions)


@pytest.mark.parametrize("cited", CITED)
def test_a_cited_test_exists(cited: str) -> None:
    path, name, parameter = re.fullmatch(r"([^:]+)::(\w+)(?:\[(\w+)\])?", cited).groups()  # type: ignore[union-attr]
    assert name in functions_of(path)
    if path.startswith("tests/matrix"):
        assert parameter in HAZARDS


def test_every_threat_has_a_test_or_says_that_it_is_a_gap() -> None:
    assert len(ROWS) > 40
    for row in ROWS:
        assert len(row) == 3, row
        assert row[2].startswith("gap: ") or "::" in row[2], row[0]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_page_speaks_of(subject: str) -> None:
    assert subject in PAGE


def test_every_hazard_of_the_matrix_stands_against_some_threat() -> None:
    named = {re.search(r"\[(\w+)\]", cited).group(1) for cited in CITED if "test_no_invariant_breaks" in cited}  # type: ignore[union-attr]
    assert set(HAZARDS) - named <= {"expired_proposal", "crash_at_decide"}
