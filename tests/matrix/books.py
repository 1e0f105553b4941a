"""What the two databases say, read by SQL: the bank's ledger as the truth, the service's record as what is held against it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bank import audit
from bank.ledger import tables as ledger
from bank.tables import cards, disputes
from runtime.storage import content, sealing
from runtime.storage import gate_tables as t

if TYPE_CHECKING:
    from tests.matrix.scene import Scene

#: Operations of the bank that need an approval.
APPROVED = ("provisional_credit", "open_dispute", "block_card", "transfer", "credit", "debit", "refund_fee")


@dataclass(frozen=True, slots=True)
class Move:
    """One entry on a customer's account, with the posting it belongs to and the words of its statement line."""

    posting: str
    operation: str
    kind: str
    account: str
    amount_minor: int
    currency: str
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """What the bank did under a key, with the approval it used (None: none was used up)."""

    key: str
    customer: str
    action: str
    inputs: str
    result: dict[str, Any]
    at: int
    jti: str | None


@dataclass(frozen=True, slots=True)
class Books:
    """`flaws`: what is wrong with the bank's books in themselves. `entries`: kinds of our trail by proposal, in order."""

    moves: tuple[Move, ...]
    operations: dict[str, Operation]
    disputes: tuple[dict[str, Any], ...]
    blocked: tuple[str, ...]
    flaws: tuple[str, ...]
    proposals: dict[str, dict[str, Any]]
    approvals: dict[str, dict[str, Any]]
    decisions: dict[str, list[dict[str, Any]]]
    consents: tuple[dict[str, Any], ...]
    entries: dict[str, list[str]]

    def effects(self) -> int:
        """How many things have happened in the world: movements, disputes, blocks."""
        return len(self.moves) + len(self.disputes) + len(self.blocked)


def read_books(scene: Scene) -> Books:
    bank = scene.ground.bench.bank.database
    moves, operations, opened, blocked, flaws = bank.read_now(lambda c: _bank(c, scene.tenant, scene))
    ours: tuple[Any, ...] = scene.first.db.read_now(lambda c: _ours(c, scene.tenant))
    return Books(moves, operations, opened, blocked, flaws, *ours)


def _bank(c: sa.Connection, tenant: str, scene: Scene) -> tuple[Any, ...]:
    return _moves(c, tenant), _operations(c, tenant), *_things(c, tenant), _flaws(c, tenant, scene)


def _moves(c: sa.Connection, tenant: str) -> tuple[Move, ...]:
    p, e, a, x = ledger.postings.c, ledger.entries.c, ledger.accounts.c, ledger.transactions.c
    line = (x.tenant == p.tenant) & (x.posting == p.id) & (x.account == e.account)
    query = (
        sa.select(p.id, p.operation, p.kind, e.account, e.amount_minor, e.currency, x.counterparty)
        .join(ledger.entries, (e.tenant == p.tenant) & (e.posting == p.id))
        .join(ledger.accounts, (a.tenant == e.tenant) & (a.id == e.account))
        .outerjoin(ledger.transactions, line)
        .where(p.tenant == tenant, p.operation.is_not(None), a.kind == "customer")
        .order_by(p.at_us, p.id, e.n)
    )
    return tuple(Move(*row) for row in c.execute(query).all())


def _operations(c: sa.Connection, tenant: str) -> dict[str, Operation]:
    o, u = ledger.operations.c, ledger.approval_uses.c
    query = (
        sa.select(o.key, o.customer, o.action, o.inputs, o.result, o.at_us, u.jti)
        .outerjoin(ledger.approval_uses, (u.tenant == o.tenant) & (u.operation == o.key))
        .where(o.tenant == tenant, o.action.in_(APPROVED))
        .order_by(o.at_us, o.key)
    )
    return {
        row.key: Operation(row.key, row.customer, row.action, row.inputs, json.loads(row.result), row.at_us, row.jti)
        for row in c.execute(query).all()
    }


def _things(c: sa.Connection, tenant: str) -> tuple[tuple[dict[str, Any], ...], tuple[str, ...]]:
    opened = c.execute(sa.select(disputes).where(disputes.c.tenant == tenant)).mappings().all()
    blocked = c.execute(sa.select(cards.c.id).where(cards.c.tenant == tenant, cards.c.status != "active")).scalars().all()
    return tuple(dict(row) for row in opened), tuple(blocked)


def _flaws(c: sa.Connection, tenant: str, scene: Scene) -> tuple[str, ...]:
    e, a = ledger.entries.c, ledger.accounts.c
    total = c.execute(sa.select(sa.func.coalesce(sa.func.sum(e.amount_minor), 0)).where(e.tenant == tenant)).scalar_one()
    found = [f"the bank's entries sum to {total}"] if total else []
    made_of = sa.select(e.account, sa.func.sum(e.amount_minor).label("sum")).where(e.tenant == tenant).group_by(e.account)
    by_account: dict[str, int] = {row.account: row.sum for row in c.execute(made_of).all()}
    for account, balance in c.execute(sa.select(a.id, a.ledger_minor).where(a.tenant == tenant)).all():
        if balance != by_account.get(account, 0):
            found.append(f"the balance of {account} is not the sum of its entries")
    try:
        audit.verify(c, tenant)
    except ValueError as error:
        found.append(str(error))
    return tuple(found)


def _ours(c: sa.Connection, tenant: str) -> tuple[Any, ...]:
    p, d, e = t.proposal.c, t.decision.c, t.audit_entry.c
    proposals = c.execute(sa.select(t.proposal).where(p.tenant == tenant, p.effect_class != "READ")).mappings()
    approvals = c.execute(sa.select(t.approval).where(t.approval.c.tenant == tenant)).mappings()
    decisions: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in c.execute(sa.select(t.decision).where(d.tenant == tenant).order_by(d.proposal, d.n)).mappings():
        decisions[row["proposal"]].append(_opened(c, row, "decision", f"{row['proposal']}:{row['n']}"))
    consents = c.execute(sa.select(t.consent).where(t.consent.c.tenant == tenant)).mappings()
    entries: dict[str, list[str]] = defaultdict(list)
    for subject, kind in c.execute(sa.select(e.subject, e.kind).where(e.tenant == tenant).order_by(e.id)).all():
        entries[subject].append(kind)
    return (
        {row["id"]: _opened(c, row, "proposal", row["id"]) for row in proposals},
        {row["jti"]: dict(row) for row in approvals},
        decisions,
        tuple(dict(row) for row in consents),
        entries,
    )


def _opened(c: sa.Connection, row: Any, table: str, name: str) -> dict[str, Any]:
    """A row with its sealed content opened."""
    places = [place for place in content.PLACES if place.table.name == table]
    return dict(row) | {place.column: sealing.unseal(c, row["tenant"], place.name, name, row[place.column]) for place in places}
