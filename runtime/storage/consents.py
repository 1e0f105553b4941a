"""The customer's answers to exact digests: recorded once a request, looked up when an approval is minted. Jobs of a connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from domain.errors import Conflict
from domain.ids import derived_id
from domain.proposals import Proposal
from runtime.storage import gate_tables as t
from runtime.storage.audit import append_audit
from runtime.storage.proposals import Stored, as_stored
from runtime.storage.sealing import commitment, record_key


@dataclass(frozen=True, slots=True)
class Consent:
    """A customer's recorded yes; `digest` is the commitment to what it was said to."""

    id: str
    digest: str
    value: bool
    expires_at: int


def answered(connection: sa.Connection, proposal: Proposal, request: str) -> bool:
    """Whether this request about the proposal has its answer on record."""
    c = t.consent.c
    query = sa.select(c.id).where(c.tenant == proposal.tenant, c.proposal == proposal.id, c.request == request)
    return connection.execute(query).first() is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """A yes or no as it came in: to which digest, to which request, in which session, and until when it counts."""

    digest: str
    request: str
    value: bool
    auth_session: str | None
    at: int
    expires_at: int


def record_consent(connection: sa.Connection, stored: Stored, answer: Answer) -> Consent:
    """Store an answer. The same one again changes nothing.

    Raises Conflict `consent_repeated` when the request was answered otherwise before: the first answer stands.
    """
    p, c = stored.proposal, t.consent.c
    digest = commitment(record_key(connection, p.tenant, p.customer), answer.digest)
    given = connection.execute(
        sa.select(c.id, c.digest, c.value, c.expires_at).where(
            c.tenant == p.tenant, c.proposal == p.id, c.request == answer.request
        )
    ).one_or_none()
    if given is not None:
        if (given.digest, given.value) != (digest, answer.value):
            raise Conflict("consent_repeated", "this request was answered before")
        return Consent(*given)
    consent = Consent(derived_id("cns", p.id, answer.request), digest, answer.value, answer.expires_at)
    connection.execute(
        t.consent.insert().values(tenant=p.tenant, id=consent.id, proposal=p.id, **asdict(answer) | {"digest": digest})
    )
    body = {"consent": consent.id, "digest": answer.digest, "value": answer.value}
    append_audit(connection, p.tenant, "proposal.consent", body, answer.at, p.id)
    return consent


def valid_consent(connection: sa.Connection, proposal: Proposal, at: int) -> Consent | None:
    """The customer's latest answer, where it is a yes to exactly this digest and has not expired."""
    c = t.consent.c
    row = connection.execute(
        sa.select(c.id, c.digest, c.value, c.expires_at)
        .where(c.tenant == proposal.tenant, c.proposal == proposal.id)
        .order_by(c.at.desc(), c.id)
        .limit(1)
    ).one_or_none()
    key = record_key(connection, proposal.tenant, proposal.customer)
    if row is None or not row.value or row.digest != commitment(key, proposal.digest()) or row.expires_at <= at:
        return None
    return Consent(*row)


def related_consent(
    connection: sa.Connection, proposal: Proposal, action: str, arguments: Mapping[str, Any], at: int
) -> Consent | None:
    """A valid yes to another proposal of the same customer and conversation, of this action and with these arguments."""
    p = t.proposal.c
    rows = connection.execute(
        sa.select(t.proposal).where(
            p.tenant == proposal.tenant,
            p.customer == proposal.customer,
            p.conversation == proposal.conversation,
            p.action == action,
            p.state.in_(t.HOLDING),
        )
    ).all()
    for other in (as_stored(connection, row).proposal for row in rows):
        if all(other.arguments.get(name) == value for name, value in arguments.items()):
            consent = valid_consent(connection, other, at)
            if consent is not None:
                return consent
    return None
