"""Money that leaves a customer's account: to another account of theirs, to a payee on file, to a creditor by standing debit."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from bank import mandates, payees, receipts
from bank.call import Call
from bank.checks import money_of, require_own
from bank.ledger import core, posting
from bank.replies import Approved, Reply
from domain.actions import DebitMandate, Transfer
from domain.errors import BadInput, Conflict


def transfer(call: Call, approved: Approved, action: Transfer) -> Reply:
    """Move money to an own account or a payee on file.

    Raises BadInput for an account that pays itself; Conflict `payee_missing` (neither own nor on file, or `internal` to a payee who
    has no account here), `insufficient_funds`, `account_frozen`, `account_dormant`, `account_closed`, `currency_mismatch`.
    """
    money = money_of(action.amount_minor, action.currency)
    require_own(call, approved, action.account)
    payee = payees.resolve(call, approved.subject, action.payee)
    if payee.account == action.account:
        raise BadInput("bad_input", "an account cannot pay itself")
    if payee.kind == "new" or (payee.account is None and action.transfer_rail == "internal"):
        raise Conflict("payee_missing")
    target = payee.account or posting.ensure_internal(call, "SETTLEMENT", money.currency)
    locked = posting.lock(call, (action.account, target))
    posting.require_usable(locked[action.account], money)
    posting.require_creditable(locked[target], money)
    line = _line(call, action, payee.row, money.minor)
    posted, transaction = receipts.post(call, approved, locked, core.move(action.account, target, money), action.account, line)
    if payee.account is not None:
        arrived = receipts.Line(
            money.minor, "transfer", f"Transfer {action.reference}", line.value_date, rail=action.transfer_rail
        )
        receipts.write_line(call, payee.account, money.currency, arrived, posted.id)
    terms = {"payee": action.payee, "transfer_rail": action.transfer_rail}
    return receipts.receipt(call, approved, posted, action.account, money, line, transaction, terms)


def _line(call: Call, action: Transfer, row: sa.RowMapping | None, minor: int) -> receipts.Line:
    return receipts.Line(
        -minor,
        "transfer",
        row["name"] if row is not None else f"Transfer {action.reference}",
        call.today().isoformat(),
        rail=action.transfer_rail,
        payee_ref=None if row is None else row["id"],
        merchant_category=None if row is None else row["merchant_category"],
    )


def debit_mandate(call: Call, approved: Approved, action: DebitMandate) -> Reply:
    """Take one debit of a standing mandate; its notice is used up with it.

    Raises Conflict `mandate_missing` (not on this account), `mandate_state` (not active, or the next debit is left out),
    `amount_exceeds`, and what a transfer raises.
    """
    money = money_of(action.amount_minor, action.currency)
    require_own(call, approved, action.account)
    row = mandates.find(call, approved.subject, action.mandate, lock=True)
    if row is None or row["account"] != action.account:
        raise Conflict("mandate_missing")
    if row["status"] != "active" or row["skip_next"]:
        raise Conflict("mandate_state", "skipped" if row["skip_next"] else row["status"])
    if money.currency != row["currency"] or money.minor > row["max_minor"]:
        raise Conflict("amount_exceeds")
    target = posting.ensure_internal(call, "SETTLEMENT", money.currency)
    locked = posting.lock(call, (action.account, target))
    posting.require_usable(locked[action.account], money)
    line = receipts.Line(-money.minor, "bill", row["creditor"], call.today().isoformat(), rail="nach", mandate=action.mandate)
    posted, transaction = receipts.post(call, approved, locked, core.move(action.account, target, money), action.account, line)
    mandates.update(call, action.mandate, {"notice_us": None, "next_debit": _next(row["next_debit"])})
    return receipts.receipt(call, approved, posted, action.account, money, line, transaction, {"mandate": action.mandate})


def _next(day: str | None) -> str | None:
    """The same day a month later; of a longer month's last days, the first of the month after."""
    if day is None:
        return None
    due = date.fromisoformat(day)
    later = (due.replace(day=1) + timedelta(days=32)).replace(day=1)
    try:
        return later.replace(day=due.day).isoformat()
    except ValueError:
        return (later + timedelta(days=32)).replace(day=1).isoformat()
