"""What section K asks of a dispute and a provisional credit in every jurisdiction; the sums of K are for India."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from tests.support.reference import india_access, india_cases, india_refunds
from tests.support.reference.answer import Answer, Facts, number, words
from tests.support.reference.caps import Caps
from tests.support.reference.days import Branch
from tests.support.reference.everywhere import (
    ACTS,
    COOLING,
    RISK,
    cooling,
    customer_and_account,
    frozen,
    learn,
    money_out_risk,
    need_level,
    somebody_elses_hand,
)
from tests.support.reference.india_credit import ACCOUNT, SUMS, the_payment

CENT = 100
Page = Callable[[Answer, Facts, datetime, Branch], None]


def dispute_gates(answer: Answer, f: Facts) -> None:
    """Protective: never denied (A-03)."""
    answer.approve("K open_dispute, A-03")
    if f.get("auth_level") == 0 and f.get("dispute_type", "unauthorised") != "unauthorised":
        answer.step_up(1, "K open_dispute, AL0 for fraud only")
    if "txn_found" in f and "txn_owned" in f and not (f["txn_found"] and f["txn_owned"]):
        answer.human("K open_dispute, not found")
    if f.get("txn_rail") in ("cash", "branch") and f.get("dispute_type", "unauthorised") != "unauthorised":
        answer.human("K open_dispute, cash or branch")  # a fraud is logged before any check (E-01)
    if "auth_level" not in f or "dispute_type" not in f:
        answer.human("A-01")


def credit_gates(answer: Answer, f: Facts, caps: Caps) -> bool:
    """Whose account, whose payment, how sure of the person; False when something needed is not known."""
    prior = words("txn_disputed dispute_type prior_credit_same_ref open_provisional_credits credits_12m_minor")
    if not learn(answer, f, (*ACTS, "auth_level", *ACCOUNT, *SUMS, *prior, *COOLING), RISK):
        return False
    customer_and_account(answer, f)
    somebody_elses_hand(answer, f)
    the_payment(answer, f, caps)
    if f["txn_status"] == "reversed":
        answer.deny("A-05 back already")
    if f["txn_status"] != "posted":
        answer.human("K provisional_credit")
    if frozen(f):
        answer.human("G, no freeze is lifted")
    if not f["txn_disputed"] or f["prior_credit_same_ref"]:
        answer.deny("K provisional_credit, A-05, E-01")
    if cooling(f):
        answer.human("G-03, P-COOL")
    amount = number(f, "amount_minor")
    if amount > caps.credit * CENT or number(f, "credits_12m_minor") + amount > caps.credit_year * CENT:
        answer.human("K provisional_credit, caps")
    if number(f, "open_provisional_credits") >= 1:
        answer.human("K provisional_credit, one open")
    if amount > caps.credit_pairs * CENT:
        answer.human("K provisional_credit", four_eyes=True)
    level = money_out_risk(answer, f, 3)
    need_level(answer, f, level, "K provisional_credit")
    return True


def other_pages(caps: Caps) -> dict[str, Page]:
    """The actions whose rows in K are the same everywhere but for the sums."""
    return {
        "disclose_balance": india_access.disclose,
        "disclose_transactions": india_access.disclose,
        "disclose_statement": india_access.disclose,
        "block_card": india_access.block_card,
        "hotlist_card": india_access.hotlist_card,
        "unblock_card": india_access.unblock_card,
        "unlock_login": india_access.unlock_login,
        "send_reset_link": india_access.send_reset_link,
        "open_complaint": lambda answer, facts, now, branch: india_cases.say_who(answer, facts),
        "report_fraud": india_cases.report_fraud,
        "refund_fee": partial(india_refunds.refund_fee, caps=caps),
        "reverse_duplicate_debit": partial(india_refunds.reverse_duplicate_debit, caps=caps),
    }
