"""Every invariant is proven of a sound pack, and a slip in a rule is answered with a case that anybody can decide again."""

from __future__ import annotations

import json
import time
from pathlib import Path

import jsonschema
import pytest

from policy.case import decide_case
from policy.packs import load_pack
from policy.schema import case_schema
from policy.verification.claims import by_name
from policy.verification.prover import ALL, verify
from tests.support.rule_files import write_pack
from tests.support.sound_pack import ACTIONS, EDITS, sound_pack, sound_rules

INVARIANTS = by_name(ALL)


def test_every_invariant_is_proven_of_the_sound_pack(tmp_path: Path) -> None:
    found = verify(sound_pack(tmp_path), time.monotonic, actions=ACTIONS)
    assert found.untranslated == ()
    assert [(r.invariant, f) for r in found.results for f in r.findings] == []
    assert {result.invariant: result.claims > 0 for result in found.results} == dict.fromkeys(INVARIANTS, True)


def test_for_every_invariant_there_is_an_edit_that_breaks_it() -> None:
    assert EDITS.keys() == INVARIANTS.keys()


@pytest.mark.parametrize("name", sorted(INVARIANTS))
def test_a_broken_rule_gives_a_case_that_the_gate_answers_alike(name: str, tmp_path: Path) -> None:
    action, edit = EDITS[name]
    law = sound_pack(tmp_path / "law")
    broken = load_pack(write_pack(tmp_path / "broken", *edit(sound_rules())))
    found = verify(broken, time.monotonic, law=law, invariants=[INVARIANTS[name]], actions=[action])
    assert not found.ok
    findings = [finding for result in found.results for finding in result.findings]
    assert {finding.status for finding in findings} == {"failed"}
    if name in ("reachable", "unshadowed"):  # that no case exists is not shown by one
        assert [finding.about for finding in findings] == [{"reachable": "TRANSFER-NEVER", "unshadowed": "TRANSFER-AGAIN"}[name]]
        return
    for shown in (case for finding in findings for case in finding.cases):
        jsonschema.validate(shown["case"], case_schema())
        again = decide_case(json.loads(json.dumps(shown["case"])), pack=broken)
        assert (again.verdict, again.level, again.four_eyes) == (shown["verdict"], shown["level"], shown["four_eyes"])
    assert all(finding.reproduced and finding.cases for finding in findings)
