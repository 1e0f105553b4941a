"""On whose behalf a gate works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from domain.proposals import Origin, Proposal, Proposer


@dataclass(frozen=True, slots=True)
class Asker:
    """On whose behalf a gate works, and from where. `customer` None: nobody is signed in, so nothing can be proposed.

    `on_frozen` adds to the commit in which a proposal is made: who asked, and why.
    """

    tenant: str
    customer: str | None
    conversation: str | None
    flow_instance: str | None
    auth_session: str | None
    proposer: Proposer = "assistant"
    on_frozen: Callable[[sa.Connection, Proposal], None] | None = None

    def origin(self) -> Origin:
        """Set by where it comes from, never by what was said."""
        if self.proposer == "staff":
            return "staff"
        return "case" if self.auth_session is not None or self.proposer in ("sop", "job") else "text"
