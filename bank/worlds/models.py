"""A world: one bank at one instant, as typed values. `bank.worlds.loader` reads it from YAML, `bank.seeding` makes rows of it.

Times are aware and in the world's zone; amounts are `Money`; every list is flat and refers by id. Unknown keys are errors.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints

from bank.worlds.accounts import Account, Card, Freeze, Hold, Lien, Loan, Ownership
from bank.worlds.activity import Case, Event, Findings, FraudAssessment, Payee, RailState, Routine, Transaction
from bank.worlds.part import Currency, Part, Text
from bank.worlds.people import (
    Bank,
    Branch,
    Contact,
    Customer,
    Device,
    Holiday,
    Kyc,
    Lock,
    Login,
    LoginAttempt,
    RailLimit,
    SecurityQuestion,
)
from bank.worlds.service import (
    Chargeback,
    Closure,
    Compensation,
    Complaint,
    Fee,
    FeeRefund,
    FraudReport,
    Mandate,
    PayeeOnFile,
    Tariff,
    UseLimit,
)
from bank.worlds.values import AbsoluteInstant
from domain.money import Money

__all__ = [
    "Account", "Bank", "Branch", "Card", "Case", "Chargeback", "Closure", "Compensation", "Complaint", "Contact", "Customer", "Device",
    "Event", "Fee", "FeeRefund", "Findings", "FraudAssessment", "FraudReport", "Freeze", "Hold", "Holiday", "Kyc", "Lien", "Loan",
    "Lock", "Login", "LoginAttempt", "Mandate", "Ownership", "Payee", "PayeeOnFile", "RailLimit", "RailState", "Routine",
    "SecurityQuestion", "Tariff", "Transaction", "UseLimit", "World",
]  # fmt: skip


class World(Part):
    """A bank at an instant. `world` is the version of this format."""

    world: Literal[1]
    tenant: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")] = "demo"
    bank: Bank
    now: AbsoluteInstant
    zone: Text = "Asia/Kolkata"
    currency: Currency = "INR"
    branches: tuple[Branch, ...] = Field(min_length=1)
    customers: tuple[Customer, ...] = Field(min_length=1)
    accounts: tuple[Account, ...] = ()
    cards: tuple[Card, ...] = ()
    holds: tuple[Hold, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    routines: tuple[Routine, ...] = ()
    rails: tuple[RailState, ...] = ()
    loans: tuple[Loan, ...] = ()
    cases: tuple[Case, ...] = ()
    fraud: tuple[FraudAssessment, ...] = ()
    events: tuple[Event, ...] = ()
    tariff: tuple[Tariff, ...] = ()
    fees: tuple[Fee, ...] = ()
    limits: tuple[UseLimit, ...] = ()
    payees: tuple[PayeeOnFile, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    fraud_reports: tuple[FraudReport, ...] = ()
    chargebacks: tuple[Chargeback, ...] = ()
    compensations: tuple[Compensation, ...] = ()
    closures: tuple[Closure, ...] = ()

    @property
    def local_now(self) -> datetime:
        """`now` by the zone's clock."""
        return self.now.astimezone(ZoneInfo(self.zone))

    def ledger(self, account: Account) -> Money:
        """Opening balance plus everything that reached the ledger."""
        postings = (item.amount for item in self.transactions if item.account == account.id and item.on_ledger)
        return sum(postings, start=account.opening)

    def held(self, account: Account) -> Money:
        """What pending holds keep back."""
        held = (hold.amount for hold in self.holds if hold.account == account.id and hold.state == "pending")
        return sum(held, start=Money(0, account.currency))

    def oldest(self) -> datetime:
        """The earliest instant of any transaction; the opening balances stand just before it."""
        return min((item.at for item in self.transactions), default=self.now) - timedelta(seconds=1)
