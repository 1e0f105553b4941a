"""POST routes that change money, accounts or cases: nothing without a live approval for exactly this call."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response

from bank import cards, cases, limits, logins, mandates, movements, requests
from bank.actions import TransactionAction
from bank.routes.described import Path, approved
from bank.serving import Desk
from domain.actions import (
    BlockCard,
    ChangeLimit,
    ChangeMandate,
    CloseAccount,
    HotlistCard,
    OpenComplaint,
    OpenDispute,
    RaiseChargeback,
    ReportFraud,
    SendResetLink,
    UnblockCard,
    UnlockLogin,
)
from domain.errors import BadInput


def write_routes(desk: Desk) -> APIRouter:
    """The body of each is the action's arguments, the very ones that the approval's digest is over."""
    router = APIRouter()

    @router.post("/transaction", **approved("Receipt", 201))
    async def transaction(request: Request, body: Annotated[TransactionAction, Body()]) -> Response:
        """Move money, or keep it back; what is moved is the body's action."""
        return await desk.approved(request, body, movements.run, path="/transaction")

    _record_routes(router, desk)
    _card_routes(router, desk)
    _setting_routes(router, desk)
    return router


def _record_routes(router: APIRouter, desk: Desk) -> None:
    @router.post("/disputes", **approved("DisputeReceipt", 201))
    async def open_dispute(request: Request, body: OpenDispute) -> Response:
        """Register a dispute; `effect_exists` carries what the first one was answered."""
        return await desk.approved(request, body, lambda call, given: cases.open_dispute(call, given, body), path="/disputes")

    @router.post("/chargebacks", **approved("ChargebackReceipt", 201))
    async def raise_chargeback(request: Request, body: RaiseChargeback) -> Response:
        """Claim a disputed payment back from the other bank."""
        return await desk.approved(
            request, body, lambda call, given: cases.raise_chargeback(call, given, body), path="/chargebacks"
        )

    @router.post("/complaints", **approved("ComplaintReceipt", 201))
    async def open_complaint(request: Request, body: OpenComplaint) -> Response:
        """Register a complaint; `effect_exists` carries the one that is open."""
        return await desk.approved(
            request, body, lambda call, given: requests.open_complaint(call, given, body), path="/complaints"
        )

    @router.post("/fraud/reports", **approved("FraudReceipt", 201))
    async def report_fraud(request: Request, body: ReportFraud) -> Response:
        """Put a report of fraud on record."""
        return await desk.approved(
            request, body, lambda call, given: requests.report_fraud(call, given, body), path="/fraud/reports"
        )

    @router.post("/closures", **approved("ClosureReceipt", 201))
    async def close_account(request: Request, body: CloseAccount) -> Response:
        """Note the wish to close an account; nothing is closed."""
        return await desk.approved(request, body, lambda call, given: requests.close_account(call, given, body), path="/closures")


def _card_routes(router: APIRouter, desk: Desk) -> None:
    @router.post("/cards/{card}/block", **approved("CardReceipt", 200))
    async def block_card(request: Request, card: Path, body: BlockCard) -> Response:
        """Block a card for now."""
        _require_same(card, body.card)
        return await desk.approved(request, body, lambda call, given: cards.block_card(call, given, body), path="/cards/block")

    @router.post("/cards/{card}/hotlist", **approved("CardReceipt", 200))
    async def hotlist_card(request: Request, card: Path, body: HotlistCard) -> Response:
        """Block a card for good and order a new one."""
        _require_same(card, body.card)
        return await desk.approved(
            request, body, lambda call, given: cards.hotlist_card(call, given, body), path="/cards/hotlist"
        )

    @router.post("/cards/{card}/unblock", **approved("CardReceipt", 200))
    async def unblock_card(request: Request, card: Path, body: UnblockCard) -> Response:
        """Lift the customer's own block."""
        _require_same(card, body.card)
        return await desk.approved(
            request, body, lambda call, given: cards.unblock_card(call, given, body), path="/cards/unblock"
        )


def _setting_routes(router: APIRouter, desk: Desk) -> None:
    @router.post("/logins/unlock", **approved("UnlockReceipt", 200))
    async def unlock_login(request: Request, body: UnlockLogin) -> Response:
        """Open a login that wrong passwords locked."""
        return await desk.approved(request, body, lambda call, given: logins.unlock(call, given, body), path="/logins/unlock")

    @router.post("/reset-links", **approved("ResetLinkReceipt", 201))
    async def send_reset_link(request: Request, body: SendResetLink) -> Response:
        """Send a link for a new password to a contact on file."""
        return await desk.approved(
            request, body, lambda call, given: logins.send_reset_link(call, given, body), path="/reset-links"
        )

    @router.post("/limits", **approved("LimitReceipt", 200))
    async def change_limit(request: Request, body: ChangeLimit) -> Response:
        """Set a limit of an account or card, by the version the customer saw."""
        return await desk.approved(request, body, lambda call, given: limits.change_limit(call, given, body), path="/limits")

    @router.post("/mandates", **approved("MandateReceipt", 200))
    async def change_mandate(request: Request, body: ChangeMandate) -> Response:
        """Register, change or withdraw a standing debit, or leave its next debit out."""
        return await desk.approved(request, body, lambda call, given: mandates.change(call, given, body), path="/mandates")


def _require_same(path: str, body: str) -> None:
    if path != body:
        raise BadInput("bad_input", "path and body name different cards")
