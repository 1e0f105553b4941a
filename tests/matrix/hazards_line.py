"""Hazards of the line to the bank: silence before and after it acted, slowness, late arrival, other words than were agreed to."""

from __future__ import annotations

from typing import Any

from tests.matrix.ground import ASHA
from tests.matrix.registry import hazard
from tests.matrix.scene import Errand, Scene

#: Where each action is posted, for faults at the bank.
ENDPOINTS = {
    "provisional_credit": "POST /transaction",
    "open_dispute": "POST /disputes",
    "block_card": "POST /cards/{card}/block",
}
#: How long a bank that is slow takes; longer than the caller waits.
SLOW_S = 0.05


async def _fault(scene: Scene, errand: Errand, kind: str) -> None:
    endpoint = ENDPOINTS[errand.action.arguments()["action"]]
    await scene.dev("POST", "/faults", {"endpoint": endpoint, "kind": kind, "seconds": SLOW_S})


async def _in_doubt(scene: Scene, errand: Errand) -> None:
    """Run it into silence, then let time pass; asking again meanwhile must not send again."""
    outcome = await scene.run(errand)
    scene.struck = outcome.state == "unknown"
    if scene.source.random() < 0.5:
        await scene.run(errand)
    await scene.settle()
    await scene.run(errand)


@hazard
async def timeout_before_the_bank_acted(scene: Scene) -> None:
    errand = await scene.errand()
    scene.expects(1)
    if scene.source.random() < 0.5:
        scene.first.wire.fates.append("lose_request")
    else:
        await _fault(scene, errand, "fail")
    await _in_doubt(scene, errand)


@hazard
async def timeout_after_the_bank_acted(scene: Scene) -> None:
    errand = await scene.errand()
    scene.expects(1)
    if scene.source.random() < 0.5:
        scene.first.wire.fates.append("lose_answer")
    else:
        await _fault(scene, errand, "succeed_without_answering")
    await _in_doubt(scene, errand)


@hazard
async def slow_bank(scene: Scene) -> None:
    """The bank takes longer than the caller waits, and goes on alone."""
    errand = await scene.errand()
    scene.expects(1)
    await _fault(scene, errand, "slow")
    scene.first.wire.fates.append("impatient")
    await _in_doubt(scene, errand)


@hazard
async def late_arrival(scene: Scene) -> None:
    """The network holds the call back and delivers it while the bank is being asked, its approval good for a moment still."""
    errand = await scene.errand()
    scene.expects(1)
    scene.first.wire.fates.append("hold_request")
    outcome = await scene.run(errand)
    scene.struck = outcome.state == "unknown"
    seconds = scene.source.choice((0, 1, 3, 8, 9))
    for _ in range(seconds):
        await scene.advance(1)
        await scene.first.reconciler.reconcile_once(scene.tenant, scene.clock.now())
    await scene.first.wire.deliver()
    await scene.settle()
    await scene.run(errand)


@hazard
async def expired_approval(scene: Scene) -> None:
    """The call arrives when its approval has run out, before or after another one was minted."""
    errand = await scene.errand()
    scene.expects(1)
    scene.first.wire.fates.append("hold_request")
    outcome = await scene.run(errand)
    scene.struck = outcome.state == "unknown"
    if scene.source.random() < 0.5:
        await scene.advance(scene.source.choice((10, 11, 14, 16, 60)))
        await scene.first.wire.deliver()
        await scene.settle()
    else:
        await scene.settle()
        await scene.first.wire.deliver()
    await scene.run(errand)


@hazard
async def mute_bank(scene: Scene) -> None:
    """After the call the bank says nothing for twenty minutes: frozen, for a person; nothing is sent again, whoever asks."""
    errand = await scene.errand()
    base = scene.books().effects()
    scene.first.wire.fates.append(scene.source.choice(("lose_request", "lose_answer")))
    await scene.run(errand)
    scene.first.wire.mute = True
    scene.bank_mute = True
    for _ in range(20):
        await scene.advance(62)
        await scene.first.reconciler.reconcile_once(scene.tenant, scene.clock.now())
    scene.first.wire.mute = False
    scene.sign_in()
    await scene.run(errand)
    await scene.run(errand, flow="flw_2", conversation="cnv_2")
    scene.promised = (base, base + 1)
    scene.struck = [row["state"] for row in scene.books().proposals.values()].count("frozen") == 1


def _another(scene: Scene, receipt: dict[str, Any]) -> dict[str, Any]:
    """The receipt with one thing that was agreed to changed, or left out."""
    agreed = ["amount_minor", "account", "currency", "card", "dispute_type", "effect", "operation", "approval_jti"]
    names = [name for name in agreed if name in receipt]
    name = scene.drawn.setdefault("field", scene.source.choice(names))
    value = receipt.get(name)
    changed = {"int": lambda: value + 100, "str": lambda: f"{value}X"}.get(type(value).__name__)
    if scene.drawn.setdefault("left_out", scene.source.random() < 0.2) or changed is None:
        return {key: each for key, each in receipt.items() if key != name}
    return receipt | {name: changed()}


@hazard
async def receipt_differs(scene: Scene) -> None:
    """The bank answers with something else than was agreed to, at once or when it is asked later; everybody asks again."""
    errand = await scene.errand()
    scene.expects(1)
    if scene.source.random() < 0.5:
        scene.first.wire.fates.append("lose_answer")
    scene.first.wire.alter = lambda receipt: _another(scene, receipt)
    await scene.run(errand)
    await scene.settle()
    scene.first.wire.alter = None
    again = await scene.run(errand)
    other = await scene.run(errand, flow="flw_2", conversation="cnv_2")
    if (again.state, other.state) != ("frozen", "frozen"):
        scene.broken.append(f"a receipt that differs ended {again.state}, {other.state}")
    if "alarm.receipt_differs" not in scene.books().entries[again.proposal]:
        scene.broken.append("no alarm was raised")
    await scene.advance(120)
    await scene.first.gate(ASHA).execute(again.proposal)
    scene.struck = scene.first.wire.altered > 0
