"""Cases as files and mappings, and the published schemas that describe them and what comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from domain.errors import BadInput
from policy.case import decide_case, read_case
from policy.facts import NEEDS
from policy.ordinary import ordinary
from policy.schema import PUBLISHED, case_schema, decision_schema, schema_text
from tests.support.rule_files import rule, write_pack

ROOT = Path(__file__).parents[3]
ARGUMENTS: dict[str, dict[str, Any]] = {
    "disclose_balance": {"accounts": ["A1"]},
    "disclose_transactions": {"accounts": ["A1"]},
    "block_card": {"card": "K1", "reason": "lost"},
    "open_dispute": {"transaction": "T1", "dispute_type": "unauthorised", "amount_minor": 500_000, "currency": "INR"},
    "provisional_credit": {"account": "A1", "transaction": "T1", "dispute": "D1", "amount_minor": 500_000, "currency": "INR"},
}


def case(action: str = "provisional_credit", **change: Any) -> dict[str, Any]:
    written = {
        "pack": "in-rbi",
        "action": action,
        "arguments": ARGUMENTS[action],
        "facts": {name: value for name, value in ordinary(action, NEEDS[action]).items() if name not in ARGUMENTS[action]},
        "now": "2026-11-23T06:00:00Z",
    }
    return written | change


@pytest.mark.parametrize("action", sorted(ARGUMENTS))
def test_a_case_of_every_action_is_decided_and_fits_the_published_schemas(action: str) -> None:
    jsonschema.validate(case(action), case_schema())
    decision = decide_case(case(action))
    assert decision.verdict == "approve"
    jsonschema.validate(json.loads(decision.model_dump_json()), decision_schema())


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_the_committed_schema_is_the_one_the_models_give(name: str) -> None:
    assert (ROOT / "docs" / "schemas" / name).read_text() == schema_text(name)


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_a_case_file_gives_the_same_decision_as_the_mapping(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"case.{suffix}"
    path.write_text(json.dumps(case()) if suffix == "json" else yaml.safe_dump(case()))
    assert decide_case(path) == decide_case(str(path)) == decide_case(case())


@pytest.mark.process  # seconds; the long half has the time
def test_what_the_arguments_state_need_not_be_among_the_facts_and_may_not_contradict_them() -> None:
    small, large = 500_000, 900_000
    assert decide_case(case(facts=case()["facts"] | {"amount_minor": small})) == decide_case(case())
    with pytest.raises(BadInput, match="another amount_minor"):
        decide_case(case(facts=case()["facts"] | {"amount_minor": large}))


def test_a_case_without_arguments_is_decided_on_its_facts_alone() -> None:
    facts = ordinary("provisional_credit", NEEDS["provisional_credit"])
    assert decide_case(case(arguments={}, facts=facts)).verdict == "approve"


def test_a_fact_that_is_left_out_is_missing() -> None:
    facts = {name: value for name, value in case()["facts"].items() if name != "credits_12m_minor"}
    decision = decide_case(case(facts=facts))
    assert (decision.verdict, decision.customer_reason) == ("deny", "missing_fact")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"action": "launch_rocket"}, "unknown action launch_rocket"),
        ({"facts": {"acount_owned": True}}, "unknown fact acount_owned"),
        ({"facts": {"auth_level": 9}}, "9 is not a value of the fact auth_level"),
        ({"facts": {"auth_level": True}}, "True is not a value of the fact auth_level"),
        ({"facts": {"txn_date": "2026-02-30"}}, "is not a value of the fact txn_date"),
        ({"facts": {"auth_level": 1.5}}, "facts.auth_level"),
        ({"facts": []}, "facts"),
        ({"now": "2026-11-23T06:00:00"}, "no time zone"),
        ({"now": "yesterday"}, "now"),
        ({"colour": "red"}, "colour"),
        ({"arguments": {"amount": 3}}, "arguments: "),
        ({"arguments": ARGUMENTS["provisional_credit"] | {"amount_minor": "5"}}, "amount_minor"),
        ({"arguments": ARGUMENTS["provisional_credit"] | {"amount_minor": -5}}, "amount_minor"),
        ({"arguments": {"action": "block_card", **ARGUMENTS["block_card"]}}, "another action"),
    ],
)
def test_a_case_that_cannot_be_is_refused_with_what_is_wrong(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        decide_case(case() | change)
    assert caught.value.code == "case_invalid"
    assert said in caught.value.detail


@pytest.mark.parametrize("text", ["", "{", "[]", "a: &a [*a]", "x: !!python/name:os.system ''", "\x00"])
def test_a_file_that_holds_no_case_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "case.json"
    path.write_text(text)
    with pytest.raises(BadInput) as caught:
        decide_case(path)
    assert caught.value.code == "case_invalid"


def test_a_file_that_is_absent_binary_or_huge_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    for raw in (None, b"\xff\xfe", b" " * 300_000):
        if raw is not None:
            path.write_bytes(raw)
        with pytest.raises(BadInput) as caught:
            read_case(path)
        assert caught.value.code == "case_invalid"


@pytest.mark.parametrize("name", ["us-moon", "../in-rbi", "", "in-rbi@9", "/"])
def test_a_pack_nobody_has_is_named_and_no_folder_elsewhere_is_read(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        decide_case(case(pack=name))
    assert caught.value.code == "pack_unknown"


def test_a_bank_may_keep_its_packs_elsewhere(tmp_path: Path) -> None:
    write_pack(tmp_path / "small", rule())
    decision = decide_case(case("disclose_balance", pack="small@3"), packs=tmp_path)
    assert (decision.verdict, decision.pack) == ("approve", "small@3")
