"""Jobs on conversations: accept an input once, claim the turn, commit a turn, replay. Plain functions of a connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain.errors import Conflict, NotFound, TooFast
from graphs.state import ConversationView, FlowInstance, TurnInput
from runtime.clocks import wall_micros
from runtime.storage import tables as t

#: Inputs that may wait in one conversation; more are refused, none is dropped.
MAX_WAITING = 50
#: Inputs that one turn answers together; what waits beyond that is the next turn's.
MAX_TURN_INPUTS = 20
#: States in which a flow instance needs nothing any more.
FLOW_OVER = ("done", "cancelled", "expired", "failed")
#: Frames one replay returns at most; a client asks again with the last seq.
MAX_REPLAY = 500


@dataclass(frozen=True, slots=True)
class Claim:
    """A turn's right to write: all its commits are conditional on this epoch."""

    tenant: str
    conversation: str
    owner: str
    epoch: int


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


def create(
    connection: sa.Connection, tenant: str, view: ConversationView, channel: str, resume_hash: str | None, now: int
) -> None:
    connection.execute(
        t.conversation.insert().values(
            tenant=tenant,
            id=view.id,
            channel=channel,
            customer=view.customer,
            resume_hash=resume_hash,
            view=_view_json(view),
            state=view.state,
            last_seq=0,
            created_at=now,
            updated_at=now,
        )
    )
    connection.execute(t.turn_lease.insert().values(tenant=tenant, conversation=view.id, owner=None, epoch=0, until_us=0))


def find(connection: sa.Connection, tenant: str, conversation: str) -> sa.Row[Any]:
    """The conversation's row. Raises NotFound `conversation_not_found`."""
    c = t.conversation.c
    row = connection.execute(sa.select(t.conversation).where(c.tenant == tenant, c.id == conversation)).one_or_none()
    if row is None:
        raise NotFound("conversation_not_found")
    return row


def claim_for_customer(
    connection: sa.Connection, tenant: str, conversation: str, customer: str, name: str, language: str
) -> bool:
    """Give an anonymous conversation to the customer who signed in; once. False when it has an owner already."""
    row = find(connection, tenant, conversation)
    view = dict(row.view) | {"name": name, "language": language}
    c = t.conversation.c
    done = connection.execute(
        t.conversation.update()
        .where(c.tenant == tenant, c.id == conversation, c.customer.is_(None))
        .values(customer=customer, resume_hash=None, view=view)
    )
    return done.rowcount == 1


def next_seq(connection: sa.Connection, tenant: str, conversation: str, count: int = 1) -> int:
    """Take `count` sequence numbers (locking the conversation's row); returns the last one."""
    c = t.conversation.c
    seq = connection.execute(
        t.conversation.update()
        .where(c.tenant == tenant, c.id == conversation)
        .values(last_seq=c.last_seq + count)
        .returning(c.last_seq)
    ).scalar_one_or_none()
    if seq is None:
        raise NotFound("conversation_not_found")
    return int(seq)


def accept(connection: sa.Connection, tenant: str, conversation: str, incoming: Incoming, owner: str, lease_us: int) -> Accepted:
    """Store one input under its client id, once, and claim the turn when nobody holds it.

    A repeated client id answers with the first seq. Raises TooFast `inbox_full` when too many inputs wait.
    """
    c = t.conversation.c
    connection.execute(sa.select(c.id).where(c.tenant == tenant, c.id == conversation).with_for_update())
    if incoming.client_id is not None:
        seen = seq_of(connection, tenant, conversation, incoming.client_id)
        if seen is not None:
            return Accepted(seen, None, True, None)
    waiting = connection.execute(
        sa.select(sa.func.count()).select_from(t.message).where(*_waiting(tenant, conversation))
    ).scalar_one()
    if waiting >= MAX_WAITING:
        raise TooFast("inbox_full", retry_after=1.0)
    seq = next_seq(connection, tenant, conversation)
    frame = incoming.frame | {"seq": seq}
    connection.execute(
        t.message.insert().values(
            tenant=tenant,
            conversation=conversation,
            seq=seq,
            direction="in",
            frame=frame,
            input=incoming.input | {"seq": seq},
            client_id=incoming.client_id,
            raw_hmac=incoming.raw_hmac,
            auth_session=incoming.auth_session,
            at=incoming.at,
        )
    )
    claim = take_lease(connection, tenant, conversation, owner, lease_us)
    work = load_work(connection, claim) if claim is not None else None
    return Accepted(seq, frame, False, work)


def seq_of(connection: sa.Connection, tenant: str, conversation: str, client_id: str) -> int | None:
    """The seq under which a client id was accepted before, if it was."""
    m = t.message.c
    return connection.execute(
        sa.select(m.seq).where(m.tenant == tenant, m.conversation == conversation, m.client_id == client_id)
    ).scalar_one_or_none()


def _waiting(tenant: str, conversation: str) -> tuple[sa.ColumnElement[bool], ...]:
    m = t.message.c
    return m.tenant == tenant, m.conversation == conversation, m.direction == "in", m.turn.is_(None)


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


def load_work(connection: sa.Connection, claim: Claim) -> Work | None:
    """The inputs that wait, in order, with the conversation as it stands. None when nothing waits."""
    m = t.message.c
    rows = connection.execute(
        sa.select(m.input, m.auth_session)
        .where(*_waiting(claim.tenant, claim.conversation))
        .order_by(m.seq)
        .limit(MAX_TURN_INPUTS)
    ).all()
    if not rows:
        release_lease(connection, claim)
        return None
    row = find(connection, claim.tenant, claim.conversation)
    sessions = [r.auth_session for r in rows if r.auth_session] or _last_session(connection, claim)
    view = load_view(connection, claim.tenant, claim.conversation)
    return Work(
        claim=claim,
        view=view,
        inputs=[TurnInput.model_validate(r.input) for r in rows],
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


def load_threads(connection: sa.Connection, tenant: str, threads: list[str]) -> dict[str, dict[str, Any]]:
    """The stored checkpoints of the live flows, so that a turn needs no further read."""
    if not threads:
        return {}
    c = t.checkpoint.c
    rows = connection.execute(sa.select(c.thread, c.data).where(c.tenant == tenant, c.thread.in_(threads)))
    return {row.thread: row.data for row in rows}


def load_view(connection: sa.Connection, tenant: str, conversation: str) -> ConversationView:
    """The conversation with its live flow instances."""
    row = find(connection, tenant, conversation)
    f = t.flow_instance.c
    live = connection.execute(
        sa.select(f.data).where(f.tenant == tenant, f.conversation == conversation, f.status.not_in(FLOW_OVER))
    ).scalars()
    flows = {item.id: item for item in map(FlowInstance.model_validate, live)}
    return ConversationView.model_validate(
        dict(row.view) | {"tenant": tenant, "id": conversation, "customer": row.customer, "state": row.state, "flows": flows}
    )


def save_view(connection: sa.Connection, view: ConversationView, now: int) -> None:
    """Store the conversation and every flow instance it carries."""
    c = t.conversation.c
    connection.execute(
        t.conversation.update()
        .where(c.tenant == view.tenant, c.id == view.id)
        .values(view=_view_json(view), state=view.state, updated_at=now)
    )
    for instance in view.flows.values():
        save_flow(connection, view.tenant, view.id, instance, now)


def save_flow(connection: sa.Connection, tenant: str, conversation: str, instance: FlowInstance, now: int) -> None:
    f = t.flow_instance.c
    values = {"status": instance.status, "data": instance.model_dump(mode="json"), "updated_at": now}
    done = connection.execute(t.flow_instance.update().where(f.tenant == tenant, f.id == instance.id).values(**values))
    if done.rowcount == 0:
        connection.execute(
            t.flow_instance.insert().values(
                tenant=tenant, id=instance.id, conversation=conversation, flow=instance.flow, **values
            )
        )


def _view_json(view: ConversationView) -> dict[str, Any]:
    return view.model_dump(mode="json", exclude={"tenant", "id", "customer", "state", "flows"})


def append_out(
    connection: sa.Connection, tenant: str, conversation: str, turn: str | None, frame: dict[str, Any], at: int
) -> dict[str, Any]:
    """Store one frame of the record and give it the next seq."""
    seq = next_seq(connection, tenant, conversation)
    stored = frame | {"seq": seq}
    connection.execute(
        t.message.insert().values(
            tenant=tenant, conversation=conversation, seq=seq, direction="out", frame=stored, turn=turn, at=at
        )
    )
    return stored


def mark_answered(connection: sa.Connection, claim: Claim, seqs: list[int], turn: str) -> None:
    m = t.message.c
    connection.execute(
        t.message.update()
        .where(m.tenant == claim.tenant, m.conversation == claim.conversation, m.seq.in_(seqs))
        .values(turn=turn)
    )


def replay(connection: sa.Connection, tenant: str, conversation: str, after: int) -> list[dict[str, Any]]:
    """Frames of the record after a seq, in order."""
    m = t.message.c
    rows = connection.execute(
        sa.select(m.frame)
        .where(m.tenant == tenant, m.conversation == conversation, m.seq > after)
        .order_by(m.seq)
        .limit(MAX_REPLAY)
    )
    return list(rows.scalars())


def recent_texts(connection: sa.Connection, tenant: str, conversation: str, count: int) -> list[tuple[int, str]]:
    """The customer's last messages as stored, oldest first."""
    m = t.message.c
    rows = connection.execute(
        sa.select(m.seq, m.input)
        .where(m.tenant == tenant, m.conversation == conversation, m.direction == "in")
        .order_by(m.seq.desc())
        .limit(count)
    ).all()
    return [(row.seq, row.input.get("text", "")) for row in reversed(rows) if row.input.get("kind") == "message"]


def rewrite_texts(connection: sa.Connection, tenant: str, conversation: str, texts: dict[int, str]) -> None:
    """Replace stored texts of the customer's messages; only masking does this."""
    m = t.message.c
    for seq, text in texts.items():
        where = (m.tenant == tenant, m.conversation == conversation, m.seq == seq, m.direction == "in")
        row = connection.execute(sa.select(m.frame, m.input).where(*where)).one_or_none()
        if row is not None:
            values = {"frame": row.frame | {"text": text}, "input": row.input | {"text": text}}
            connection.execute(t.message.update().where(*where).values(**values))


def last_seqs(connection: sa.Connection, tenant: str, conversations: list[str]) -> dict[str, int]:
    c = t.conversation.c
    rows = connection.execute(sa.select(c.id, c.last_seq).where(c.tenant == tenant, c.id.in_(conversations)))
    return {row.id: row.last_seq for row in rows}


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
            m.direction == "in",
            m.turn.is_(None),
            sa.or_(lease.owner.is_(None), lease.until_us < db_now_us(connection)),
        )
        .limit(200)
    )
    return list(rows.scalars())


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
