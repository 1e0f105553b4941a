"""Past decisions with the facts they were given, as plain jobs of a connection. Only read here; `proposals.record_decision` writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from domain.clock import from_micros
from domain.decisions import Fact
from runtime.storage import gate_tables as t
from runtime.storage.sealing import unseal


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """One decision about a proposal: the `n`-th, made at `at`, with its verdict and the facts by name."""

    proposal: str
    action: str
    n: int
    at: datetime
    verdict: str
    facts: dict[str, Fact]


def past_decisions(connection: sa.Connection, tenant: str, *, every: bool = False) -> Iterator[StoredDecision]:
    """The last decision of each proposal, or `every` one, in the order in which they were made."""
    d, p = t.decision.c, t.proposal.c
    query = (
        sa.select(d.proposal, p.action, d.n, d.at, d.verdict, d.facts)
        .join(t.proposal, sa.and_(p.tenant == d.tenant, p.id == d.proposal))
        .where(d.tenant == tenant)
        .order_by(d.at, d.proposal, d.n)
    )
    if not every:
        later = t.decision.alias("later")
        last = sa.select(sa.func.max(later.c.n)).where(later.c.tenant == tenant, later.c.proposal == d.proposal)
        query = query.where(d.n == last.scalar_subquery())
    for row in connection.execute(query):
        stated = unseal(connection, tenant, "decision.facts", f"{row.proposal}:{row.n}", row.facts)
        if stated is None:
            continue  # erased: nothing to decide on any more
        facts = {each["name"]: Fact.model_validate(each) for each in stated}
        yield StoredDecision(row.proposal, row.action, row.n, from_micros(row.at), row.verdict, facts)
