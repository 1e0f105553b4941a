"""Tables of conversations: what was said, which turn answered it, which flows stand where. `tenant` leads every key.

Columns of type `Sealed` hold ciphertext (`sealing`): whoever has the database alone reads no word of a customer.
"""

from __future__ import annotations

import sqlalchemy as sa

from runtime.storage.metadata import Sealed, metadata


def _tenant() -> sa.Column[str]:
    return sa.Column("tenant", sa.String(32), nullable=False)


conversation = sa.Table(
    "conversation",
    metadata,
    _tenant(),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("customer", sa.String(64)),
    sa.Column("resume_hash", sa.String(64)),
    sa.Column("talk_key", sa.String(32), nullable=False, server_default=""),  # what seals its content
    sa.Column("view", Sealed, nullable=False),  # language, stack, unclear, introduced, last_text
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "id"),
    sa.CheckConstraint("state IN ('assistant','queued','agent','closed')", name="state"),
    sa.Index(None, "tenant", "customer"),
)

message = sa.Table(
    "message",
    metadata,
    _tenant(),
    sa.Column("conversation", sa.String(64), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("direction", sa.String(3), nullable=False),
    sa.Column("frame", Sealed, nullable=False),  # as it is replayed; masked
    sa.Column("input", Sealed),  # TurnInput of what came in; null for what went out
    sa.Column("client_id", sa.String(64)),
    sa.Column("raw_hmac", sa.String(64)),
    sa.Column("auth_session", sa.String(64)),
    sa.Column("turn", sa.String(64)),  # in: the turn that answered it; out: the turn that said it
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "conversation", "seq"),
    sa.UniqueConstraint("tenant", "conversation", "client_id"),
    sa.CheckConstraint("direction IN ('in','out')", name="direction"),
    sa.ForeignKeyConstraint(["tenant", "conversation"], ["conversation.tenant", "conversation.id"]),
    sa.Index(
        "ix_message_waiting",
        "tenant",
        "conversation",
        "seq",
        sqlite_where=sa.text("direction = 'in' AND turn IS NULL"),
        postgresql_where=sa.text("direction = 'in' AND turn IS NULL"),
    ),
)

turn = sa.Table(
    "turn",
    metadata,
    _tenant(),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("conversation", sa.String(64), nullable=False),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("started_us", sa.BigInteger, nullable=False),
    sa.Column("ended_us", sa.BigInteger, nullable=False),
    sa.Column("answers", sa.JSON, nullable=False),
    sa.Column("told", Sealed, nullable=False, server_default=""),  # the understanding
    sa.Column("record", sa.JSON, nullable=False),  # flow, templates, phrasing, versions, stage timings: no word of the customer
    sa.PrimaryKeyConstraint("tenant", "id"),
    sa.UniqueConstraint("tenant", "conversation", "epoch"),
)

turn_lease = sa.Table(
    "turn_lease",
    metadata,
    _tenant(),
    sa.Column("conversation", sa.String(64), nullable=False),
    sa.Column("owner", sa.String(64)),  # null: free
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("until_us", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "conversation"),
)

flow_instance = sa.Table(
    "flow_instance",
    metadata,
    _tenant(),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("conversation", sa.String(64), nullable=False),
    sa.Column("flow", sa.String(32), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("data", Sealed, nullable=False),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "id"),
    sa.Index(None, "tenant", "conversation"),
)

checkpoint = sa.Table(
    "checkpoint",
    metadata,
    _tenant(),
    sa.Column("thread", sa.String(64), nullable=False),
    sa.Column("data", Sealed, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "thread"),
)

request = sa.Table(
    "request",
    metadata,
    _tenant(),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("conversation", sa.String(64), nullable=False),
    sa.Column("flow_instance", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("ask", Sealed, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "id"),
    sa.CheckConstraint("status IN ('open','answered','expired','cancelled')", name="status"),
    sa.Index(None, "tenant", "conversation", "status"),
    sa.Index(
        "ix_request_open",
        "tenant",
        "expires_at",
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    ),
)

auth_session = sa.Table(
    "auth_session",
    metadata,
    _tenant(),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("customer", sa.String(64), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("device", sa.String(64), nullable=False),
    sa.Column("token_id", sa.String(64), nullable=False),
    sa.Column("factors", sa.JSON, nullable=False),  # [{type, at, bound}]
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "id"),
)

due = sa.Table(
    "due",
    metadata,
    _tenant(),
    sa.Column("key", sa.String(128), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "key"),
    sa.Index(None, "tenant", "due_at"),
)

handover = sa.Table(
    "handover",
    metadata,
    _tenant(),
    sa.Column("conversation", sa.String(64), nullable=False),
    sa.Column("turn", sa.String(64), nullable=False),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("team", sa.String(64), nullable=False),
    sa.Column("summary", Sealed, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "conversation", "turn"),
)

__all__ = [
    "auth_session", "checkpoint", "conversation", "due", "flow_instance", "handover", "message", "metadata", "request", "turn", "turn_lease",
]  # fmt: skip
