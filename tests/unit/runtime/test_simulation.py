"""Decisions on record, weighed again with a changed pack: exactly those flip whose facts the change concerns, and nothing is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from cli.main import app
from cli.policy_simulation import replay
from domain.actions import ProvisionalCredit
from domain.decisions import Fact
from domain.proposals import Proposal
from persistence.database import Database
from policy.facts import as_facts
from policy.gate import decide
from policy.ordinary import ordinary
from policy.packs import Pack, load_pack
from policy.verification.semantics import names_for
from runtime.storage import gate_tables as t
from runtime.storage.proposals import insert, load, redecide
from tests.support.gate_house import START, TENANT, open_house
from tests.support.rule_files import write_pack
from tests.support.sound_pack import Rules, changed, sound_rules

STATES = {"approve": "decided", "human": "awaiting_human", "deny": "refused", "step_up": "awaiting_step_up"}
RUPEES = 100
LIMITS = 'limits: {P_CREDIT_CASE: {value: 1000000, doc: "Most for one case, in paise.", source: "K"}}'


def pack_with_limit(folder: Path, edit_of: Rules | None = None) -> Path:
    """The sound pack, its cap for a case a limit of the bank."""
    rules = changed("CREDIT-CAP-CASE", when="amount_minor > P_CREDIT_CASE")(edit_of or sound_rules())
    return write_pack(folder, *rules, limits=LIMITS)


def credit_facts(pack: Pack, amount_minor: int, level: int) -> dict[str, Fact]:
    values = ordinary("provisional_credit", names_for(pack, "provisional_credit"))
    values |= {"fault": "bank", "amount_minor": amount_minor, "txn_amount_minor": -amount_minor, "auth_level": level}
    return as_facts(values, START, "core")


def store(database: Database, pack: Pack, number: int, amount_minor: int, level: int = 4) -> str:
    """One proposal with its first decision, as the gate leaves them."""
    action = ProvisionalCredit(
        account="A1", transaction=f"T{number}", dispute=f"D{number}", amount_minor=amount_minor, currency="INR"
    )
    facts = credit_facts(pack, amount_minor, level)
    decision = decide("provisional_credit", facts, pack, START, pack.calendar)
    proposal = Proposal(
        tenant=TENANT, id=f"prp_{number:03}", action="provisional_credit", arguments=action.arguments(),
        effect_key=action.effect_for("C001"), customer="C001", conversation="cnv_1", flow_instance="flw_1", proposer="assistant",
        origin="case", state=STATES[decision.verdict], created_at=START, expires_at=START + timedelta(hours=1), decision=decision,
    )  # fmt: skip
    database.write_now(lambda connection: insert(connection, proposal, action.effect, None, (), facts))
    return proposal.id


@pytest.fixture
def standing(tmp_path: Path) -> Path:
    return pack_with_limit(tmp_path / "standing")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_house(f"sqlite:///{tmp_path / 'service.sqlite'}") as house:
        yield house.db


def test_a_lower_cap_flips_exactly_the_credits_between_the_two(database: Database, standing: Path) -> None:
    pack = load_pack(standing)
    amounts = {number: number * 250 * RUPEES for number in range(1, 61)}  # Rs 250 to Rs 15,000
    ids = {store(database, pack, number, amount): amount for number, amount in amounts.items()}
    found = replay(database, TENANT, pack, load_pack(standing, limits={"P_CREDIT_CASE": 5_000 * RUPEES}))
    expected = {name for name, amount in ids.items() if 5_000 * RUPEES < amount <= 10_000 * RUPEES}
    assert {flip["proposal"] for flip in found["flips"]} == expected
    assert len(expected) == 20
    assert found["counts"] == {"approve to human": 20}
    assert all((flip["rules_gone"], flip["rules_come"]) == ([], ["CREDIT-CAP-CASE"]) for flip in found["flips"])
    assert (found["decisions"], found["drifted"]) == (60, 0)


def test_a_changed_level_flips_step_ups_too(database: Database, standing: Path, tmp_path: Path) -> None:
    pack = load_pack(standing)
    for number, level in enumerate((2, 3, 4, 3)):
        store(database, pack, number, 1_000 * RUPEES, level)
    stricter = changed("LEVEL-THREE", when="auth_level < 4", level=4)(sound_rules())
    found = replay(database, TENANT, pack, load_pack(pack_with_limit(tmp_path / "stricter", stricter)))
    assert found["counts"] == {"approve to step_up AL4": 2, "step_up AL3 to step_up AL4": 1}


def test_a_pack_without_the_change_flips_nothing_and_what_was_answered_otherwise_then_is_counted(
    database: Database, standing: Path
) -> None:
    generous = load_pack(standing, limits={"P_CREDIT_CASE": 20_000 * RUPEES})
    store(database, generous, 1, 12_000 * RUPEES)
    pack = load_pack(standing)
    found = replay(database, TENANT, pack, pack)
    assert (found["flipped"], found["drifted"]) == (0, 1)


def test_the_last_decision_about_a_proposal_counts_unless_every_one_is_asked_for(database: Database, standing: Path) -> None:
    pack = load_pack(standing)
    name = store(database, pack, 1, 6_000 * RUPEES)
    facts = credit_facts(pack, 6_000 * RUPEES, 2)
    decision = decide("provisional_credit", facts, pack, START, pack.calendar)
    database.write_now(lambda c: redecide(c, load(c, TENANT, name), "awaiting_step_up", decision, facts, 1_772_442_000_000_001))
    lower = load_pack(standing, limits={"P_CREDIT_CASE": 5_000 * RUPEES})
    assert replay(database, TENANT, pack, lower)["counts"] == {"step_up AL3 to human": 1}
    assert replay(database, TENANT, pack, lower, every=True)["counts"] == {"approve to human": 1, "step_up AL3 to human": 1}


def test_nothing_is_written_and_another_tenant_is_not_read(database: Database, standing: Path, tmp_path: Path) -> None:
    pack = load_pack(standing)
    store(database, pack, 1, 6_000 * RUPEES)
    before = _content(database)
    lower = load_pack(standing, limits={"P_CREDIT_CASE": 1})
    assert replay(database, "other", pack, lower)["decisions"] == 0
    assert replay(database, TENANT, pack, lower)["flipped"] == 1
    assert _content(database) == before


def _content(database: Database) -> str:
    def job(connection: sa.Connection) -> str:
        rows = [[tuple(map(str, row)) for row in connection.execute(sa.select(table))] for table in t.metadata.sorted_tables]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()

    return database.read_now(job)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], "change_missing"),
        (["--set", "P_X"], "limit_invalid"),
        (["--set", "P_NO_SUCH=5"], "pack_invalid"),
    ],
)
def test_a_change_that_cannot_be_is_refused(options: list[str], code: str, standing: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(
        app, ["policy", "simulate", "--in-force", str(standing), "--data-dir", str(tmp_path / "none"), *options]
    )
    assert ran.exit_code == 2
    assert code in ran.output


def test_where_nothing_has_run_there_is_nothing_to_replay(standing: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["policy", "simulate", "--pack", str(standing), "--data-dir", str(tmp_path / "none")])
    assert ran.exit_code == 2
    assert "data_dir_empty" in ran.output
    assert not (tmp_path / "none" / "service.sqlite").exists()
