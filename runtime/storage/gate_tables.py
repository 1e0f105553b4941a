"""Tables of the gate: what was proposed, decided, agreed to, approved, reserved, and the audit trail. `tenant` leads every key."""

from __future__ import annotations

import sqlalchemy as sa

from domain.proposals import OPEN, TRANSITIONS
from runtime.storage.metadata import CanonicalJson, Sealed, metadata

#: States in which a proposal holds its effect: nobody else may propose the same one.
HOLDING = sorted(OPEN | {"succeeded"})
_HELD = f"effect_class <> 'READ' AND undone_at IS NULL AND state IN ({','.join(repr(state) for state in HOLDING)})"
_STATES = ",".join(repr(state) for state in sorted(TRANSITIONS))


def _tenant() -> sa.Column[str]:
    return sa.Column("tenant", sa.String(32), nullable=False)


proposal = sa.Table(
    "proposal",
    metadata,
    _tenant(),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("effect_class", sa.String(8), nullable=False),
    sa.Column("arguments", Sealed, nullable=False),
    sa.Column("effect_key", sa.String(200), nullable=False),
    sa.Column("customer", sa.String(64), nullable=False),
    sa.Column("conversation", sa.String(64)),
    sa.Column("flow_instance", sa.String(64)),
    sa.Column("auth_session", sa.String(64)),
    sa.Column("proposer", sa.String(16), nullable=False),
    sa.Column("origin", sa.String(16), nullable=False),
    sa.Column("declarations", Sealed, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Column("decision", Sealed),  # the last one; all of them are in `decision`
    sa.Column("receipt", Sealed),
    sa.Column("failure", sa.String(64)),
    sa.Column("approval_expires_at", sa.BigInteger),  # of the last approval: until then the core may still act on it
    sa.Column("sent_at", sa.BigInteger),  # when it became executing
    sa.Column("heard_at", sa.BigInteger),  # when the core last answered about it, while unknown
    sa.Column("next_ask_at", sa.BigInteger),  # when to ask the core again, while unknown
    sa.Column("asks", sa.Integer, nullable=False, server_default="0"),
    sa.Column("undone_at", sa.BigInteger),  # when a later fact showed that its effect no longer holds (a block was lifted)
    sa.PrimaryKeyConstraint("tenant", "id"),
    sa.CheckConstraint(f"state IN ({_STATES})", name="state"),
    sa.CheckConstraint("effect_class IN ('READ','RECORD','MONEY','ACCOUNT')", name="effect_class"),
    sa.CheckConstraint("state <> 'succeeded' OR effect_class = 'READ' OR receipt IS NOT NULL", name="receipt"),
    sa.Index(
        "uq_proposal_effect",
        "tenant",
        "effect_key",
        unique=True,
        sqlite_where=sa.text(_HELD),
        postgresql_where=sa.text(_HELD),
    ),
    sa.Index("ix_proposal_state", "tenant", "state", "next_ask_at"),
    sa.Index("ix_proposal_customer", "tenant", "customer", "created_at"),
)

decision = sa.Table(
    "decision",
    metadata,
    _tenant(),
    sa.Column("proposal", sa.String(64), nullable=False),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("verdict", sa.String(8), nullable=False),
    sa.Column("body", Sealed, nullable=False),
    sa.Column("facts", Sealed, nullable=False),  # [{name, value, source, at, declared}]
    sa.PrimaryKeyConstraint("tenant", "proposal", "n"),
    sa.ForeignKeyConstraint(["tenant", "proposal"], ["proposal.tenant", "proposal.id"]),
)

consent = sa.Table(
    "consent",
    metadata,
    _tenant(),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("proposal", sa.String(64), nullable=False),
    sa.Column("request", sa.String(64), nullable=False),
    sa.Column("auth_session", sa.String(64)),
    sa.Column("digest", sa.String(64), nullable=False),  # a commitment to it (`sealing.commitment`)
    sa.Column("value", sa.Boolean, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "id"),
    sa.UniqueConstraint("tenant", "proposal", "request"),
    sa.ForeignKeyConstraint(["tenant", "proposal"], ["proposal.tenant", "proposal.id"]),
)

approval = sa.Table(
    "approval",
    metadata,
    _tenant(),
    sa.Column("jti", sa.String(64), nullable=False),
    sa.Column("proposal", sa.String(64), nullable=False),
    sa.Column("consent", sa.String(64)),
    sa.Column("arguments_digest", sa.String(64), nullable=False),  # commitments, both
    sa.Column("facts_digest", sa.String(64), nullable=False),
    sa.Column("pack", sa.String(64), nullable=False),
    sa.Column("minted_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "jti"),
    sa.ForeignKeyConstraint(["tenant", "proposal"], ["proposal.tenant", "proposal.id"]),
    sa.Index(None, "tenant", "proposal"),
)

#: One row a customer, locked while an approval is minted; `consumed` counts effects that have moved into the core's own counters.
limit_usage = sa.Table(
    "limit_usage",
    metadata,
    _tenant(),
    sa.Column("customer", sa.String(64), nullable=False),
    sa.Column("consumed", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "customer"),
)

limit_reservation = sa.Table(
    "limit_reservation",
    metadata,
    _tenant(),
    sa.Column("proposal", sa.String(64), nullable=False),
    sa.Column("customer", sa.String(64), nullable=False),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "proposal"),
    sa.CheckConstraint("state IN ('reserved','consumed','released')", name="state"),
    sa.CheckConstraint("amount_minor >= 0", name="amount"),
    sa.Index(None, "tenant", "customer", "state"),
)

#: Hot brakes: `duty_mode` and `kill:<action>` (or `kill:*`); absent means normal and off.
brake = sa.Table(
    "brake",
    metadata,
    _tenant(),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("value", sa.String(32), nullable=False),
    sa.Column("set_by", sa.String(64), nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant", "name"),
)

#: The latest business time seen, so that a clock that goes backwards is noticed across restarts too.
clock_mark = sa.Table(
    "clock_mark",
    metadata,
    _tenant(),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant"),
)

#: Up to when executed proposals were matched with the core's record, per tenant.
matched = sa.Table(
    "matched",
    metadata,
    _tenant(),
    sa.Column("until", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant"),
)

#: Staged with the change it records; `n`, `previous` and `hash` are filled by the sequencer within a second.
audit_entry = sa.Table(
    "audit_entry",
    metadata,
    _tenant(),
    sa.Column("id", sa.String(64), nullable=False),  # sorts by the moment of staging
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(48), nullable=False),
    sa.Column("subject", sa.String(64)),  # the proposal, where the entry is about one
    sa.Column("body", CanonicalJson, nullable=False),  # hashed exactly as it is stored
    sa.Column("n", sa.BigInteger),
    sa.Column("previous", sa.String(64)),
    sa.Column("hash", sa.String(64)),
    sa.PrimaryKeyConstraint("tenant", "id"),
    sa.UniqueConstraint("tenant", "n"),
    sa.CheckConstraint("(n IS NULL) = (hash IS NULL)", name="linked"),
    sa.Index("ix_audit_entry_staged", "tenant", "id", sqlite_where=sa.text("n IS NULL"), postgresql_where=sa.text("n IS NULL")),
    sa.Index(None, "tenant", "subject"),
)

audit_head = sa.Table(
    "audit_head",
    metadata,
    _tenant(),
    sa.Column("n", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("anchored_n", sa.BigInteger, nullable=False),
    sa.Column("anchored_us", sa.BigInteger, nullable=False),
    sa.Column("owner", sa.String(64)),
    sa.Column("until_us", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("tenant"),
)

__all__ = [
    "HOLDING", "approval", "audit_entry", "audit_head", "brake", "clock_mark", "consent", "decision", "limit_reservation", "limit_usage", "matched", "metadata",
    "proposal",
]  # fmt: skip
