"""Whom a customer may pay: own accounts and payees on file. Another customer's payee is like one that does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from bank.access import Subject
from bank.accounts import owned
from bank.call import Call, rfc3339
from bank.service_tables import payees

#: Merchant category codes (ISO 18245) as the categories of row D-05 group them; another code is `other`.
CATEGORY_OF = {
    "6211": "capital_market", "6300": "insurance", "5960": "insurance", "9399": "gem_emd", "4511": "travel", "4112": "travel",
    "4722": "travel", "7011": "travel", "7322": "collections", "6012": "credit_card_bill", "5944": "jewellery", "5094": "jewellery",
    "7399": "business", "6051": "fx_retail", "6760": "term_deposit", "6011": "account_opening", "6799": "ipo", "8062": "hospital",
    "8011": "hospital", "8211": "education", "8220": "education", "9311": "tax",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolved:
    """Whom an id names for a subject. `account` is where the money goes, if the payee has an account at this bank."""

    kind: Literal["own", "known", "new"]
    account: str | None = None
    row: sa.RowMapping | None = None


def resolve(call: Call, subject: Subject, payee: str) -> Resolved:
    row = call.first(_mine(call, subject).where(payees.c.id == payee))
    own = owned(call, subject, only=(payee,))
    if own:
        return Resolved("own", payee)
    return Resolved("new") if row is None else Resolved("known", row["account"], row)


def category_of(code: str | None) -> str:
    """The category of a merchant's code; a payee without one is a person."""
    return "person" if code is None else CATEGORY_OF.get(code, "other")


def codes_of(category: str) -> list[str]:
    return [code for code, name in CATEGORY_OF.items() if name == category]


def list_payees(call: Call, subject: Subject) -> dict[str, Any]:
    return {"payees": [_payee(row) for row in call.rows(_mine(call, subject).order_by(payees.c.name, payees.c.id))]}


def one_payee(call: Call, subject: Subject, payee: str) -> dict[str, Any] | None:
    row = call.first(_mine(call, subject).where(payees.c.id == payee))
    return None if row is None else _payee(row)


def _mine(call: Call, subject: Subject) -> sa.Select[Any]:
    return sa.select(payees).where(payees.c.tenant == call.tenant, payees.c.customer == subject.customer)


def _payee(row: sa.RowMapping) -> dict[str, Any]:
    """As told: the account number of a payee at this bank stays with the bank."""
    names = ("id", "name", "name_match", "merchant_category", "merchant_verified")
    return {name: row[name] for name in names} | {
        "handle_masked": _masked(row["handle"]),
        "category": category_of(row["merchant_category"]),
        "added_at": rfc3339(row["added_us"]),
    }


def _masked(handle: str) -> str:
    """An address shows its first letter and its host, a number its last four digits."""
    name, at, host = handle.partition("@")
    return f"{name[:1]}***@{host}" if at else f"XX{handle[-4:]}"
