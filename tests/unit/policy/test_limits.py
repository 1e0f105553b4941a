"""The bank's own numbers: named in the bank's rules, never in a law, replaced by name, refused where they cannot be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.calendars import INDIA
from domain.decisions import FactValue
from domain.errors import BadInput
from policy.facts import as_facts
from policy.gate import decide
from policy.packs import load_pack
from tests.support.rule_files import rule, write_pack

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
LIMITS = 'limits:\n  P_LEVEL: {value: 3, doc: "A level.", source: "a test"}\n'
NAMED: dict[str, Any] = {"when": "account_owned && auth_level >= P_LEVEL"}


def refused(folder: Path, **given: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        load_pack(folder, **given)
    assert caught.value.code == "pack_invalid"
    return caught.value


def verdict(folder: Path, level: int, limits: dict[str, int] | None = None) -> str:
    facts: dict[str, FactValue] = {"account_owned": True, "auth_level": level}
    return decide("disclose_balance", as_facts(facts, NOW, "a test"), load_pack(folder, limits=limits), NOW, INDIA).verdict


def test_a_rule_of_the_bank_reads_the_number_by_its_name(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, rule(**NAMED), limits=LIMITS)
    assert [verdict(folder, level) for level in (2, 3)] == ["deny", "approve"]
    assert "P_LEVEL" in load_pack(folder).rules[0].condition


def test_another_number_in_its_place_changes_the_verdict_and_the_digest(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, rule(**NAMED), limits=LIMITS)
    assert [verdict(folder, level, {"P_LEVEL": 4}) for level in (3, 4)] == ["deny", "approve"]
    assert load_pack(folder).digest != load_pack(folder, limits={"P_LEVEL": 4}).digest


def test_a_law_that_names_a_number_of_the_bank_is_refused(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, rule(**NAMED, layer="law", confidence="V2"), limits=LIMITS)
    assert "rules.yaml:" in refused(folder).detail
    assert "P_LEVEL is the bank's to set and has no place in a law" in refused(folder).detail


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("limits: {}\n", "P_LEVEL is not a fact"),
        ("limits:\n  LEVEL: {value: 3, doc: x, source: x}\n", "limits.yaml:2"),
        ("limits:\n  P_LEVEL: {value: -1, doc: x, source: x}\n", "limits.yaml:2"),
        ("limits:\n  P_LEVEL: {value: '3', doc: x, source: x}\n", "limits.yaml:2"),
        ("limits:\n  P_LEVEL: {value: 3, source: x}\n", "doc is missing"),
        ("limits:\n  P_LEVEL: {value: 3, doc: x, source: x, colour: red}\n", "unknown key colour"),
        ("limits:\n  P_LEVEL: {value: 3, doc: x, source: x}\n  P_LEVEL: {value: 4, doc: x, source: x}\n", "here twice"),
        ("limits:\n  P_LEVEL: {value: 9, doc: x, source: x}\n", "9 is not a value of auth_level (0 to 4)"),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_its_place(tmp_path: Path, written: str, said: str) -> None:
    assert said in refused(write_pack(tmp_path, rule(**NAMED), limits=written)).detail


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"P_LEVLE": 3}, "the pack has no limit P_LEVLE"),
        ({"P_LEVEL": -1}, "P_LEVEL cannot be -1"),
        ({"P_LEVEL": True}, "P_LEVEL cannot be True"),
        ({"P_LEVEL": 9}, "9 is not a value of auth_level"),
    ],
)
def test_a_replacement_that_cannot_be_is_refused(tmp_path: Path, given: dict[str, int], said: str) -> None:
    assert said in refused(write_pack(tmp_path, rule(**NAMED), limits=LIMITS), limits=given).detail


@pytest.mark.parametrize(
    ("amount", "minor"),
    [
        ({"minor": 50_000}, 50_000),
        ({"minor": 50_000, "at_most_minor": 40_000}, 40_000),
        ({"of": "net_loss_minor", "percent": 85, "at_most_minor": 2_500_000}, 2_499_935),
        ({"of": "net_loss_minor", "percent": 33}, 970_563),
        ({"minor": 1, "plus": {"of": "net_loss_minor"}}, 2_941_101),
    ],
)
def test_an_amount_is_written_out_or_a_share_of_a_fact(tmp_path: Path, amount: dict[str, Any], minor: int) -> None:
    owed = {"kind": "fraud_compensation", "to": "customer", "amount": amount}
    pack = load_pack(write_pack(tmp_path, rule(actions=["pay_fraud_compensation"], when="account_owned", obligations=[owed])))
    facts: dict[str, FactValue] = {"account_owned": True, "net_loss_minor": 2_941_100}
    decision = decide("pay_fraud_compensation", as_facts(facts, NOW, "a test"), pack, NOW, INDIA)
    assert [(each.amount_minor, each.currency) for each in decision.obligations] == [(minor, "INR")]
    assert decision.obligations[0].derivation


@pytest.mark.parametrize(
    "amount",
    [
        {},
        {"minor": 0},
        {"minor": 5, "of": "transaction"},
        {"minor": 5, "days": "days_to_reversal"},
        {"per_day_minor": 5},
        {"of": "fee_kind"},
    ],
)
def test_an_amount_of_no_form_or_of_two_is_refused(tmp_path: Path, amount: dict[str, Any]) -> None:
    owed = {"kind": "fraud_compensation", "to": "customer", "amount": amount}
    refused(write_pack(tmp_path, rule(obligations=[owed])))
