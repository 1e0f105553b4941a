"""Pack `in-rbi`: which page judges which action."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tests.support.reference import india_access, india_cases, india_credit, india_moving, india_refunds
from tests.support.reference.answer import Answer, Facts
from tests.support.reference.days import Branch
from tests.support.reference.everywhere import PROTECTIVE, state_of_service

Page = Callable[[Answer, Facts, datetime, Branch], None]
PAGES: dict[str, Page] = {
    "disclose_balance": india_access.disclose,
    "disclose_transactions": india_access.disclose,
    "disclose_statement": india_access.disclose,
    "block_card": india_access.block_card,
    "hotlist_card": india_access.hotlist_card,
    "unblock_card": india_access.unblock_card,
    "unlock_login": india_access.unlock_login,
    "send_reset_link": india_access.send_reset_link,
    "change_limit": india_access.change_limit,
    "open_dispute": india_cases.open_dispute,
    "open_complaint": india_cases.open_complaint,
    "report_fraud": india_cases.report_fraud,
    "raise_chargeback": india_cases.raise_chargeback,
    "close_account": india_cases.close_account,
    "provisional_credit": india_credit.provisional_credit,
    "pay_fraud_compensation": india_credit.pay_fraud_compensation,
    "refund_fee": india_refunds.refund_fee,
    "reverse_duplicate_debit": india_refunds.reverse_duplicate_debit,
    "pay_tat_compensation": india_refunds.pay_tat_compensation,
    "transfer": india_moving.transfer,
    "change_mandate": india_moving.change_mandate,
    "debit_mandate": india_moving.debit_mandate,
}


def judge(action: str, facts: Facts, now: datetime, branch: Branch) -> Answer:
    answer = Answer()
    if action in PAGES:
        if action not in PROTECTIVE:
            state_of_service(answer, facts, action)
        PAGES[action](answer, facts, now, branch)
    return answer
