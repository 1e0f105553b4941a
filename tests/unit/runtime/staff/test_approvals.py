"""From the gate's `human` to one execution: who may sign, what they sign, and that nobody signs over a deny."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from domain.actions import Action
from domain.errors import Conflict, Forbidden, NotFound, TellergateError
from domain.proposals import Outcome
from domain.staff import Person
from runtime.staff.approvals import ApprovalDesk, Word
from runtime.staff.proposing import StaffProposals, Wish
from runtime.storage import gate_tables as g
from runtime.storage import staff_tables as t
from runtime.storage.sealing import record_key_of, seal
from runtime.storage.staff import note_part
from tests.support.gate_house import BALANCE, BLOCK, CREDIT, DISPUTE, TENANT, Crash, GateHouse
from tests.support.staff_room import StaffRoom, desk_of, signs


@dataclass
class Office:
    """A gate whose rules ask for a person, and the persons."""

    house: GateHouse
    room: StaffRoom
    desk: ApprovalDesk
    nodes: itertools.count[int] = field(default_factory=itertools.count)

    def says(self, verdict: str, *, role: str = "disputes_officer", four_eyes: bool = False) -> None:
        self.house.rules.answer = lambda action, facts: verdict
        self.house.rules.role, self.house.rules.four_eyes = role, four_eyes

    async def waiting_credit(self, action: Action = CREDIT, **demand: object) -> str:
        """A credit that the customer has agreed to with the dispute, and that the gate then sends to a person."""
        gate = self.house.gate()
        said = await gate.propose(DISPUTE, node="dispute", visit=next(self.nodes))
        await gate.consent(said.proposal, digest=said.digest, request="req_d", value=True)
        self.says("human", **demand)  # type: ignore[arg-type]
        outcome = await gate.propose(action, node="credit", visit=next(self.nodes))
        assert outcome.state == "awaiting_human"
        return outcome.proposal

    def staff(self, person: Person) -> Callable[..., object]:
        proposing = StaffProposals(self.house.parts, TENANT, self.room.identity)

        async def propose(action: Action = BLOCK, key: str = "k1") -> Outcome:
            return await proposing.propose(person, Wish(action, "C001", "A letter came in.", key))

        return propose


@pytest.fixture
def office(house: GateHouse, room: StaffRoom) -> Office:
    return Office(house, room, desk_of(house, room))


async def refusal(trying: object) -> str:
    with pytest.raises(TellergateError) as caught:
        await trying  # type: ignore[misc]
    return caught.value.code


async def test_a_bots_proposal_signed_by_an_officer_is_executed_once(office: Office) -> None:
    proposal = await office.waiting_credit()
    meera = await office.room.at_work("meera")

    told = await signs(office.desk, meera, proposal)

    assert told["state"] == "succeeded" and told["receipt"]["amount_minor"] == 500_000
    assert office.house.core.credits == [CREDIT.arguments()]
    kinds = office.house.kinds(proposal)
    assert kinds == [
        "proposal.awaiting_human",
        "proposal.sign_off",
        "proposal.decided",
        "proposal.executing",
        "proposal.succeeded",
    ]
    bodies = str(office.house.db.read_now(lambda c: c.execute(sa.select(g.audit_entry.c.body)).all()))
    assert "'signed_by': ['meera']" in bodies and "Checked the papers" not in bodies


async def test_an_officer_reads_facts_rules_reasons_and_differences_and_nothing_of_a_model(office: Office) -> None:
    office.house.core.facts = {"C001": {"provisional_credit": {"txn_found": True, "risk_bp": 100}}}
    proposal = await office.waiting_credit()
    meera = await office.room.at_work("meera")
    office.house.core.facts["C001"]["provisional_credit"]["risk_bp"] = 6_000

    told = await office.desk.show(meera, proposal)

    assert told["differences"] == [{"fact": "risk_bp", "was": 100, "now": 6_000}]
    assert told["facts"]["risk_bp"]["source"] == "core" and told["rules"] == ["test-human"]
    assert told["arguments"] == CREDIT.arguments() and told["may_sign"]
    assert [each["proposal"] for each in await office.desk.waiting(meera)] == [proposal]


async def test_only_the_role_that_the_gate_names_sees_and_signs_it(office: Office) -> None:
    proposal = await office.waiting_credit(role="fraud_team")
    meera, auditor = await office.room.at_work("meera"), await office.room.at_work("asif", "auditor")

    assert await office.desk.waiting(meera) == []
    assert await refusal(office.desk.show(meera, proposal)) == "proposal_not_found"
    assert (await office.desk.show(auditor, proposal))["why_not"] == "sign_off_role"
    assert await refusal(signs(office.desk, auditor, proposal)) == "sign_off_role"
    assert office.house.core.approvals == []


async def test_four_eyes_are_two_different_persons(office: Office) -> None:
    proposal = await office.waiting_credit(four_eyes=True)
    meera, ravi = await office.room.at_work("meera"), await office.room.at_work("ravi")

    assert (await signs(office.desk, meera, proposal))["state"] == "awaiting_human"
    assert await refusal(signs(office.desk, meera, proposal)) == "sign_off_repeated"
    assert office.house.core.approvals == []

    assert (await signs(office.desk, ravi, proposal))["state"] == "succeeded"
    assert len(office.house.core.credits) == 1


async def test_a_signature_of_somebody_who_has_left_meanwhile_counts_no_more(office: Office) -> None:
    proposal = await office.waiting_credit(four_eyes=True)
    meera, ravi = await office.room.at_work("meera"), await office.room.at_work("ravi")
    await signs(office.desk, meera, proposal)
    office.room.users.disable("meera")

    assert (await signs(office.desk, ravi, proposal))["state"] == "awaiting_human"
    assert office.house.core.approvals == []


@pytest.mark.parametrize("part", ["proposed", "edited", "owned"])
async def test_nobody_signs_what_they_had_a_hand_in(office: Office, part: str) -> None:
    proposal = await office.waiting_credit()
    meera = await office.room.at_work("meera")
    subject = "cnv_1" if part == "owned" else proposal
    office.house.db.write_now(lambda c: note_part(c, TENANT, subject, "meera", part, 0))

    assert await refusal(signs(office.desk, meera, proposal)) == "sign_off_own"
    assert await refusal(signs(office.desk, meera, proposal, "refuse")) == "sign_off_own"


async def test_an_amount_above_the_limit_of_the_role_needs_somebody_with_a_higher_one(office: Office) -> None:
    office.desk = desk_of(office.house, office.room, limits="disputes_officer:INR=499999")
    proposal = await office.waiting_credit()
    meera = await office.room.at_work("meera")
    asif = await office.room.at_work("asif", "disputes_officer", "supervisor")

    assert await refusal(signs(office.desk, meera, proposal)) == "sign_off_limit"
    assert (await office.desk.show(meera, proposal))["why_not"] == "sign_off_limit"
    assert (await signs(office.desk, asif, proposal))["state"] == "succeeded"


async def test_a_currency_without_a_limit_is_above_every_limit(office: Office) -> None:
    proposal = await office.waiting_credit(CREDIT.model_copy(update={"currency": "JPY"}))
    meera = await office.room.at_work("meera")
    assert await refusal(signs(office.desk, meera, proposal)) == "sign_off_limit"


async def test_a_second_factor_older_than_five_minutes_signs_nothing_until_it_is_renewed(office: Office) -> None:
    proposal = await office.waiting_credit()
    office.room.hire("meera")
    signed = await office.room.sign_in("meera")
    digest = (await office.desk.show(signed.person, proposal))["digest"]
    office.room.wall.advance(301)

    assert await refusal(signs(office.desk, signed.person, proposal, shown=digest)) == "second_factor_stale"
    await office.room.identity.second_factor(signed.person, office.room.code("meera"))
    again = await office.room.identity.person(signed.token)

    assert (await signs(office.desk, again, proposal))["state"] == "succeeded"


async def test_only_the_digest_that_was_shown_is_signed(office: Office) -> None:
    proposal = await office.waiting_credit()
    meera = await office.room.at_work("meera")
    shown = (await office.desk.show(meera, proposal))["digest"]

    assert await refusal(signs(office.desk, meera, proposal, shown="0" * 64)) == "sign_off_digest"
    office.house.rules.four_eyes = True  # what the gate says has changed since it was shown
    assert await refusal(signs(office.desk, meera, proposal, shown=shown)) == "sign_off_digest"
    assert "proposal.sign_off_refused" in office.house.kinds(proposal)
    assert office.house.core.approvals == []


async def test_a_deny_that_came_meanwhile_is_final_whoever_signs(office: Office) -> None:
    proposal = await office.waiting_credit()
    meera = await office.room.at_work("meera")
    shown = (await office.desk.show(meera, proposal))["digest"]
    office.says("deny")

    assert await refusal(signs(office.desk, meera, proposal, shown=shown)) == "sign_off_denied"
    assert office.house.state(proposal) == "refused"
    office.says("human")
    assert await refusal(signs(office.desk, meera, proposal, shown=shown)) == "proposal_state"
    assert office.house.core.approvals == []


async def test_no_signature_stands_in_for_the_customers_own_proof(office: Office) -> None:
    proposal = await office.waiting_credit()
    meera = await office.room.at_work("meera")
    office.says("step_up")
    assert await refusal(signs(office.desk, meera, proposal)) == "sign_off_step_up"
    assert (office.house.state(proposal), office.house.core.approvals) == ("awaiting_human", [])


@pytest.mark.parametrize(
    ("verdict", "demand", "state"),
    [
        ("deny", {}, "refused"),
        ("step_up", {}, "awaiting_step_up"),
        ("human", {"role": "fraud_team"}, "awaiting_human"),
        ("human", {"four_eyes": True}, "awaiting_human"),
        ("human", {}, "succeeded"),
        ("approve", {}, "succeeded"),
    ],
)
async def test_the_gate_is_asked_again_at_minting_and_signatures_cover_no_more_than_they_were_for(
    office: Office, verdict: str, demand: dict[str, object], state: str
) -> None:
    proposal = await office.waiting_credit()
    meera = await office.room.at_work("meera")
    minting = office.house.parts.executor.execute

    async def changed_before(tenant: str, identifier: str) -> Outcome:
        office.says(verdict, **demand)  # type: ignore[arg-type]
        return await minting(tenant, identifier)

    office.house.parts.executor.execute = changed_before  # type: ignore[method-assign]
    told = await signs(office.desk, meera, proposal)

    assert told["state"] == state
    assert len(office.house.core.credits) == (state == "succeeded")


async def test_arguments_changed_behind_the_gates_back_are_not_what_was_signed(office: Office) -> None:
    proposal = await office.waiting_credit(four_eyes=True)
    meera, ravi = await office.room.at_work("meera"), await office.room.at_work("ravi")
    await signs(office.desk, meera, proposal)
    changed = CREDIT.model_copy(update={"amount_minor": 900_000}).arguments()

    def by_an_insider(c: sa.Connection) -> None:
        sealed = seal(record_key_of(c, TENANT, proposal), TENANT, "proposal.arguments", proposal, changed)
        c.execute(g.proposal.update().where(g.proposal.c.id == proposal).values(arguments=sealed))

    office.house.db.write_now(by_an_insider)

    assert await refusal(signs(office.desk, ravi, proposal)) == "consent_missing"
    assert office.house.core.approvals == []


async def test_a_refusal_ends_it_and_frees_the_effect(office: Office) -> None:
    proposal = await office.waiting_credit()
    meera = await office.room.at_work("meera")

    told = await signs(office.desk, meera, proposal, "refuse")

    assert (told["state"], told["failure"]) == ("cancelled", "sign_off_refused")
    office.says("approve")
    assert (await office.house.gate().propose(CREDIT, node="again", visit=9)).state == "decided"


async def test_without_the_customers_yes_nothing_is_signed(office: Office) -> None:
    office.says("human")
    outcome = await office.house.gate().propose(CREDIT, node="credit", visit=0)
    meera = await office.room.at_work("meera")

    assert (await office.desk.show(meera, outcome.proposal))["why_not"] == "consent_missing"
    assert await refusal(signs(office.desk, meera, outcome.proposal)) == "consent_missing"
    assert (await signs(office.desk, meera, outcome.proposal, "refuse"))["state"] == "cancelled"


async def test_days_later_what_the_customer_had_proven_and_agreed_to_when_asking_still_counts(office: Office) -> None:
    proposal = await office.waiting_credit()
    office.house.clock.advance(2 * 86_400)  # the session and the yes have long run out
    meera = await office.room.at_work("meera")

    assert (await signs(office.desk, meera, proposal))["state"] == "succeeded"
    assert office.house.rules.asked[-1]["auth_level"].value == 3


async def test_after_three_days_nobody_signs_any_more_and_the_effect_is_free(office: Office) -> None:
    proposal = await office.waiting_credit()
    meera = await office.room.at_work("meera")
    shown = (await office.desk.show(meera, proposal))["digest"]
    office.house.clock.advance(3 * 86_400)

    assert await refusal(signs(office.desk, meera, proposal, shown=shown)) == "proposal_expired"
    assert office.house.state(proposal) == "cancelled"
    assert await office.desk.waiting(meera) == []


async def test_what_a_dead_process_left_unrun_is_run_by_the_tick(office: Office) -> None:
    proposal = await office.waiting_credit()
    meera = await office.room.at_work("meera")
    shown = (await office.desk.show(meera, proposal))["digest"]
    office.house.db.crash_after = office.house.db.writes + 1
    with pytest.raises(Crash):
        await signs(office.desk, meera, proposal, shown=shown)
    office.house.db.crash_after = None
    assert (office.house.state(proposal), office.house.core.credits) == ("decided", [])

    await desk_of(office.house, office.room, other_process=True).run_released()

    assert (office.house.state(proposal), len(office.house.core.credits)) == ("succeeded", 1)


async def test_the_same_signature_again_is_told_how_it_stands(office: Office) -> None:
    proposal = await office.waiting_credit()
    meera = await office.room.at_work("meera")
    first = await signs(office.desk, meera, proposal)
    assert await signs(office.desk, meera, proposal, shown="0" * 64) == first
    assert len(office.house.core.credits) == 1


@pytest.mark.parametrize("four_eyes", [False, True])
async def test_officers_who_sign_at_the_same_time_in_several_processes_move_money_once(office: Office, four_eyes: bool) -> None:
    proposal = await office.waiting_credit(four_eyes=four_eyes)
    people = [await office.room.at_work(name) for name in ("meera", "ravi", "asif", "lena")]
    desks = [desk_of(office.house, office.room, other_process=True) for _ in people]
    shown = (await office.desk.show(people[0], proposal))["digest"]

    clicks = (signs(desk, person, proposal, shown=shown) for desk, person in zip(desks, people, strict=True))
    results = await asyncio.gather(*clicks, *(desk.run_released() for desk in desks), return_exceptions=True)
    await office.desk.run_released()

    assert {type(each) for each in results} <= {dict, type(None), Conflict}
    assert (office.house.state(proposal), len(office.house.core.credits), len(office.house.core.approvals)) == ("succeeded", 1, 1)
    count = office.house.scalar(sa.select(sa.func.count()).select_from(t.sign_off).where(t.sign_off.c.tenant == TENANT))
    assert count == (2 if four_eyes else 1)


async def test_a_refusal_and_an_approval_at_the_same_time_have_one_end(office: Office) -> None:
    proposal = await office.waiting_credit()
    meera, ravi = await office.room.at_work("meera"), await office.room.at_work("ravi")
    shown = (await office.desk.show(meera, proposal))["digest"]
    other = desk_of(office.house, office.room, other_process=True)
    await asyncio.gather(
        signs(office.desk, meera, proposal, shown=shown),
        signs(other, ravi, proposal, "refuse", shown=shown),
        return_exceptions=True,
    )
    end = office.house.state(proposal)
    assert (end, len(office.house.core.credits)) in {("succeeded", 1), ("cancelled", 0)}


# --- staff as proposers ------------------------------------------------------------------------------------------------


async def test_staff_ask_the_same_gate_and_somebody_else_signs(office: Office) -> None:
    office.says("human", role="operations")
    meera, ravi = await office.room.at_work("meera", "operations"), await office.room.at_work("ravi", "operations")

    outcome = await office.staff(meera)(CREDIT)  # type: ignore[misc]

    assert outcome.state == "awaiting_human"
    assert await refusal(signs(office.desk, meera, outcome.proposal)) == "sign_off_own"
    assert (await signs(office.desk, ravi, outcome.proposal))["state"] == "succeeded"
    facts = office.house.rules.asked[-1]
    assert (facts["proposer"].value, facts["channel"].value, facts["auth_level"].value) == ("staff", "staff", 0)
    assert "proposal.by_staff" in office.house.kinds(outcome.proposal)


async def test_what_the_rules_approve_for_staff_is_done_and_what_they_deny_is_not(office: Office) -> None:
    meera = await office.room.at_work("meera")
    assert (await office.staff(meera)(BLOCK)).state == "succeeded"  # type: ignore[misc]
    office.says("deny")
    assert (await office.staff(meera)(CREDIT, "k2")).state == "refused"  # type: ignore[misc]


async def test_the_same_key_is_the_same_proposal_and_never_another_one(office: Office) -> None:
    office.says("human")
    meera = await office.room.at_work("meera")
    first = await office.staff(meera)(CREDIT)  # type: ignore[misc]
    assert (await office.staff(meera)(CREDIT)).proposal == first.proposal  # type: ignore[misc]
    assert await refusal(office.staff(meera)(DISPUTE)) == "proposal_changed"


async def test_staff_have_nothing_disclosed_through_a_proposal_and_need_a_fresh_second_factor(office: Office) -> None:
    meera = await office.room.at_work("meera")
    with pytest.raises(Forbidden, match="action_not_for_staff"):
        await office.staff(meera)(BALANCE)  # type: ignore[misc]
    office.room.wall.advance(301)
    assert await refusal(office.staff(meera)(BLOCK)) == "second_factor_stale"


async def test_a_disclosure_or_an_unknown_proposal_is_nothing_to_sign(office: Office) -> None:
    office.says("human")
    meera = await office.room.at_work("meera")
    outcome = await office.house.gate().propose(BALANCE, node="balance", visit=0)
    assert await office.desk.waiting(meera) == []
    for proposal in (outcome.proposal, "prp_nothing"):
        with pytest.raises(NotFound):
            await office.desk.sign_off(meera, proposal, Word("approve", "0" * 64, "why"))
