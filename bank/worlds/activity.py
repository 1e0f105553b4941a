"""What happened: transactions and the habits that stand for many, states at the payment rails, cases, assessments, events."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StringConstraints

from bank.worlds.part import BasisPoints, DeviceRef, Fault, Id, Part, Rail, Text, TransactionKind, TransactionStatus, Weekday
from bank.worlds.values import Amount, Clock, Day, Instant
from domain.actions import DisputeType
from domain.ids import derived_id


class Payee(Part):
    """Whom a transfer went to, as the sender's bank knew it."""

    name: Text
    handle: Text | None = None
    added_at: Instant | None = None
    name_match: StrictBool | None = None


class Findings(Part):
    """What investigating a payment found, for the rules of the United States (US) and the European Union (EU).

    `statement_on` is the day of the first statement that shows it; what is left out is not known, so the fact is missing.
    """

    statement_on: Day | None = None
    written_confirmation: Literal["not_required", "pending", "received", "overdue"] | None = None
    error_outcome: Literal["open", "error", "no_error"] | None = None
    access_device_lost: StrictBool | None = None
    business_days_to_notice: Annotated[int, Field(ge=0, strict=True)] | None = None
    loss_before_2bd: Amount | None = None
    sca_used: StrictBool | None = None
    payer_conduct: Literal["normal", "gross_negligence", "fraud", "unknown"] | None = None
    instrument_lost: StrictBool | None = None
    loss_detectable: StrictBool | None = None
    loss_after_notice: StrictBool | None = None
    fraud_reported: StrictBool | None = None
    payee_initiated: StrictBool | None = None


def _reference(data: dict[str, Any]) -> str:
    """A made-up but stable reference of the form a rail uses: 12 digits (RRN), or 16 letters and digits (UTR)."""
    number = int(derived_id("r", str(data.get("id")))[2:], 16)
    if data.get("rail") in ("neft", "rtgs"):
        return f"DEMO{number % 10**12:012d}"
    return f"{number % 10**12:012d}"


class Transaction(Part):
    """Something that happened on an account; debits are negative.

    `debited` says whether it reached the ledger: always when posted or reversed, never when pending, and for a failed
    payment as written (money taken and not delivered, or not taken at all). `device` is one of the customer's own, or
    `unknown:<label>`. `payee_ref` and `mandate` name a payee on file and a standing debit. `alert_at` is when the customer was told; without it, at once; `alerted: false`, never.
    """

    id: Id
    account: Id
    card: Id | None = None
    at: Instant
    value_date: Day = Field(default_factory=lambda data: data["at"].date() if "at" in data else date.min)
    amount: Amount
    kind: TransactionKind
    rail: Rail
    counterparty: Text
    remark: Text | None = None
    merchant_category: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None
    merchant_verified: StrictBool | None = None
    status: TransactionStatus = "posted"
    debited: StrictBool | None = None
    reference: Id = Field(default_factory=_reference)
    device: DeviceRef | None = None
    location: Text | None = None
    authenticated_by: Literal["none", "pin", "otp", "biometric", "contactless", "mandate"] | None = None
    payee: Payee | None = None
    payee_ref: Id | None = None
    mandate: Id | None = None
    cross_border: StrictBool = False
    expected_delivery: Day | None = None
    findings: Findings | None = None
    alerted: StrictBool = True
    alert_at: Instant | None = None
    reversal_of: Id | None = None

    @property
    def on_ledger(self) -> bool:
        """Whether the amount is part of the ledger balance."""
        return self.status in ("posted", "reversed") or (self.status == "failed" and bool(self.debited))

    @property
    def told_at(self) -> datetime | None:
        """When the customer received the bank's message about it; None where they never did."""
        return (self.alert_at or self.at) if self.alerted else None

    @property
    def device_known(self) -> bool | None:
        """True for a registered device, False for an unknown one, None where no device took part."""
        return None if self.device is None else not self.device.startswith("unknown:")


class Routine(Part):
    """A habit that the loader writes out as posted transactions over the past `days`: monthly on a day, weekly, or every n days.

    `amounts` are used in turn, so a world stays the same each time it is read.
    """

    id: Id
    account: Id
    card: Id | None = None
    amounts: tuple[Amount, ...] = Field(min_length=1)
    kind: TransactionKind
    rail: Rail
    counterparty: Text
    remark: Text | None = None
    merchant_category: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None
    merchant_verified: StrictBool | None = None
    device: DeviceRef | None = None
    location: Text | None = None
    authenticated_by: Literal["none", "pin", "otp", "biometric", "contactless", "mandate"] | None = None
    time: Clock
    monthly: Annotated[int, Field(ge=1, le=28, strict=True)] | None = None
    weekly: Weekday | None = None
    every_days: Annotated[int, Field(ge=1, le=60, strict=True)] | None = None
    days: Annotated[int, Field(ge=1, le=730, strict=True)] = 90
    #: how many of the latest days to leave out, for a habit that stopped
    until_days: Annotated[int, Field(ge=0, le=730, strict=True)] = 0


class RailState(Part):
    """What the payment rail knows about a transfer; the truth about a failed one is here, not in the ledger.

    `reversal: queued` waits to be sent; `tcc_ret` is what the other bank has raised; `delay_at` is at whose end it is late.
    """

    transaction: Id
    state: Literal["settled", "pending", "failed", "deemed", "returned"]
    beneficiary_credited: StrictBool | None = None
    settlement: Literal["settled", "unsettled", "unknown"] = "unknown"
    updated_at: Instant
    reversal_due: Day | None = None
    response_code: Text | None = None
    reversal: Literal["none", "queued", "done"] | None = None
    tcc_ret: Literal["none", "tcc", "ret"] = "none"
    failure_cause: Literal["system", "customer", "unknown"] = "unknown"
    delay_at: Literal["own_bank", "other_bank", "unknown"] = "unknown"


class Case(Part):
    """A dispute that exists already. `provisional_credit` names the transaction that credited it, where one did."""

    reference: Id
    customer: Id
    transaction: Id
    dispute_type: DisputeType
    amount: Amount
    opened_at: Instant
    status: Literal["open", "resolved_customer", "resolved_bank", "withdrawn"] = "open"
    provisional_credit: Id | None = None


class FraudAssessment(Part):
    """What the bank's fraud desk says about a transaction, over its own score. `missing: true` takes the score away.

    What is left out (null) is for the bank's scoring to say; `as_of` in the past makes a stale score. `recovered` came back.
    """

    transaction: Id
    fault: Fault = "unknown"
    score_bp: BasisPoints | None = None
    reasons: tuple[Id, ...] = ()
    as_of: Instant | None = None
    missing: StrictBool = False
    recovered: Amount | None = None


class Event(Part):
    """Something the bank will say, or has said, by itself. A time after now is a thing to come."""

    at: Instant
    kind: Literal[
        "reset.completed", "transaction.failed", "transaction.reversed", "contact.changed", "card.changed", "hold.expired"
    ]
    customer: Id
    subject: Id | None = None
