"""Cases on either side of every figure in the rules, with the answers of the day they were written. `tellergate policy vectors` rewrites them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from policy.case import decide_case
from policy.packs import HEAD, SHIPPED, load_pack
from policy.verification.vectors import answer, as_text, case_from, vectors
from tests.support.sound_pack import sound_pack

FOLDER = Path(__file__).parents[3] / "vectors"
FILES = sorted(file.stem for file in FOLDER.glob("*.json"))
REWRITE = "look at what changed, then run: tellergate policy vectors"


@pytest.mark.parametrize("name", FILES)
def test_every_vector_is_answered_as_written(name: str) -> None:
    pack, written = load_pack(SHIPPED / name), json.loads((FOLDER / f"{name}.json").read_text())
    differing = [
        (vector["rule"], vector["at"], vector["changed"], vector["answer"], now)
        for vector in written["vectors"]
        if (now := answer(decide_case(case_from(pack, vector), pack=pack))) != vector["answer"]
    ]
    assert not differing, REWRITE


@pytest.mark.process
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", sorted(head.parent.name for head in SHIPPED.glob(f"*/{HEAD}")))
def test_vectors_are_of_the_shipped_pack_and_of_every_figure_in_it(name: str) -> None:
    assert as_text(load_pack(SHIPPED / name)) == (FOLDER / f"{name}.json").read_text(encoding="utf-8"), REWRITE


def test_the_two_sides_of_a_figure_differ_in_the_facts_compared_and_in_the_answer(tmp_path: Path) -> None:
    made = vectors(sound_pack(tmp_path))
    below, above = (v for v in made if v["rule"] == "CREDIT-CAP-CASE")
    assert (below["at"], above["at"]) == ("amount_minor > 1000000, 1000000", "amount_minor > 1000000, 1000001")
    assert below["changed"].keys() ^ {"amount_minor"} == above["changed"].keys() ^ {"amount_minor"}
    assert (below["answer"]["verdict"], above["answer"]["verdict"]) == ("approve", "human")
    sides = Counter((v["action"], v["rule"], v["at"].rsplit(",", 1)[0]) for v in made)
    assert set(sides.values()) == {2}
