"""GET routes about the subject's own accounts, payments, cards and themselves. What is not theirs is 404, like all that is not there."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from bank import accounts, assessment, cases, facts, fees, mandates, operations, payees, people, requests, transactions
from bank import limits as bank_limits
from bank.fact_rooms.asked import Names
from bank.routes.described import Path, described
from bank.serving import Desk

Identifier = Annotated[str, Query(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Day = Annotated[date | None, Query(ge=date(1970, 1, 1), le=date(2200, 1, 1))]


@dataclass(frozen=True, slots=True)
class FactQuery:
    """What a question to /facts may name besides accounts."""

    transaction: Identifier | None = None
    original: Identifier | None = None
    dispute: Identifier | None = None
    card: Identifier | None = None
    block: Identifier | None = None
    lock: Identifier | None = None
    contact: Identifier | None = None
    fee: Identifier | None = None
    limit_kind: Identifier | None = None
    payee: Identifier | None = None
    transfer_rail: Identifier | None = None
    mandate: Identifier | None = None
    category: Identifier | None = None
    reference: Identifier | None = None


def read_routes(desk: Desk) -> APIRouter:
    """All reads bound to a subject."""
    router = APIRouter()

    @router.get("/customer", **described("Customer"))
    async def customer(request: Request) -> Response:
        """Profile, masked contacts, state of the log-in."""
        return await desk.read(request, people.profile)

    @router.get("/accounts", **described("Accounts"))
    async def list_accounts(request: Request) -> Response:
        """The subject's accounts."""
        return await desk.read(request, accounts.list_accounts)

    @router.get("/accounts/{account}", **described("Account"))
    async def account(request: Request, account: Path) -> Response:
        """One account."""
        return await desk.read(request, lambda call, subject: accounts.one_account(call, subject, account))

    @router.get("/accounts/{account}/holds", **described("Holds"))
    async def holds(request: Request, account: Path) -> Response:
        """All holds of an account."""
        return await desk.read(request, lambda call, subject: accounts.account_holds(call, subject, account))

    @router.get("/balance", **described("Balances"))
    async def balance(request: Request, account: Identifier | None = None) -> Response:
        """Balances of one or all own accounts, with pending holds and freezes, from one snapshot."""
        return await desk.read(request, lambda call, subject: accounts.balances(call, subject, account))

    @router.get("/transactions", **described("Transactions"))
    async def list_transactions(
        request: Request,
        account: Identifier | None = None,
        since: Day = None,
        until: Day = None,
        amount_minor: Annotated[int | None, Query(gt=-(10**15), lt=10**15)] = None,
        limit: Annotated[int, Query(ge=1, le=transactions.MAX_LIMIT)] = 50,
    ) -> Response:
        """Payments, newest first; days are local and both included."""
        wanted: dict[str, Any] = {
            "account": account,
            "since": since,
            "until": until,
            "amount_minor": amount_minor,
            "limit": limit,
        }
        return await desk.read(request, lambda call, subject: transactions.list_transactions(call, subject, **wanted))

    @router.get("/transactions/{transaction}", **described("Transaction"))
    async def transaction(request: Request, transaction: Path) -> Response:
        """One payment."""
        return await desk.read(request, lambda call, subject: transactions.one_transaction(call, subject, transaction))

    @router.get("/rails/{transaction}", **described("RailState"))
    async def rail(request: Request, transaction: Path) -> Response:
        """What the payment rail knows about a payment."""
        return await desk.read(request, lambda call, subject: transactions.rail_state(call, subject, transaction))

    @router.get("/cards", **described("Cards"))
    async def list_cards(request: Request) -> Response:
        """The subject's own cards."""
        return await desk.read(request, people.list_cards)

    @router.get("/cards/{card}", **described("Card"))
    async def card(request: Request, card: Path) -> Response:
        """One card."""
        return await desk.read(request, lambda call, subject: people.one_card(call, subject, card))

    @router.get("/devices", **described("Devices"))
    async def devices(request: Request) -> Response:
        """Registered devices."""
        return await desk.read(request, people.list_devices)

    @router.get("/logins", **described("Logins"))
    async def logins(request: Request) -> Response:
        """Latest log-in attempts."""
        return await desk.read(request, people.list_logins)

    @router.get("/limits", **described("Limits"))
    async def limits(request: Request) -> Response:
        """Limits per payment rail, and those that may be set, each with its cap and version."""
        return await desk.read(request, bank_limits.list_limits)

    @router.get("/loans", **described("Loans"))
    async def loans(request: Request) -> Response:
        """Loans."""
        return await desk.read(request, people.list_loans)

    @router.get("/disputes", **described("Disputes"))
    async def disputes(request: Request) -> Response:
        """Disputes, newest first."""
        return await desk.read(request, cases.list_disputes)

    @router.get("/disputes/{reference}", **described("Dispute"))
    async def dispute(request: Request, reference: Path) -> Response:
        """One dispute."""
        return await desk.read(request, lambda call, subject: cases.one_dispute(call, subject, reference))

    @router.get("/complaints", **described("Complaints"))
    async def complaints(request: Request) -> Response:
        """Complaints, newest first."""
        return await desk.read(request, requests.list_complaints)

    @router.get("/complaints/{complaint}", **described("Complaint"))
    async def complaint(request: Request, complaint: Path) -> Response:
        """One complaint."""
        return await desk.read(request, lambda call, subject: requests.one_complaint(call, subject, complaint))

    @router.get("/fees", **described("Fees"))
    async def list_fees(request: Request) -> Response:
        """Fees that were charged, newest first."""
        return await desk.read(request, fees.list_fees)

    @router.get("/fees/{fee}", **described("Fee"))
    async def fee(request: Request, fee: Path) -> Response:
        """One fee."""
        return await desk.read(request, lambda call, subject: fees.one_fee(call, subject, fee))

    @router.get("/payees", **described("Payees"))
    async def list_payees(request: Request) -> Response:
        """Payees on file."""
        return await desk.read(request, payees.list_payees)

    @router.get("/payees/{payee}", **described("Payee"))
    async def payee(request: Request, payee: Path) -> Response:
        """One payee."""
        return await desk.read(request, lambda call, subject: payees.one_payee(call, subject, payee))

    @router.get("/mandates", **described("Mandates"))
    async def list_mandates(request: Request) -> Response:
        """Standing debits."""
        return await desk.read(request, mandates.list_mandates)

    @router.get("/mandates/{mandate}", **described("Mandate"))
    async def mandate(request: Request, mandate: Path) -> Response:
        """One standing debit."""
        return await desk.read(request, lambda call, subject: mandates.one_mandate(call, subject, mandate))

    @router.get("/fraud/score", **described("FraudScore"))
    async def fraud_score(request: Request, transaction: Identifier) -> Response:
        """How suspicious a payment is, why, and whose fault by the fraud desk's word. 503 `score_unavailable` without a score."""
        return await desk.read(request, lambda call, subject: assessment.fraud_score(call, subject, transaction))

    @router.get("/facts", **described("Facts"))
    async def gate_facts(
        request: Request,
        action: Annotated[str, Query(pattern=r"^[a-z_]{1,64}$")],
        named: Annotated[FactQuery, Depends()],
        account: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.:,-]{0,4096}$")] = None,
    ) -> Response:
        """Facts for the gate about the subject; several accounts are given with commas. Foreign and unknown ids read alike.

        The other names are the arguments of the action that name something of the core.
        """
        own = tuple(sorted(set(filter(None, (account or "").split(",")))))
        names = Names(accounts=own, **asdict(named))
        return await desk.read(request, lambda call, subject: facts.facts(call, subject, action, names))

    @router.get("/operations/{key}", **described("OperationState"))
    async def operation(request: Request, key: Path) -> Response:
        """What became of a write, by its idempotency key. 409 `idempotency_in_progress` while it is being worked on."""
        return await desk.read(request, lambda call, subject: operations.state(call, subject, key, desk), latest=True)

    return router
