"""The gate from a flow's side: what is frozen, what a yes is worth, who learns what."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from domain.actions import ReportFraud
from domain.errors import Conflict, Forbidden, NotFound, Unavailable
from runtime.storage import gate_tables as t
from runtime.storage.limits import set_duty_mode, set_kill_switch
from runtime.storage.sealing import commitment, record_key_of
from tests.support.gate_house import BALANCE, BLOCK, CREDIT, DISPUTE, RAVI, TENANT, GateHouse


async def test_the_same_node_and_visit_give_the_same_row(house: GateHouse) -> None:
    gate = house.gate()
    first = await gate.propose(CREDIT, node="credit", visit=0)
    again = await house.gate().propose(CREDIT, node="credit", visit=0)
    assert again == first
    assert house.scalar(sa.select(sa.func.count()).select_from(t.proposal)) == 1


async def test_the_same_node_and_visit_with_other_arguments_are_refused(house: GateHouse) -> None:
    gate = house.gate()
    await gate.propose(CREDIT, node="credit", visit=0)
    with pytest.raises(Conflict, match="proposal_changed"):
        await gate.propose(CREDIT.model_copy(update={"amount_minor": 900_000}), node="credit", visit=0)


async def test_nobody_signed_in_can_propose(house: GateHouse) -> None:
    with pytest.raises(Forbidden, match="customer_unknown"):
        await house.gate(None).propose(CREDIT, node="credit", visit=0)


@pytest.mark.parametrize(
    ("verdict", "state"),
    [("approve", "awaiting_consent"), ("step_up", "awaiting_step_up"), ("human", "awaiting_human"), ("deny", "refused")],
)
async def test_each_verdict_leads_to_its_state(house: GateHouse, verdict: str, state: str) -> None:
    house.rules.answer = lambda action, facts: verdict
    outcome = await house.gate().propose(CREDIT, node="credit", visit=0)
    assert outcome.state == state
    assert outcome.decision is not None and outcome.decision.verdict == verdict
    assert house.kinds(outcome.proposal) == [f"proposal.{state}"]


async def test_a_card_block_needs_no_yes(house: GateHouse) -> None:
    outcome = await house.gate().propose(BLOCK, node="block", visit=0)
    assert outcome.state == "decided"


async def test_a_yes_to_another_digest_is_refused_and_on_record(house: GateHouse) -> None:
    gate = house.gate()
    outcome = await gate.propose(CREDIT, node="credit", visit=0)
    with pytest.raises(Conflict, match="consent_digest"):
        await gate.consent(outcome.proposal, digest="f" * 64, request="req_1", value=True)
    assert (await gate.status(outcome.proposal)).state == "awaiting_consent"
    assert house.kinds(outcome.proposal)[-1] == "consent.refused"
    assert house.scalar(sa.select(sa.func.count()).select_from(t.consent)) == 0


async def test_a_yes_is_recorded_once_with_request_and_session(house: GateHouse) -> None:
    gate = house.gate()
    outcome = await gate.propose(CREDIT, node="credit", visit=0)
    for _ in range(2):  # a turn that is driven again says it again
        after = await gate.consent(outcome.proposal, digest=outcome.digest, request="req_1", value=True)
        assert after.state == "decided"
    row = house.db.read_now(lambda connection: connection.execute(sa.select(t.consent)).one())
    assert (row.request, row.auth_session, row.value) == ("req_1", "ses_1", True)
    key = house.db.read_now(lambda connection: record_key_of(connection, TENANT, outcome.proposal))
    assert row.digest == commitment(key, outcome.digest)


async def test_a_request_cannot_be_answered_twice_in_two_ways(house: GateHouse) -> None:
    gate = house.gate()
    outcome = await gate.propose(CREDIT, node="credit", visit=0)
    await gate.consent(outcome.proposal, digest=outcome.digest, request="req_1", value=True)
    with pytest.raises(Conflict, match="consent_repeated"):
        await gate.consent(outcome.proposal, digest=outcome.digest, request="req_1", value=False)


async def test_a_no_cancels_and_frees_the_effect(house: GateHouse) -> None:
    gate = house.gate()
    outcome = await gate.propose(CREDIT, node="credit", visit=0)
    said = await gate.consent(outcome.proposal, digest=outcome.digest, request="req_1", value=False)
    assert (said.state, said.failure) == ("cancelled", "customer_declined")
    assert (await gate.propose(CREDIT, node="credit", visit=1)).state == "awaiting_consent"


async def test_the_second_asker_of_an_effect_gets_the_first_ones_state(house: GateHouse) -> None:
    first = await house.gate(flow="flw_1").propose(CREDIT, node="credit", visit=0)
    second = await house.gate(flow="flw_2", conversation="cnv_2").propose(CREDIT, node="credit", visit=0)
    assert second == first


async def test_of_many_askers_at_once_one_row_is_frozen(house: GateHouse) -> None:
    outcomes = await asyncio.gather(*(house.gate(flow=f"flw_{n}").propose(CREDIT, node="credit", visit=0) for n in range(8)))
    assert len({outcome.proposal for outcome in outcomes}) == 1
    assert house.scalar(sa.select(sa.func.count()).select_from(t.proposal)) == 1


async def test_a_lapsed_proposal_does_not_hold_its_effect(house: GateHouse) -> None:
    first = await house.gate(flow="flw_1").propose(CREDIT, node="credit", visit=0)
    house.clock.advance(31 * 60)
    house.sign_in()
    second = await house.gate(flow="flw_2").propose(CREDIT, node="credit", visit=0)
    assert second.proposal != first.proposal
    assert house.state(first.proposal) == "cancelled"


async def test_a_co_owner_learns_the_state_and_nothing_else(house: GateHouse) -> None:
    house.sign_in("ses_2", RAVI)
    first = await house.gate().propose(CREDIT, node="credit", visit=0)
    gate = house.gate(RAVI, flow="flw_2", session="ses_2")
    second = await gate.propose(CREDIT, node="credit", visit=0)
    assert (second.proposal, second.state, second.receipt) == (first.proposal, first.state, None)
    for touch in (gate.status(first.proposal), gate.execute(first.proposal), gate.decide(first.proposal)):
        with pytest.raises(NotFound, match="proposal_not_found"):
            await touch


async def test_naming_anothers_reference_does_not_hold_their_protective_action(house: GateHouse) -> None:
    house.rules.answer = lambda action, facts: "approve"
    house.sign_in("ses_2", RAVI)
    report = ReportFraud(kind="payment", reference="T1")
    strangers = await house.gate(RAVI, flow="flw_2", session="ses_2").propose(report, node="report", visit=0)
    owners = await house.gate().propose(report, node="report", visit=0)
    assert owners.proposal != strangers.proposal
    assert owners.decision is not None and owners.decision.verdict == "approve"


async def test_somebody_who_may_not_have_an_effect_does_not_learn_who_holds_it(house: GateHouse) -> None:
    house.sign_in("ses_2", RAVI)
    first = await house.gate().propose(CREDIT, node="credit", visit=0)
    house.rules.answer = lambda action, facts: "deny"
    second = await house.gate(RAVI, flow="flw_2", session="ses_2").propose(CREDIT, node="credit", visit=0)
    assert second.proposal != first.proposal
    assert second.state == "refused"


async def test_another_customers_session_lends_no_level(house: GateHouse) -> None:
    outcome = await house.gate(RAVI, session="ses_1").propose(BALANCE, node="disclose", visit=0)
    assert outcome.state == "awaiting_step_up"
    assert house.rules.asked[-1]["auth_level"].value == 0


async def test_an_expired_session_has_no_level(house: GateHouse) -> None:
    house.clock.advance(901)
    outcome = await house.gate().propose(BALANCE, node="disclose", visit=0)
    assert outcome.state == "awaiting_step_up"


async def test_after_a_step_up_the_gate_decides_on_fresh_facts(house: GateHouse) -> None:
    house.sign_in(level=1)
    gate = house.gate()
    outcome = await gate.propose(CREDIT, node="credit", visit=0)
    assert outcome.state == "awaiting_step_up"
    house.sign_in(level=3)
    assert (await gate.decide(outcome.proposal)).state == "awaiting_consent"
    assert house.scalar(sa.select(sa.func.count()).select_from(t.decision)) == 2


async def test_a_disclosure_is_recorded_in_the_turns_own_commit(house: GateHouse) -> None:
    jobs: list[object] = []
    gate = house.gate(stage=jobs.append)
    before = house.db.writes
    outcome = await gate.propose(BALANCE, node="disclose", visit=0)
    done = await gate.execute(outcome.proposal)
    assert (outcome.state, done.state) == ("decided", "succeeded")
    assert house.db.writes == before  # nothing yet: the turn commits
    assert house.scalar(sa.select(sa.func.count()).select_from(t.proposal)) == 0

    def turn(connection: sa.Connection) -> None:
        for job in jobs:
            job(connection)  # type: ignore[operator]

    await house.db.write(turn)
    assert house.state(outcome.proposal) == "succeeded"
    assert house.kinds(outcome.proposal) == ["proposal.decided", "proposal.succeeded"]


async def test_a_step_up_proven_in_a_session_after_the_one_that_proposed_counts(house: GateHouse) -> None:
    house.rules.answer = lambda action, facts: "approve" if facts["auth_level"].value >= 3 else "step_up"
    house.sign_in(level=2)
    outcome = await house.gate().propose(CREDIT, node="credit", visit=0)
    assert outcome.state == "awaiting_step_up"

    house.sign_in("ses_back", level=3)
    assert (await house.gate(session="ses_back").decide(outcome.proposal)).state == "awaiting_consent"
    house.sign_in("ses_weak", level=1)
    assert (await house.gate(session="ses_weak").decide(outcome.proposal)).state == "awaiting_step_up"


async def test_a_disclosure_that_needed_a_step_up_goes_on_in_a_later_turn(house: GateHouse) -> None:
    house.sign_in(level=1)
    outcome = await house.gate().propose(BALANCE, node="disclose", visit=0)
    assert outcome.state == "awaiting_step_up"
    house.sign_in(level=3)
    jobs: list[object] = []
    gate = house.gate(stage=jobs.append)
    assert (await gate.decide(outcome.proposal)).state == "decided"
    assert (await gate.status(outcome.proposal)).state == "decided"
    house.db.write_now(lambda connection: [job(connection) for job in jobs])  # type: ignore[operator]
    assert house.state(outcome.proposal) == "decided"


async def test_disclosures_do_not_exclude_each_other(house: GateHouse) -> None:
    first = await house.gate(flow="flw_1").propose(BALANCE, node="disclose", visit=0)
    second = await house.gate(flow="flw_2").propose(BALANCE, node="disclose", visit=0)
    assert first.proposal != second.proposal


async def test_without_the_core_nothing_is_proposed_but_protection_goes_on(house: GateHouse) -> None:
    house.core.down = True
    with pytest.raises(Unavailable, match="bank_unavailable"):
        await house.gate().propose(CREDIT, node="credit", visit=0)
    assert house.scalar(sa.select(sa.func.count()).select_from(t.proposal)) == 0
    assert (await house.gate().propose(BLOCK, node="block", visit=0)).state == "decided"


async def test_without_a_record_nothing_is_proposed(house: GateHouse) -> None:
    house.db.write_now(lambda connection: connection.execute(sa.text("ALTER TABLE audit_entry RENAME TO gone")))
    with pytest.raises(Unavailable, match="record_unavailable"):
        await house.gate().propose(CREDIT, node="credit", visit=0)
    assert house.scalar(sa.select(sa.func.count()).select_from(t.proposal)) == 0


async def test_switches_reach_the_rules_at_once(house: GateHouse) -> None:
    def switch(connection: sa.Connection) -> None:
        set_kill_switch(connection, TENANT, "provisional_credit", True, "tester", 0)
        set_duty_mode(connection, TENANT, "incident", "tester", 0)

    house.db.write_now(switch)
    assert (await house.gate().propose(CREDIT, node="credit", visit=0)).state == "refused"
    facts = house.rules.asked[-1]
    assert (facts["kill_switch"].value, facts["duty_mode"].value) == (True, "incident")
    assert (await house.gate().propose(DISPUTE, node="dispute", visit=0)).state == "awaiting_consent"


async def test_the_core_cannot_state_facts_that_are_ours(house: GateHouse) -> None:
    house.core.facts = {"C001": {"provisional_credit": {"fault": "bank", "auth_level": 4, "kill_switch": False, "surprise": 1}}}
    house.sign_in(level=1)
    await house.gate().propose(CREDIT, node="credit", visit=0)
    facts = house.rules.asked[-1]
    assert facts["auth_level"].value == 1
    assert facts["fault"].source == "core"
    assert "surprise" not in facts


async def test_an_answer_of_the_customer_never_stands_in_for_the_cores_word(house: GateHouse) -> None:
    from domain.decisions import Declaration

    said = Declaration(question="fault", option="bank", at=house.clock.now(), auth_session="ses_1")
    shared = Declaration(question="shared_pin", option="no", at=house.clock.now(), auth_session="ses_1")
    await house.gate().propose(CREDIT, node="credit", visit=0, declarations=(said, shared))
    facts = house.rules.asked[-1]
    assert "fault" not in facts
    assert facts["shared_pin"].declared
