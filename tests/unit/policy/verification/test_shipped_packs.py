"""The promise itself: every invariant is proven of every shipped pack, and every premise can hold."""

from __future__ import annotations

import time

import pytest

from policy.packs import HEAD, SHIPPED, load_pack
from policy.verification.prover import ALL, verify

PACKS = sorted(head.parent.name for head in SHIPPED.glob(f"*/{HEAD}"))


@pytest.mark.process
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", PACKS)
def test_every_invariant_is_proven_of_a_shipped_pack(name: str) -> None:
    begun = time.process_time()
    found = verify(load_pack(SHIPPED / name), time.monotonic)
    assert found.untranslated == ()
    assert [(r.invariant, f.action, f.about, f.status, f.cases) for r in found.results for f in r.findings] == []
    assert [result.invariant for result in found.results] == [invariant.name for invariant in ALL]
    assert time.process_time() - begun < 40  # all three in two minutes of one core
