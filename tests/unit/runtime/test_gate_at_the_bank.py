"""The whole line with the real core and the real rules: what moved is counted at the bank, by SQL."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

import pytest

from domain.actions import BlockCard, DiscloseBalance, OpenDispute, ProvisionalCredit
from domain.errors import Conflict, NotFound
from domain.ports import Approval
from runtime.sessions import Factor, save_session
from runtime.storage import gate_tables as t
from tests.support.bank_house import DISPUTE, Bank
from tests.support.bank_world import ASHA, RAVI
from tests.support.gate_house import TENANT, Crash
from tests.support.tenancy import TenantGuard
from tools.identity import SubjectIdentity
from tools.reads import SubjectReads


async def test_a_dispute_and_its_credit_end_in_one_posting_of_exactly_that_amount(core: Bank) -> None:
    gate = core.house.gate(ASHA)
    proposal = await core.ready_credit()
    before = (await core.teller.export())["accounts"]["A1"]["ledger_minor"]
    outcome = await gate.execute(proposal)
    assert outcome.state == "succeeded", outcome
    assert core.credits() == [500_000]
    state = await core.teller.export()
    assert state["accounts"]["A1"]["ledger_minor"] == before + 500_000
    assert (state["ledger"]["sum"], state["ledger"]["unexplained_balances"]) == ({"INR": 0}, [])
    assert [each.kind for each in (outcome.decision or pytest.fail("no decision")).obligations]


async def test_no_query_of_the_gate_forgets_its_tenant(core: Bank) -> None:
    guard = TenantGuard(t.metadata)
    with guard.watching(core.house.db):
        gate = core.house.gate(ASHA)
        await gate.execute(await core.ready_credit())
        outcome = await gate.propose(DiscloseBalance(accounts=("A1",)), node="disclose", visit=0)
        await gate.execute(outcome.proposal)
        await core.house.tick()
        await core.house.sequencer(core.bench.keys / "anchors").run_once(TENANT, anchor=True)


async def test_of_many_executions_at_once_one_posts(core: Bank) -> None:
    proposal = await core.ready_credit()
    workers = [core.house.gate(ASHA, parts=core.house.process()) for _ in range(8)]
    await asyncio.gather(*(worker.execute(proposal) for worker in workers))
    assert core.credits() == [500_000]
    assert core.house.state(proposal) == "succeeded"


async def test_a_second_conversation_gets_the_first_ones_credit(core: Bank) -> None:
    proposal = await core.ready_credit()
    await core.house.gate(ASHA).execute(proposal)
    action = ProvisionalCredit(account="A1", transaction="T1", dispute="DSP-other", amount_minor=100, currency="INR")
    second = await core.house.gate(ASHA, flow="flw_2", conversation="cnv_2").propose(action, node="credit", visit=0)
    assert (second.proposal, second.state) == (proposal, "succeeded")
    assert core.credits() == [500_000]


async def test_a_credit_that_was_not_answered_is_reconciled(core: Bank) -> None:
    proposal = await core.ready_credit()
    await core.fault("POST /transaction", "succeed_without_answering", 0.4)
    core.house.bank._timeout_s = 0.1
    outcome = await core.house.gate(ASHA).execute(proposal)
    assert outcome.state == "unknown"
    core.house.bank._timeout_s = 5.0
    await core.advance(1)
    assert await core.house.tick() == ["succeeded"]
    assert core.credits() == [500_000]
    await asyncio.sleep(0.05)


async def test_a_credit_that_never_arrived_is_approved_anew(core: Bank) -> None:
    proposal = await core.ready_credit()
    await core.fault("POST /transaction", "fail")
    gate = core.house.gate(ASHA)
    assert (await gate.execute(proposal)).state == "unknown"
    await core.advance(6)
    assert await core.house.tick() == []
    await core.advance(10)
    assert await core.house.tick() == ["never_arrived"]
    assert core.credits() == []
    assert (await gate.execute(proposal)).state == "succeeded"
    assert core.credits() == [500_000]


async def test_after_a_crash_between_sending_and_receipt_there_is_one_credit(core: Bank) -> None:
    proposal = await core.ready_credit()
    core.house.db.crash_after = core.house.db.writes + 2
    with pytest.raises(Crash):
        await core.house.gate(ASHA).execute(proposal)
    core.house.db.crash_after = None
    core.house.process()
    await core.house.reconciler.recover(TENANT, core.house.clock.now(), alone=True)
    await core.advance(1)
    await core.house.tick()
    assert core.house.state(proposal) == "succeeded"
    assert core.credits() == [500_000]


async def test_a_stolen_approval_moves_nothing_but_what_it_is_for(core: Bank) -> None:
    proposal = await core.ready_credit()
    stolen: Approval = await core.house.parts.authority.mint(TENANT, proposal)
    arguments = stolen.arguments
    write, subject = core.house.bank.write, core.house.subjects.token
    asha, ravi = subject(TENANT, ASHA, "execute"), subject(TENANT, RAVI, "execute")
    attempts: list[tuple[str, dict[str, Any], str, str]] = [
        ("approval_arguments", arguments | {"amount_minor": 900_000}, proposal, asha),
        ("approval_proposal", arguments, "prp_other", asha),
        ("approval_customer", arguments, proposal, ravi),
    ]
    for code, body, key, who in attempts:
        with pytest.raises(Exception, match=code):
            await write("/transaction", body, key=key, subject=who, approval=stolen.token)
    assert core.credits() == []
    await write("/transaction", arguments, key=proposal, subject=asha, approval=stolen.token)
    again = await write("/transaction", arguments, key=proposal, subject=asha, approval=stolen.token)
    assert again.replayed
    with pytest.raises(Conflict, match="approval_used|effect_exists|idempotency_conflict"):
        await write("/disputes", DISPUTE.arguments(), key=proposal, subject=asha, approval=stolen.token)
    assert core.credits() == [500_000]


async def give_code(core: Bank, digest: str) -> Factor:
    """Have a one-time code sent for this digest, read it off the phone, and give it: the factor that the session gains."""
    session = core.house.sign_in("ses_code", ASHA, level=2)
    identity = SubjectIdentity(core.house.bank, core.house.subjects.for_session(session))
    binding = {"action": "provisional_credit", "amount_minor": "500000", "currency": "INR", "digest": digest}
    challenge = await identity.send_otp("provisional_credit", binding)
    code = re.findall(r"\b\d{6}\b", (await core.teller.phone(ASHA))[-1]["text"])[0]
    assert (await identity.verify(challenge.id, "000000" if code != "000000" else "111111")).result == "wrong"
    checked = await identity.verify(challenge.id, code)
    assert checked.result == "ok"
    return Factor("otp", core.house.clock.now(), digest, checked.assertion)


async def test_a_code_given_for_this_very_credit_is_proved_to_the_core(core: Bank) -> None:
    proposal = await core.ready_credit()
    digest = (await core.house.gate(ASHA).status(proposal)).digest
    factor = await give_code(core, digest)
    session = core.house.sign_in(customer=ASHA).with_factor(factor)
    core.house.db.write_now(lambda connection: save_session(connection, session))
    minted = await core.house.parts.authority.mint(TENANT, proposal)
    assert minted.token.count(".") == 2
    subject = core.house.subjects.token(TENANT, ASHA, "execute")
    await core.house.bank.write("/transaction", minted.arguments, key=proposal, subject=subject, approval=minted.token)
    assert core.credits() == [500_000]


async def test_a_code_given_for_something_else_is_refused_by_the_core(core: Bank) -> None:
    proposal = await core.ready_credit()
    factor = await give_code(core, "e" * 64)
    digest = (await core.house.gate(ASHA).status(proposal)).digest
    session = core.house.sign_in(customer=ASHA).with_factor(replace(factor, bound=digest))
    core.house.db.write_now(lambda connection: save_session(connection, session))
    outcome = await core.house.gate(ASHA).execute(proposal)
    assert (outcome.state, outcome.failure) == ("failed", "approval_assertion")
    assert core.credits() == []


async def test_an_approval_that_ran_out_on_its_way_moves_nothing(core: Bank) -> None:
    proposal = await core.ready_credit()
    late = await core.house.parts.authority.mint(TENANT, proposal)
    await core.advance(60)
    subject = core.house.subjects.token(TENANT, ASHA, "execute")
    with pytest.raises(Exception, match="approval_expired"):
        await core.house.bank.write("/transaction", late.arguments, key=proposal, subject=subject, approval=late.token)
    assert core.credits() == []


async def test_a_balance_is_disclosed_at_al3_only_and_never_anothers(core: Bank) -> None:
    gate = core.house.gate(ASHA)
    assert (await gate.propose(DiscloseBalance(accounts=("A1",)), node="disclose", visit=0)).state == "decided"
    foreign = await gate.propose(DiscloseBalance(accounts=("A2",)), node="disclose", visit=1)
    assert foreign.state == "refused"
    for level, state in ((2, "awaiting_step_up"), (1, "refused")):
        session = f"low_{level}"
        core.house.sign_in(session, ASHA, level=level)
        low = core.house.gate(ASHA, session=session, flow=f"flw_low_{level}")
        assert (await low.propose(DiscloseBalance(accounts=("A1",)), node="disclose", visit=0)).state == state


async def test_a_foreign_payment_is_neither_disputed_nor_credited(core: Bank) -> None:
    gate = core.house.gate(ASHA)
    foreign = OpenDispute(transaction="T2", dispute_type="unauthorised", amount_minor=32_100, currency="INR")
    outcome = await gate.propose(foreign, node="dispute", visit=0)
    assert outcome.state in ("refused", "awaiting_human")
    credit = ProvisionalCredit(account="A2", transaction="T2", dispute="DSP-CANARY-2", amount_minor=32_100, currency="INR")
    assert (await gate.propose(credit, node="credit", visit=0)).state == "refused"


async def test_a_card_is_blocked_without_any_step_up_and_can_be_blocked_again(core: Bank) -> None:
    core.house.sign_in("ses_low", ASHA, level=1)
    gate = core.house.gate(ASHA, session="ses_low")
    block = BlockCard(card="K1", reason="suspected_fraud")
    outcome = await gate.propose(block, node="block", visit=0)
    assert outcome.state == "decided"
    assert (await gate.execute(outcome.proposal)).state == "succeeded"
    assert (await core.teller.export())["cards"]["K1"]["status"] == "blocked_own"
    again = await gate.propose(block, node="block", visit=1)
    assert (again.proposal, again.state) == (outcome.proposal, "succeeded")


async def test_reads_are_bound_to_the_session(core: Bank) -> None:
    session = core.house.sign_in(customer=ASHA)
    reads = SubjectReads(core.house.bank, core.house.subjects.for_session(session))
    assert (await reads.profile())["id"] == ASHA
    assert {each["account"] for each in (await reads.balances())["balances"]} == {"A1", "A3"}
    assert (await reads.transaction("T1"))["id"] == "T1"
    with pytest.raises(NotFound):
        await reads.transaction("T2")
    for many in (reads.transactions(), reads.cards(), reads.devices(), reads.logins(), reads.disputes()):
        assert isinstance(await many, list)
    assert (await reads.fraud("T1"))["transaction"] == "T1"
