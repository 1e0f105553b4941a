"""Content from before it was sealed: sealed once, at the first start after the migration that asks for it."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from runtime.storage import gate_tables as g
from runtime.storage import tables as t
from runtime.storage.content import PLACES, Place
from runtime.storage.sealing import commitment, new_talk_key, record_key, seal, vault_of
from runtime.storage.vault import DataKey

#: The migration leaves a due row of this name, of no tenant; it goes when all is sealed.
EVERY, MARK = "*", "seal_content"


def is_waiting(connection: sa.Connection) -> bool:
    """Whether there may be content that is not sealed."""
    d = t.due.c
    return connection.execute(sa.select(d.key).where(d.tenant == EVERY, d.key == MARK)).first() is not None


def seal_content(connection: sa.Connection) -> int:
    """Seal whatever is not, in one transaction; returns how many values."""
    c, d = t.conversation.c, t.due.c
    count = 0
    for tenant in connection.execute(sa.select(c.tenant).union(sa.select(g.proposal.c.tenant))).scalars().all():
        for row in connection.execute(sa.select(c.id, c.customer).where(c.tenant == tenant, c.talk_key == "")).all():
            key = new_talk_key(connection, tenant, row.id, row.customer)
            connection.execute(t.conversation.update().where(c.tenant == tenant, c.id == row.id).values(talk_key=key))
        count += sum(_seal_place(connection, tenant, place) for place in PLACES)
        _commit_digests(connection, tenant)
    connection.execute(t.due.delete().where(d.tenant == EVERY, d.key == MARK))
    return count


def _seal_place(connection: sa.Connection, tenant: str, place: Place) -> int:
    column, count = place.table.c[place.column], 0
    plain = sa.and_(place.table.c.tenant == tenant, column.is_not(None), ~column.like("1.%"))
    for row in connection.execute(sa.select(place.table).where(plain)).all():
        values: dict[str, Any] = {}
        if place.table is t.turn:
            # The understanding was part of the turn's account.
            account = dict(row.record)
            value: Any = {"understanding": account.pop("understanding", None)}
            values["record"] = account
        else:
            value = json.loads(getattr(row, place.column))
        values[place.column] = seal(_key(connection, tenant, place, row), tenant, place.name, place.row(row), value)
        same = [each == getattr(row, each.name) for each in place.table.primary_key]
        connection.execute(place.table.update().where(place.table.c.tenant == tenant, *same).values(values))
        count += 1
    return count


def _key(connection: sa.Connection, tenant: str, place: Place, row: Any) -> DataKey:
    c, f, p = t.conversation.c, t.flow_instance.c, g.proposal.c
    if place.purpose == "record":
        customer = (
            row.customer if place.table is g.proposal else _one(connection, p.customer, p.tenant == tenant, p.id == row.proposal)
        )
        return record_key(connection, tenant, customer)
    conversation = (
        getattr(row, place.conversation)
        if place.conversation
        else _one(connection, f.conversation, f.tenant == tenant, f.id == row.thread)
    )
    key = vault_of(connection).key(tenant, _one(connection, c.talk_key, c.tenant == tenant, c.id == conversation))
    assert key is not None
    return key


def _one(connection: sa.Connection, column: sa.ColumnElement[Any], *where: sa.ColumnElement[bool]) -> Any:
    return connection.execute(sa.select(column).where(*where)).scalar_one()


def _commit_digests(connection: sa.Connection, tenant: str) -> None:
    """Digests of guessable content become commitments."""
    c, a, p = g.consent.c, g.approval.c, g.proposal.c
    for row in connection.execute(sa.select(p.id, p.customer).where(p.tenant == tenant)).all():
        key = record_key(connection, tenant, row.customer)
        consents = sa.select(c.id, c.digest).where(c.tenant == tenant, c.proposal == row.id)
        for consent in connection.execute(consents).all():
            made = commitment(key, consent.digest)
            connection.execute(g.consent.update().where(c.tenant == tenant, c.id == consent.id).values(digest=made))
        approvals = sa.select(a.jti, a.arguments_digest, a.facts_digest).where(a.tenant == tenant, a.proposal == row.id)
        for each in connection.execute(approvals).all():
            made_of = {name: commitment(key, getattr(each, name)) for name in ("arguments_digest", "facts_digest")}
            connection.execute(g.approval.update().where(a.tenant == tenant, a.jti == each.jti).values(made_of))
