"""What every movement checks before it moves anything: the money can be, the account is the customer's, the payment is on it."""

from __future__ import annotations

import sqlalchemy as sa

from bank.accounts import owned
from bank.call import Call
from bank.ledger.tables import transactions
from bank.replies import Approved
from domain.errors import Conflict, Forbidden
from domain.money import EXPONENT, Money


def money_of(minor: int, currency: str) -> Money:
    """Raises Conflict `currency_mismatch` for a currency that no account here has."""
    if currency not in EXPONENT:
        raise Conflict("currency_mismatch")
    return Money(minor, currency)


def require_own(call: Call, approved: Approved, account: str) -> None:
    """Raise Forbidden `approval_customer` unless the approval's customer may use the account."""
    if not owned(call, approved.subject, only=(account,)):
        raise Forbidden("approval_customer")


def line_on(call: Call, account: str, transaction: str) -> sa.RowMapping:
    """The statement line of a payment on an account. Raises Conflict `transaction_missing`."""
    query = sa.select(transactions).where(
        transactions.c.tenant == call.tenant, transactions.c.id == transaction, transactions.c.account == account
    )
    row = call.first(query)
    if row is None:
        raise Conflict("transaction_missing")
    return row
