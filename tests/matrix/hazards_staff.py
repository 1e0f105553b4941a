"""Hazards of persons: staff and customer at once, several signers at once, one's own signature, signatures over a deny."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from domain.clock import to_micros
from domain.errors import TellergateError
from domain.staff import Person, parse_limits
from runtime.staff.approvals import ApprovalDesk
from runtime.staff.proposing import StaffProposals, Wish
from runtime.storage.limits import set_kill_switch
from tests.matrix.ground import ASHA, BIG_PAYMENT
from tests.matrix.process import ServerProcess
from tests.matrix.registry import hazard
from tests.matrix.scene import Errand, Scene
from tests.support.staff_room import StaffRoom, signs


def _room(scene: Scene) -> StaffRoom:
    return StaffRoom(scene.first.db, scene.clock, tenant=scene.tenant)


def _desk(scene: Scene, room: StaffRoom, process: ServerProcess | None = None) -> ApprovalDesk:
    parts = (process or scene.first).parts
    return ApprovalDesk(parts, scene.tenant, room.identity, parse_limits(""), lambda: "INR")


def _console(scene: Scene, room: StaffRoom) -> StaffProposals:
    return StaffProposals(scene.first.parts, scene.tenant, room.identity)


def _wish(scene: Scene, errand: Errand) -> Wish:
    scene.staff_wishes.append(errand.action.arguments())
    return Wish(errand.action, ASHA, "Asked at the counter.", "wish-1")


async def _try_to_sign(desk: ApprovalDesk, person: Person, proposal: str, shown: str | None = None) -> None:
    """Sign what is shown now, or what was shown; a proposal that waits for nobody any more shows nothing to sign."""
    with suppress(TellergateError):
        digest = shown or (await desk.show(person, proposal)).get("digest")
        if digest is not None:
            await signs(desk, person, proposal, shown=digest)


@hazard
async def bot_and_staff(scene: Scene) -> None:
    """Somebody at the console asks for the effect while the customer asks for it in a chat."""
    errand = await scene.errand("credit", "block")
    base = scene.books().effects()
    room = _room(scene)
    meera = await room.at_work("meera", "disputes_officer")

    async def chat() -> None:
        await scene.pause()
        await scene.run(errand)

    async def console() -> None:
        await scene.pause()
        await _console(scene, room).propose(meera, _wish(scene, errand))

    both = [console(), chat(), console()]
    scene.source.shuffle(both)
    await asyncio.gather(*both)
    await scene.run(errand)
    scene.promised = (base, base + 1)  # where staff were first, the credit waits for somebody else's signature
    scene.struck = True


async def _before_a_person(scene: Scene) -> tuple[Errand, str]:
    """A credit above the cap of a case that the customer has agreed to and the gate has left to a person."""
    errand = await scene.credit_of(BIG_PAYMENT, own_yes=False)
    outcome = await scene.run(errand)
    assert outcome.state == "awaiting_human", outcome
    return errand, outcome.proposal


@hazard
async def signers_at_once(scene: Scene) -> None:
    """Two officers sign at once in two processes, while the customer asks again and somebody proposes the same; a process may die."""
    errand, proposal = await _before_a_person(scene)
    scene.expects(1)
    room = _room(scene)
    officers = [await room.at_work(name, "disputes_officer") for name in ("meera", "kabir")]
    other = scene.process(scene.ground.service_url)
    scene.signed.add(proposal)
    await scene.advance(scene.source.choice((0, 700, 86_400)))
    scene.sign_in()

    async def sign(person: Person, process: ServerProcess) -> None:
        await scene.pause()
        await _try_to_sign(_desk(scene, room, process), person, proposal)

    async def ask(again: Any) -> None:
        await scene.pause()
        with suppress(TellergateError):
            await again

    everybody = [
        sign(officers[0], scene.first),
        sign(officers[1], other),
        ask(scene.run(errand)),
        ask(_console(scene, room).propose(officers[0], _wish(scene, errand))),
    ]
    scene.source.shuffle(everybody)
    await asyncio.gather(*everybody)
    for person in officers:  # who was too slow signs again, to see that nothing more comes of it
        await sign(person, scene.first)
    scene.struck = True


@hazard
async def staff_alone(scene: Scene) -> None:
    """Somebody proposes and signs himself, in a role that may not, with an old second factor, or over a deny: nothing comes of it."""
    how = scene.source.choice(("own", "role", "stale", "deny", "nobody"))
    scene.drawn["how"] = how
    room = _room(scene)
    meera = await room.at_work("meera", "branch_officer" if how == "role" else "disputes_officer")
    if how in ("own", "nobody"):
        errand = await scene.credit_of(BIG_PAYMENT, own_yes=False)
        scene.expects(0)
        proposal = (await _console(scene, room).propose(meera, _wish(scene, errand))).proposal
    else:
        errand, proposal = await _before_a_person(scene)
        scene.expects(0)
    shown = None
    if how == "stale":
        shown = (await _desk(scene, room).show(meera, proposal))["digest"]
        room.wall.advance(301)
    if how == "deny":
        at = to_micros(scene.clock.now())
        scene.first.db.write_now(lambda c: set_kill_switch(c, scene.tenant, "*", True, "test", at))
    for _ in range(2):
        if how != "nobody":
            await _try_to_sign(_desk(scene, room), meera, proposal, shown)
        with suppress(TellergateError):
            await scene.first.gate(ASHA).execute(proposal)
        await _desk(scene, room).run_released()
    scene.closed.add(proposal)
    scene.struck = True
