"""The record of a conversation: accept an input once, find what waits, append what is said, replay. Plain functions of a connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain.clock import from_micros
from domain.errors import Conflict, TooFast
from domain.frames import Author, MessageOut
from graphs.state import ConversationView, TurnInput
from runtime.storage import tables as t
from runtime.storage.conversations import find, load_threads, load_view, lock, next_seq
from runtime.storage.leases import Claim, db_now_us, release_lease, take_lease
from runtime.storage.sealing import seal, talk_key, unseal

#: Places of sealed values, and what is shown where one was erased.
FRAME, INPUT = "message.frame", "message.input"
ERASED = "[erased]"
#: Inputs that may wait in one conversation; more are refused, none is dropped.
MAX_WAITING = 50
#: Inputs that one turn answers together; what waits beyond that is the next turn's.
MAX_TURN_INPUTS = 20
#: Inputs looked at for each typed message wanted: what is pressed lies between what is typed.
BUTTONS_BETWEEN = 4
#: Frames one replay returns at most; a client asks again with the last seq.
MAX_REPLAY = 500
#: Written out, not bound: a partial index serves only queries in which its own condition stands.
_UNANSWERED = sa.and_(t.message.c.direction == sa.literal_column("'in'"), t.message.c.turn.is_(None))


@dataclass(frozen=True, slots=True)
class Work:
    """What a claimed turn works on."""

    claim: Claim
    view: ConversationView
    inputs: list[TurnInput]
    auth_session: str | None
    channel: str
    threads: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One accepted input: its frame for replay and its content for the turn (both masked)."""

    client_id: str | None
    frame: dict[str, Any]
    input: dict[str, Any]
    raw_hmac: str | None
    auth_session: str | None
    at: int


@dataclass(frozen=True, slots=True)
class Accepted:
    seq: int
    frame: dict[str, Any] | None
    repeated: bool
    work: Work | None


def accept(connection: sa.Connection, tenant: str, conversation: str, incoming: Incoming, owner: str, lease_us: int) -> Accepted:
    """Store one input under its client id, once, and claim the turn when nobody holds it.

    A repeated client id answers with the first seq. Raises TooFast `inbox_full` when too many inputs wait.
    """
    lock(connection, tenant, conversation)
    if incoming.client_id is not None:
        seen = seq_of(connection, tenant, conversation, incoming.client_id)
        if seen is not None:
            return Accepted(seen, None, True, None)
    require_room(connection, tenant, conversation)
    seq = next_seq(connection, tenant, conversation)
    frame = incoming.frame | {"seq": seq}
    insert_message(
        connection,
        tenant,
        conversation,
        seq,
        "in",
        frame,
        input=incoming.input | {"seq": seq},
        at=incoming.at,
        client_id=incoming.client_id,
        raw_hmac=incoming.raw_hmac,
        auth_session=incoming.auth_session,
    )
    claim = take_lease(connection, tenant, conversation, owner, lease_us)
    work = load_work(connection, claim) if claim is not None else None
    return Accepted(seq, frame, False, work)


def insert_message(
    connection: sa.Connection,
    tenant: str,
    conversation: str,
    seq: int,
    direction: str,
    frame: dict[str, Any],
    *,
    at: int,
    input: dict[str, Any] | None = None,
    **values: Any,
) -> None:
    """One row of the record, its content sealed. Raises Conflict `conversation_erased`."""
    key, row = talk_key(connection, tenant, conversation), message_row(conversation, seq)
    connection.execute(
        t.message.insert().values(
            tenant=tenant,
            conversation=conversation,
            seq=seq,
            direction=direction,
            frame=seal(key, tenant, FRAME, row, frame),
            input=None if input is None else seal(key, tenant, INPUT, row, input),
            at=at,
            **values,
        )
    )


def message_row(conversation: str, seq: int) -> str:
    """How sealed values name a message."""
    return f"{conversation}:{seq}"


def seq_of(connection: sa.Connection, tenant: str, conversation: str, client_id: str) -> int | None:
    """The seq under which a client id was accepted before, if it was."""
    m = t.message.c
    return connection.execute(
        sa.select(m.seq).where(m.tenant == tenant, m.conversation == conversation, m.client_id == client_id)
    ).scalar_one_or_none()


def require_room(connection: sa.Connection, tenant: str, conversation: str) -> None:
    """Raises TooFast `inbox_full` when as many inputs wait as may."""
    waiting = connection.execute(
        sa.select(sa.func.count()).select_from(t.message).where(*_waiting(tenant, conversation))
    ).scalar_one()
    if waiting >= MAX_WAITING:
        raise TooFast("inbox_full", retry_after=1.0)


def _waiting(tenant: str, conversation: str) -> tuple[sa.ColumnElement[bool], ...]:
    m = t.message.c
    return m.tenant == tenant, m.conversation == conversation, _UNANSWERED


def load_work(connection: sa.Connection, claim: Claim) -> Work | None:
    """The inputs that wait, in order, with the conversation as it stands. None when nothing waits."""
    m = t.message.c
    rows = connection.execute(
        sa.select(m.seq, m.input, m.auth_session)
        .where(*_waiting(claim.tenant, claim.conversation))
        .order_by(m.seq)
        .limit(MAX_TURN_INPUTS)
    ).all()
    if not rows:
        release_lease(connection, claim)
        return None
    row = find(connection, claim.tenant, claim.conversation)
    inputs = [TurnInput.model_validate(_input(connection, claim.tenant, claim.conversation, r)) for r in rows]
    sessions = [r.auth_session for r in rows if r.auth_session]
    if not sessions and all(item.kind == "event" for item in inputs):
        sessions = _last_session(connection, claim)
    view = load_view(connection, claim.tenant, claim.conversation)
    return Work(
        claim=claim,
        view=view,
        inputs=inputs,
        auth_session=sessions[-1] if sessions else None,
        channel=row.channel,
        threads=load_threads(connection, claim.tenant, list(view.flows)),
    )


def _last_session(connection: sa.Connection, claim: Claim) -> list[str]:
    """The session of the customer's latest input: an event (a request ran out) has none of its own."""
    m = t.message.c
    query = (
        sa.select(m.auth_session)
        .where(m.tenant == claim.tenant, m.conversation == claim.conversation, m.auth_session.is_not(None))
        .order_by(m.seq.desc())
        .limit(1)
    )
    return list(connection.execute(query).scalars())


def append_out(
    connection: sa.Connection, tenant: str, conversation: str, turn: str | None, frame: dict[str, Any], at: int
) -> dict[str, Any]:
    """Store one frame of the record and give it the next seq."""
    seq = next_seq(connection, tenant, conversation)
    stored = frame | {"seq": seq}
    insert_message(connection, tenant, conversation, seq, "out", stored, at=at, turn=turn)
    return stored


def mark_answered(connection: sa.Connection, claim: Claim, seqs: list[int], turn: str) -> None:
    m = t.message.c
    connection.execute(
        t.message.update()
        .where(m.tenant == claim.tenant, m.conversation == claim.conversation, m.seq.in_(seqs))
        .values(turn=turn)
    )


def replay(connection: sa.Connection, tenant: str, conversation: str, after: int) -> list[dict[str, Any]]:
    """Frames of the record after a seq, in order. What was erased reads so."""
    m = t.message.c
    rows = connection.execute(
        sa.select(m.seq, m.at, m.frame)
        .where(m.tenant == tenant, m.conversation == conversation, m.seq > after)
        .order_by(m.seq)
        .limit(MAX_REPLAY)
    )
    return [
        unseal(connection, tenant, FRAME, message_row(conversation, row.seq), row.frame) or erased_frame(row.seq, row.at)
        for row in rows
    ]


def erased_frame(seq: int, at: int) -> dict[str, Any]:
    """What stands where a frame was erased."""
    return MessageOut(seq=seq, author=Author(kind="system", name=""), text=ERASED, at=from_micros(at)).model_dump(mode="json")


def _input(connection: sa.Connection, tenant: str, conversation: str, row: Any) -> dict[str, Any]:
    found: dict[str, Any] | None = unseal(connection, tenant, INPUT, message_row(conversation, row.seq), row.input)
    if found is None:
        raise Conflict("conversation_erased", "nothing in it can be answered")
    return found


def recent_texts(connection: sa.Connection, tenant: str, conversation: str, count: int) -> list[tuple[int, str]]:
    """The customer's last `count` typed messages as stored, with their seqs, oldest first; buttons between them do not count."""
    m = t.message.c
    rows = connection.execute(
        sa.select(m.seq, m.input)
        .where(m.tenant == tenant, m.conversation == conversation, m.direction == "in")
        .order_by(m.seq.desc())
        .limit(BUTTONS_BETWEEN * count)
    )
    inputs = [(row.seq, unseal(connection, tenant, INPUT, message_row(conversation, row.seq), row.input) or {}) for row in rows]
    typed = [(seq, given.get("text", "")) for seq, given in inputs if given.get("kind") == "message"]
    return typed[:count][::-1]


def rewrite_texts(connection: sa.Connection, tenant: str, conversation: str, texts: dict[int, str]) -> None:
    """Replace stored texts of the customer's messages; only masking does this."""
    m = t.message.c
    for seq, text in texts.items():
        where = (m.tenant == tenant, m.conversation == conversation, m.seq == seq, m.direction == "in")
        row = connection.execute(sa.select(m.frame, m.input).where(*where)).one_or_none()
        if row is not None:
            key, name = talk_key(connection, tenant, conversation), message_row(conversation, seq)
            values = {
                column.name: seal(key, tenant, place, name, unseal(connection, tenant, place, name, old) | {"text": text})
                for column, place, old in ((m.frame, FRAME, row.frame), (m.input, INPUT, row.input))
            }
            connection.execute(t.message.update().where(*where).values(**values))


def unanswered(connection: sa.Connection, tenant: str) -> list[str]:
    """Conversations with inputs that no finished turn answered and whose lease is free or run out."""
    m, lease = t.message.c, t.turn_lease.c
    rows = connection.execute(
        sa.select(m.conversation)
        .distinct()
        .join(t.turn_lease, sa.and_(lease.tenant == m.tenant, lease.conversation == m.conversation))
        .where(
            m.tenant == tenant,
            lease.tenant == tenant,
            _UNANSWERED,
            sa.or_(lease.owner.is_(None), lease.until_us < db_now_us(connection)),
        )
        .limit(200)
    )
    return list(rows.scalars())
