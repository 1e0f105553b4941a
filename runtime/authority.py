"""The authority: the shell around the pure gate, and the only minter of approvals. It takes a proposal's id and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.canonical import digest_of
from domain.clock import from_micros, to_micros
from domain.decisions import Decision
from domain.errors import Conflict
from domain.ids import Ids
from domain.ports import Approval
from domain.proposals import Proposal
from domain.tokens import ApprovalClaims, sign
from persistence.database import Database
from runtime.storage import approvals, limits, proposals, sign_offs
from runtime.storage.audit import append_audit
from runtime.storage.commits import commit, look
from runtime.storage.proposals import Stored
from runtime.subjects import BANK, ISSUER
from runtime.verdicts import consent_when_put_to_a_person, covering_consent, needs_consent, target_state
from runtime.weighing import Gathered, Weighing

#: States in which weighing again makes sense; in the others the verdict has been acted upon, or is a person's.
WEIGHABLE = frozenset({"decided", "awaiting_consent", "awaiting_step_up"})
RUNNABLE = frozenset({"decided", "never_arrived"})
#: An approval outlives the one call it is for and little more (the core allows a minute): what it did not do by then it never
#: does, so doubt about a lost call ends soon.
APPROVAL_LIFE_S = 10
#: Facts are gathered again this often when a reservation turns into an effect between gathering and minting.
TRIES = 3


@dataclass(frozen=True, slots=True)
class _Refused:
    """Committed instead of an approval: why there is none."""

    code: str
    detail: str


class _Stale(Exception):
    """The customer's counters moved at the core after the facts were gathered."""


class Authority:
    """Implements `domain.ports.Authority`.

    A verdict `human` is minted only where persons have signed for exactly this row and the gate, asked again, wants nobody else.
    Minting is one commit: the customer's limits are locked and read again, the facts weighed, the amount reserved, the approval
    and its audit entry written and the proposal made `executing`. What is not in that commit is not minted; without the audit
    entry there is no approval.
    """

    def __init__(self, db: Database, weighing: Weighing, *, key: Ed25519PrivateKey, ids: Ids) -> None:
        self._db = db
        self._weighing = weighing
        self._key = key
        self._ids = ids

    async def decide(self, tenant: str, proposal: str) -> Decision:
        """Weigh a stored proposal on fresh facts and store what comes of it.

        A proposal that is past weighing keeps its decision. Raises NotFound `proposal_not_found`, Unavailable.
        """
        stored = await look(self._db, lambda connection: proposals.load(connection, tenant, proposal))
        if stored.proposal.state not in WEIGHABLE:
            return _decided(stored)
        gathered = await self._weighing.gather(stored.proposal, stored.auth_session, stored.declarations)

        def job(connection: sa.Connection) -> Decision:
            current = proposals.load(connection, tenant, proposal, lock=True)
            if current.proposal.state not in WEIGHABLE:
                return _decided(current)
            decision, facts = gathered.judge()
            target = target_state(connection, current.proposal, decision)
            until = gathered.now + gathered.person_life
            proposals.redecide(connection, current, target, decision, facts, to_micros(gathered.now), person_until=until)
            return decision

        return await commit(self._db, job)

    async def mint(self, tenant: str, proposal: str) -> Approval:
        """Decide on fresh facts, reserve, and sign an approval for exactly this row.

        Raises Conflict `not_approved`, `consent_missing`, `proposal_expired`, `proposal_changed`, `proposal_state` or
        `limits_moving`; Unavailable when facts or record are out of reach. After any of them no approval exists.
        """
        for _ in range(TRIES):
            stored = await look(self._db, lambda connection: proposals.load(connection, tenant, proposal))
            if stored.proposal.state not in RUNNABLE:
                raise Conflict("proposal_state", f"{stored.proposal.state} cannot become executing")
            gathered = await self._weighing.gather(stored.proposal, stored.auth_session, stored.declarations)
            jti = self._ids.new("apr")
            try:
                minted = await commit(self._db, lambda c, g=gathered, j=jti: self._mint(c, tenant, proposal, g, j))  # type: ignore[misc]
            except _Stale:
                continue
            if isinstance(minted, _Refused):
                raise Conflict(minted.code, minted.detail)
            return Approval(
                token=sign(minted, self._key),
                proposal=proposal,
                arguments=gathered.action.arguments(),
                expires_at=from_micros(minted.exp * 1_000_000),
            )
        raise Conflict("limits_moving", "the customer's counters changed while they were read")

    def _mint(
        self, connection: sa.Connection, tenant: str, proposal: str, gathered: Gathered, jti: str
    ) -> ApprovalClaims | _Refused:
        at = to_micros(gathered.now)
        customer = proposals.load(connection, tenant, proposal).proposal.customer
        consumed = limits.consumed_count(connection, tenant, customer, lock=True)
        stored = proposals.load(connection, tenant, proposal, lock=True)
        row = stored.proposal
        if row.state not in RUNNABLE:
            raise Conflict("proposal_state", f"{row.state} cannot become executing")
        if consumed != gathered.consumed:
            raise _Stale
        if row.arguments != gathered.action.arguments() or row.effect_key != gathered.action.effect_for(customer):
            return self._give_up(connection, stored, "proposal_changed", at)
        if at >= to_micros(row.expires_at):
            return self._give_up(connection, stored, "proposal_expired", at)
        held = limits.held_by_others(connection, tenant, customer, row.action, proposal)
        decision, facts = gathered.judge(held)
        signers = sign_offs.covering(connection, row, decision)
        if decision.verdict != "approve" and not signers:
            target = target_state(connection, row, decision)
            until = gathered.now + gathered.person_life
            proposals.redecide(connection, stored, target, decision, facts, at, person_until=until)
            return _Refused("not_approved", decision.verdict)
        consent = covering_consent(connection, row, at)
        if consent is None and signers:
            consent = consent_when_put_to_a_person(connection, row)
        if consent is None and needs_consent(row):
            return self._give_up(connection, stored, "consent_missing", at)
        claims = self._claims(row, decision, gathered, jti, None if consent is None else consent.id)
        limits.reserve(connection, row, at)
        approvals.start_executing(connection, stored, claims, decision, facts, at, signers)
        return claims

    def _claims(self, row: Proposal, decision: Decision, gathered: Gathered, jti: str, consent: str | None) -> ApprovalClaims:
        issued = int(gathered.now.timestamp())
        return ApprovalClaims(
            iss=ISSUER,
            aud=BANK,
            jti=jti,
            iat=issued,
            exp=issued + APPROVAL_LIFE_S,
            tenant=row.tenant,
            sub=row.customer,
            act=row.action,
            args=digest_of(row.arguments),
            proposal=row.id,
            effect=row.effect_key,
            consent=consent,
            assertion=gathered.assertion,
            pack=decision.pack_digest,
        )

    def _give_up(self, connection: sa.Connection, stored: Stored, code: str, at: int) -> _Refused:
        if code == "proposal_changed":
            append_audit(connection, stored.proposal.tenant, "alarm.proposal_changed", {}, at, stored.proposal.id)
        proposals.move(connection, stored, "cancelled", at, {"failure": code}, failure=code)
        return _Refused(code, "")


def _decided(stored: Stored) -> Decision:
    if stored.proposal.decision is None:
        raise Conflict("proposal_state", "nothing was decided yet")
    return stored.proposal.decision
