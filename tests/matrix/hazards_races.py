"""Hazards of repetition: the same call again, several workers, channels, persons, services at once."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from domain.actions import OpenDispute, ProvisionalCredit
from domain.decisions import Decision
from domain.errors import Conflict, TellergateError
from domain.proposals import Outcome
from runtime.storage import tables
from tests.matrix.ground import ASHA, PAYMENTS
from tests.matrix.process import ServerProcess
from tests.matrix.registry import hazard
from tests.matrix.scene import Errand, Scene

#: The cap of the year in the Indian pack, minor units.
CAP_YEAR = 25_000_00


@hazard
async def repeated_call(scene: Scene) -> None:
    """Every call of the journey comes several times."""
    errand = await scene.errand()
    scene.expects(1)
    for _ in range(scene.source.randrange(2, 5)):
        await scene.run(errand)
    scene.struck = True


@hazard
async def two_workers(scene: Scene) -> None:
    """Several workers execute one proposal at the same instant."""
    errand = await scene.errand()
    scene.expects(1)
    proposal = await scene.ready(errand)
    workers = [scene.first, scene.process()]

    async def work(process: ServerProcess) -> Outcome:
        gate = process.gate(ASHA)
        await scene.pause()
        return await gate.execute(proposal)

    await asyncio.gather(*(work(workers[n % 2]) for n in range(scene.source.randrange(2, 6))))
    scene.struck = True


def _other_amount(scene: Scene, errand: Errand) -> Errand:
    """The same effect, asked for with another amount where it has one."""
    action = errand.action
    if isinstance(action, OpenDispute | ProvisionalCredit):
        action = action.model_copy(update={"amount_minor": scene.source.randrange(1, action.amount_minor)})
    return Errand(action, f"{errand.node}_again")


@hazard
async def two_proposals_one_effect(scene: Scene) -> None:
    """The same effect is proposed at two places, for other amounts, one after the other."""
    errand = await scene.errand()
    scene.expects(1)
    both = [errand, _other_amount(scene, errand)]
    scene.source.shuffle(both)
    for each in both:
        await scene.run(each)
    for each in both:
        await scene.run(each)
    scene.struck = True


@hazard
async def two_channels(scene: Scene) -> None:
    """The customer asks for it on two channels at once, each served by a process of its own."""
    errand = await scene.errand()
    scene.expects(1)
    scene.sign_in("ses_2")
    other = scene.process(scene.ground.service_url)

    async def channel(process: ServerProcess, **where: str) -> None:
        await scene.pause()
        with suppress(Conflict):
            await scene.run(errand, process=process, **where)

    await asyncio.gather(
        channel(scene.first), channel(other, flow="flw_2", conversation="cnv_2", session="ses_2"), channel(scene.first)
    )
    await scene.run(errand)
    scene.struck = True


@hazard
async def split_brain(scene: Scene) -> None:
    """Two services with records of their own (one was restored from a backup) serve the same customer of the same bank."""
    errand = await scene.errand()
    scene.expects(1)
    other = scene.process(f"sqlite:///{scene.ground.directory / (scene.tenant + '.sqlite')}")
    other.db.write_now(lambda connection: tables.metadata.create_all(connection))
    scene.sign_in()
    ids = [await scene.ready(errand), await scene.ready(errand, other.gate(ASHA, flow="flw_9"))]
    scene.outsiders.add(ids[1])
    both = [await process.authority.mint(scene.tenant, one) for process, one in zip((scene.first, other), ids, strict=True)]
    scene.source.shuffle(both)
    await asyncio.gather(*(scene.call_bank(approval) for approval in both))
    await scene.first.reconciler.recover(scene.tenant, scene.clock.now(), alone=True)
    scene.struck = True


@hazard
async def duplicate_delivery(scene: Scene) -> None:
    """The channel delivers the same yes several times, some of them at once, before and after it was acted upon."""
    errand = await scene.errand("credit", "dispute")
    scene.expects(1)
    gate = scene.first.gate(ASHA)
    outcome = await scene.propose(errand, gate)

    async def answer() -> None:
        with suppress(Conflict):
            await scene.agree(errand, outcome, scene.first.gate(ASHA))

    await asyncio.gather(*(answer() for _ in range(scene.source.randrange(2, 5))))
    await asyncio.gather(gate.execute(outcome.proposal), answer(), gate.execute(outcome.proposal))
    await answer()
    scene.struck = True


@hazard
async def limits_race(scene: Scene) -> None:
    """Credits that are each within the limits and together are not are executed at the same instant."""
    only_cap = scene.source.random() < 0.5
    scene.drawn["only_cap"] = only_cap
    cap = sum(scene.amount_of(payment) for payment in PAYMENTS) - 1 if only_cap else CAP_YEAR
    if only_cap:
        scene.rules = lambda action, facts, now: _only_the_cap(scene, cap, action, facts, now)
    credits = [await scene.credit_of(payment, own_yes=False) for payment in PAYMENTS]
    before = len(scene.books().moves)
    ids = []
    for each in credits:
        gate = scene.first.gate(ASHA, flow=each.node)
        outcome = await scene.propose(each, gate)
        ids.append((gate, outcome.proposal))

    async def go(gate: Any, proposal: str) -> None:
        await scene.pause()
        with suppress(TellergateError):
            await gate.execute(proposal)

    await asyncio.gather(*(go(*each) for each in ids))
    moved = scene.books().moves[before:]
    if only_cap:
        assert moved, "nothing was credited, so nothing raced"
    elif len(moved) != 1:
        scene.broken.append(f"{len(moved)} credits where one may be open")
    if sum(move.amount_minor for move in moved) > cap:
        scene.broken.append("the credits of the year are above the cap")
    scene.struck = True


def _only_the_cap(scene: Scene, cap: int, action: Any, facts: Any, now: Any) -> Decision:
    """The rule that allows one open credit is set aside, so that the cap of the year is what binds, just below the sum of all."""
    if "credits_12m_minor" not in facts:
        return scene.by_pack(action, facts, now)
    one_open = facts["open_provisional_credits"].model_copy(update={"value": 0})
    decision = scene.by_pack(action, dict(facts) | {"open_provisional_credits": one_open}, now)
    above = facts["credits_12m_minor"].value + facts["amount_minor"].value > cap
    return decision.model_copy(update={"verdict": "deny" if above else "approve"})
