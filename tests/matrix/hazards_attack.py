"""Hazards of malice at the bank's door: tokens of others, for others, used twice."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.errors import TellergateError
from domain.tokens import ApprovalClaims, sign
from runtime.sessions import Factor, save_session
from tests.matrix.ground import ASHA, RAVI
from tests.matrix.registry import hazard
from tests.matrix.scene import Scene
from tools.identity import SubjectIdentity
from tools.receipts import OPERATIONS


@hazard
async def borrowed_token(scene: Scene) -> None:
    """Whoever has got hold of an approval tries it for another customer, key, amount, account, tenant; then it is used rightly."""
    errand = await scene.credit_of("T1")
    scene.expects(1)
    proposal = await scene.ready(errand)
    approval = await scene.first.authority.mint(scene.tenant, proposal)
    body, token = approval.arguments, approval.token
    attempts: list[dict[str, Any]] = [
        {"customer": RAVI},
        {"key": "prp_other"},
        {"body": body | {"amount_minor": body["amount_minor"] - 1}},
        {"body": body | {"account": "A2"}},
        {"body": body | {"dispute": "DSP-1"}},
        {"subject": "not a token"},
        {"approval": ""},
        {"approval": token[:-4] + "AAAA"},
        {"approval": _forged(token)},
        {"path": "/disputes", "body": scene.dispute_of("T2").action.arguments()},
    ]
    scene.source.shuffle(attempts)
    for attempt in attempts:
        await scene.try_bank(**({"approval": token, "body": body, "key": proposal} | attempt))
    if scene.books().moves:
        scene.broken.append("a borrowed token moved money")
    await scene.call_bank(approval)
    for attempt in attempts:
        await scene.try_bank(**({"approval": token, "body": body, "key": proposal} | attempt))
    await scene.restart()
    scene.struck = True


def _forged(token: str) -> str:
    """The same claims under a key of the thief's own."""
    claims = ApprovalClaims.model_validate(jwt.decode(token, options={"verify_signature": False}))
    return sign(claims, Ed25519PrivateKey.generate())


@hazard
async def token_of_another_bank(scene: Scene) -> None:
    """Approvals and subject tokens that another tenant's service minted for the same words are tried here."""
    neighbour = Scene(scene.ground, scene.hazard, scene.seed)
    await scene.run(scene.block_of("K2"))
    scene.expects(0)
    try:
        for errand in (neighbour.dispute_of("T1"), neighbour.block_of("K1")):
            minted = await neighbour.first.authority.mint(neighbour.tenant, await neighbour.ready(errand))
            path = OPERATIONS[minted.arguments["action"]].path(minted.arguments)
            subject = neighbour.first.subjects.token(neighbour.tenant, ASHA, "execute")
            for given in scene.source.sample((None, subject), 2):
                call = {"approval": minted.token, "body": minted.arguments, "key": minted.proposal, "path": path}
                await scene.try_bank(**call, subject=given)
    finally:
        await neighbour.close()
    scene.struck = True


@hazard
async def code_for_something_else(scene: Scene) -> None:
    """A one-time code that the customer gave for something else is put forward as the proof for this credit."""
    errand = await scene.credit_of("T1", own_yes=False)
    scene.expects(0)
    proposal = await scene.ready(errand)
    session = scene.sign_in("ses_code", level=2)
    identity = SubjectIdentity(scene.first.bank, scene.first.subjects.for_session(session))
    other = {"action": "provisional_credit", "amount_minor": "100", "currency": "INR", "digest": "e" * 64}
    challenge = await identity.send_otp("provisional_credit", other)
    code = re.findall(r"\b\d{6}\b", (await scene.phone(ASHA))[-1]["text"])[0]
    checked = await identity.verify(challenge.id, code)
    digest = (await scene.first.gate(ASHA).status(proposal)).digest
    mine = scene.sign_in().with_factor(Factor("otp", scene.clock.now(), digest, checked.assertion))
    scene.first.db.write_now(lambda connection: save_session(connection, mine))
    outcome = await scene.first.gate(ASHA).execute(proposal)
    scene.struck = outcome.failure == "approval_assertion" or outcome.state == "succeeded"
    scene.closed.add(proposal)


@hazard
async def approval_used_twice(scene: Scene) -> None:
    """One approval is sent many times at once, under its key and under others."""
    errand = await scene.errand()
    scene.expects(1)
    proposal = await scene.ready(errand)
    approval = await scene.first.authority.mint(scene.tenant, proposal)
    keys = [proposal, proposal, proposal, "prp_other", "prp_third"]
    scene.source.shuffle(keys)
    path = OPERATIONS[approval.arguments["action"]].path(approval.arguments)
    await asyncio.gather(*(scene.try_bank(approval=approval.token, body=approval.arguments, key=k, path=path) for k in keys))
    await scene.restart()
    scene.struck = True


@hazard
async def anothers_errand(scene: Scene) -> None:
    """A customer proposes what is not hers, and runs, confirms and looks at another customer's proposal."""
    errand = await scene.credit_of("T1")
    scene.expects(0)
    proposal = await scene.ready(errand)
    scene.closed.add(proposal)
    scene.sign_in("ses_ravi", RAVI)
    ravi = scene.first.gate(RAVI, session="ses_ravi", flow="flw_ravi", conversation="cnv_ravi")
    digest = (await scene.first.gate(ASHA).status(proposal)).digest
    for attempt in (
        lambda: ravi.execute(proposal),
        lambda: ravi.status(proposal),
        lambda: ravi.consent(proposal, digest=digest, request="req_ravi", value=True),
        lambda: scene.run_as(errand, ravi, RAVI),
        lambda: scene.run_as(scene.dispute_of("T2"), ravi, RAVI),
        lambda: scene.run_as(scene.block_of("K2"), ravi, RAVI),
    ):
        with suppress(TellergateError):
            await attempt()
    scene.said = [said for said in scene.said if said.customer != RAVI]  # what he says about her things agrees to nothing
    scene.struck = True
