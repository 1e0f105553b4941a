"""The ground of a world's models: closed values, and the words that several of them share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
DeviceRef = Annotated[str, StringConstraints(pattern=r"^(unknown:)?[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=400)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
BasisPoints = Annotated[int, Field(ge=0, le=10_000, strict=True)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

AccountType = Literal["savings", "bsbd", "current", "overdraft", "credit_card", "deposit", "wallet"]
OwnershipMode = Literal["sole", "either_survivor", "jointly", "anyone", "minor_guardian"]
FreezeKind = Literal["court", "police", "kyc", "fraud", "own"]
CardStatus = Literal["active", "blocked_own", "blocked_bank", "hotlisted", "expired"]
LockKind = Literal["wrong_password", "fraud", "legal", "deceased", "own"]
Rail = Literal["upi", "imps", "neft", "rtgs", "card_pos", "card_ecom", "atm", "nach", "cheque", "aeps", "ppi", "internal"]
TransactionKind = Literal[
    "purchase", "transfer", "cash_withdrawal", "cash_deposit", "salary", "interest", "fee", "refund", "emi", "bill",
    "subscription", "card_payment", "reversal", "provisional_credit", "compensation",
]  # fmt: skip
TransactionStatus = Literal["posted", "pending", "failed", "reversed"]
Fault = Literal["bank", "third_party", "customer", "unknown"]


class Part(BaseModel):
    """Base of everything in a world: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
