"""The bank's own check of an approval, inside the transaction that it approves.

| code | status | the token … |
| --- | --- | --- |
| approval_missing | 401 | is not there |
| approval_malformed | 401 | is no compact JWS with these claims, or claims a longer life than approvals have |
| approval_key_unknown | 401 | names a key the bank does not trust |
| approval_signature | 401 | was changed, or signed by another key |
| approval_audience | 401 | is for somebody else, or by somebody else |
| approval_tenant | 403 | is for another bank |
| approval_expired | 401 | is too old by the bank's clock, read in this transaction |
| approval_used | 409 | was used before |
| approval_proposal | 403 | is for another idempotency key |
| approval_action | 403 | is for another action |
| approval_arguments | 403 | is for other arguments |
| approval_effect | 403 | names another effect than the arguments have |
| approval_customer | 403 | is for another customer than the subject, or for somebody who does not own the thing |
| approval_assertion | 403 | carries a proof that is not the bank's own for these arguments |
| effect_exists | 409 | asks for what already holds |
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from bank.access import Subject
from bank.assertions import AssertionClaims
from bank.call import Call
from bank.config import AUDIENCE, SERVICE_ISSUER, BankConfig
from bank.ledger.tables import approval_uses, effects, operations
from bank.tables import challenges
from domain.actions import Action
from domain.canonical import digest_of
from domain.errors import Conflict, Forbidden, Unauthenticated
from domain.proposals import consent_digest
from domain.tokens import APPROVAL_SECONDS, ApprovalClaims, key_id, verify


def read(token: str, config: BankConfig, tenant: str) -> ApprovalClaims:
    """Claims of a token signed by a trusted key for this bank and tenant; expiry is `require_fresh`'s business."""
    if not token:
        raise Unauthenticated("approval_missing")
    try:
        claims = verify(token, ApprovalClaims, config.approval_keys.current(), AUDIENCE, 0.0)
    except Unauthenticated as error:
        raise Unauthenticated(error.code.replace("token_", "approval_", 1)) from error
    if claims.iss != SERVICE_ISSUER:
        raise Unauthenticated("approval_audience")
    if claims.tenant != tenant:
        raise Forbidden("approval_tenant")
    if not 0 < claims.exp - claims.iat <= APPROVAL_SECONDS:
        raise Unauthenticated("approval_malformed")
    return claims


def require_fresh(claims: ApprovalClaims, now: int) -> None:
    """Raise Unauthenticated `approval_expired` at or after expiry; `now` in microseconds of business time."""
    if now >= claims.exp * 1_000_000:
        raise Unauthenticated("approval_expired")


def require_unused(call: Call, claims: ApprovalClaims) -> None:
    """Raise Conflict `approval_used` if the token did its one thing already."""
    query = sa.select(approval_uses.c.jti).where(approval_uses.c.tenant == call.tenant, approval_uses.c.jti == claims.jti)
    if call.first(query) is not None:
        raise Conflict("approval_used")


def require_fit(claims: ApprovalClaims, action: Action, key: str, subject: Subject) -> None:
    """Raise Forbidden unless the token is for exactly this call: key, action, arguments, effect and customer."""
    if claims.proposal != key:
        raise Forbidden("approval_proposal")
    arguments = action.arguments()
    if claims.act != arguments["action"]:
        raise Forbidden("approval_action")
    if claims.args != digest_of(arguments):
        raise Forbidden("approval_arguments")
    if claims.sub != subject.customer:
        raise Forbidden("approval_customer")
    if claims.effect != action.effect_for(subject.customer):
        raise Forbidden("approval_effect")


def require_assertion(call: Call, claims: ApprovalClaims, action: Action, config: BankConfig) -> None:
    """Where a token names a proof, it must be an OTP this customer gave here for these very arguments.

    `assertion` is the bank's own signed word (or the challenge's id). It is bound when the OTP was sent with a `digest` in its
    binding that is the digest of the arguments, or the consent digest of the proposal. Raises Forbidden `approval_assertion`.
    """
    if claims.assertion is None:
        return
    challenge = claims.assertion
    if "." in challenge:
        own = config.assertion_key.public_key()
        try:
            said = verify(challenge, AssertionClaims, {key_id(own): own}, SERVICE_ISSUER, 0.0)
        except Unauthenticated as error:
            raise Forbidden("approval_assertion") from error
        if said.tenant != call.tenant:
            raise Forbidden("approval_assertion")
        challenge = said.challenge
    consent = consent_digest(claims.tenant, claims.proposal, action.arguments(), claims.sub)
    query = sa.select(challenges.c.id).where(
        challenges.c.tenant == call.tenant,
        challenges.c.id == challenge,
        challenges.c.customer == claims.sub,
        challenges.c.kind == "otp",
        challenges.c.state == "verified",
        challenges.c.arguments.in_((claims.args, consent)),
    )
    if call.first(query) is None:
        raise Forbidden("approval_assertion")


def consume(call: Call, claims: ApprovalClaims, operation: str) -> None:
    """Use the token up and take its effect, by unique keys: of rivals in flight one gets through.

    Raises Conflict `approval_used` or `effect_exists`.
    """
    if not call.insert_new(approval_uses, jti=claims.jti, operation=operation, at_us=call.now):
        raise Conflict("approval_used")
    if not call.insert_new(effects, effect=claims.effect, operation=operation, at_us=call.now):
        raise Conflict("effect_exists", first=_first(call, claims))


def _first(call: Call, claims: ApprovalClaims) -> dict[str, Any] | None:
    """What the call that took the effect was answered, for the same customer; of anybody else's nothing is said."""
    query = (
        sa.select(operations.c.result)
        .join(effects, (effects.c.tenant == operations.c.tenant) & (effects.c.operation == operations.c.key))
        .where(
            operations.c.tenant == call.tenant,
            effects.c.tenant == call.tenant,
            effects.c.effect == claims.effect,
            operations.c.customer == claims.sub,
        )
    )
    row = call.first(query)
    first: dict[str, Any] | None = json.loads(row["result"]) if row else None
    return first


def release_effect(call: Call, effect: str) -> None:
    """An effect that was undone (a block that is lifted) may be had again."""
    call.connection.execute(effects.delete().where(effects.c.tenant == call.tenant, effects.c.effect == effect))
