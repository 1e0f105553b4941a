"""Sign-offs of proposals by persons: stored once each, and whether together they cover what the gate asks for. Jobs of a connection."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from domain.decisions import Decision
from domain.errors import Conflict
from domain.ids import derived_id
from domain.proposals import Proposal
from policy.gate import FALLBACK_ROLE
from runtime.storage import gate_tables as g
from runtime.storage.audit import append_audit
from runtime.storage.sealing import unseal
from runtime.storage.staff_tables import sign_off, staff_user


@dataclass(frozen=True, slots=True)
class SignOff:
    """One person's word on one proposal. `digest` is the proposal's, `shown` of what they were shown; times in microseconds."""

    staff: str
    role: str
    value: str
    digest: str
    shown: str
    reason: str
    second_factor_at: int
    at: int


def role_of(decision: Decision) -> str:
    """The role that decides: every verdict `human` has one."""
    return decision.role or FALLBACK_ROLE


def deciding_role(connection: sa.Connection, proposal: Proposal) -> str | None:
    """The role that decides this proposal, or was the last to be asked; None for one that never waited for a person."""
    if proposal.decision is not None and proposal.decision.verdict == "human":
        return role_of(proposal.decision)
    d = g.decision.c
    query = (
        sa.select(d.n, d.body)
        .where(d.tenant == proposal.tenant, d.proposal == proposal.id, d.verdict == "human")
        .order_by(d.n.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    body = None if row is None else unseal(connection, proposal.tenant, "decision.body", f"{proposal.id}:{row.n}", row.body)
    return None if body is None else body["role"] or FALLBACK_ROLE


def signed(connection: sa.Connection, proposal: Proposal) -> list[SignOff]:
    """All sign-offs of a proposal in the order they were given."""
    s = sign_off.c
    query = sa.select(sign_off).where(s.tenant == proposal.tenant, s.proposal == proposal.id).order_by(s.at, s.id)
    names = SignOff.__dataclass_fields__
    return [SignOff(**{name: row._mapping[name] for name in names}) for row in connection.execute(query)]


def record(connection: sa.Connection, proposal: Proposal, given: SignOff, reason_digest: str) -> None:
    """Store a sign-off with its audit entry. Raises Conflict `sign_off_repeated`: one person, one word in one role."""
    if any((each.staff, each.role) == (given.staff, given.role) for each in signed(connection, proposal)):
        raise Conflict("sign_off_repeated", "already signed in this role")
    identifier = derived_id("sgn", proposal.tenant, proposal.id, given.staff, given.role)
    values = {"tenant": proposal.tenant, "id": identifier, "proposal": proposal.id}
    connection.execute(sign_off.insert().values(**values, **asdict(given)))
    body: dict[str, Any] = {
        "by": given.staff, "role": given.role, "value": given.value, "digest": given.digest, "shown": given.shown,
        "reason": reason_digest,
    }  # fmt: skip
    append_audit(connection, proposal.tenant, "proposal.sign_off", body, given.at, proposal.id)


def covering(connection: sa.Connection, proposal: Proposal, decision: Decision) -> list[str]:
    """Who has signed for exactly this proposal as it stands, where that is all the gate asks for; nobody where it is not.

    Counted are persons who still work here in the role that decides now, one word each; four eyes need two of them. Only a
    verdict `human` can be covered: a deny or a step-up never.
    """
    if decision.verdict != "human":
        return []
    s, u = sign_off.c, staff_user.c
    rows = connection.execute(
        sa.select(s.staff, s.value, s.digest, s.role, u.roles, u.disabled_at)
        .join_from(sign_off, staff_user, sa.and_(u.tenant == s.tenant, u.name == s.staff))
        .where(s.tenant == proposal.tenant, s.proposal == proposal.id)
    ).all()
    if any(row.value == "refuse" for row in rows):
        return []
    role, digest = role_of(decision), proposal.digest()
    people = sorted({row.staff for row in rows if _counts(row, role, digest)})
    return people if len(people) >= (2 if decision.four_eyes else 1) else []


def _counts(row: Any, role: str, digest: str) -> bool:
    return bool(row.digest == digest and row.role == role and role in row.roles and row.disabled_at is None)


def runnable(connection: sa.Connection, tenant: str, at: int, limit: int = 20) -> list[str]:
    """Proposals that persons have released and nobody has run yet: a process that died in between left them."""
    p, s = g.proposal.c, sign_off.c
    given = sa.exists().where(s.tenant == p.tenant, s.proposal == p.id, s.value == "approve")
    query = (
        sa.select(p.id)
        .where(p.tenant == tenant, p.state.in_(("decided", "never_arrived")), p.expires_at > at, given)
        .order_by(p.id)
        .limit(limit)
    )
    return [str(each) for each in connection.execute(query).scalars()]
