"""Money that goes back to a customer: a disputed amount for the time being, a fee, a payment taken twice, compensation.

All refuse with Conflict `account_closed`, `currency_mismatch`, and what is said at each. A freeze stops debits, not these.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bank import fees, receipts
from bank.call import Call
from bank.case_tables import compensations
from bank.checks import line_on, money_of, require_own
from bank.failed import incident
from bank.ledger import core, posting
from bank.ledger.tables import postings, transactions
from bank.replies import Approved, Reply
from bank.service_tables import fee_refunds
from bank.tables import customers, disputes, rail_states
from domain.actions import PayFraudCompensation, PayTatCompensation, ProvisionalCredit, RefundFee, ReverseDuplicateDebit
from domain.errors import Conflict
from domain.money import Money


def provisional_credit(call: Call, approved: Approved, action: ProvisionalCredit) -> Reply:
    """Credit a disputed amount while the bank investigates, value-dated to the payment.

    Raises Conflict `dispute_missing` (none, or it is about another payment or account), `amount_exceeds`.
    """
    money = money_of(action.amount_minor, action.currency)
    require_own(call, approved, action.account)
    dispute = _open_dispute(call, approved, action)
    if dispute["credit"] is not None:
        raise Conflict("effect_exists")
    payment = line_on(call, action.account, action.transaction)
    line = receipts.Line(money.minor, "provisional_credit", f"Dispute {action.dispute}", payment["value_date"])
    terms = {"kind": "provisional", "dispute": action.dispute, "disputed_transaction": action.transaction}
    reply = _give(call, approved, action.account, money, line, "DISPUTES", terms)
    call.connection.execute(
        disputes.update()
        .where(disputes.c.tenant == call.tenant, disputes.c.reference == action.dispute)
        .values(credit=reply.body["transaction"])
    )
    return reply


def refund_fee(call: Call, approved: Approved, action: RefundFee) -> Reply:
    """Give a fee back, whole or in part, once. Raises Conflict `fee_missing`, `amount_exceeds`, `effect_exists`."""
    money = money_of(action.amount_minor, action.currency)
    require_own(call, approved, action.account)
    fee = fees.find(call, approved.subject, action.fee)
    if fee is None or fee["account"] != action.account:
        raise Conflict("fee_missing")
    if money.currency != fee["currency"] or money.minor > fee["amount_minor"]:
        raise Conflict("amount_exceeds")
    given = {"customer": approved.subject.customer, "amount_minor": money.minor, "currency": money.currency, "at_us": call.now}
    if not call.insert_new(fee_refunds, fee=action.fee, error=fees.is_error(call, fee), by_person=False, **given):
        raise Conflict("effect_exists")
    line = receipts.Line(money.minor, "refund", f"Fee {action.fee}", call.today().isoformat())
    return _give(call, approved, action.account, money, line, "FEES", {"fee": action.fee})


def reverse_duplicate_debit(call: Call, approved: Approved, action: ReverseDuplicateDebit) -> Reply:
    """Post the second of two debits back, whole and once.

    Raises Conflict `transaction_missing`, `not_duplicate` (not two posted debits of one amount under one reference),
    `amount_differs`, `not_reversible`, `effect_exists` when it was reversed already.
    """
    money = money_of(action.amount_minor, action.currency)
    require_own(call, approved, action.account)
    row, original = line_on(call, action.account, action.transaction), line_on(call, action.account, action.original)
    alike = all(row[name] == original[name] for name in ("reference", "amount_minor", "currency"))
    if row["id"] == original["id"] or not alike or row["amount_minor"] >= 0 or original["status"] != "posted":
        raise Conflict("not_duplicate")
    if row["posting"] is None or row["status"] not in ("posted", "reversed"):
        raise Conflict("not_reversible")
    if money != Money(-row["amount_minor"], row["currency"]):
        raise Conflict("amount_differs")
    return post_back(call, approved, action.account, row, {"original": action.original})


def post_back(call: Call, approved: Approved, account: str, row: sa.RowMapping, terms: dict[str, Any]) -> Reply:
    """Post a posted line's entries back. Raises Conflict `effect_exists` when that was done already."""
    legs = core.reverse(posting.legs_of(call, row["posting"]))
    done = sa.select(postings.c.id).where(postings.c.tenant == call.tenant, postings.c.reversal_of == row["posting"])
    locked = posting.lock(call, [leg.account for leg in legs])
    if call.first(done) is not None or row["status"] == "reversed":
        raise Conflict("effect_exists")
    for leg in legs:
        if leg.amount.minor < 0:
            posting.require_usable(locked[leg.account], -leg.amount)
        else:
            posting.require_creditable(locked[leg.account], leg.amount)
    line = receipts.Line(-row["amount_minor"], "reversal", row["counterparty"], row["value_date"], row["id"])
    posted, transaction = receipts.post(call, approved, locked, legs, account, line, reversal_of=row["posting"])
    call.connection.execute(
        transactions.update()
        .where(transactions.c.tenant == call.tenant, transactions.c.posting == row["posting"])
        .values(status="reversed")
    )
    receipts.say_reversed(call, approved, row["id"])
    money = Money(abs(row["amount_minor"]), row["currency"])
    return receipts.receipt(call, approved, posted, account, money, line, transaction, {"reversal_of": row["id"]} | terms)


def pay_tat_compensation(call: Call, approved: Approved, action: PayTatCompensation) -> Reply:
    """Pay for a failed payment that came back late, once. Raises Conflict `transaction_missing`, `not_failed`, `effect_exists`."""
    money = money_of(action.amount_minor, action.currency)
    require_own(call, approved, action.account)
    row = line_on(call, action.account, action.transaction)
    state = call.first(
        sa.select(rail_states).where(rail_states.c.tenant == call.tenant, rail_states.c.transaction == action.transaction)
    )
    if incident(row, state) == "none":
        raise Conflict("not_failed")
    return _compensate(call, approved, "tat", action, money)


def pay_fraud_compensation(call: Call, approved: Approved, action: PayFraudCompensation) -> Reply:
    """Pay the small-value compensation, once in a customer's lifetime (B-24).

    Raises Conflict `dispute_missing`, `amount_exceeds` (more than was disputed), `effect_exists`.
    """
    money = money_of(action.amount_minor, action.currency)
    require_own(call, approved, action.account)
    _open_dispute(call, approved, action)
    # Two payments of one customer at once wait here for each other: once in a lifetime is counted over all payments.
    mine = sa.select(customers.c.id).where(customers.c.tenant == call.tenant, customers.c.id == approved.subject.customer)
    call.first(mine.with_for_update(key_share=True))
    before = sa.select(compensations.c.transaction).where(
        compensations.c.tenant == call.tenant,
        compensations.c.kind == "fraud",
        compensations.c.customer == approved.subject.customer,
    )
    if call.first(before) is not None:
        raise Conflict("effect_exists")
    return _compensate(call, approved, "fraud", action, money)


def _compensate(
    call: Call, approved: Approved, kind: str, action: PayTatCompensation | PayFraudCompensation, money: Money
) -> Reply:
    paid = {"customer": approved.subject.customer, "amount_minor": money.minor, "currency": money.currency, "at_us": call.now}
    if not call.insert_new(compensations, kind=kind, transaction=action.transaction, **paid):
        raise Conflict("effect_exists")
    line = receipts.Line(money.minor, "compensation", f"Compensation {action.transaction}", call.today().isoformat())
    terms = {"compensated_transaction": action.transaction}
    if isinstance(action, PayFraudCompensation):
        terms["dispute"] = action.dispute
    return _give(call, approved, action.account, money, line, "COMPENSATION", terms)


def _give(
    call: Call, approved: Approved, account: str, money: Money, line: receipts.Line, contra: str, terms: dict[str, Any]
) -> Reply:
    source = posting.ensure_internal(call, contra, money.currency)
    locked = posting.lock(call, (account, source))
    posting.require_creditable(locked[account], money)
    posted, transaction = receipts.post(call, approved, locked, core.move(source, account, money), account, line)
    return receipts.receipt(call, approved, posted, account, money, line, transaction, terms)


def _open_dispute(call: Call, approved: Approved, action: ProvisionalCredit | PayFraudCompensation) -> sa.RowMapping:
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
    if action.currency != dispute["currency"] or action.amount_minor > dispute["amount_minor"]:
        raise Conflict("amount_exceeds")
    return dispute
