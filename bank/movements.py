"""POST /transaction: each action of the core as one function that moves money, or keeps it back, under an approval.

All refuse with Conflict: `insufficient_funds`, `account_frozen`, `account_dormant`, `account_closed`, `currency_mismatch`,
`version_conflict`, `hold_state`, and what is said at each. Somebody else's thing is Forbidden `approval_customer`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bank import audit, givebacks, outgoing, receipts
from bank.actions import Credit, Debit, PlaceHold, PostHold, Reversal, VoidHold
from bank.call import Call
from bank.checks import line_on, money_of, require_own
from bank.ledger import core, holds, posting
from bank.replies import Approved, Reply
from domain.errors import Conflict


def run(call: Call, approved: Approved) -> Reply:
    """Do the one thing the approval is for."""
    work = _WORK[approved.action.arguments()["action"]]
    return work(call, approved, approved.action)


def _debit(call: Call, approved: Approved, action: Debit) -> Reply:
    money = money_of(action.amount_minor, action.currency)
    require_own(call, approved, action.account)
    target = posting.ensure_internal(call, "SETTLEMENT", money.currency)
    locked = posting.lock(call, (action.account, target))
    posting.require_usable(locked[action.account], money, expected_version=action.expected_version)
    line = receipts.Line(-money.minor, "debit", f"Debit {action.reference}", call.today().isoformat())
    posted, transaction = receipts.post(call, approved, locked, core.move(action.account, target, money), action.account, line)
    return receipts.receipt(call, approved, posted, action.account, money, line, transaction)


def _credit(call: Call, approved: Approved, action: Credit) -> Reply:
    money = money_of(action.amount_minor, action.currency)
    require_own(call, approved, action.account)
    source = posting.ensure_internal(call, "SETTLEMENT", money.currency)
    locked = posting.lock(call, (action.account, source))
    posting.require_creditable(locked[action.account], money, expected_version=action.expected_version)
    line = receipts.Line(money.minor, "credit", f"Credit {action.reference}", call.today().isoformat())
    posted, transaction = receipts.post(call, approved, locked, core.move(source, action.account, money), action.account, line)
    return receipts.receipt(call, approved, posted, action.account, money, line, transaction)


def _hold(call: Call, approved: Approved, action: PlaceHold) -> Reply:
    money = money_of(action.amount_minor, action.currency)
    require_own(call, approved, action.account)
    locked = posting.lock(call, (action.account,))
    posting.require_usable(locked[action.account], money, expected_version=action.expected_version)
    hold = holds.place(call, action.account, money, action.merchant, action.seconds)
    audit.append(
        call, "hold_placed", receipts.trail(approved, {"account": action.account, "hold": hold, "amount_minor": money.minor})
    )
    return receipts.hold_receipt(call, approved, locked[action.account], money, hold, "pending")


def _void(call: Call, approved: Approved, action: VoidHold) -> Reply:
    """Give a hold back. Raises Conflict `hold_missing`, `hold_state`."""
    require_own(call, approved, action.account)
    locked = posting.lock(call, (action.account,))
    money = holds.void(call, action.account, action.hold)
    audit.append(call, "hold_voided", receipts.trail(approved, {"account": action.account, "hold": action.hold}))
    return receipts.hold_receipt(call, approved, locked[action.account], money, action.hold, "voided")


def _post_hold(call: Call, approved: Approved, action: PostHold) -> Reply:
    """Turn a hold into a debit of at most its amount. Raises Conflict `hold_missing`, `hold_state`, `amount_exceeds`."""
    money = money_of(action.amount_minor, action.currency)
    require_own(call, approved, action.account)
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
    require_own(call, approved, action.account)
    row = line_on(call, action.account, action.transaction)
    if (
        row["posting"] is None
        or row["status"] not in ("posted", "reversed")
        or row["kind"] in ("provisional_credit", "reversal", "opening")
    ):
        raise Conflict("not_reversible")
    return givebacks.post_back(call, approved, action.account, row, {})


_WORK: Mapping[str, Callable[[Call, Approved, Any], Reply]] = {
    "provisional_credit": givebacks.provisional_credit,
    "refund_fee": givebacks.refund_fee,
    "reverse_duplicate_debit": givebacks.reverse_duplicate_debit,
    "pay_tat_compensation": givebacks.pay_tat_compensation,
    "pay_fraud_compensation": givebacks.pay_fraud_compensation,
    "transfer": outgoing.transfer,
    "debit_mandate": outgoing.debit_mandate,
    "debit": _debit,
    "credit": _credit,
    "hold": _hold,
    "post": _post_hold,
    "void": _void,
    "reversal": _reversal,
}
