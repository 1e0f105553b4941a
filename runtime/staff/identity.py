"""Signing in: password and code to a token, a token to a person. Whatever is wrong, the answer and the work are the same."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from domain.clock import BusinessClock, from_micros, to_micros
from domain.errors import Forbidden, Unauthenticated
from domain.ids import Ids
from domain.staff import Person
from persistence.database import Database
from runtime.staff.proofs import Passwords, SecretBox, new_totp_secret, step_of
from runtime.storage import staff
from runtime.storage.audit import append_audit
from runtime.storage.commits import commit, look
from runtime.storage.staff import User

#: How old the second factor may be where something is signed.
FRESH = timedelta(minutes=5)
#: A session's last use is written down at most this often.
_SEEN_EVERY = timedelta(seconds=30)
#: Password checks at once: each takes 64 MiB.
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. The token is told here and never again; the database keeps its SHA-256."""

    token: str
    person: Person
    expires_at: datetime


class StaffIdentity:
    """Users, second factors and sessions of one tenant.

    `wall` is real time (codes come from a device, sessions from a browser); `clock` the tenant's business time for the audit trail.
    """

    def __init__(
        self, db: Database, tenant: str, *, wall: BusinessClock, clock: BusinessClock, ids: Ids, box: SecretBox,
        passwords: Passwords, idle: timedelta, life: timedelta,
    ) -> None:  # fmt: skip
        self._db, self._tenant, self._wall, self._clock, self._ids = db, tenant, wall, clock, ids
        self._box, self._passwords, self._idle, self._life = box, passwords, idle, life
        self._nobody = new_totp_secret()
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def sign_in(self, name: str, password: str, code: str) -> SignedIn:
        """Raises Unauthenticated `sign_in_failed`: no such user, wrong password or code, a code used before, locked, or disabled."""
        tried = self._wall.now()
        user, believed = await commit(self._db, lambda c: staff.claim_try(c, self._tenant, name, to_micros(tried)))
        step = self._step(user, code, tried)
        async with self._slots:
            right = await asyncio.to_thread(self._passwords.holds, user.password_hash if user else None, password)
        now, token = self._wall.now(), self._ids.secret()
        session, expires = session_id(token), now + self._life
        good = believed and right and step is not None

        def finish(connection: sa.Connection) -> bool:
            if not good or not staff.use_code(connection, self._tenant, name, step or 0):
                self._note(connection, "staff.sign_in_failed", name if user else None)
                return False
            staff.open_session(connection, self._tenant, session, name, to_micros(now), to_micros(expires))
            self._note(connection, "staff.signed_in", name)
            return True

        if not await commit(self._db, finish) or user is None:
            raise Unauthenticated("sign_in_failed")
        return SignedIn(token, Person(self._tenant, name, frozenset(user.roles), session, now), expires)

    async def person(self, token: str) -> Person:
        """Who holds this token. Raises Unauthenticated `session_unknown`: none, ended, idle for too long, or run out."""
        session, now = session_id(token), self._wall.now()
        found = await look(self._db, lambda c: staff.find_session(c, self._tenant, session))
        if found is None or to_micros(now) >= min(found.expires_at, to_micros(from_micros(found.seen_at) + self._idle)):
            raise Unauthenticated("session_unknown")
        if now - from_micros(found.seen_at) >= _SEEN_EVERY:
            await commit(self._db, lambda c: staff.touch_session(c, self._tenant, session, seen_at=to_micros(now)))
        return Person(self._tenant, found.staff, frozenset(found.roles), session, from_micros(found.second_factor_at))

    async def second_factor(self, person: Person, code: str) -> datetime:
        """Prove the second factor again. The fifth wrong code in a row ends the session; strangers at the door cannot cause that.

        Raises Forbidden `second_factor_wrong`.
        """
        now = self._wall.now()
        counted = await commit(self._db, lambda c: staff.claim_code_try(c, self._tenant, person.session))
        user = await look(self._db, lambda c: staff.find_user(c, self._tenant, person.name))
        step = self._step(user, code, now)

        def finish(connection: sa.Connection) -> bool:
            good = counted and step is not None and staff.use_code(connection, self._tenant, person.name, step)
            if good:
                values = {"second_factor_at": to_micros(now), "failures": 0}
                staff.touch_session(connection, self._tenant, person.session, **values)
            self._note(connection, "staff.second_factor" if good else "staff.second_factor_failed", person.name)
            return good

        if not await commit(self._db, finish):
            raise Forbidden("second_factor_wrong")
        return now

    async def sign_out(self, person: Person) -> None:
        at = to_micros(self._wall.now())

        def job(connection: sa.Connection) -> None:
            staff.touch_session(connection, self._tenant, person.session, revoked_at=at)
            self._note(connection, "staff.signed_out", person.name)

        await commit(self._db, job)

    def require_fresh(self, person: Person) -> None:
        """Raises Forbidden `second_factor_stale` when the second factor was proven more than five minutes ago."""
        if self._wall.now() - person.second_factor_at > FRESH:
            raise Forbidden("second_factor_stale")

    def _step(self, user: User | None, code: str, now: datetime) -> int | None:
        """The step of a code, or None; the same work for somebody who does not exist."""
        secret = self._box.unwrap(user.totp_secret, owner(self._tenant, user.name)) if user else self._nobody
        return step_of(secret, code, now)

    def _note(self, connection: sa.Connection, kind: str, name: str | None) -> None:
        """A name that is nobody's is not written down: it may be a password in the wrong field."""
        append_audit(connection, self._tenant, kind, {"by": name}, to_micros(self._clock.now()))


def session_id(token: str) -> str:
    """What is stored of a token: of 256 random bits a plain hash tells nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def owner(tenant: str, name: str) -> str:
    """To whom a second factor's secret is bound."""
    return f"{tenant}/{name}"
