"""The Indian rules row by row: what is asked, what is answered and why; and no rule that could be lost without a row noticing."""

from __future__ import annotations

from functools import cache

import pytest

from domain.actions import ACTIONS, Protective
from domain.decisions import Decision
from policy.rules import Rule
from tests.support.rule_rows import PACK, Row, law_alone, owed, said, without_for
from tests.unit.policy.in_rbi import (
    cards_logins,
    chargebacks,
    compensation,
    credit,
    disclosure,
    general,
    limits_closing,
    mandates,
    protection,
    refunds,
    transfers,
)

FILES = (
    general, disclosure, protection, credit, cards_logins, refunds, compensation, chargebacks, limits_closing, transfers, mandates,
)  # fmt: skip
ROWS: tuple[Row, ...] = tuple(row for file in FILES for row in file.ROWS)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row) -> None:
    decision = told(row)
    assert decision.verdict == row.verdict, decision.reasons
    assert (decision.level, decision.four_eyes) == (row.level, row.four_eyes)
    if row.reason:
        assert decision.customer_reason == row.reason
    if row.role:
        assert decision.role == row.role
    assert decision.verdict == "human" or decision.role is None
    assert set(row.owes) <= owed(decision)
    assert not {kind for kind, _, _ in owed(decision)} & set(row.owes_no)


@cache
def told(row: Row) -> Decision:
    return row.decide(row.pack())


@pytest.mark.process  # each rule taken away in turn; the long half has the time
@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_losing_any_rule_of_an_action_changes_what_some_row_is_told(action: str) -> None:
    def noticed(rule: Rule) -> bool:
        lost = without_for(action, rule)
        spoken = [row for row in ROWS if row.action == action and rule.id in told(row).rules]
        return any(said(row.decide(row.pack(lost))) != said(told(row)) for row in spoken)

    assert [rule.id for rule in PACK.by_action[action] if not noticed(rule)] == []


@pytest.mark.parametrize(
    ("name", "action", "why"),
    [
        # What each control keeps from being approved: without it the row goes through, or further than it may.
        ("CREDIT-CAP-CASE", "provisional_credit", "a paisa over"),
        ("CREDIT-ONE-OPEN", "provisional_credit", "another credit is open"),
        ("COOLING-OFF", "provisional_credit", "sim changed today"),
        ("CREDIT-OTHER-DISPUTE", "provisional_credit", "a dispute of another type"),
        ("CREDIT-NO-DISPUTE", "provisional_credit", "no dispute on record"),
        ("CREDIT-ALREADY-BACK", "provisional_credit", "the payment was reversed"),
        ("MORE-THAN-TAKEN", "provisional_credit", "a paisa more than was taken"),
        ("RISK-HIGH", "provisional_credit", "an older one does not"),
        ("CREDIT-RISK-RAISED", "provisional_credit", "risk 0.40 asks one level more"),
        ("BRAKE-SWITCH", "provisional_credit", "switched off"),
        ("BRAKE-DUTY", "provisional_credit", "an incident"),
        ("BRAKE-CLOCK", "transfer", "the clock went backwards"),
        ("ACCOUNT-UNDER-REVIEW", "provisional_credit", "held by the fraud team: the cause is not told"),
        ("MONEY-OUT-FROZEN", "transfer", "court freeze"),
        ("TRANSFER-TEXT", "transfer", "an instruction found in a document"),
        ("TRANSFER-COERCION", "transfer", "signs that somebody else directs it"),
        ("REFUND-CAP-90D", "refund_fee", "a paisa over"),
        ("REVERSE-DONE", "reverse_duplicate_debit", "a reversal waits"),
        ("TAT-CAP", "pay_tat_compensation", "a day more is for a person"),
        ("TAT-PAID", "pay_tat_compensation", "paid before"),
        ("LIMIT-COOLING", "change_limit", "sim changed today"),
        ("UNLOCK-AGAIN", "unlock_login", "the second in a week"),
        ("ORIGIN-TEXT", "unlock_login", "an SOP started by a text of nobody known"),
    ],
)
def test_a_control_stands_between_its_row_and_what_would_happen_without_it(name: str, action: str, why: str) -> None:
    rows = [row for row in ROWS if row.action == action and row.why == why]
    assert all(told(row).verdict != "approve" for row in rows)
    lost = without_for(action, next(rule for rule in PACK.by_action[action] if rule.id == name))
    assert any(said(row.decide(lost)) != said(told(row)) for row in rows), rows


def test_without_its_approving_rules_nothing_is_approved_but_neither_is_anything_else_lost() -> None:
    approving = [each.id for each in PACK.rules if each.text.verdict == "approve"]
    silent = PACK.without(*approving)
    for row in ROWS:
        assert row.decide(silent).verdict != "approve"


def test_what_a_law_denies_stays_denied_where_the_banks_own_policy_restricts_nothing() -> None:
    law = law_alone(PACK)
    laws = {rule.id for rule in PACK.rules if rule.text.layer == "law" and rule.text.verdict == "deny"}
    denied = [row for row in ROWS if laws & set(row.decide(PACK).rules)]
    assert len(denied) > 50
    for row in denied:
        assert row.decide(law).verdict == "deny", row


def test_money_and_account_changes_stop_when_the_clock_cannot_be_trusted_and_protection_does_not() -> None:
    clock = next(rule for rule in PACK.rules if rule.id == "BRAKE-CLOCK")
    moving = {name for name, kind in ACTIONS.items() if kind.effect in ("MONEY", "ACCOUNT")}
    assert set(clock.text.actions) == moving - Protective


def test_the_long_stop_of_a_late_report_is_owed_only_where_the_class_is_known() -> None:
    decision = Row("", "provisional_credit", credit.LATE | {"liability_class": "unknown"}).decide(PACK)
    assert "customer_liability" not in {owed.kind for owed in decision.obligations}
