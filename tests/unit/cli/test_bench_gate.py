"""The comparison with other engines is fair only if they give the same answers; where one is absent, it is left out by name."""

from __future__ import annotations

import importlib
import time
from collections import Counter
from typing import Any

import pytest

from cli import bench_gate
from cli.bench_gate import PEERS, beside_peers, drawn_values
from policy.bench import LONGEST, NOW
from policy.facts import as_facts
from policy.gate import weigh
from policy.packs import SHIPPED, load_pack
from policy.peers import compared_rules


@pytest.mark.process  # seconds; the long half has the time
def test_installed_peers_agree_on_every_case_and_are_timed() -> None:
    for name in PEERS:
        pytest.importorskip(name)
    found = beside_peers(time.perf_counter, count=150, at_most=3)
    assert found["ok"]
    assert {name: found[name]["agreed"] for name in PEERS} == dict.fromkeys(PEERS, 150)
    assert all(found[name]["p99_us"] > 0 for name in ("gate", *PEERS))


def test_the_compared_cases_have_every_verdict_and_the_rules_are_many() -> None:
    pack = load_pack(SHIPPED / "in-rbi")
    said = Counter(weigh(LONGEST, as_facts(v, NOW, "test"), pack, NOW, pack.calendar).verdict for v in drawn_values(1_000))
    assert all(said[word] >= 10 for word in ("approve", "step_up", "human", "deny")), said
    assert len(compared_rules(pack, LONGEST, NOW.date())) >= 30


def test_a_peer_that_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(bench_gate, "import_module", missing)
    found = beside_peers(time.perf_counter, count=10, at_most=2)
    assert found["ok"]
    assert {found[name] for name in PEERS} == {"not installed, left out"}
    assert importlib.import_module("policy.peers")


def test_a_peer_that_answers_otherwise_fails_the_section(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_gate, "import_module", lambda name: None)
    monkeypatch.setattr(bench_gate.metadata, "version", lambda name: "0")
    always = lambda module, rules, contexts: (lambda action, given: "approve", contexts)  # noqa: E731
    monkeypatch.setattr(bench_gate, "PEERS", {"cedarpy": always})
    assert not beside_peers(time.perf_counter, count=50, at_most=2)["ok"]
