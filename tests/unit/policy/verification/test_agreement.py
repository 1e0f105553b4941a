"""The terms that are proven about say what the running gate says, on drawn cases most of which stand at a figure."""

from __future__ import annotations

from pathlib import Path

import pytest
import z3

from policy.packs import HEAD, SHIPPED, load_pack
from policy.verification import terms
from policy.verification.agreement import agree
from policy.verification.evaluation import evaluated
from tests.support.sound_pack import sound_pack

FEW, MANY = 2_000, 100_000
SEED = 20261122
PACKS = sorted(head.parent.name for head in SHIPPED.glob(f"*/{HEAD}"))


@pytest.mark.process  # seconds; the long half has the time
@pytest.mark.parametrize("name", PACKS)
def test_terms_and_gate_agree_on_drawn_cases(name: str) -> None:
    agreement = agree(load_pack(SHIPPED / name), FEW // len(PACKS), SEED)
    assert agreement.disagreements == ()
    assert agreement.cases >= 600
    assert agreement.verdicts.keys() == {"approve", "step_up", "human", "deny"}


@pytest.mark.process
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", PACKS)
def test_terms_and_gate_agree_on_a_hundred_thousand_cases(name: str) -> None:
    count = MANY if name == "in-rbi" else MANY // 5
    agreement = agree(load_pack(SHIPPED / name), count, SEED + 1)
    assert agreement.disagreements == ()
    assert all(agreement.verdicts[word] >= count // 200 for word in ("approve", "step_up", "human", "deny"))


def test_a_slip_in_the_translation_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = terms._compared
    monkeypatch.setattr(terms, "_compared", lambda op, left, right_: right({">=": ">"}.get(op, op), left, right_))
    agreement = agree(sound_pack(tmp_path), 500, SEED)
    assert agreement.disagreements


def test_terms_are_evaluated_as_the_solver_does() -> None:
    a, b, p = z3.Int("a"), z3.Int("b"), z3.Bool("p")
    made = [
        a + b - 3 * a,
        z3.And(a < b, p),
        z3.Or(a >= b, z3.Not(p), a == 7),
        z3.If(p, a, b) > 2,
        z3.Sum([a, b, a]) <= 4,
        a != b,
        z3.And(),
        z3.Or(),
        p == (a > b),
    ]
    run = evaluated(made)
    for values in ({"a": x, "b": y, "p": z} for x in (-1, 0, 2, 7) for y in (0, 2, 3) for z in (True, False)):
        constants = [(a, z3.IntVal(values["a"])), (b, z3.IntVal(values["b"])), (p, z3.BoolVal(bool(values["p"])))]
        solved = [z3.simplify(z3.substitute(term, *constants)) for term in made]
        assert list(run(values)) == [each.as_long() if z3.is_int_value(each) else z3.is_true(each) for each in solved]
