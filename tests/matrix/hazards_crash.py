"""Hazards of dying: the service before, inside and after each of its commits, around the call to the bank, and in its recovery."""

from __future__ import annotations

from contextlib import suppress

from tests.matrix.ground import ASHA
from tests.matrix.process import Point, When
from tests.matrix.registry import hazard
from tests.matrix.scene import Errand, Scene
from tests.support.gate_house import Crash

WHEN: tuple[When, ...] = ("before", "inside", "after")


async def _die_at(scene: Scene, point: Point, errand: Errand) -> None:
    """Die around the commit of a point, start again, and drive the same journey to its end."""
    scene.expects(1)
    when = scene.source.choice(WHEN)
    scene.drawn |= {"when": when}
    scene.first.doom(point, when)
    await scene.dies(errand)
    await _go_on(scene, errand)


async def _go_on(scene: Scene, errand: Errand) -> None:
    await scene.restart()
    if scene.source.random() < 0.5:  # the tick may be there before the customer, or after her
        await scene.settle()
    await scene.run(errand)


@hazard
async def crash_at_propose(scene: Scene) -> None:
    await _die_at(scene, "propose", await scene.errand())


@hazard
async def crash_at_consent(scene: Scene) -> None:
    await _die_at(scene, "consent", scene.dispute_of(scene.source.choice(("T1", "T2"))))


@hazard
async def crash_at_decide(scene: Scene) -> None:
    """Deciding again after a step-up: the first decision was made on a session that was not enough."""
    errand = await scene.credit_of("T1", own_yes=False)
    scene.expects(1)
    scene.sign_in("ses_low", level=2)
    low = scene.first.gate(ASHA, session="ses_low")
    outcome = await scene.propose(errand, low)
    assert outcome.state == "awaiting_step_up", outcome
    scene.sign_in("ses_low")
    scene.first.doom("decide", scene.source.choice(WHEN))
    try:
        await low.decide(outcome.proposal)
    except Crash:
        scene.struck = True
    await scene.restart()
    gate = scene.first.gate(ASHA, session="ses_low")
    await gate.decide(outcome.proposal)
    await gate.execute(outcome.proposal)


@hazard
async def crash_at_mint(scene: Scene) -> None:
    await _die_at(scene, "mint", await scene.errand())


@hazard
async def crash_at_receipt(scene: Scene) -> None:
    await _die_at(scene, "receipt", await scene.errand())


@hazard
async def crash_at_send(scene: Scene) -> None:
    """The process dies as it sends, before the call has left or when the bank has acted."""
    errand = await scene.errand()
    scene.expects(1)
    scene.first.wire.fates.append(scene.source.choice(("die_before", "die_after")))
    await scene.dies(errand)
    await _go_on(scene, errand)


@hazard
async def crash_of_the_bank(scene: Scene) -> None:
    """The bank dies in its transaction, or right after its commit; the service hears a broken connection, or dies with it."""
    errand = await scene.errand()
    scene.expects(1)
    when = scene.source.choice(WHEN)
    both = scene.source.random() < 0.5
    scene.drawn |= {"when": when, "both": both}
    scene.first.wire.bank_dies = (when, both)
    try:
        await scene.run(errand)
    except Crash:
        await scene.restart()
    scene.struck = scene.first.wire.bank_dies is None or both
    await scene.settle()
    await scene.run(errand)


@hazard
async def crash_in_recovery(scene: Scene) -> None:
    """It dies after minting, and again while it takes back what was under way or learns that it never arrived."""
    errand = await scene.errand()
    scene.expects(1)
    scene.first.doom("mint", "after")
    await scene.dies(errand)
    point: Point = scene.source.choice(("recover", "reconcile"))
    when = scene.source.choice(WHEN)
    scene.drawn |= {"point": point, "when": when}
    await scene.replace()
    scene.first.doom(point, when)
    with suppress(Crash):
        await scene.first.reconciler.recover(scene.tenant, scene.clock.now(), alone=True)
        await scene.settle()
    scene.struck = scene.struck and not scene.first.doomed
    await _go_on(scene, errand)
