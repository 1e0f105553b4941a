"""What we say was executed is held against what the core says approvals were used for; every disagreement is an alarm."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from domain.actions import BlockCard
from domain.errors import Unavailable
from runtime.matching import PERIOD, SETTLING, Matcher, Mismatch, compare
from runtime.storage import gate_tables as t
from runtime.storage.matching import Executed
from tests.support.bank_house import Bank
from tests.support.bank_world import ASHA
from tests.support.gate_house import TENANT

CREDITED = {"action": "provisional_credit", "account": "A1", "amount_minor": 500_000, "currency": "INR"}
OURS = Executed("succeeded", "provisional_credit", CREDITED, frozenset({"apr_1"}))
USED: dict[str, Any] = {"proposal": "prp_1", "approval": "apr_1", "action": "provisional_credit", "account": "A1", "amount_minor": 500_000, "currency": "INR"}  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "used", "found"),
    [
        ({"prp_1": OURS}, [USED], []),
        ({}, [], []),
        ({}, [USED], [Mismatch("unknown_execution", "prp_1")]),
        ({"prp_1": OURS}, [], [Mismatch("missing_at_core", "prp_1")]),
        ({"prp_1": OURS}, [USED | {"approval": "apr_9"}], [Mismatch("unknown_approval", "prp_1")]),
        ({"prp_1": OURS}, [USED, USED], [Mismatch("repeated", "prp_1")]),
        (
            {"prp_1": OURS},
            [USED | {"amount_minor": 5_000_000, "account": "A2"}],
            [Mismatch("differs", "prp_1", ("account", "amount_minor"))],
        ),
        ({"prp_1": OURS}, [USED | {"action": "refund_fee"}], [Mismatch("differs", "prp_1", ("action",))]),
    ],
)
def test_each_disagreement_has_its_name(ours: dict[str, Executed], used: list[dict[str, Any]], found: list[Mismatch]) -> None:
    assert compare(ours, used) == found


@pytest.mark.parametrize("state", ["failed", "cancelled", "refused", "never_arrived", "decided"])
def test_an_execution_of_what_we_hold_for_not_executed_is_an_alarm(state: str) -> None:
    ours = {"prp_1": Executed(state, "provisional_credit", CREDITED, frozenset({"apr_1"}))}
    assert compare(ours, [USED]) == [Mismatch("unknown_execution", "prp_1")]


async def executed(core: Bank) -> str:
    """A credit and a card block, executed; returns the credit's id."""
    gate = core.house.gate(ASHA)
    credit = await core.ready_credit()
    assert (await gate.execute(credit)).state == "succeeded"
    block = await gate.propose(BlockCard(card="K1", reason="lost"), node="block", visit=0)
    assert (await gate.execute(block.proposal)).state == "succeeded"
    return credit


async def test_what_was_executed_once_on_both_sides_matches(core: Bank) -> None:
    await executed(core)
    await core.advance(2 * SETTLING.total_seconds())
    assert await Matcher(core.house.db, core.house.parts.tenants).run(TENANT) == []
    query = sa.select(t.audit_entry.c.body).where(t.audit_entry.c.tenant == TENANT, t.audit_entry.c.kind == "matching.done")
    assert '"ours":3' in str(core.house.scalar(query)).replace(" ", "").replace("'", '"')


async def test_what_is_fresh_waits_for_the_next_time(core: Bank) -> None:
    await executed(core)
    matcher = Matcher(core.house.db, core.house.parts.tenants)
    assert await matcher.run(TENANT) == []
    core.house.db.write_now(
        lambda c: c.execute(t.proposal.update().where(t.proposal.c.tenant == TENANT).values(state="cancelled"))
    )
    assert await matcher.run(TENANT) == [], "nothing has settled yet"
    await core.advance(2 * SETTLING.total_seconds())
    assert {each.kind for each in await matcher.run(TENANT)} == {"unknown_execution"}


async def test_a_row_that_vanished_from_our_record_is_found_by_the_cores(core: Bank) -> None:
    credit = await executed(core)
    await core.advance(2 * SETTLING.total_seconds())
    p = t.proposal.c
    core.house.db.write_now(
        lambda c: c.execute(t.proposal.update().where(p.tenant == TENANT, p.id == credit).values(state="failed", receipt=None))
    )
    found = await Matcher(core.house.db, core.house.parts.tenants).run(TENANT)
    assert found == [Mismatch("unknown_execution", credit)]
    assert core.house.kinds(credit)[-1] == "alarm.unmatched"


async def test_it_runs_once_a_day_by_itself_and_while_the_core_is_silent_the_stretch_waits(core: Bank) -> None:
    matcher = Matcher(core.house.db, core.house.parts.tenants)
    await executed(core)
    await core.advance(2 * SETTLING.total_seconds())
    await core.fault("/executions", "fail")
    with pytest.raises(Unavailable):
        await matcher.run_if_due(TENANT)
    assert "matching.done" not in core.house.kinds()
    for _ in range(3):
        assert await matcher.run_if_due(TENANT) == []
    assert core.house.kinds().count("matching.done") == 1
    await core.advance(PERIOD.total_seconds())
    await matcher.run_if_due(TENANT)
    assert core.house.kinds().count("matching.done") == 2
