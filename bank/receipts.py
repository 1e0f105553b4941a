"""What a movement leaves beside the posting: the statement line, the word to the owner, the audit entry, the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bank import audit, messages, people
from bank.accounts import masked
from bank.call import Call, rfc3339
from bank.ledger import posting
from bank.ledger.core import Entry
from bank.ledger.posting import Locked, Posted
from bank.ledger.tables import accounts, transactions
from bank.replies import Approved, Reply
from domain.money import Money


@dataclass(frozen=True, slots=True)
class Line:
    """The statement line of a movement on the customer's account."""

    amount_minor: int
    kind: str
    counterparty: str
    value_date: str
    reversal_of: str | None = None
    rail: str = "internal"
    payee_ref: str | None = None
    mandate: str | None = None
    merchant_category: str | None = None


def post(
    call: Call,
    approved: Approved,
    locked: Mapping[str, Locked],
    legs: tuple[Entry, ...],
    account: str,
    line: Line,
    *,
    reversal_of: str | None = None,
) -> tuple[Posted, str]:
    """Write posting, statement line, message to the owner and audit entry; returns the posting and the line's id."""
    posted = posting.post(
        call,
        locked,
        legs,
        kind=line.kind,
        value_date=line.value_date,
        operation=approved.operation,
        reversal_of=reversal_of,
    )
    currency = locked[account].currency
    transaction = write_line(call, account, currency, line, posted.id)
    _tell(call, approved, account, currency, line)
    entry = {"posting": posted.id, "account": account, "amount_minor": line.amount_minor, "currency": currency}
    audit.append(call, "posted", trail(approved, entry))
    return posted, transaction


def write_line(call: Call, account: str, currency: str, line: Line, posted: str) -> str:
    transaction = call.ids.new("txn")
    call.insert(
        transactions,
        id=transaction,
        account=account,
        at_us=call.now,
        value_date=line.value_date,
        amount_minor=line.amount_minor,
        currency=currency,
        kind=line.kind,
        rail=line.rail,
        counterparty=line.counterparty,
        merchant_category=line.merchant_category,
        payee_ref=line.payee_ref,
        mandate=line.mandate,
        status="posted",
        reference=transaction[-12:],
        alert_us=call.now,
        posting=posted,
        reversal_of=line.reversal_of,
    )
    return transaction


def _tell(call: Call, approved: Approved, account: str, currency: str, line: Line) -> None:
    customer = people.row_of(call, approved.subject.customer)
    number = call.first(sa.select(accounts.c.number).where(accounts.c.tenant == call.tenant, accounts.c.id == account))
    if customer is None or number is None:
        return
    template = "account_credited" if line.amount_minor > 0 else "account_debited"
    fields = {"amount_minor": abs(line.amount_minor), "currency": currency, "account": masked(number["number"])}
    messages.deliver(call, customer, template, fields | {"date": call.today().strftime("%d.%m.%Y")})


def say_reversed(call: Call, approved: Approved, transaction: str) -> None:
    """The bank's own word that a payment was reversed."""
    audit.emit(call, "transaction.reversed", approved.subject.customer, transaction)


def trail(approved: Approved, what: dict[str, Any]) -> dict[str, Any]:
    claims = approved.claims
    return what | {
        "operation": approved.operation,
        "action": claims.act,
        "customer": claims.sub,
        "approval": claims.jti,
        "effect": claims.effect,
        "pack": claims.pack,
    }


def receipt(
    call: Call,
    approved: Approved,
    posted: Posted,
    account: str,
    money: Money,
    line: Line,
    transaction: str,
    terms: dict[str, Any] | None = None,
) -> Reply:
    body = _what(call, approved, account, money) | {
        "posting": posted.id,
        "type": line.kind,
        "value_date": line.value_date,
        "balance_minor": posted.balances[account],
        "version": posted.versions[account],
        "transaction": transaction,
        "terms": terms or {},
    }
    return Reply(body, 201)


def hold_receipt(call: Call, approved: Approved, account: Locked, money: Money, hold: str, state: str) -> Reply:
    body = _what(call, approved, account.id, money) | {
        "posting": None,
        "type": "hold",
        "value_date": call.today().isoformat(),
        "balance_minor": account.position.ledger.minor,
        "version": account.version,
        "transaction": None,
        "terms": {"hold": hold, "state": state},
    }
    return Reply(body, 201)


def _what(call: Call, approved: Approved, account: str, money: Money) -> dict[str, Any]:
    action = approved.action.arguments()["action"]
    return {
        "operation": approved.operation,
        "action": action,
        "account": account,
        "amount_minor": money.minor,
        "currency": money.currency,
        "effect": approved.claims.effect,
        "approval_jti": approved.claims.jti,
        "at": rfc3339(call.now),
    }
