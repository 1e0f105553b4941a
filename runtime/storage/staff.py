"""Staff and their sessions as plain jobs of a connection. Times are wall time in microseconds, unless called `at`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain.errors import Conflict, NotFound
from runtime.storage.staff_tables import staff_part, staff_session, staff_user

#: Wrong proofs in a row after which nothing is believed for a while.
TRIES = 5
LOCK_US = 15 * 60 * 1_000_000


@dataclass(frozen=True, slots=True)
class User:
    """One member of staff as stored; `roles` as given by whoever runs the service."""

    name: str
    roles: tuple[str, ...]
    password_hash: str
    totp_secret: str
    totp_step: int
    failures: int
    locked_until: int | None
    disabled_at: int | None


_FIELDS = tuple(User.__dataclass_fields__)


def _user(row: sa.Row[Any]) -> User:
    values = {name: row._mapping[name] for name in _FIELDS}
    return User(**values | {"roles": tuple(values["roles"])})


def find_user(connection: sa.Connection, tenant: str, name: str, *, lock: bool = False) -> User | None:
    u = staff_user.c
    query = sa.select(staff_user).where(u.tenant == tenant, u.name == name)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else _user(row)


def all_users(connection: sa.Connection, tenant: str) -> list[User]:
    u = staff_user.c
    return [_user(row) for row in connection.execute(sa.select(staff_user).where(u.tenant == tenant).order_by(u.name))]


def add_user(
    connection: sa.Connection, tenant: str, name: str, roles: list[str], password_hash: str, totp_secret: str, now: int
) -> None:
    """Raises Conflict `staff_exists`."""
    if find_user(connection, tenant, name) is not None:
        raise Conflict("staff_exists", f"{name} is a user already")
    connection.execute(
        staff_user.insert().values(
            tenant=tenant, name=name, roles=roles, password_hash=password_hash, totp_secret=totp_secret, totp_step=0, failures=0,
            locked_until=None, disabled_at=None, created_at=now,
        )
    )  # fmt: skip


def change_user(connection: sa.Connection, tenant: str, name: str, **values: Any) -> None:
    """Raises NotFound `staff_unknown`."""
    u = staff_user.c
    done = connection.execute(staff_user.update().where(u.tenant == tenant, u.name == name).values(**values))
    if done.rowcount == 0:
        raise NotFound("staff_unknown", f"no user {name}")


def claim_try(connection: sa.Connection, tenant: str, name: str, now: int) -> tuple[User | None, bool]:
    """Count one try before anything is checked, so that many at once are no more than many in a row.

    Returns the user, and whether a right answer would be believed. The fifth try locks; a right one then unlocks.
    """
    user = find_user(connection, tenant, name, lock=True)
    locked = user is not None and user.locked_until is not None and now < user.locked_until
    believed = user is not None and not locked and user.disabled_at is None
    failures = user.failures + 1 if user is not None and believed else 0
    locks = {"failures": 0, "locked_until": now + LOCK_US} if failures >= TRIES else {"failures": failures}
    u = staff_user.c
    # Somebody who does not exist, is locked or has left costs the same statement, which changes nothing.
    connection.execute(
        staff_user.update()
        .where(u.tenant == tenant, u.name == (name if believed else ""), u.disabled_at.is_(None))
        .values(**locks)
    )
    return user, believed


def use_code(connection: sa.Connection, tenant: str, name: str, step: int) -> bool:
    """Use up a code and forget wrong tries. False when this code, or a later one, was used before."""
    u = staff_user.c
    done = connection.execute(
        staff_user.update()
        .where(u.tenant == tenant, u.name == name, u.totp_step < step, u.disabled_at.is_(None))
        .values(totp_step=step, failures=0, locked_until=None)
    )
    return done.rowcount == 1


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    staff: str
    roles: tuple[str, ...]
    seen_at: int
    second_factor_at: int
    expires_at: int


def open_session(connection: sa.Connection, tenant: str, session: str, name: str, now: int, expires: int) -> None:
    connection.execute(
        staff_session.insert().values(
            tenant=tenant,
            id=session,
            staff=name,
            started_at=now,
            seen_at=now,
            second_factor_at=now,
            failures=0,
            expires_at=expires,
        )
    )


def find_session(connection: sa.Connection, tenant: str, session: str) -> Session | None:
    """The session and its user's present roles; None when it was ended, had five wrong codes, or its user has left."""
    s, u = staff_session.c, staff_user.c
    row = connection.execute(
        sa.select(s.id, s.staff, u.roles, s.seen_at, s.second_factor_at, s.expires_at)
        .join_from(staff_session, staff_user, sa.and_(u.tenant == s.tenant, u.name == s.staff))
        .where(s.tenant == tenant, s.id == session, s.revoked_at.is_(None), s.failures < TRIES, u.disabled_at.is_(None))
    ).one_or_none()
    return (
        None if row is None else Session(row.id, row.staff, tuple(row.roles), row.seen_at, row.second_factor_at, row.expires_at)
    )


def claim_code_try(connection: sa.Connection, tenant: str, session: str) -> bool:
    """Count one try of the second factor inside a session before it is checked. False once five in a row were wrong."""
    s = staff_session.c
    done = connection.execute(
        staff_session.update()
        .where(s.tenant == tenant, s.id == session, s.revoked_at.is_(None), s.failures < TRIES)
        .values(failures=s.failures + 1)
    )
    return done.rowcount == 1


def touch_session(connection: sa.Connection, tenant: str, session: str, **values: int) -> None:
    s = staff_session.c
    connection.execute(staff_session.update().where(s.tenant == tenant, s.id == session).values(**values))


def revoke_sessions(connection: sa.Connection, tenant: str, name: str, now: int) -> None:
    s = staff_session.c
    connection.execute(
        staff_session.update().where(s.tenant == tenant, s.staff == name, s.revoked_at.is_(None)).values(revoked_at=now)
    )


def note_part(connection: sa.Connection, tenant: str, subject: str, name: str, part: str, at: int, reason: str = "") -> None:
    """Remember that somebody had a hand in a proposal or a conversation: `proposed`, `edited` or `owned`."""
    p = staff_part.c
    there = sa.select(p.subject).where(p.tenant == tenant, p.subject == subject, p.staff == name, p.part == part)
    if connection.execute(there).first() is None:
        connection.execute(
            staff_part.insert().values(tenant=tenant, subject=subject, staff=name, part=part, at=at, reason=reason)
        )


def had_a_part(connection: sa.Connection, tenant: str, name: str, *subjects: str | None) -> bool:
    p = staff_part.c
    query = sa.select(p.subject).where(p.tenant == tenant, p.staff == name, p.subject.in_([each for each in subjects if each]))
    return connection.execute(query.limit(1)).first() is not None
