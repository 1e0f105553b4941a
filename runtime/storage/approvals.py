"""Approvals as they are minted: on record, with the proposal made `executing`, before anything is signed. Jobs of a connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from domain.decisions import Decision, Fact
from domain.tokens import ApprovalClaims
from runtime.storage import gate_tables as t
from runtime.storage.proposals import Stored, decision_body, move, record_decision
from runtime.storage.sealing import commitment, record_key


def start_executing(
    connection: sa.Connection,
    stored: Stored,
    claims: ApprovalClaims,
    decision: Decision,
    facts: Mapping[str, Fact],
    at: int,
    signers: Sequence[str] = (),
) -> None:
    """Write the approval that is about to be signed, and make the proposal `executing`: before anything is sent.

    `signers`: the persons who released it, where the gate asked for some.
    """
    p = stored.proposal
    key = record_key(connection, p.tenant, p.customer)
    connection.execute(
        t.approval.insert().values(
            tenant=p.tenant,
            jti=claims.jti,
            proposal=p.id,
            consent=claims.consent,
            arguments_digest=commitment(key, claims.args),
            facts_digest=commitment(key, decision.facts_digest),
            pack=claims.pack,
            minted_at=at,
            expires_at=claims.exp * 1_000_000,
        )
    )
    record_decision(connection, p.tenant, p.id, decision, facts, at)
    body = decision_body(decision) | {
        "jti": claims.jti,
        "arguments": claims.args,
        "effect": claims.effect,
        "consent": claims.consent,
        "signed_by": list(signers),
    }
    move(
        connection,
        stored,
        "executing",
        at,
        body,
        decision=decision.model_dump(mode="json"),
        approval_expires_at=claims.exp * 1_000_000,
        sent_at=at,
        heard_at=None,
        next_ask_at=None,
        asks=0,
        failure=None,
    )


def approvals_of(connection: sa.Connection, tenant: str, proposal: str) -> frozenset[str]:
    """Ids of all approvals minted for a proposal."""
    a = t.approval.c
    return frozenset(connection.execute(sa.select(a.jti).where(a.tenant == tenant, a.proposal == proposal)).scalars())
