"""Keeping the list of staff: from the machine the service runs on, by whoever may read its keys. There is no default user."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.clock import BusinessClock, from_micros, to_micros
from domain.errors import BadInput
from domain.staff import ROLES
from persistence.database import Database
from runtime.staff.identity import owner
from runtime.staff.proofs import Passwords, SecretBox, enrolment_uri, new_totp_secret
from runtime.storage import staff
from runtime.storage.audit import append_audit

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")


class Users:
    """Adds and changes users, each change with its audit entry. Times of users are wall time."""

    def __init__(self, db: Database, tenant: str, box: SecretBox, passwords: Passwords, wall: BusinessClock) -> None:
        self._db, self._tenant, self._box, self._passwords, self._wall = db, tenant, box, passwords, wall

    def add(self, name: str, roles: Sequence[str], password: str) -> str:
        """A new user; returns the enrolment URI of the second factor, which nothing shows again.

        Raises BadInput `staff_name`, `role_unknown` or `password_weak`, Conflict `staff_exists`.
        """
        if not _NAME.fullmatch(name):
            raise BadInput("staff_name", "2 to 32 of a-z 0-9 . _ -, a letter first")
        known, hashed, (wrapped, uri) = _known(roles), self._passwords.hash(password, name), self._enrol(name)

        def job(connection: sa.Connection) -> None:
            staff.add_user(connection, self._tenant, name, known, hashed, wrapped, self._now())
            self._note(connection, "staff.added", {"staff": name, "roles": known})

        self._db.write_now(job)
        return uri

    def list(self) -> list[dict[str, Any]]:
        """Every user: name, roles, whether disabled, until when locked."""
        now = self._now()
        return [
            {
                "name": user.name,
                "roles": sorted(user.roles),
                "disabled": user.disabled_at is not None,
                "locked_until": _iso(user.locked_until) if user.locked_until and user.locked_until > now else None,
            }
            for user in self._db.read_now(lambda c: staff.all_users(c, self._tenant))
        ]

    def disable(self, name: str) -> None:
        """From now on this user is nobody here; running sessions end. Raises NotFound `staff_unknown`."""
        self._change(name, "staff.disabled", disabled_at=self._now())

    def enable(self, name: str) -> None:
        self._change(name, "staff.enabled", disabled_at=None, failures=0, locked_until=None)

    def reset_password(self, name: str, password: str, *, new_second_factor: bool = False) -> str | None:
        """Another password, and no lock; sessions end. With a new second factor its enrolment URI is returned, once."""
        values: dict[str, Any] = {"password_hash": self._passwords.hash(password, name), "failures": 0, "locked_until": None}
        uri = None
        if new_second_factor:
            values["totp_secret"], uri = self._enrol(name)
        self._change(name, "staff.password_reset", {"second_factor": new_second_factor}, **values)
        return uri

    def set_roles(self, name: str, roles: Sequence[str]) -> None:
        """In force with the next request. Raises BadInput `role_unknown`, NotFound `staff_unknown`."""
        self._change(name, "staff.roles", {"roles": _known(roles)}, ends_sessions=False, roles=_known(roles))

    def _change(
        self, name: str, kind: str, body: dict[str, Any] | None = None, *, ends_sessions: bool = True, **values: Any
    ) -> None:
        def job(connection: sa.Connection) -> None:
            staff.change_user(connection, self._tenant, name, **values)
            if ends_sessions:
                staff.revoke_sessions(connection, self._tenant, name, self._now())
            self._note(connection, kind, {"staff": name} | (body or {}))

        self._db.write_now(job)

    def _enrol(self, name: str) -> tuple[str, str]:
        secret = new_totp_secret()
        return self._box.wrap(secret, owner(self._tenant, name)), enrolment_uri(secret, name, self._tenant)

    def _note(self, connection: sa.Connection, kind: str, body: dict[str, Any]) -> None:
        append_audit(connection, self._tenant, kind, body, self._now())

    def _now(self) -> int:
        return to_micros(self._wall.now())


def _known(roles: Sequence[str]) -> list[str]:
    unknown = sorted(set(roles) - ROLES.keys())
    if unknown or not roles:
        raise BadInput("role_unknown", f"{', '.join(unknown) or 'no role given'}; roles are {', '.join(ROLES)}")
    return sorted(set(roles))


def _iso(micros: int) -> str:
    at: datetime = from_micros(micros)
    return at.isoformat()
