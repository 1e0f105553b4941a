"""Activations: which rules were put up, who signed, what is in force when, and the bytes of it all. Jobs of a connection."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from domain.errors import Broken, Conflict, NotFound
from domain.staff import ROLES
from runtime.storage.staff_tables import activation, activation_sign_off, content, staff_user

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Activation:
    """Files put up to run. `files` names the SHA-256 of each; times are business time in microseconds."""

    id: str
    kind: str
    name: str
    version: str
    digest: str
    files: dict[str, str]
    effective_from: int
    proposed_by: str
    proposed_at: int
    reason: str
    state: str
    completed_at: int | None


_FIELDS = tuple(Activation.__dataclass_fields__)


def _read(row: sa.Row[Any]) -> Activation:
    return Activation(**{name: row._mapping[name] for name in _FIELDS})


def hashes(files: Files) -> dict[str, str]:
    return {name: hashlib.sha256(body).hexdigest() for name, body in sorted(files.items())}


def insert(connection: sa.Connection, tenant: str, new: Activation, files: Files) -> None:
    """Store an activation and those of its files that are not there yet."""
    for name, digest in new.files.items():
        c = content.c
        if connection.execute(sa.select(c.digest).where(c.tenant == tenant, c.digest == digest)).first() is None:
            connection.execute(content.insert().values(tenant=tenant, digest=digest, body=files[name]))
    connection.execute(activation.insert().values(tenant=tenant, **asdict(new)))


def load(connection: sa.Connection, tenant: str, identifier: str, *, lock: bool = False) -> Activation:
    """Raises NotFound `activation_not_found`."""
    a = activation.c
    query = sa.select(activation).where(a.tenant == tenant, a.id == identifier)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound("activation_not_found")
    return _read(row)


def files_of(connection: sa.Connection, tenant: str, one: Activation) -> dict[str, bytes]:
    """The bytes of its files, checked against their names. Raises Broken `content_broken`."""
    c = content.c
    rows = connection.execute(sa.select(c.digest, c.body).where(c.tenant == tenant, c.digest.in_(list(one.files.values())))).all()
    bodies = {row.digest: bytes(row.body) for row in rows}
    files = {name: bodies.get(digest, b"") for name, digest in one.files.items()}
    if hashes(files) != one.files:
        raise Broken("content_broken", f"the stored files of {one.kind} {one.name} are not those that were signed")
    return files


def effective(connection: sa.Connection, tenant: str, kind: str, name: str, at: int) -> Activation | None:
    """What is in force at a time: of the complete ones that have begun, the last to begin."""
    a = activation.c
    query = (
        sa.select(activation)
        .where(a.tenant == tenant, a.kind == kind, a.state == "complete", a.effective_from <= at, a.name == name)
        .order_by(a.effective_from.desc(), a.completed_at.desc(), a.id)
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _read(row)


def latest(connection: sa.Connection, tenant: str, limit: int) -> list[Activation]:
    a = activation.c
    query = sa.select(activation).where(a.tenant == tenant).order_by(a.proposed_at.desc(), a.id).limit(limit)
    return [_read(row) for row in connection.execute(query)]


def close(connection: sa.Connection, tenant: str, one: Activation, state: str, at: int) -> None:
    """Complete or refuse it. What is completed late begins then, not before; of two at one instant the later one counts."""
    a = activation.c
    before = sa.select(sa.func.max(a.completed_at)).where(a.tenant == tenant, a.kind == one.kind, a.name == one.name)
    ended = max(at, (connection.execute(before).scalar_one() or 0) + 1)
    done = connection.execute(
        activation.update()
        .where(a.tenant == tenant, a.id == one.id, a.state == "proposed")
        .values(state=state, completed_at=ended, effective_from=max(one.effective_from, at))
    )
    if done.rowcount != 1:
        raise Conflict("activation_closed", "signed or refused by others meanwhile")


def sign(connection: sa.Connection, tenant: str, **values: Any) -> None:
    """Raises Conflict `sign_off_repeated`: one person, one word."""
    s = activation_sign_off.c
    there = sa.select(s.staff).where(s.tenant == tenant, s.activation == values["activation"], s.staff == values["staff"])
    if connection.execute(there).first() is not None:
        raise Conflict("sign_off_repeated", "already signed")
    connection.execute(activation_sign_off.insert().values(tenant=tenant, **values))


def signed(connection: sa.Connection, tenant: str, identifier: str) -> list[sa.Row[Any]]:
    """All words on one activation: staff, value, reason, at."""
    s = activation_sign_off.c
    query = sa.select(s.staff, s.value, s.reason, s.at).where(s.tenant == tenant, s.activation == identifier)
    return list(connection.execute(query.order_by(s.at, s.staff)))


def counting(connection: sa.Connection, tenant: str, one: Activation) -> list[str]:
    """Who has approved exactly these files and may still activate."""
    s, u = activation_sign_off.c, staff_user.c
    rows = connection.execute(
        sa.select(s.staff, u.roles)
        .join_from(activation_sign_off, staff_user, sa.and_(u.tenant == s.tenant, u.name == s.staff))
        .where(s.tenant == tenant, s.activation == one.id, s.value == "approve", s.digest == one.digest, u.disabled_at.is_(None))
    ).all()
    return sorted(r.staff for r in rows if any("policy.activate" in ROLES[each].permissions for each in r.roles if each in ROLES))
