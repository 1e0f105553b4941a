"""Conversations and the flows they carry, as rows: made, claimed, loaded for a turn, stored by its commit."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog
from pydantic import ValidationError

from domain.errors import NotFound
from graphs.state import ConversationView, FlowInstance
from runtime.storage import tables as t
from runtime.storage.sealing import new_talk_key, seal, talk_key, unseal, vault_of

log = structlog.get_logger(__name__)
#: States in which a flow instance needs nothing any more.
FLOW_OVER = ("done", "cancelled", "expired", "failed")
#: Why a conversation was handed over when somebody seemed to be in distress or under pressure.
DISTRESS = "vulnerable"
#: Places of sealed values.
VIEW, FLOW, CHECKPOINT = "conversation.view", "flow_instance.data", "checkpoint.data"
#: Stands for the version of a flow instance that cannot be read as it is.
UNKNOWN_VERSION = -1


def create(
    connection: sa.Connection, tenant: str, view: ConversationView, channel: str, resume_hash: str | None, now: int
) -> None:
    identifier = new_talk_key(connection, tenant, view.id, view.customer)
    key = vault_of(connection).key(tenant, identifier)
    assert key is not None
    connection.execute(
        t.conversation.insert().values(
            tenant=tenant,
            id=view.id,
            channel=channel,
            customer=view.customer,
            talk_key=identifier,
            resume_hash=resume_hash,
            view=seal(key, tenant, VIEW, view.id, _view_json(view)),
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


def stored_view(connection: sa.Connection, row: sa.Row[Any]) -> dict[str, Any]:
    """What a conversation's row keeps of it besides its columns; empty once it was erased."""
    view: dict[str, Any] | None = unseal(connection, row.tenant, VIEW, row.id, row.view)
    return view or {}


def require_owner(connection: sa.Connection, tenant: str, conversation: str, customer: str | None) -> None:
    """Raises NotFound `conversation_not_found` unless it is this customer's, or still anonymous where `customer` is None."""
    c = t.conversation.c
    owner = connection.execute(sa.select(c.customer).where(c.tenant == tenant, c.id == conversation)).one_or_none()
    if owner is None or owner.customer != customer:
        raise NotFound("conversation_not_found")


def claim_for_customer(
    connection: sa.Connection, tenant: str, conversation: str, customer: str, name: str, language: str
) -> bool:
    """Give an anonymous conversation to the customer who signed in; once. False when somebody was quicker."""
    view = stored_view(connection, find(connection, tenant, conversation)) | {"name": name, "language": language}
    c = t.conversation.c
    sealed = seal(talk_key(connection, tenant, conversation), tenant, VIEW, conversation, view)
    done = connection.execute(
        t.conversation.update()
        .where(c.tenant == tenant, c.id == conversation, c.customer.is_(None))
        .values(customer=customer, resume_hash=None, view=sealed)
    )
    if done.rowcount != 1:
        return False
    vault_of(connection).claim(tenant, conversation, customer)
    return True


def lock(connection: sa.Connection, tenant: str, conversation: str) -> None:
    """Keep others off this conversation's record until the transaction ends.

    Always the first lock of a job that writes more than one of conversation, lease and request: in another order two of them
    would wait for each other.
    """
    c = t.conversation.c
    connection.execute(sa.select(c.id).where(c.tenant == tenant, c.id == conversation).with_for_update())


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


def load_threads(connection: sa.Connection, tenant: str, threads: list[str]) -> dict[str, dict[str, Any]]:
    """The stored checkpoints of the live flows, so that a turn needs no further read."""
    if not threads:
        return {}
    c = t.checkpoint.c
    rows = connection.execute(sa.select(c.thread, c.data).where(c.tenant == tenant, c.thread.in_(threads)))
    found = {row.thread: unseal(connection, tenant, CHECKPOINT, row.thread, row.data) for row in rows}
    return {thread: data for thread, data in found.items() if data is not None}


def load_view(connection: sa.Connection, tenant: str, conversation: str) -> ConversationView:
    """The conversation with its live flow instances, the stack without those that cannot be read any more."""
    row = find(connection, tenant, conversation)
    f = t.flow_instance.c
    live = connection.execute(
        sa.select(f.id, f.data).where(f.tenant == tenant, f.conversation == conversation, f.status.not_in(FLOW_OVER))
    ).all()
    data = [unseal(connection, tenant, FLOW, each.id, each.data) for each in live]
    flows = {item.id: item for item in map(_flow, filter(None, data)) if item is not None}
    view = {name: value for name, value in stored_view(connection, row).items() if name in ConversationView.model_fields}
    view["stack"] = [name for name in view.get("stack", ()) if name in flows]
    return ConversationView.model_validate(
        view | {"tenant": tenant, "id": conversation, "customer": row.customer, "state": row.state, "flows": flows}
    )


def _flow(data: dict[str, Any]) -> FlowInstance | None:
    """A stored flow instance. One that other code wrote is of an unknown version, so that it begins again with its slots kept."""
    try:
        return FlowInstance.model_validate(data)
    except ValidationError:
        log.error("flow_unreadable", flow=data.get("flow"), instance=data.get("id"), schema_version=data.get("schema_version"))
    known = {name: value for name, value in data.items() if name in FlowInstance.model_fields}
    with suppress(ValidationError):
        return FlowInstance.model_validate(known | {"schema_version": UNKNOWN_VERSION})
    return None


def save_view(connection: sa.Connection, view: ConversationView, now: int) -> None:
    """Store the conversation and every flow instance it carries. A name learnt at a sign-in meanwhile is kept."""
    c = t.conversation.c
    key = talk_key(connection, view.tenant, view.id)
    if view.name is None:
        view = view.model_copy(update={"name": stored_view(connection, find(connection, view.tenant, view.id)).get("name")})
    connection.execute(
        t.conversation.update()
        .where(c.tenant == view.tenant, c.id == view.id)
        .values(view=seal(key, view.tenant, VIEW, view.id, _view_json(view)), state=view.state, updated_at=now)
    )
    for instance in view.flows.values():
        save_flow(connection, view.tenant, view.id, instance, now)


def save_flow(connection: sa.Connection, tenant: str, conversation: str, instance: FlowInstance, now: int) -> None:
    f = t.flow_instance.c
    data = seal(talk_key(connection, tenant, conversation), tenant, FLOW, instance.id, instance.model_dump(mode="json"))
    values = {"status": instance.status, "data": data, "updated_at": now}
    done = connection.execute(t.flow_instance.update().where(f.tenant == tenant, f.id == instance.id).values(**values))
    if done.rowcount == 0:
        connection.execute(
            t.flow_instance.insert().values(
                tenant=tenant, id=instance.id, conversation=conversation, flow=instance.flow, **values
            )
        )


def _view_json(view: ConversationView) -> dict[str, Any]:
    return view.model_dump(mode="json", exclude={"tenant", "id", "customer", "state", "flows"})


def last_seqs(connection: sa.Connection, tenant: str, conversations: list[str]) -> dict[str, int]:
    c = t.conversation.c
    rows = connection.execute(sa.select(c.id, c.last_seq).where(c.tenant == tenant, c.id.in_(conversations)))
    return {row.id: row.last_seq for row in rows}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation stands: whether it is with a person (asked for, or handed over), and whether that was for distress."""

    with_a_person: bool = False
    distress: bool = False


def standing_of(connection: sa.Connection, tenant: str, conversation: str | None) -> Standing:
    """As it stands now; nothing of either where there is no conversation."""
    if conversation is None:
        return Standing()
    c, h = t.conversation.c, t.handover.c
    state = connection.execute(sa.select(c.state).where(c.tenant == tenant, c.id == conversation)).scalar_one_or_none()
    if state not in ("queued", "agent"):
        return Standing()
    query = sa.select(sa.func.count()).where(h.tenant == tenant, h.conversation == conversation, h.reason == DISTRESS)
    return Standing(True, bool(connection.execute(query).scalar_one()))
