"""Identifiers: new ones come from an injected source, derived ones from what they stand for."""

from __future__ import annotations

import hashlib
from typing import NewType, Protocol

Tenant = NewType("Tenant", str)
CustomerId = NewType("CustomerId", str)
AccountId = NewType("AccountId", str)
CardId = NewType("CardId", str)
TransactionId = NewType("TransactionId", str)
ConversationId = NewType("ConversationId", str)
TurnId = NewType("TurnId", str)
FlowInstanceId = NewType("FlowInstanceId", str)
RequestId = NewType("RequestId", str)
ProposalId = NewType("ProposalId", str)

DEFAULT_TENANT = Tenant("demo")


class Ids(Protocol):
    """Where new identifiers and secrets come from; tests give a seeded one."""

    def new(self, prefix: str) -> str:
        """A fresh unguessable id such as `cnv_…` (128 bits, lower-case base32)."""
        ...

    def secret(self) -> str:
        """A fresh URL-safe secret of 256 bits."""
        ...

    def digits(self, count: int) -> str:
        """`count` random decimal digits, for one-time passwords."""
        ...


def derived_id(prefix: str, *parts: str) -> str:
    """The id that `parts` always give: equal parts, equal id. Parts are joined by a separator no id contains."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return f"{prefix}_{digest[:32]}"
