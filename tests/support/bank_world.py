"""A small bank for tests: every situation once, people plainly made up, each account with a canary in its rows."""

from __future__ import annotations

import copy
from typing import Any

ASHA, RAVI, MEERA, KABIR = "C1", "C2", "C3", "C4"
#: Words that stand only in Ravi's rows; they must never be read by anybody else.
CANARY = "Canary Kirana"


def _line(
    identifier: str, account: str, at: str, amount: str, kind: str, rail: str, counterparty: str, **more: str
) -> dict[str, Any]:
    row = {"id": identifier, "account": account, "at": at, "amount": amount, "kind": kind, "rail": rail}
    return row | {"counterparty": counterparty} | more


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
                {"kind": "address", "value": "1 Demo Lane", "changed_at": "-400d"},
            ],
            "devices": [{"id": "D1", "name": "Asha's phone", "registered_at": "-200d", "location": "Bengaluru", "key": True}],
            "security_questions": [
                {"id": "Q1", "question": "First school?", "answer": "Lotus School"},
                {"id": "Q2", "question": "First pet?", "answer": "Moti"},
            ],
            "login": {
                "attempts": [{"at": "-1d", "result": "ok", "device": "D1", "location": "Bengaluru"}],
                "lock": {"id": "LOCK-1", "kind": "wrong_password", "since": "-1h", "until": "+23h"},
            },
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
            "login": {
                "attempts": [{"at": "-2d", "result": "ok", "device": "D2", "location": CANARY}],
                "lock": {"id": "LOCK-2", "kind": "fraud", "since": "-1h"},
            },
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
            "opening": "INR 21518.00",
            "ownership": {"holders": [ASHA]},
            "opened": "-900d",
        },
        {
            "id": "A2",
            "number": "100000002222",
            "type": "savings",
            "product": CANARY,
            "opening": "INR 30118.00",
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
        _line("T5", "A1", "-20d 10:00", "INR -700.00", "purchase", "card_pos", "Demo Shoes", card="K1", reference="632700000005"),
        _line("T6", "A1", "-20d 10:02", "INR -700.00", "purchase", "card_pos", "Demo Shoes", card="K1", reference="632700000005"),
        _line("T7", "A1", "-26d 02:00", "INR -118.00", "fee", "internal", "Test Demo Bank"),
        _line("T8", "A2", "-26d 02:00", "INR -118.00", "fee", "internal", CANARY),
    ],
    "tariff": [{"kind": "sms_alert", "amount": "INR 0.00"}],
    "fees": [{"id": "F1", "transaction": "T7", "kind": "sms_alert"}, {"id": "F2", "transaction": "T8", "kind": "sms_alert"}],
    "limits": [
        {"account": "A1", "kind": "upi", "value": "INR 50000.00", "cap": "INR 100000.00"},
        {"account": "A1", "card": "K1", "kind": "card_online", "value": "INR 0.00", "cap": "INR 50000.00"},
        {"account": "A2", "kind": "upi", "value": "INR 50000.00", "cap": "INR 100000.00"},
    ],
    "payees": [
        {"id": "P1", "customer": ASHA, "name": "Ravi Demo", "handle": "100000002222", "account": "A2", "added_at": "-90d"},
        {"id": "P1-UPI", "customer": ASHA, "name": "Demo Grocer", "handle": "grocer@demo", "added_at": "-90d"},
        {"id": "P2", "customer": RAVI, "name": CANARY, "handle": "100000001111", "account": "A1", "added_at": "-90d"},
    ],
    "mandates": [
        {
            "id": "M1",
            "account": "A1",
            "creditor": "Demo Power",
            "max": "INR 500.00",
            "registered_at": "-90d",
            "next_debit": "+1d",
        },
        {"id": "M1-NEW", "account": "A1", "creditor": "Demo Gym", "max": "INR 300.00", "status": "pending"},
        {"id": "M2", "account": "A2", "creditor": CANARY, "max": "INR 500.00", "registered_at": "-90d"},
    ],
    "complaints": [{"reference": "CMP-CANARY-2", "customer": RAVI, "category": "fees", "about": "T8", "opened_at": "-1d"}],
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
