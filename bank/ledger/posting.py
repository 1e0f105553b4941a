"""Money moves here and nowhere else: lock the accounts, check, write one posting with its entries, raise the versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from bank.call import Call
from bank.ledger import core
from bank.ledger.core import Entry, Position
from bank.ledger.tables import accounts, entries, freezes, holds, postings
from domain.errors import Broken, Conflict
from domain.money import Money


@dataclass(frozen=True, slots=True)
class Locked:
    """An account as it stood when its row was locked."""

    id: str
    kind: str
    status: str
    version: int
    position: Position
    frozen: bool

    @property
    def currency(self) -> str:
        return self.position.ledger.currency


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting as written: new balance (minor units) and new version of each account it touched."""

    id: str
    balances: Mapping[str, int]
    versions: Mapping[str, int]


def internal(name: str, currency: str) -> str:
    """The id of one of the bank's own accounts: settlement, disputes, opening."""
    return f"GL-{name}-{currency}"


def ensure_internal(call: Call, name: str, currency: str) -> str:
    """That account, created where it is missing."""
    account = internal(name, currency)
    call.insert_new(
        accounts,
        id=account,
        kind="internal",
        number=account,
        type="internal",
        product=name.lower(),
        currency=currency,
        status="active",
        ownership="bank",
        opened_us=call.now,
        credit_limit_minor=0,
        ledger_minor=0,
        version=0,
    )
    return account


def lock(call: Call, ids: Iterable[str]) -> dict[str, Locked]:
    """Lock accounts in the order of their ids (no two calls can wait for each other) and read their positions.

    Raises Broken `account_missing` for an id that is not there: who may name it was checked before.
    """
    wanted = sorted(set(ids))
    query = sa.select(accounts).where(accounts.c.tenant == call.tenant, accounts.c.id.in_(wanted)).order_by(accounts.c.id)
    rows = call.rows(query.with_for_update())
    if len(rows) != len(wanted):
        raise Broken("account_missing")
    held, restrained = _held(call, wanted), _restrained(call, wanted)
    locked = {}
    for row in rows:
        lien, frozen = restrained.get(row["id"], (0, False))
        currency = row["currency"]
        position = Position(
            ledger=Money(row["ledger_minor"], currency),
            held=Money(held.get(row["id"], 0), currency),
            lien=Money(lien, currency),
            credit_limit=Money(row["credit_limit_minor"], currency),
        )
        locked[row["id"]] = Locked(row["id"], row["kind"], row["status"], row["version"], position, frozen)
    return locked


def require_usable(account: Locked, amount: Money, *, expected_version: int | None = None) -> None:
    """Check that a positive amount may be taken from a locked account.

    Raises Conflict `account_closed`, `account_dormant`, `account_frozen`, `currency_mismatch`, `version_conflict`
    or `insufficient_funds`. The bank's own accounts have no limit.
    """
    require_version(account, expected_version)
    if account.currency != amount.currency:
        raise Conflict("currency_mismatch")
    if account.kind == "internal":
        return
    if account.status != "active":
        raise Conflict(f"account_{account.status}")
    if account.frozen:
        raise Conflict("account_frozen")
    core.require_available(account.position, amount)


def require_creditable(account: Locked, amount: Money, *, expected_version: int | None = None) -> None:
    """Check that an amount may be put on a locked account: a freeze stops debits only.

    Raises Conflict `account_closed`, `currency_mismatch` or `version_conflict`.
    """
    require_version(account, expected_version)
    if account.currency != amount.currency:
        raise Conflict("currency_mismatch")
    if account.status == "closed":
        raise Conflict("account_closed")


def require_version(account: Locked, expected: int | None) -> None:
    """Raise Conflict `version_conflict` when the caller saw another version of the account."""
    if expected is not None and expected != account.version:
        raise Conflict("version_conflict", f"version is {account.version}")


def post(
    call: Call,
    locked: Mapping[str, Locked],
    legs: Iterable[Entry],
    *,
    kind: str,
    value_date: str,
    operation: str | None = None,
    reversal_of: str | None = None,
) -> Posted:
    """Write one posting over accounts that `lock` returned. Checks of funds come before; this one only keeps the books.

    Raises Broken `posting_unbalanced`; Conflict `version_conflict` when a row changed although it was locked (SQLite has no row
    locks, its single writer makes this impossible; a lost lock on PostgreSQL would end here and not in the books).
    """
    checked = core.require_balanced(legs)
    after = core.apply({account.id: account.position.ledger for account in locked.values()}, checked)
    posting = call.ids.new("pst")
    call.insert(
        postings,
        id=posting,
        kind=kind,
        at_us=call.now,
        value_date=value_date,
        operation=operation,
        reversal_of=reversal_of,
    )
    versions = {}
    for n, leg in enumerate(checked):
        before = locked[leg.account]
        changed = call.connection.execute(
            accounts.update()
            .where(accounts.c.tenant == call.tenant, accounts.c.id == leg.account, accounts.c.version == before.version)
            .values(ledger_minor=after[leg.account].minor, version=before.version + 1)
        )
        if changed.rowcount != 1:
            raise Conflict("version_conflict")
        versions[leg.account] = before.version + 1
        call.insert(
            entries,
            posting=posting,
            n=n,
            account=leg.account,
            amount_minor=leg.amount.minor,
            currency=leg.amount.currency,
            balance_minor=after[leg.account].minor,
        )
    return Posted(posting, {account: money.minor for account, money in after.items()}, versions)


def legs_of(call: Call, posting: str) -> tuple[Entry, ...]:
    """The entries of a posting as written."""
    query = sa.select(entries).where(entries.c.tenant == call.tenant, entries.c.posting == posting).order_by(entries.c.n)
    return tuple(Entry(row["account"], Money(row["amount_minor"], row["currency"])) for row in call.rows(query))


def _held(call: Call, ids: list[str]) -> dict[str, int]:
    query = (
        sa.select(holds.c.account, sa.func.sum(holds.c.amount_minor).label("held"))
        .where(
            holds.c.tenant == call.tenant,
            holds.c.account.in_(ids),
            holds.c.state == "pending",
            holds.c.expires_us > call.now,
        )
        .group_by(holds.c.account)
    )
    return {row["account"]: int(row["held"]) for row in call.rows(query)}


def _restrained(call: Call, ids: list[str]) -> dict[str, tuple[int, bool]]:
    query = sa.select(freezes.c.account, freezes.c.scope, freezes.c.amount_minor).where(
        freezes.c.tenant == call.tenant, freezes.c.account.in_(ids), freezes.c.lifted_us.is_(None)
    )
    found: dict[str, tuple[int, bool]] = {}
    for row in call.rows(query):
        lien, frozen = found.get(row["account"], (0, False))
        found[row["account"]] = (lien + row["amount_minor"], frozen) if row["scope"] == "lien" else (lien, True)
    return found
