"""Loading a pack: it comes whole, checked and digested, or is refused with file, line and reason."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.actions import ACTIONS, Protective
from domain.errors import BadInput
from policy.facts import NEEDS, SCHEMA
from policy.packs import SHIPPED, load_pack
from policy.vocabulary import CUSTOMER_REASONS
from tests.support.rule_files import HEAD, rule, write_pack

HUMAN = {"verdict": "human", "role": "operations", "reasons": {"staff": "Somebody looks.", "customer": "person_checks"}}
#: Asked for in a chat, carried out by people: closing an account, and compensation that two persons have to test.
FOR_PEOPLE = {"close_account", "pay_fraud_compensation"}
OWED = {"kind": "acknowledge", "to": "customer", "due": "at_once"}
BARE = {"verdict": None, "on_missing": "skip", "reasons": {"staff": "It is owed."}, "obligations": [OWED]}


def refused(folder: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        load_pack(folder)
    assert caught.value.code == "pack_invalid"
    return caught.value


def test_a_small_pack_loads_with_its_rules_by_action(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, rule()))
    assert (pack.label, pack.currency, pack.calendar.zone) == ("small@3", "INR", "Asia/Kolkata")
    assert [each.id for each in pack.by_action["disclose_balance"]] == ["OWNER-TOLD"]
    assert pack.by_action["block_card"] == ()
    assert pack.rules[0].names == ("account_owned", "auth_level")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        # conditions
        ({"when": "acount_owned"}, "rule OWNER-TOLD: condition 1:1: acount_owned is not a fact; did you mean account_owned?"),
        ({"when": "auth_level >= 'x'"}, "no matching overload"),
        ({"when": "auth_level"}, "true or false"),
        ({"when": 3}, "rules.0.when"),
        ({"when": None}, "when is missing"),
        ({"when": "txn_found"}, "txn_found is not gathered for disclose_balance"),
        # words
        ({"actions": ["disclose_balanse"]}, "unknown action disclose_balanse"),
        ({"actions": []}, "rules.0.actions"),
        ({"actions": ["disclose_balance", "disclose_balance"]}, "listed twice"),
        ({"id": "owner told"}, "rules.0.id"),
        ({"layer": "custom"}, "rules.0.layer"),
        ({"concern": "mood"}, "unknown concern mood"),
        ({"verdict": "maybe"}, "rules.0.verdict"),
        ({"confidence": "V3"}, "rules.0.confidence"),
        ({"reasons": {"staff": "x", "customer": "because"}}, "unknown customer reason because"),
        ({"reasons": {"staff": "", "customer": "approved"}}, "rules.0.reasons.staff"),
        ({"wen": "true"}, "unknown key wen"),
        ({"reasons": {"staff": "x", "customer": "approved", "boss": "x"}}, "unknown key boss"),
        # verdicts that do not fit together
        ({"verdict": "step_up"}, "level belongs to verdict step_up"),
        ({"level": 3}, "level belongs to verdict step_up"),
        ({"verdict": "step_up", "level": 5}, "rules.0.level"),
        ({"verdict": "human"}, "role belongs to"),
        (HUMAN | {"role": "boss"}, "unknown role boss"),
        ({"role": "operations"}, "role belongs to"),
        ({"four_eyes": True}, "four_eyes belongs to verdict human"),
        ({"on_missing": "approve"}, "rules.0.on_missing"),
        ({"on_missing": "skip"}, "on_missing skip is for"),
        (HUMAN | {"on_missing": "skip"}, "on_missing skip is for"),  # would soften: the action is not protective
        ({"verdict": None, "reasons": {"staff": "x"}}, "at least one obligation"),
        (BARE | {"on_missing": "deny"}, "on_missing is skip"),
        (BARE | {"reasons": {"staff": "x", "customer": "approved"}}, "one without does not"),
        ({"reasons": {"staff": "x"}}, "gives the customer a reason"),
        # standing and dates
        ({"layer": "law"}, "law is never confidence P"),
        ({"confidence": "V1"}, "bank and brake are always P"),
        ({"layer": "brake"}, "a brake only says human or deny"),
        ({"source": None}, "source is missing"),
        ({"valid_from": "2027-01-02", "valid_to": "2027-01-01"}, "valid_to 2027-01-01 is before valid_from 2027-01-02"),
        ({"valid_from": "2027-02-30"}, "rules.0.valid_from"),
        ({"valid_from": "soon"}, "rules.0.valid_from"),
        ({"clock": "auth_level"}, "neither now nor a fact that is a date"),
        ({"clock": "yesterday"}, "neither now nor a fact that is a date"),
        ({"clock": "txn_date"}, "txn_date is not gathered for disclose_balance"),
        # obligations
        ({"obligations": [OWED | {"kind": "cake"}]}, "unknown obligation cake"),
        ({"obligations": [OWED | {"to": "everybody"}]}, "unknown receiver everybody"),
        ({"obligations": [OWED | {"due": "soon"}]}, "rules.0.obligations.0.due"),
        ({"obligations": [OWED | {"due": {"days": -1, "unit": "calendar", "start": "now"}}]}, "obligations.0.due"),
        ({"obligations": [OWED | {"due": {"days": 1, "unit": "lunar", "start": "now"}}]}, "obligations.0.due"),
        ({"obligations": [OWED | {"due": {"days": 1, "unit": "calendar", "start": "fault"}}]}, "obligations.0.due"),
        ({"obligations": [OWED | {"due": {"days": 1, "unit": "calendar", "start": "txn_date"}}]}, "txn_date is not gathered"),
        ({"obligations": [OWED | {"amount": {"of": "moon"}}]}, "obligations.0.amount"),
        ({"obligations": [OWED | {"amount": {"of": "transaction", "at_most_minor": 0}}]}, "obligations.0.amount"),
        ({"obligations": [OWED | {"amount": {"of": "transaction"}}]}, "txn_amount_minor is not gathered"),
        # the two promises
        (
            {"actions": ["provisional_credit"], "when": "auth_level >= 3 && dispute_type == 'unauthorised'"},
            "dispute_type is declared by the customer and may not approve",
        ),
        (
            {"actions": ["block_card"], "when": "auth_level == 0", "verdict": "deny"},
            "block_card is protective and is never denied",
        ),
        ({"actions": ["block_card"], "when": "true"}, "block_card is protective and is never denied"),  # by on_missing
    ],
)
def test_a_rule_that_cannot_stand_is_refused_with_its_line(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    error = refused(write_pack(tmp_path, rule(**change)))
    assert said in error.detail
    assert error.extra["file"] == "rules.yaml"
    assert 2 <= error.extra["line"] <= 30
    assert error.detail.startswith(f"rules.yaml:{error.extra['line']}: ")


@pytest.mark.parametrize(
    "change",
    [
        {"actions": ["open_dispute"], "when": "dispute_type == 'unauthorised'", "on_missing": "human", "role": "operations"},
        {"actions": ["provisional_credit"], "when": "dispute_type != 'unauthorised'"} | HUMAN,
        {"actions": ["open_dispute"], "when": "txn_disputed"} | HUMAN | {"on_missing": "skip"},
        BARE,
    ],
)
def test_what_a_customer_declares_may_open_a_case_harden_or_lead_to_a_person(tmp_path: Path, change: dict[str, Any]) -> None:
    assert load_pack(write_pack(tmp_path, rule(**change))).rules


def test_the_line_of_a_condition_is_the_line_where_it_is_written(tmp_path: Path) -> None:
    text = (
        "# a comment\nrules:\n  - id: A-1\n    layer: bank\n    concern: limit\n    actions: [disclose_balance]\n"
        "    when: >-\n      account_owned\n      && auth_levl > 1\n    verdict: approve\n    on_missing: deny\n"
        "    reasons: {staff: x, customer: approved}\n    source: x\n    confidence: P\n    valid_from: 2020-01-01\n"
    )
    error = refused(write_pack(tmp_path, more=text))
    assert error.detail == "more.yaml:7: rule A-1: condition 1:18: auth_levl is not a fact; did you mean auth_level?"


def test_an_id_that_is_used_twice_is_refused_and_both_places_are_named(tmp_path: Path) -> None:
    other = yaml.safe_dump({"rules": [rule(when="kill_switch")]})
    error = refused(write_pack(tmp_path, rule(), zz=other))
    assert error.detail == "zz.yaml:2: the id OWNER-TOLD is used before, at rules.yaml:2"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("rules: [\n", 2, "not YAML"),
        ("rules:\n  - &a {id: A-1}\n  - *a\n", 3, "aliases are not allowed"),
        ("rules: &a\n  - *a\n", 2, "aliases are not allowed"),  # a cycle
        ("rules:\n  - id: A-1\n    id: A-2\n", 3, "the key id is here twice"),
        ("rules: !!python/object/apply:os.system ['true']\n", 1, "not YAML"),
        ("rules: {}\n", 1, "rules"),
        ("rules: []\n", 1, "rules"),
        ("- 1\n", 1, "object"),
        ("", 1, "object"),
        ("rules:\n  - 3\n", 2, "rules.0"),
        ("rules:\n  - {}\nextra: 1\n", 2, "is missing"),
    ],
)
def test_a_file_that_is_no_rules_file_is_refused(tmp_path: Path, text: str, line: int, said: str) -> None:
    error = refused(write_pack(tmp_path, broken=text))
    assert said in error.detail
    assert (error.extra["file"], error.extra["line"]) == ("broken.yaml", line)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pack": "In RBI"}, "pack.yaml:1: pack"),
        ({"version": 0}, "pack.yaml:2: version"),
        ({"version": "3"}, "pack.yaml:2: version"),
        ({"currency": "XYZ"}, "pack.yaml:5: unknown currency XYZ"),
        ({"calendar": {"name": "in", "zone": "Asia/Nowhere"}}, "pack.yaml:7: calendar"),
        ({"calendar": {"name": "in"}}, "zone is missing"),
        ({"colour": "red"}, "unknown key colour"),
    ],
)
def test_a_head_that_cannot_stand_is_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    assert said in refused(write_pack(tmp_path, rule(), head=HEAD | change)).detail


def test_a_folder_without_a_head_without_rules_or_with_bytes_is_refused(tmp_path: Path) -> None:
    assert "no pack.yaml" in refused(tmp_path / "nothing").detail
    assert "no rules" in refused(write_pack(tmp_path / "empty")).detail
    folder = write_pack(tmp_path / "bytes", rule())
    (folder / "x.yaml").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in refused(folder).detail
    (folder / "x.yaml").write_bytes(b"#" * 600_000)
    assert "larger than" in refused(folder).detail


def test_the_digest_changes_with_any_byte_and_with_nothing_else(tmp_path: Path) -> None:
    first = load_pack(write_pack(tmp_path / "a", rule()))
    second = load_pack(write_pack(tmp_path / "b", rule()))
    assert first.digest == second.digest
    with (tmp_path / "b" / "rules.yaml").open("a") as file:
        file.write("# somebody was here\n")
    assert load_pack(tmp_path / "b").digest != first.digest


def test_a_pack_with_a_rule_left_out_has_another_digest(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, rule()))
    assert pack.without("OWNER-TOLD").rules == ()
    assert pack.without("OWNER-TOLD").digest != pack.digest


# --- the shipped pack -------------------------------------------------------------------------------------------------


def test_the_indian_pack_loads_and_every_law_rule_cites_a_source_and_is_marked_as_unreviewed() -> None:
    pack = load_pack(SHIPPED / "in-rbi")
    laws = [each for each in pack.rules if each.text.layer == "law"]
    assert laws
    assert all(any(word in each.text.source for word in ("RBI", "TRAI", "NPCI", "Visa", "Mastercard")) for each in laws)
    assert set(pack.unverified) == {each.id for each in laws}  # nobody has read them against the circulars yet


def test_the_indian_pack_names_only_gathered_facts_and_uses_every_one_that_decides() -> None:
    pack = load_pack(SHIPPED / "in-rbi")
    for action in ACTIONS:
        named = {name for each in pack.by_action[action] for name in each.names}
        assert named <= set(NEEDS[action])
    unnamed = {name for names in NEEDS.values() for name in names} - {name for each in pack.rules for name in each.names}
    assert unnamed == {"home_branch"}  # it selects the calendar


def test_what_no_rule_approves_is_for_people_and_protective_actions_are_never_denied_by_any() -> None:
    pack = load_pack(SHIPPED / "in-rbi")
    for action, rules in pack.by_action.items():
        verdicts = {each.text.verdict for each in rules}
        assert ("approve" in verdicts) == (action not in FOR_PEOPLE), action
        assert action not in FOR_PEOPLE or "human" in verdicts
    for action in Protective:
        assert not {"deny"} & {word for each in pack.by_action[action] for word in (each.text.verdict, each.text.on_missing)}


def test_every_reason_for_customers_that_a_rule_can_give_is_used_or_given_by_the_gate_itself() -> None:
    pack = load_pack(SHIPPED / "in-rbi")
    given = {each.text.reasons.customer for each in pack.rules} - {None}
    assert set(CUSTOMER_REASONS) - given == {"missing_fact", "not_allowed"}


def test_the_shipped_folder_can_be_copied_and_still_has_the_same_digest(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED / "in-rbi", tmp_path / "in-rbi")
    assert load_pack(tmp_path / "in-rbi").digest == load_pack(SHIPPED / "in-rbi").digest


def test_every_fact_says_what_it_means_and_every_action_knows_its_facts() -> None:
    assert all(spec.doc.endswith(".") for spec in SCHEMA.values())
    assert NEEDS.keys() == ACTIONS.keys()
    assert all(len(set(names)) == len(names) and set(names) <= SCHEMA.keys() for names in NEEDS.values())
