"""Proposals whose time runs out before they are executed: cancelled, their effects free again. Jobs of a connection."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from domain.clock import to_micros
from runtime.storage import gate_tables as t
from runtime.storage.proposals import Stored, load, move

#: States from which a proposal whose time has run out is cancelled: nothing of it is under way.
LAPSING = ("proposed", "decided", "awaiting_consent", "awaiting_step_up", "awaiting_human", "never_arrived")


def has_lapsed(stored: Stored, at: int) -> bool:
    """Whether its time ran out before it was executed."""
    return stored.proposal.state in LAPSING and to_micros(stored.proposal.expires_at) <= at


def let_lapse(connection: sa.Connection, tenant: str, proposal: str, at: int) -> None:
    """Cancel a proposal that has lapsed, or never arrived and is asked for anew; one that moved on meanwhile stays as it is."""
    stored = load(connection, tenant, proposal, lock=True)
    code = "proposal_expired" if has_lapsed(stored, at) else "asked_anew"
    if has_lapsed(stored, at) or stored.proposal.state == "never_arrived":
        move(connection, stored, "cancelled", at, {"failure": code}, failure=code)


def any_lapsed(connection: sa.Connection, tenant: str, now: datetime) -> bool:
    p = t.proposal.c
    query = sa.select(p.id).where(p.tenant == tenant, p.state.in_(LAPSING), p.expires_at <= to_micros(now)).limit(1)
    return connection.execute(query).first() is not None


def expire(connection: sa.Connection, tenant: str, now: datetime, limit: int = 100) -> list[str]:
    """Cancel proposals that have lapsed; their effects are free again. Returns their ids."""
    p, at = t.proposal.c, to_micros(now)
    query = sa.select(p.id).where(p.tenant == tenant, p.state.in_(LAPSING), p.expires_at <= at).order_by(p.id).limit(limit)
    lapsed = [str(each) for each in connection.execute(query).scalars()]
    for each in lapsed:
        let_lapse(connection, tenant, each, at)
    return lapsed
