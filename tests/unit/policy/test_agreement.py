"""Gate and reference agree: on a few thousand proposals here, on a hundred thousand in the second half of the suite.

The reference (`tests/support/reference`) was written from the text of the regulations without sight of the packs; where that text is open,
the reading is in `docs/policy/readings.md`. `python -m tests.differential` asks a million.
"""

from __future__ import annotations

import ast
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import REQUIRE_ALL
from tests.support.agreement import JUDGED, Tally, run
from tests.support.proposals import BRANCHES
from tests.support.reference import days

REFERENCE = Path(days.__file__).parent
SEED = "agreement"
#: Proposals for each action in the model-free suite, and in the long one.
FEW, MANY = 250, 100_000
#: A verdict that an action can have occurs at least this often among its few hundred, or the generator is too weak.
OFTEN = 3
#: Verdicts that no rule of the text gives an action.
NEVER = {
    "block_card": {"step_up", "human", "deny"},
    "report_fraud": {"step_up", "human", "deny"},
    "open_complaint": {"human", "deny"},
    "open_dispute": {"deny"},
    "send_reset_link": {"step_up"},
    "close_account": {"approve"},
    "pay_tat_compensation": {"step_up"},
    "pay_fraud_compensation": {"approve", "step_up"},
}


def told(tally: Tally) -> str:
    return "\n".join(f"{count} {key}: {tally.examples[key][:1]}" for key, count in tally.differences.most_common(10))


@pytest.mark.process  # seconds; the long half has the time
@pytest.mark.parametrize("pack", sorted(JUDGED))
def test_gate_and_reference_agree(pack: str) -> None:
    actions = JUDGED[pack]
    tally = run(pack, actions, SEED, FEW * len(actions))
    assert not tally.differences, told(tally)


@pytest.mark.parametrize("pack", sorted(JUDGED))
def test_the_generator_reaches_every_verdict_of_every_action(pack: str) -> None:
    actions = JUDGED[pack]
    tally = run(pack, actions, SEED, 200 * len(actions), only_reference=True)
    rare = [
        (action, verdict, tally.verdicts[pack, action, verdict])
        for action in actions
        for verdict in ("approve", "step_up", "human", "deny")
        if verdict not in NEVER.get(action, ()) and tally.verdicts[pack, action, verdict] < OFTEN
    ]
    assert not rare


@pytest.mark.process
@pytest.mark.timeout(900)
@pytest.mark.skipif(not REQUIRE_ALL, reason="a hundred thousand proposals are asked with REQUIRE_ALL=1")
def test_they_agree_on_a_hundred_thousand() -> None:
    everything = sum(len(actions) for actions in JUDGED.values())
    jobs = [
        (pack, actions, f"{SEED}:{chunk}", MANY * len(actions) // everything // 10)
        for pack, actions in JUDGED.items()
        for chunk in range(10)
    ]
    total = Tally()
    with ProcessPoolExecutor(2) as pool:
        for tally in pool.map(run, *zip(*jobs, strict=True)):
            total.add(tally)
    assert total.asked > MANY * 0.99
    assert not total.differences, told(total)


def test_the_reference_imports_nothing_of_the_service() -> None:
    allowed = {"__future__", "collections", "dataclasses", "datetime", "functools", "tests", "zoneinfo"}
    for file in REFERENCE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} <= allowed, file.name
            assert all(name.startswith("tests.support.reference") for name in names if name.startswith("tests")), file.name


@pytest.mark.parametrize("pack", sorted(BRANCHES))
def test_both_are_asked_at_the_same_branch(pack: str) -> None:
    for calendar, branch in BRANCHES[pack]:
        for ahead in range(800):
            day = days.calendar_days(date(2026, 1, 1), ahead)
            assert (calendar.closed(day) is None) == branch.works(day), day
            assert calendar.end_of(day) == branch.closes(day)
