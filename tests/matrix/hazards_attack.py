"""Hazards of malice at the bank's door: tokens of others, for others, used twice."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.errors import TellergateError
from domain.tokens import ApprovalClaims, sign
from tests.matrix.ground import ASHA, RAVI
from tests.matrix.registry import hazard
from tests.matrix.scene import Scene
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
    """An approval and a subject token that another tenant's service minted for the same words are tried here."""
    neighbour = Scene(scene.ground, scene.hazard, scene.seed)
    try:
        errand = await scene.credit_of("T1", own_yes=False)
        theirs = await neighbour.credit_of("T1", own_yes=False)
        scene.expects(0)
        minted = await neighbour.first.authority.mint(neighbour.tenant, await neighbour.ready(theirs))
        subject = neighbour.first.subjects.token(neighbour.tenant, ASHA, "execute")
        body = minted.arguments | {"dispute": errand.action.arguments()["dispute"]}
        for given in (minted.arguments, body):
            await scene.try_bank(approval=minted.token, body=given, key=minted.proposal)
            await scene.try_bank(approval=minted.token, body=given, key=minted.proposal, subject=subject)
    finally:
        await neighbour.close()
    scene.struck = True


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
