"""A small bank for tests: every situation once, people plainly made up, each account with a canary in its rows."""

from __future__ import annotations

import copy
from typing import Any

ASHA, RAVI, MEERA, KABIR = "C1", "C2", "C3", "C4"
#: Words that stand only in Ravi's rows; they must never be read by anybody else.
CANARY = "Canary Kirana"

_WORLD: dict[str, Any] = {
    "world": 1,
    "bank": {"name": "Test Demo Bank", "helpline": "1800-000-0000"},
    "now": "2026-11-25T11:30:00+05:30",
    "branches": [{"id": "B1", "name": "Main", "city": "Bengaluru", "holidays": [{"day": "2026-11-24", "name": "Test Day"}]}],
    "customers": [
        {
            "id": ASHA,
            "name": "Asha Demo",
            "home_branch": "B1",
            "contacts": [
                {"kind": "mobile", "value": "+919000000001", "changed_at": "-400d"},
                {"kind": "sim", "value": "sim-1", "changed_at": "-400d"},
                {"kind": "email", "value": "asha@example.invalid", "changed_at": "-400d"},
            ],
            "devices": [{"id": "D1", "name": "Asha's phone", "registered_at": "-200d", "location": "Bengaluru", "key": True}],
            "security_questions": [
                {"id": "Q1", "question": "First school?", "answer": "Lotus School"},
                {"id": "Q2", "question": "First pet?", "answer": "Moti"},
            ],
            "login": {"attempts": [{"at": "-1d", "result": "ok", "device": "D1", "location": "Bengaluru"}]},
            "limits": [{"rail": "upi", "per_transaction": "INR 50000.00", "per_day": "INR 100000.00"}],
        },
        {
            "id": RAVI,
            "name": "Ravi Demo",
            "language": "hi",
            "home_branch": "B1",
            "contacts": [{"kind": "mobile", "value": "+919000000002", "changed_at": "-400d"}],
            "devices": [{"id": "D2", "name": CANARY, "registered_at": "-100d"}],
            "security_questions": [{"id": "Q1", "question": "First school?", "answer": CANARY}],
            "login": {"attempts": [{"at": "-2d", "result": "ok", "device": "D2", "location": CANARY}]},
        },
        {
            "id": MEERA,
            "name": "Meera Demo",
            "home_branch": "B1",
            "contacts": [
                {"kind": "mobile", "value": "+919000000003", "changed_at": "-400d"},
                {"kind": "sim", "value": "sim-3", "changed_at": "-3h"},
            ],
        },
        {"id": KABIR, "name": "Kabir Demo", "home_branch": "B1"},
    ],
    "accounts": [
        {
            "id": "A1",
            "number": "100000001111",
            "type": "savings",
            "product": "Savings",
            "opening": "INR 20000.00",
            "ownership": {"holders": [ASHA]},
            "opened": "-900d",
        },
        {
            "id": "A2",
            "number": "100000002222",
            "type": "savings",
            "product": CANARY,
            "opening": "INR 30000.00",
            "ownership": {"holders": [RAVI]},
            "opened": "-900d",
        },
        {
            "id": "A3",
            "number": "100000003333",
            "type": "current",
            "product": "Current",
            "opening": "INR 1000.00",
            "ownership": {"mode": "jointly", "holders": [MEERA, ASHA]},
            "opened": "-900d",
            "freezes": [
                {
                    "kind": "court",
                    "since": "-10d",
                    "amount": "INR 500.00",
                    "authority": "Demo Court",
                    "reference": "CASE-1",
                    "cause": "not to be told",
                }
            ],
        },
        {
            "id": "A4",
            "number": "100000004444",
            "type": "savings",
            "product": "Savings",
            "opening": "INR 700.00",
            "ownership": {"holders": [KABIR]},
            "status": "dormant",
            "dormant_since": "2023-01-10",
            "opened": "2015-01-10",
        },
    ],
    "cards": [
        {"id": "K1", "account": "A1", "holder": ASHA, "last4": "4321", "expires": "2029-01"},
        {"id": "K2", "account": "A2", "holder": RAVI, "last4": "9876", "expires": "2029-01"},
    ],
    "holds": [
        {
            "id": "H1",
            "account": "A1",
            "card": "K1",
            "amount": "INR 2500.00",
            "reason": "hotel",
            "merchant": "Demo Hotel",
            "placed_at": "-1d",
            "expires_at": "+2d",
        },
        {
            "id": "H2",
            "account": "A2",
            "amount": "INR 10.00",
            "reason": "other",
            "merchant": CANARY,
            "placed_at": "-1d",
            "expires_at": "+9d",
        },
    ],
    "transactions": [
        {
            "id": "T1",
            "account": "A1",
            "card": "K1",
            "at": "-1d 19:42",
            "amount": "INR -5000.00",
            "kind": "purchase",
            "rail": "card_ecom",
            "counterparty": "MegaMart",
            "device": "unknown:web",
            "location": "Surat",
        },
        {
            "id": "T2",
            "account": "A2",
            "card": "K2",
            "at": "-2d 10:00",
            "amount": "INR -321.00",
            "kind": "purchase",
            "rail": "card_pos",
            "counterparty": CANARY,
        },
        {
            "id": "T3",
            "account": "A1",
            "at": "-5d 10:00",
            "amount": "INR -200.00",
            "kind": "transfer",
            "rail": "upi",
            "counterparty": "Demo Grocer",
            "device": "D1",
            "location": "Bengaluru",
            "authenticated_by": "pin",
        },
        {
            "id": "T4",
            "account": "A1",
            "at": "-4d 10:00",
            "amount": "INR -900.00",
            "kind": "transfer",
            "rail": "upi",
            "counterparty": "Demo Landlord",
            "status": "failed",
            "debited": True,
        },
    ],
    "rails": [
        {
            "transaction": "T4",
            "state": "failed",
            "beneficiary_credited": False,
            "settlement": "unsettled",
            "updated_at": "-4d",
            "reversal_due": "-3d",
            "response_code": "U30",
        }
    ],
    "loans": [
        {
            "id": "L2",
            "customer": RAVI,
            "type": "gold",
            "principal": "INR 1000.00",
            "outstanding": "INR 500.00",
            "emi": "INR 100.00",
            "rate_bp": 900,
            "tenure_months": 12,
            "paid_months": 5,
        }
    ],
    "cases": [
        {
            "reference": "DSP-CANARY-2",
            "customer": RAVI,
            "transaction": "T2",
            "dispute_type": "not_received",
            "amount": "INR 321.00",
            "opened_at": "-1d",
        }
    ],
    "fraud": [{"transaction": "T1", "fault": "third_party"}],
    "events": [
        {"at": "-6h", "kind": "contact.changed", "customer": MEERA},
        {"at": "+1h", "kind": "transaction.reversed", "customer": ASHA, "subject": "T4"},
    ],
}


def world_mapping() -> dict[str, Any]:
    """The world as a mapping that the caller may change."""
    return copy.deepcopy(_WORLD)
