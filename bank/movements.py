"""POST /transaction: each action of the core as one function that moves money, or keeps it back, under an approval.

All refuse with Conflict: `insufficient_funds`, `account_frozen`, `account_dormant`, `account_closed`, `currency_mismatch`,
`version_conflict`, `hold_state`, and what is said at each. Somebody else's thing is Forbidden `approval_customer`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from bank import audit, receipts
from bank.accounts import owned
from bank.actions import Credit, Debit, PlaceHold, PostHold, ProvisionalCredit, Reversal, Transfer, VoidHold
from bank.call import Call
from bank.ledger import core, holds, posting
from bank.ledger.tables import accounts, postings, transactions
from bank.replies import Approved, Reply
from bank.tables import disputes
from domain.errors import BadInput, Conflict, Forbidden
from domain.money import EXPONENT, Money


def run(call: Call, approved: Approved) -> Reply:
    """Do the one thing the approval is for."""
    work = _WORK[approved.action.arguments()["action"]]
    return work(call, approved, approved.action)


def _provisional_credit(call: Call, approved: Approved, action: ProvisionalCredit) -> Reply:
    """Credit a disputed amount while the bank investigates, value-dated to the payment.

    Raises Conflict `dispute_missing` (none, or it is about another payment or account), `amount_exceeds`.
    """
    money = _money(action.amount_minor, action.currency)
    _own_account(call, approved, action.account)
    dispute = call.first(
        sa.select(disputes)
        .where(
            disputes.c.tenant == call.tenant,
            disputes.c.reference == action.dispute,
            disputes.c.transaction == action.transaction,
            disputes.c.account == action.account,
            disputes.c.customer == approved.subject.customer,
        )
        .with_for_update()
    )
    if dispute is None or dispute["status"] != "open":
        raise Conflict("dispute_missing")
    if dispute["credit"] is not None:
        raise Conflict("effect_exists")
    if money.currency != dispute["currency"] or money.minor > dispute["amount_minor"]:
        raise Conflict("amount_exceeds")
    payment = _transaction(call, action.account, action.transaction)
    source = posting.ensure_internal(call, "DISPUTES", money.currency)
    locked = posting.lock(call, (action.account, source))
    posting.require_creditable(locked[action.account], money)
    line = receipts.Line(money.minor, "provisional_credit", f"Dispute {action.dispute}", payment["value_date"])
    posted, transaction = receipts.post(call, approved, locked, core.move(source, action.account, money), action.account, line)
    call.connection.execute(
        disputes.update()
        .where(disputes.c.tenant == call.tenant, disputes.c.reference == action.dispute)
        .values(credit=transaction)
    )
    terms = {"kind": "provisional", "dispute": action.dispute, "disputed_transaction": action.transaction}
    return receipts.receipt(call, approved, posted, action.account, money, line, transaction, terms)


def _debit(call: Call, approved: Approved, action: Debit) -> Reply:
    money = _money(action.amount_minor, action.currency)
    _own_account(call, approved, action.account)
    target = posting.ensure_internal(call, "SETTLEMENT", money.currency)
    locked = posting.lock(call, (action.account, target))
    posting.require_usable(locked[action.account], money, expected_version=action.expected_version)
    line = receipts.Line(-money.minor, "debit", f"Debit {action.reference}", call.today().isoformat())
    posted, transaction = receipts.post(call, approved, locked, core.move(action.account, target, money), action.account, line)
    return receipts.receipt(call, approved, posted, action.account, money, line, transaction)


def _credit(call: Call, approved: Approved, action: Credit) -> Reply:
    money = _money(action.amount_minor, action.currency)
    _own_account(call, approved, action.account)
    source = posting.ensure_internal(call, "SETTLEMENT", money.currency)
    locked = posting.lock(call, (action.account, source))
    posting.require_creditable(locked[action.account], money, expected_version=action.expected_version)
    line = receipts.Line(money.minor, "credit", f"Credit {action.reference}", call.today().isoformat())
    posted, transaction = receipts.post(call, approved, locked, core.move(source, action.account, money), action.account, line)
    return receipts.receipt(call, approved, posted, action.account, money, line, transaction)


def _transfer(call: Call, approved: Approved, action: Transfer) -> Reply:
    """Move money to another account of this bank. Raises Conflict `payee_missing` where there is none that can receive it."""
    money = _money(action.amount_minor, action.currency)
    _own_account(call, approved, action.account)
    if action.to_account == action.account:
        raise BadInput("bad_input", "an account cannot pay itself")
    if not _is_customer_account(call, action.to_account):
        raise Conflict("payee_missing")
    locked = posting.lock(call, (action.account, action.to_account))
    posting.require_usable(locked[action.account], money, expected_version=action.expected_version)
    posting.require_creditable(locked[action.to_account], money)
    line = receipts.Line(-money.minor, "transfer", f"Transfer {action.reference}", call.today().isoformat())
    legs = core.move(action.account, action.to_account, money)
    posted, transaction = receipts.post(call, approved, locked, legs, action.account, line)
    arrived = receipts.Line(money.minor, "transfer", f"Transfer {action.reference}", line.value_date)
    receipts.write_line(call, action.to_account, money.currency, arrived, posted.id)
    return receipts.receipt(call, approved, posted, action.account, money, line, transaction)


def _hold(call: Call, approved: Approved, action: PlaceHold) -> Reply:
    money = _money(action.amount_minor, action.currency)
    _own_account(call, approved, action.account)
    locked = posting.lock(call, (action.account,))
    posting.require_usable(locked[action.account], money, expected_version=action.expected_version)
    hold = holds.place(call, action.account, money, action.merchant, action.seconds)
    audit.append(
        call, "hold_placed", receipts.trail(approved, {"account": action.account, "hold": hold, "amount_minor": money.minor})
    )
    return receipts.hold_receipt(call, approved, locked[action.account], money, hold, "pending")


def _void(call: Call, approved: Approved, action: VoidHold) -> Reply:
    """Give a hold back. Raises Conflict `hold_missing`, `hold_state`."""
    _own_account(call, approved, action.account)
    locked = posting.lock(call, (action.account,))
    money = holds.void(call, action.account, action.hold)
    audit.append(call, "hold_voided", receipts.trail(approved, {"account": action.account, "hold": action.hold}))
    return receipts.hold_receipt(call, approved, locked[action.account], money, action.hold, "voided")


def _post_hold(call: Call, approved: Approved, action: PostHold) -> Reply:
    """Turn a hold into a debit of at most its amount. Raises Conflict `hold_missing`, `hold_state`, `amount_exceeds`."""
    money = _money(action.amount_minor, action.currency)
    _own_account(call, approved, action.account)
    target = posting.ensure_internal(call, "SETTLEMENT", money.currency)
    locked = posting.lock(call, (action.account, target))
    merchant = holds.require_postable(call, action.account, action.hold, money)
    line = receipts.Line(-money.minor, "purchase", merchant, call.today().isoformat())
    posted, transaction = receipts.post(call, approved, locked, core.move(action.account, target, money), action.account, line)
    holds.mark_posted(call, action.hold, posted.id)
    return receipts.receipt(call, approved, posted, action.account, money, line, transaction, {"hold": action.hold})


def _reversal(call: Call, approved: Approved, action: Reversal) -> Reply:
    """Undo a posted payment by posting it back, once.

    Raises Conflict `transaction_missing`, `not_reversible` (nothing posted, a reversal itself, a provisional credit),
    `effect_exists` when it is reversed already.
    """
    _own_account(call, approved, action.account)
    row = _transaction(call, action.account, action.transaction)
    if row["posting"] is None or row["status"] != "posted" or row["kind"] in ("provisional_credit", "reversal", "opening"):
        raise Conflict("not_reversible")
    legs = core.reverse(posting.legs_of(call, row["posting"]))
    done = sa.select(postings.c.id).where(postings.c.tenant == call.tenant, postings.c.reversal_of == row["posting"])
    locked = posting.lock(call, [leg.account for leg in legs])
    if call.first(done) is not None:
        raise Conflict("effect_exists")
    for leg in legs:
        if leg.amount.minor < 0:
            posting.require_usable(locked[leg.account], -leg.amount)
    line = receipts.Line(-row["amount_minor"], "reversal", row["counterparty"], row["value_date"], action.transaction)
    posted, transaction = receipts.post(call, approved, locked, legs, action.account, line, reversal_of=row["posting"])
    call.connection.execute(
        transactions.update()
        .where(transactions.c.tenant == call.tenant, transactions.c.posting == row["posting"])
        .values(status="reversed")
    )
    audit.emit(call, "transaction.reversed", approved.subject.customer, action.transaction)
    money = Money(abs(row["amount_minor"]), row["currency"])
    return receipts.receipt(call, approved, posted, action.account, money, line, transaction, {"reversal_of": action.transaction})


_WORK: Mapping[str, Callable[[Call, Approved, Any], Reply]] = {
    "provisional_credit": _provisional_credit,
    "debit": _debit,
    "credit": _credit,
    "transfer": _transfer,
    "hold": _hold,
    "post": _post_hold,
    "void": _void,
    "reversal": _reversal,
}


def _money(minor: int, currency: str) -> Money:
    if currency not in EXPONENT:
        raise Conflict("currency_mismatch")
    return Money(minor, currency)


def _own_account(call: Call, approved: Approved, account: str) -> None:
    """Raise Forbidden `approval_customer` unless the approval's customer may use the account."""
    if not owned(call, approved.subject, only=(account,)):
        raise Forbidden("approval_customer")


def _is_customer_account(call: Call, account: str) -> bool:
    query = sa.select(accounts.c.kind).where(accounts.c.tenant == call.tenant, accounts.c.id == account)
    row = call.first(query)
    return row is not None and row["kind"] == "customer"


def _transaction(call: Call, account: str, transaction: str) -> sa.RowMapping:
    query = sa.select(transactions).where(
        transactions.c.tenant == call.tenant, transactions.c.id == transaction, transactions.c.account == account
    )
    row = call.first(query)
    if row is None:
        raise Conflict("transaction_missing")
    return row
