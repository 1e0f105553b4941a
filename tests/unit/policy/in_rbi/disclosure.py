"""Telling balances, transactions and statements: K."""

from __future__ import annotations

from tests.support.rule_rows import MISSING, Row

BALANCE, TRANSACTIONS, STATEMENT = "disclose_balance", "disclose_transactions", "disclose_statement"
ROWS = (
    Row("the owner at AL3 is told the balance", BALANCE, reason="approved"),
    Row("and the transactions", TRANSACTIONS, reason="approved"),
    Row("and a statement", STATEMENT, reason="approved"),
    *(
        row
        for action in (TRANSACTIONS, STATEMENT)
        for row in (
            Row("AL2 has to prove more", action, {"auth_level": 2}, "step_up", "stronger_sign_in", level=3),
            Row("AL1 is a name only", action, {"auth_level": 1}, "deny", "sign_in_first"),
            Row("a SIM of today proves nothing", action, {"auth_level": 2, "sim_changed_h": 23}, "human", "proof_cooling", role="fraud_team"),
            Row("e-mail may be read by others", action, {"channel": "email"}, "deny", "not_on_shared_channel"),
        )
    ),
    Row("a joint holder is an owner", BALANCE, {"ownership_mode": "jointly"}),
    Row("either or survivor is an owner", BALANCE, {"ownership_mode": "either_survivor"}),
    Row("a dormant account still has a balance to tell", BALANCE, {"account_status": "dormant"}),
    Row("AL2 has to prove more", BALANCE, {"auth_level": 2}, "step_up", "stronger_sign_in", level=3),
    Row("AL1 is a name only", BALANCE, {"auth_level": 1}, "deny", "sign_in_first"),
    Row("AL0 is nobody", BALANCE, {"auth_level": 0}, "deny", "sign_in_first"),
    Row("another's account is like none", BALANCE, {"account_owned": False}, "deny", "not_yours"),
    Row("a SIM of today proves nothing", BALANCE, {"auth_level": 2, "sim_changed_h": 23}, "human", "proof_cooling", role="fraud_team"),
    Row("nor does a number of today", BALANCE, {"auth_level": 2, "mobile_changed_h": 0}, "human", "proof_cooling", role="fraud_team"),
    Row("a SIM of yesterday does", BALANCE, {"auth_level": 2, "sim_changed_h": 24}, "step_up", level=3),
    Row("AL3 was reached without the new SIM", BALANCE, {"sim_changed_h": 1}),
    Row("an attorney shows papers", BALANCE, {"ownership_mode": "poa"}, "human", "papers_needed", role="branch_officer"),
    Row("so does a minor's guardian", BALANCE, {"minor_guardian": True}, "human", "papers_needed", role="branch_officer"),
    Row("by mode too", BALANCE, {"ownership_mode": "minor_guardian"}, "human", "papers_needed", role="branch_officer"),
    Row("a dead customer's balance is for a claimant", BALANCE, {"customer_deceased": True}, "human", "papers_needed", role="branch_officer"),
    Row("by the account too", BALANCE, {"account_status": "deceased"}, "human", "papers_needed", role="branch_officer"),
    Row("e-mail may be read by others", BALANCE, {"channel": "email"}, "deny", "not_on_shared_channel"),
    Row("so may a kiosk", BALANCE, {"channel": "kiosk"}, "deny", "not_on_shared_channel"),
    Row("switched off", BALANCE, {"kill_switch": True}, "deny", "switched_off"),
    Row("an unknown switch counts as off", BALANCE, {"kill_switch": MISSING}, "deny", "missing_fact"),
    Row("an incident lets protection through only", BALANCE, {"duty_mode": "incident"}, "deny", "service_limited"),
    Row("so does degraded service", TRANSACTIONS, {"duty_mode": "degraded"}, "deny", "service_limited"),
    Row("off hours are hours", BALANCE, {"duty_mode": "off_hours"}),
    Row("not owned and nothing else known", BALANCE, {"account_owned": False, "ownership_mode": MISSING}, "deny", "not_yours"),
)  # fmt: skip
