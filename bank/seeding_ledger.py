"""The money of a world as rows: accounts, who may use them, what stops them, holds, and a ledger that explains every balance."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bank.call import Call
from bank.ledger import tables as ledger
from bank.ledger.core import Entry, apply, move
from bank.ledger.posting import internal
from bank.worlds.models import Account, Transaction, World
from domain.clock import from_micros, to_micros
from domain.money import Money

Rows = dict[sa.Table, list[dict[str, Any]]]


def ledger_rows(call: Call, world: World) -> Rows:
    """All rows of `bank.ledger.tables` for a world."""
    books = _Books(call, world)
    for account in world.accounts:
        books.open(account)
    for payment in sorted(world.transactions, key=lambda item: (item.at, item.id)):
        books.pay(payment)
    return {
        ledger.accounts: books.account_rows(),
        ledger.holders: _holders(world),
        ledger.freezes: _stops(call, world),
        ledger.postings: books.postings,
        ledger.entries: books.entries,
        ledger.holds: _holds(world),
        ledger.transactions: books.lines,
    }


class _Books:
    """Posts a world's payments in their order, keeping balances on the way."""

    def __init__(self, call: Call, world: World) -> None:
        self.call = call
        self.world = world
        self.postings: list[dict[str, Any]] = []
        self.entries: list[dict[str, Any]] = []
        self.lines: list[dict[str, Any]] = []
        self._balances: dict[str, Money] = {}
        self._moves: dict[str, int] = {}

    def open(self, account: Account) -> None:
        """Money that was there before the first listed payment comes from the opening account."""
        self._balances[account.id] = Money(0, account.currency)
        if account.opening.minor:
            at = to_micros(self.world.oldest())
            self._post("opening", at, _local_day(at, self.world.zone), account.id, "OPENING", account.opening)

    def pay(self, payment: Transaction) -> None:
        at = to_micros(payment.at)
        posting = None
        if payment.on_ledger:
            posting = self._post(payment.kind, at, payment.value_date, payment.account, "SETTLEMENT", payment.amount)
        self.lines.append(_line(payment, at, posting))

    def _post(self, kind: str, at: int, value_date: date, account: str, other: str, amount: Money) -> str:
        contra = internal(other, amount.currency)
        self._balances.setdefault(contra, Money(0, amount.currency))
        legs = move(contra, account, amount) if amount.minor > 0 else move(account, contra, -amount)
        after = apply(self._balances, legs)
        self._balances |= after
        posting = self.call.ids.new("pst")
        self.postings.append(
            {
                "id": posting,
                "kind": kind,
                "at_us": at,
                "value_date": value_date.isoformat(),
                "operation": None,
                "reversal_of": None,
            }
        )
        self.entries += [_entry(posting, n, leg, after) for n, leg in enumerate(legs)]
        for leg in legs:
            self._moves[leg.account] = self._moves.get(leg.account, 0) + 1
        return posting

    def account_rows(self) -> list[dict[str, Any]]:
        """Customer accounts and the bank's own, with what their entries sum to; the version counts their postings."""
        own = {account.id for account in self.world.accounts}
        rows = [_account(self.call, self.world, account) for account in self.world.accounts]
        rows += [_internal(self.call, name, money.currency) for name, money in self._balances.items() if name not in own]
        return [row | {"ledger_minor": self._balances[row["id"]].minor, "version": self._moves.get(row["id"], 0)} for row in rows]


def _entry(posting: str, n: int, leg: Entry, after: dict[str, Money]) -> dict[str, Any]:
    return {
        "posting": posting,
        "n": n,
        "account": leg.account,
        "amount_minor": leg.amount.minor,
        "currency": leg.amount.currency,
        "balance_minor": after[leg.account].minor,
    }


def _account(call: Call, world: World, account: Account) -> dict[str, Any]:
    homes = {person.id: person.home_branch for person in world.customers}
    return {
        "id": account.id,
        "kind": "customer",
        "number": account.number,
        "type": account.type,
        "product": account.product,
        "currency": account.currency,
        "status": account.status,
        "ownership": account.ownership.mode,
        "home_branch": homes.get(account.ownership.holders[0]),
        "opened_us": start_of(account.opened, call.zone),
        "dormant_since_us": start_of(account.dormant_since, call.zone) if account.dormant_since else None,
        "credit_limit_minor": account.credit_limit.minor if account.credit_limit else 0,
        "average_balance_minor": account.average_balance.minor if account.average_balance else None,
        "dues_minor": account.dues.minor if account.dues else None,
        "us_regulation": account.us_regulation,
        "cycle_day": account.cycle_day,
    }


def _internal(call: Call, name: str, currency: str) -> dict[str, Any]:
    return {
        "id": name,
        "kind": "internal",
        "number": name,
        "type": "internal",
        "product": name.split("-")[1].lower(),
        "currency": currency,
        "status": "active",
        "ownership": "bank",
        "home_branch": None,
        "opened_us": call.now,
        "dormant_since_us": None,
        "credit_limit_minor": 0,
        "average_balance_minor": None,
        "dues_minor": None,
        "us_regulation": None,
        "cycle_day": None,
    }


def _holders(world: World) -> list[dict[str, Any]]:
    rows = []
    for account in world.accounts:
        rows += [{"account": account.id, "customer": each, "role": "holder"} for each in account.ownership.holders]
        guardian = account.ownership.guardian
        if guardian and guardian not in account.ownership.holders:
            rows.append({"account": account.id, "customer": guardian, "role": "guardian"})
    return rows


def _stops(call: Call, world: World) -> list[dict[str, Any]]:
    rows = []
    for account in world.accounts:
        for n, freeze in enumerate(account.freezes, start=1):
            rows.append(
                {
                    "id": f"FRZ-{account.id}-{n}",
                    "account": account.id,
                    "scope": "full",
                    "kind": freeze.kind,
                    "amount_minor": freeze.amount.minor if freeze.amount else None,
                    "authority": freeze.authority,
                    "reference": freeze.reference,
                    "cause": freeze.cause,
                    "since_us": to_micros(freeze.since),
                    "lifted_us": None,
                }
            )
        for lien in account.liens:
            rows.append(
                {
                    "id": lien.id,
                    "account": account.id,
                    "scope": "lien",
                    "kind": lien.kind,
                    "amount_minor": lien.amount.minor,
                    "authority": lien.authority,
                    "reference": lien.reference,
                    "cause": None,
                    "since_us": to_micros(lien.since),
                    "lifted_us": None,
                }
            )
    return rows


def _holds(world: World) -> list[dict[str, Any]]:
    return [
        {
            "id": hold.id,
            "account": hold.account,
            "card": hold.card,
            "amount_minor": hold.amount.minor,
            "currency": hold.amount.currency,
            "reason": hold.reason,
            "merchant": hold.merchant,
            "placed_us": to_micros(hold.placed_at),
            "expires_us": to_micros(hold.expires_at),
            "state": hold.state,
            "posting": None,
        }
        for hold in world.holds
    ]


def _line(payment: Transaction, at: int, posting: str | None) -> dict[str, Any]:
    return {
        "id": payment.id,
        "account": payment.account,
        "card": payment.card,
        "at_us": at,
        "value_date": payment.value_date.isoformat(),
        "amount_minor": payment.amount.minor,
        "currency": payment.amount.currency,
        "kind": payment.kind,
        "rail": payment.rail,
        "counterparty": payment.counterparty,
        "remark": payment.remark,
        "merchant_category": payment.merchant_category,
        "merchant_verified": payment.merchant_verified,
        "status": payment.status,
        "reference": payment.reference,
        "device": payment.device,
        "location": payment.location,
        "authenticated_by": payment.authenticated_by,
        "payee": _payee(payment),
        "alert_us": None if payment.told_at is None else to_micros(payment.told_at),
        "posting": posting,
        "reversal_of": payment.reversal_of,
        "payee_ref": payment.payee_ref,
        "mandate": payment.mandate,
        "cross_border": payment.cross_border,
        "expected_delivery": payment.expected_delivery.isoformat() if payment.expected_delivery else None,
        "findings": _findings(payment),
    }


def _payee(payment: Transaction) -> str | None:
    return None if payment.payee is None else json.dumps(payment.payee.model_dump(mode="json"))


def _findings(payment: Transaction) -> str | None:
    """What was found, as a row holds it: plain values, the amount in minor units."""
    found = payment.findings
    if found is None:
        return None
    plain = found.model_dump(mode="json", exclude_none=True, exclude={"loss_before_2bd"})
    if found.loss_before_2bd is not None:
        plain["loss_before_2bd_minor"] = found.loss_before_2bd.minor
    return json.dumps(plain)


def start_of(day: date, zone: str) -> int:
    """The first instant of a day in a zone, in microseconds."""
    return to_micros(datetime.combine(day, time(), tzinfo=ZoneInfo(zone)))


def _local_day(micros: int, zone: str) -> date:
    return from_micros(micros).astimezone(ZoneInfo(zone)).date()
