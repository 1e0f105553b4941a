"""What holds for many actions alike: brakes, whose it is, what stands on the account, who asks, and from where."""

from __future__ import annotations

from typing import Any

from tests.support.rule_rows import IN_2027, MISSING, Row

DISCLOSING = ("disclose_balance", "disclose_transactions", "disclose_statement")
INWARD = ("provisional_credit", "refund_fee", "reverse_duplicate_debit", "pay_tat_compensation", "pay_fraud_compensation")
SERVICE = ("hotlist_card", "unblock_card", "unlock_login", "send_reset_link", "change_limit", "change_mandate")
OUTWARD = ("transfer", "debit_mandate")
MONEY_OR_ACCOUNT = (*INWARD, *SERVICE, *OUTWARD)
CASES = ("raise_chargeback", "close_account")
#: What staff may propose for a customer who is not there.
PAYING = ("refund_fee", "reverse_duplicate_debit", "transfer", "pay_tat_compensation", "raise_chargeback")
BY_HAND = ("hotlist_card", "unblock_card", "unlock_login", "change_limit", "close_account", "change_mandate")
#: A mandate that is registered, where the base case withdraws one: what opens an outflow is held to more.
REGISTER = {"mandate_operation": "register", "mandate_status": "none"}


def of(
    actions: tuple[str, ...], why: str, change: dict[str, Any], verdict: str, reason: str, role: str | None = None
) -> tuple[Row, ...]:
    """The same row for several actions; an approval that needs two persons anyway keeps needing them."""
    return tuple(
        Row(
            why,
            action,
            change,
            verdict,
            reason,
            role=role,
            four_eyes=action == "pay_fraud_compensation" and verdict == "human",
            at=IN_2027 if action == "pay_fraud_compensation" else Row.at,
        )
        for action in actions
    )


ROWS = (
    # --- brakes -------------------------------------------------------------------------------------------------------
    *of((*DISCLOSING, *MONEY_OR_ACCOUNT, *CASES), "switched off", {"kill_switch": True}, "deny", "switched_off"),
    *of((*DISCLOSING, *MONEY_OR_ACCOUNT, *CASES), "an incident", {"duty_mode": "incident"}, "deny", "service_limited"),
    *of((*DISCLOSING, *MONEY_OR_ACCOUNT, *CASES), "degraded service", {"duty_mode": "degraded"}, "deny", "service_limited"),
    *of(MONEY_OR_ACCOUNT, "the clock went backwards", {"clock_ok": False}, "deny", "service_limited"),
    # --- legal --------------------------------------------------------------------------------------------------------
    *of(
        (*DISCLOSING, *INWARD, "change_limit", "close_account", "transfer", "change_mandate", "debit_mandate"),
        "the holder has died",
        {"customer_deceased": True},
        "human",
        "papers_needed",
        "branch_officer",
    ),
    *of(
        (*DISCLOSING, *INWARD, "change_limit", "close_account", "transfer", "change_mandate", "debit_mandate"),
        "the account says so",
        {"account_status": "deceased"},
        "human",
        "papers_needed",
        "branch_officer",
    ),
    *(
        row
        for kind in ("court", "police", "lien")
        for row in of(INWARD, f"{kind} order", {"account_frozen": True, "account_freeze_kind": kind}, "human", "person_checks", "legal_officer")
    ),
    *of(
        (*INWARD, "change_limit", "close_account", "change_mandate"),
        "held by the fraud team: the cause is not told",
        {"account_frozen": True, "account_freeze_kind": "fraud"},
        "human",
        "under_review",
        "fraud_team",
    ),
    *of(
        (*INWARD, "change_limit", "change_mandate"),
        "KYC overdue",
        {"account_frozen": True, "account_freeze_kind": "kyc"},
        "human",
        "person_checks",
        "branch_officer",
    ),
    *of((*INWARD, "change_limit", "change_mandate"), "frozen, nobody says why", {"account_frozen": True}, "human", "person_checks", "branch_officer"),
    *of((*INWARD, "change_limit", "change_mandate"), "closed", {"account_status": "closed"}, "human", "person_checks", "branch_officer"),
    *(
        row
        for change in ({"account_status": "dormant"}, {"account_frozen": True, "account_freeze_kind": "dormant"})
        for row in of(
            ("provisional_credit", "reverse_duplicate_debit", "pay_tat_compensation", "pay_fraud_compensation", "change_limit", "change_mandate"),
            f"dormant by {min(change)}",
            change,
            "human",
            "papers_needed",
            "branch_officer",
        )
    ),
    *of(("transfer",), "dormant", {"account_status": "dormant"}, "human", "papers_needed", "branch_officer"),
    *of(("refund_fee",), "a dormant account gets its money", {"account_status": "dormant"}, "approve", "approved"),
    *(
        row
        for kind in ("court", "police", "kyc", "own", "dormant")
        for row in of(OUTWARD, f"{kind} freeze", {"account_frozen": True, "account_freeze_kind": kind}, "deny", "dues_first")
    ),
    *of(OUTWARD, "frozen, nobody says why", {"account_frozen": True}, "deny", "dues_first"),
    *of(OUTWARD, "closed", {"account_status": "closed"}, "deny", "dues_first"),
    *of(OUTWARD, "held by the fraud team", {"account_frozen": True, "account_freeze_kind": "fraud"}, "deny", "under_review"),
    *of(OUTWARD, "a lien holds a part only", {"account_frozen": True, "account_freeze_kind": "lien"}, "human", "person_checks", "legal_officer"),
    # --- identity -----------------------------------------------------------------------------------------------------
    *of(
        (*DISCLOSING, *INWARD, "raise_chargeback", "change_limit", "close_account", "transfer", "change_mandate", "debit_mandate"),
        "another's account is like none",
        {"account_owned": False},
        "deny",
        "not_yours",
    ),
    *of(
        tuple(action for action in INWARD if action != "refund_fee") + ("raise_chargeback",), "another's payment", {"txn_owned": False}, "deny", "not_yours"
    ),
    *of(tuple(action for action in INWARD if action != "refund_fee") + ("raise_chargeback",), "no such payment", {"txn_found": False}, "deny", "not_yours"),
    *(
        row
        for change in ({"minor_guardian": True}, {"ownership_mode": "minor_guardian"}, {"ownership_mode": "poa"})
        for row in of(
            (
                *DISCLOSING, "provisional_credit", "refund_fee", "reverse_duplicate_debit", "pay_fraud_compensation", "change_limit",
                "close_account", "transfer", "change_mandate",
            ),
            f"papers first: {change}",
            change,
            "human",
            "papers_needed",
            "branch_officer",
        )
    ),
    *of(("change_limit", "transfer"), "operated jointly", {"ownership_mode": "jointly"}, "human", "papers_needed", "branch_officer"),
    *of(("refund_fee", "reverse_duplicate_debit"), "a job has nobody to prove anything", {"proposer": "job", "auth_level": 0}, "human", "person_checks", "payments_officer"),
    *of(("refund_fee", "reverse_duplicate_debit"), "nor has an SOP step", {"proposer": "sop", "auth_level": 1}, "human", "person_checks", "payments_officer"),
    *of(("transfer",), "an SOP step has nobody to prove anything", {"proposer": "sop", "auth_level": 1}, "human", "person_checks", "payments_officer"),
    *of(BY_HAND, "an SOP step has nobody to prove anything", {"proposer": "sop", "auth_level": 1}, "human", "person_checks", "service_officer"),
    *(
        row
        for level in (0, 4)
        for row in (
            *of(PAYING, f"what staff propose at AL{level} another one signs", {"proposer": "staff", "origin": "staff", "auth_level": level}, "human", "person_checks", "payments_officer"),
            *of(BY_HAND, f"what staff propose at AL{level} another one signs", {"proposer": "staff", "origin": "staff", "auth_level": level}, "human", "person_checks", "service_officer"),
        )
    ),
    *of(
        tuple(action for action in MONEY_OR_ACCOUNT if action != "transfer"),
        "an SOP started by a text of nobody known",
        {"origin": "text", "proposer": "sop"},
        "deny",
        "sign_in_first",
    ),
    # --- the payment, and the sum -------------------------------------------------------------------------------------
    *of(("raise_chargeback", "reverse_duplicate_debit"), "a paisa more than was taken", {"amount_minor": 500_001}, "deny", "over_limit"),
    *of(("raise_chargeback", "reverse_duplicate_debit"), "another currency", {"currency": "USD"}, "deny", "over_limit"),
    *of(("raise_chargeback", "reverse_duplicate_debit"), "not posted yet", {"txn_status": "pending"}, "human", "person_checks", "disputes_officer"),
    *of(("raise_chargeback", "reverse_duplicate_debit"), "failed", {"txn_status": "failed"}, "human", "person_checks", "disputes_officer"),
    *of(("refund_fee", "change_limit"), "dollars: the caps are in rupees", {"currency": "USD"}, "human", "person_checks", "payments_officer"),
    *of(("reverse_duplicate_debit",), "dollars: the caps are in rupees", {"currency": "USD", "txn_currency": "USD"}, "human", "person_checks", "payments_officer"),
    # --- the customer wants a person ----------------------------------------------------------------------------------
    *of(("provisional_credit", "raise_chargeback"), "asked for a person", {"human_requested": True}, "human", "person_checks", "disputes_officer"),
    *of(
        ("refund_fee", "reverse_duplicate_debit", "pay_tat_compensation", *OUTWARD),
        "asked for a person",
        {"human_requested": True},
        "human",
        "person_checks",
        "payments_officer",
    ),
    *of((*SERVICE, *DISCLOSING), "asked for a person", {"human_requested": True}, "human", "person_checks", "service_officer"),
    *of((*DISCLOSING, "close_account"), "asked for a person before proving more", {"human_requested": True, "auth_level": 2}, "human", "person_checks", "service_officer"),
    *of((*DISCLOSING, "close_account"), "whether a person was asked for is not known", {"human_requested": MISSING}, "deny", "missing_fact"),
)  # fmt: skip
