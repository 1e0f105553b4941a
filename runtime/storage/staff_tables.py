"""Tables of the people: who works here, their sessions, what each had a hand in, and their sign-offs. `tenant` leads every key.

Times of users and sessions are wall time (a code comes from a device in somebody's hand, a session from a browser); everything
about the bank's own world (`at` of a sign-off) is business time. All are UTC microseconds.
"""

from __future__ import annotations

import sqlalchemy as sa

from runtime.storage.metadata import metadata


def _tenant() -> sa.Column[str]:
    return sa.Column("tenant", sa.String(32), nullable=False)


staff_user = sa.Table(
    "staff_user",
    metadata,
    _tenant(),
    sa.Column("name", sa.String(32), nullable=False),
    sa.Column("roles", sa.JSON, nullable=False),
    sa.Column("password_hash", sa.String(256), nullable=False),
    sa.Column("totp_secret", sa.String(256), nullable=False),  # encrypted under a key outside the database
    sa.Column("totp_step", sa.BigInteger, nullable=False),  # of the last code that was used: older ones count no more
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("locked_until", sa.BigInteger),
    sa.Column("disabled_at", sa.BigInteger),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "name"),
)

staff_session = sa.Table(
    "staff_session",
    metadata,
    _tenant(),
    sa.Column("id", sa.String(64), nullable=False),  # SHA-256 of the token; the token itself is nowhere
    sa.Column("staff", sa.String(32), nullable=False),
    sa.Column("started_at", sa.BigInteger, nullable=False),
    sa.Column("seen_at", sa.BigInteger, nullable=False),
    sa.Column("second_factor_at", sa.BigInteger, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),  # wrong codes since the last right one
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Column("revoked_at", sa.BigInteger),
    sa.PrimaryKeyConstraint("tenant", "id"),
    sa.ForeignKeyConstraint(["tenant", "staff"], ["staff_user.tenant", "staff_user.name"]),
    sa.Index(None, "tenant", "staff"),
)

#: Who had a hand in a proposal or a conversation, and so may not sign it off.
staff_part = sa.Table(
    "staff_part",
    metadata,
    _tenant(),
    sa.Column("subject", sa.String(64), nullable=False),  # a proposal or a conversation
    sa.Column("staff", sa.String(32), nullable=False),
    sa.Column("part", sa.String(12), nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "subject", "staff", "part"),
    sa.CheckConstraint("part IN ('proposed','edited','owned')", name="part"),
)

sign_off = sa.Table(
    "sign_off",
    metadata,
    _tenant(),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("proposal", sa.String(64), nullable=False),
    sa.Column("staff", sa.String(32), nullable=False),
    sa.Column("role", sa.String(32), nullable=False),  # in which they signed
    sa.Column("value", sa.String(8), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # of the proposal
    sa.Column("shown", sa.String(64), nullable=False),  # of what they were shown: the proposal and what the rules said of it
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("second_factor_at", sa.BigInteger, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "id"),
    sa.UniqueConstraint("tenant", "proposal", "staff", "role"),
    sa.ForeignKeyConstraint(["tenant", "proposal"], ["proposal.tenant", "proposal.id"]),
    sa.ForeignKeyConstraint(["tenant", "staff"], ["staff_user.tenant", "staff_user.name"]),
    sa.CheckConstraint("value IN ('approve','refuse')", name="value"),
)

#: Bytes of activated files by their SHA-256: what runs survives a changed disk.
content = sa.Table(
    "content",
    metadata,
    _tenant(),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "digest"),
)

activation = sa.Table(
    "activation",
    metadata,
    _tenant(),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("version", sa.String(32), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("files", sa.JSON, nullable=False),  # {name: SHA-256 of its bytes}
    sa.Column("effective_from", sa.BigInteger, nullable=False),
    sa.Column("proposed_by", sa.String(32), nullable=False),
    sa.Column("proposed_at", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("completed_at", sa.BigInteger),
    sa.PrimaryKeyConstraint("tenant", "id"),
    sa.CheckConstraint("state IN ('proposed','complete','refused')", name="state"),
    sa.CheckConstraint("(state = 'proposed') = (completed_at IS NULL)", name="completed"),
    sa.Index("ix_activation_effective", "tenant", "kind", "state", "effective_from"),
)

activation_sign_off = sa.Table(
    "activation_sign_off",
    metadata,
    _tenant(),
    sa.Column("activation", sa.String(64), nullable=False),
    sa.Column("staff", sa.String(32), nullable=False),
    sa.Column("value", sa.String(8), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("second_factor_at", sa.BigInteger, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "activation", "staff"),
    sa.ForeignKeyConstraint(["tenant", "activation"], ["activation.tenant", "activation.id"]),
    sa.ForeignKeyConstraint(["tenant", "staff"], ["staff_user.tenant", "staff_user.name"]),
    sa.CheckConstraint("value IN ('approve','refuse')", name="value"),
)
