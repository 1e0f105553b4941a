"""From a yes to a compared receipt: once, exactly what was confirmed, and never in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from domain.actions import Action
from domain.canonical import digest_of
from domain.decisions import Fact
from domain.errors import Unavailable
from runtime.storage import gate_tables as t
from runtime.storage.sealing import record_key_of, seal
from tests.support.gate_house import BLOCK, CREDIT, DISPUTE, TENANT, Crash, GateHouse


def reservation(house: GateHouse, proposal: str) -> str | None:
    r = t.limit_reservation.c
    return house.scalar(sa.select(r.state).where(r.tenant == TENANT, r.proposal == proposal))


async def test_a_confirmed_credit_is_executed_and_its_receipt_compared(house: GateHouse) -> None:
    gate = house.gate()
    proposal = await house.ready_credit(gate)
    outcome = await gate.execute(proposal)
    assert outcome.state == "succeeded"
    assert outcome.receipt is not None and outcome.receipt["amount_minor"] == 500_000
    assert house.core.credits == [CREDIT.arguments()]
    assert reservation(house, proposal) == "consumed"
    assert house.kinds(proposal)[-2:] == ["proposal.executing", "proposal.succeeded"]


async def test_the_approval_is_for_exactly_this_row_and_lives_seconds(house: GateHouse) -> None:
    gate = house.gate()
    proposal = await house.ready_credit(gate)
    await gate.execute(proposal)
    _, claims = house.core.approvals[0]
    consent = house.scalar(sa.select(t.consent.c.id).where(t.consent.c.proposal == proposal))
    assert (claims.proposal, claims.sub, claims.act, claims.consent) == (proposal, "C001", "provisional_credit", consent)
    assert claims.args == digest_of(CREDIT.arguments())
    assert claims.effect == CREDIT.effect_key()
    assert claims.exp - claims.iat == 10


async def test_a_yes_to_the_dispute_covers_the_credit_of_the_same_payment(house: GateHouse) -> None:
    gate = house.gate()
    dispute = await house.ready_credit(gate, DISPUTE, "dispute")
    assert (await gate.execute(dispute)).state == "succeeded"
    credit = await gate.propose(CREDIT, node="credit", visit=0)
    assert credit.state == "decided"
    assert (await gate.execute(credit.proposal)).state == "succeeded"
    other = CREDIT.model_copy(update={"transaction": "T2"})
    assert (await gate.propose(other, node="credit", visit=1)).state == "awaiting_consent"


async def test_nothing_is_sent_before_the_yes(house: GateHouse) -> None:
    gate = house.gate()
    outcome = await gate.propose(CREDIT, node="credit", visit=0)
    assert (await gate.execute(outcome.proposal)).state == "awaiting_consent"
    assert house.core.approvals == []


async def test_a_yes_that_has_run_out_does_not_count(house: GateHouse) -> None:
    gate = house.gate()
    proposal = await house.ready_credit(gate)
    house.clock.advance(11 * 60)
    outcome = await gate.execute(proposal)
    assert (outcome.state, outcome.failure) == ("cancelled", "consent_missing")
    assert house.core.approvals == []


async def test_two_executions_at_once_move_money_once(house: GateHouse) -> None:
    proposal = await house.ready_credit()
    workers = [house.gate(parts=house.process()) for _ in range(6)]
    outcomes = await asyncio.gather(*(worker.execute(proposal) for worker in workers))
    assert len(house.core.credits) == 1
    assert len(house.core.approvals) == 1
    assert {outcome.state for outcome in outcomes} <= {"executing", "succeeded"}
    assert house.state(proposal) == "succeeded"


async def test_executing_again_tells_the_first_result(house: GateHouse) -> None:
    gate = house.gate()
    proposal = await house.ready_credit(gate)
    first = await gate.execute(proposal)
    assert await gate.execute(proposal) == first
    assert len(house.core.credits) == 1


@pytest.mark.parametrize(
    ("verdict", "state"), [("deny", "refused"), ("human", "awaiting_human"), ("step_up", "awaiting_step_up")]
)
async def test_facts_that_changed_between_yes_and_run_refuse_it(house: GateHouse, verdict: str, state: str) -> None:
    gate = house.gate()
    proposal = await house.ready_credit(gate)
    house.rules.answer = lambda action, facts: verdict
    assert (await gate.execute(proposal)).state == state
    assert house.core.approvals == []
    assert reservation(house, proposal) is None


async def test_arguments_changed_in_the_database_are_never_sent(house: GateHouse) -> None:
    gate = house.gate()
    proposal = await house.ready_credit(gate)
    changed = CREDIT.model_copy(update={"amount_minor": 9_999_999}).arguments()

    def by_an_insider(c: sa.Connection) -> None:
        sealed = seal(record_key_of(c, TENANT, proposal), TENANT, "proposal.arguments", proposal, changed)
        c.execute(t.proposal.update().values(arguments=sealed))

    house.db.write_now(by_an_insider)
    outcome = await gate.execute(proposal)
    assert (outcome.state, outcome.failure) == ("cancelled", "consent_missing")
    assert house.core.approvals == []


async def test_an_effect_key_that_does_not_follow_from_the_arguments_raises_an_alarm(house: GateHouse) -> None:
    gate = house.gate()
    proposal = await house.ready_credit(gate)
    house.db.write_now(lambda c: c.execute(t.proposal.update().values(effect_key="provisional_credit:T9:principal")))
    outcome = await gate.execute(proposal)
    assert (outcome.state, outcome.failure) == ("cancelled", "proposal_changed")
    assert "alarm.proposal_changed" in house.kinds(proposal)
    assert house.core.approvals == []


async def test_without_an_audit_row_there_is_no_execution(house: GateHouse) -> None:
    gate = house.gate()
    proposal = await house.ready_credit(gate)
    house.db.write_now(lambda c: c.execute(sa.text("ALTER TABLE audit_entry RENAME TO gone")))
    with pytest.raises(Unavailable, match="record_unavailable"):
        await gate.execute(proposal)
    assert house.core.approvals == []
    assert house.state(proposal) == "decided"
    assert reservation(house, proposal) is None


async def test_a_refusal_of_the_core_is_final_and_frees_everything(house: GateHouse) -> None:
    gate = house.gate()
    proposal = await house.ready_credit(gate)
    house.core.used.add("apr_1")
    house.ids._count = iter(range(1, 100))  # type: ignore[assignment]
    outcome = await gate.execute(proposal)
    assert (outcome.state, outcome.failure) == ("failed", "approval_used")
    assert reservation(house, proposal) == "released"
    assert (await gate.propose(CREDIT, node="credit", visit=1)).proposal != proposal


async def test_a_receipt_that_differs_freezes_the_case(house: GateHouse) -> None:
    gate = house.gate()
    proposal = await house.ready_credit(gate)
    house.core.fault = "differs"
    outcome = await gate.execute(proposal)
    assert (outcome.state, outcome.failure) == ("frozen", "receipt_differs")
    assert "alarm.receipt_differs" in house.kinds(proposal)
    assert reservation(house, proposal) == "reserved"
    again = await house.gate(flow="flw_2").propose(CREDIT, node="credit", visit=0)
    assert (again.proposal, again.state) == (proposal, "frozen")


async def test_a_key_that_the_core_used_for_something_else_freezes_the_case(house: GateHouse) -> None:
    gate = house.gate()
    proposal = await house.ready_credit(gate)
    house.core.operations[proposal] = ("other inputs", {})
    outcome = await gate.execute(proposal)
    assert (outcome.state, outcome.failure) == ("frozen", "idempotency_conflict")


async def test_what_is_reserved_counts_for_the_next_one(house: GateHouse) -> None:
    """Each of two credits is under the cap, both together are over it; the core knows of neither while they are under way."""
    posted = {"credits_12m_minor": 0, "open_provisional_credits": 0}
    house.core.facts = {"C001": {"provisional_credit": posted}}

    def capped(action: Action, facts: Mapping[str, Fact]) -> str:
        total = int(facts["credits_12m_minor"].value) + int(facts["amount_minor"].value)
        return "approve" if total <= 900_000 else "human"

    house.rules.answer = capped
    gate = house.gate()
    first = await house.ready_credit(gate)
    second = await house.ready_credit(gate, CREDIT.model_copy(update={"transaction": "T2"}), "credit2")
    house.core.fault = "silent"
    house.bank._timeout_s = 0.1
    assert (await gate.execute(first)).state == "unknown"
    assert (await gate.execute(second)).state == "awaiting_human"
    assert house.rules.asked[-1]["open_provisional_credits"].value == 1
    assert len(house.core.credits) == 1


async def test_of_credits_at_once_only_as_many_run_as_the_cap_allows(house: GateHouse) -> None:
    def core_counts() -> dict[str, int]:
        return {
            "credits_12m_minor": sum(credit["amount_minor"] for credit in house.core.credits),
            "open_provisional_credits": len(house.core.credits),
        }

    class Counted(dict[str, dict[str, dict[str, int]]]):
        def get(self, key: str, default: object = None) -> dict[str, dict[str, int]]:  # type: ignore[override]
            return {"provisional_credit": core_counts()}

    house.core.facts = Counted()

    def capped(action: Action, facts: Mapping[str, Fact]) -> str:
        return "approve" if int(facts["credits_12m_minor"].value) + 500_000 <= 1_200_000 else "human"

    house.rules.answer = capped
    ready = [
        await house.ready_credit(house.gate(), CREDIT.model_copy(update={"transaction": f"T{n}"}), f"credit{n}") for n in range(6)
    ]
    await asyncio.gather(*(house.gate(parts=house.process()).execute(each) for each in ready))
    assert len(house.core.credits) == 2
    states = [house.state(each) for each in ready]
    assert states.count("succeeded") == 2
    assert set(states) <= {"succeeded", "awaiting_human", "decided"}  # decided: the counters moved too often while it was read


async def test_a_block_can_be_had_again_once_it_was_lifted(house: GateHouse) -> None:
    gate = house.gate()
    house.core.facts = {"C001": {"block_card": {"card_owned": True, "card_status": "active"}}}
    first = await gate.propose(BLOCK, node="block", visit=0)
    assert (await gate.execute(first.proposal)).state == "succeeded"
    house.core.facts["C001"]["block_card"]["card_status"] = "blocked_own"
    assert (await gate.propose(BLOCK, node="block", visit=1)).proposal == first.proposal
    house.core.facts["C001"]["block_card"]["card_status"] = "active"
    again = await gate.propose(BLOCK, node="block", visit=2)
    assert (again.proposal != first.proposal, again.state) == (True, "decided")
    assert (await gate.execute(again.proposal)).state == "succeeded"


@pytest.mark.parametrize("commit", [1, 2])
async def test_a_crash_after_each_commit_ends_in_exactly_one_credit(house: GateHouse, commit: int) -> None:
    """Commit 1 is the minting, commit 2 the receipt. After 1 the process dies before it sends."""
    proposal = await house.ready_credit()
    house.db.crash_after = house.db.writes + commit
    with pytest.raises(Crash):
        await house.gate().execute(proposal)
    house.db.crash_after = None
    house.parts = house.process()
    await house.reconciler.recover(TENANT, house.clock.now(), alone=True)
    if commit == 1:
        assert house.core.credits == []
        assert await house.tick(2) == []
        assert house.state(proposal) == "unknown"
        assert await house.tick(20) == ["never_arrived"]
        assert (await house.gate().execute(proposal)).state == "succeeded"
    assert house.state(proposal) == "succeeded"
    assert len(house.core.credits) == 1


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_turn_that_is_driven_again_after_a_crash_goes_on_with_one_credit(house: GateHouse, arrived: bool) -> None:
    """The process died around the sending; the same node executes again and does not end in doubt."""
    proposal = await house.ready_credit()
    house.db.crash_after = house.db.writes + (2 if arrived else 1)
    with pytest.raises(Crash):
        await house.gate().execute(proposal)
    house.db.crash_after = None
    if arrived:  # the receipt's commit is undone: the process died before it
        house.db.write_now(lambda c: c.execute(t.proposal.update().values(state="executing", receipt=None)))
    house.parts = house.process()
    await house.reconciler.recover(TENANT, house.clock.now(), alone=True)
    outcome = await house.gate().execute(proposal)
    assert outcome.state == "succeeded"
    assert len(house.core.credits) == 1
    approvals = house.scalar(sa.select(sa.func.count()).select_from(t.approval))
    assert approvals == (1 if arrived else 2)


async def test_an_execution_of_a_process_that_died_elsewhere_is_settled_too(house: GateHouse) -> None:
    proposal = await house.ready_credit()
    await house.parts.authority.mint(TENANT, proposal)
    assert house.state(proposal) == "executing"
    assert (await house.gate().execute(proposal)).state == "succeeded"
    assert len(house.core.credits) == 1


async def test_a_crash_between_sending_and_receipt_is_found_by_asking(house: GateHouse) -> None:
    proposal = await house.ready_credit()
    gate = house.gate()

    async def die(*_: object) -> None:
        raise Crash

    gate._parts.executor.settle = die  # type: ignore[method-assign, assignment]
    with pytest.raises(Crash):
        await gate.execute(proposal)
    assert (house.state(proposal), len(house.core.credits)) == ("executing", 1)
    house.parts = house.process()
    assert await house.reconciler.recover(TENANT, house.clock.now(), alone=True) == 1
    assert await house.tick(2) == ["succeeded"]
    assert len(house.core.credits) == 1
