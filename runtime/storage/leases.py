"""The lease that makes one writer per conversation: taken by compare-and-set, checked by every commit of a turn."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from domain.errors import Conflict
from runtime.clocks import wall_micros
from runtime.storage import tables as t


@dataclass(frozen=True, slots=True)
class Claim:
    """A turn's right to write: all its commits are conditional on this epoch."""

    tenant: str
    conversation: str
    owner: str
    epoch: int


def take_lease(connection: sa.Connection, tenant: str, conversation: str, owner: str, lease_us: int) -> Claim | None:
    """Compare-and-set: become the one writer if the lease is free or run out. None when another turn holds it."""
    now = db_now_us(connection)
    lease = t.turn_lease.c
    epoch = connection.execute(
        t.turn_lease.update()
        .where(lease.tenant == tenant, lease.conversation == conversation, sa.or_(lease.owner.is_(None), lease.until_us < now))
        .values(owner=owner, epoch=lease.epoch + 1, until_us=now + lease_us)
        .returning(lease.epoch)
    ).scalar_one_or_none()
    return None if epoch is None else Claim(tenant, conversation, owner, int(epoch))


def turn_runs(connection: sa.Connection, tenant: str, conversation: str) -> bool:
    """True while somebody holds the lease."""
    lease = t.turn_lease.c
    held = sa.select(lease.epoch).where(
        lease.tenant == tenant,
        lease.conversation == conversation,
        lease.owner.is_not(None),
        lease.until_us >= db_now_us(connection),
    )
    return connection.execute(held).first() is not None


def renew_lease(connection: sa.Connection, claim: Claim, lease_us: int) -> bool:
    """Hold on for longer; False when the lease is no longer ours."""
    done = connection.execute(t.turn_lease.update().where(*_held(claim)).values(until_us=db_now_us(connection) + lease_us))
    return done.rowcount == 1


def next_epoch(connection: sa.Connection, claim: Claim) -> Claim:
    """The same owner's next turn: a new epoch, so that each turn's commits are its own."""
    lease = t.turn_lease.c
    epoch = connection.execute(
        t.turn_lease.update().where(*_held(claim)).values(epoch=lease.epoch + 1).returning(lease.epoch)
    ).scalar_one()
    return Claim(claim.tenant, claim.conversation, claim.owner, int(epoch))


def release_lease(connection: sa.Connection, claim: Claim) -> None:
    connection.execute(t.turn_lease.update().where(*_held(claim)).values(owner=None, until_us=0))


def require_lease(connection: sa.Connection, claim: Claim) -> None:
    """Raises Conflict `turn_lease_lost`: another process took over, nothing of this turn may be stored."""
    if not renew_lease(connection, claim, 0):
        raise Conflict("turn_lease_lost")


def _held(claim: Claim) -> tuple[sa.ColumnElement[bool], ...]:
    lease = t.turn_lease.c
    return (
        lease.tenant == claim.tenant,
        lease.conversation == claim.conversation,
        lease.owner == claim.owner,
        lease.epoch == claim.epoch,
    )


def free_leases(connection: sa.Connection, tenant: str) -> int:
    """Take back all leases of a process that died; only for the single process of SQLite, at its start."""
    lease = t.turn_lease.c
    done = connection.execute(
        t.turn_lease.update().where(lease.tenant == tenant, lease.owner.is_not(None)).values(owner=None, until_us=0)
    )
    return done.rowcount


def db_now_us(connection: sa.Connection) -> int:
    """One wall clock for leases: the database server's where there are several machines, ours on SQLite."""
    if connection.dialect.name != "postgresql":
        return wall_micros()
    return int(connection.execute(sa.text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")).scalar_one())
