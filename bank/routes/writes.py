"""POST routes that change money, accounts or cases: nothing without a live approval for exactly this call."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response

from bank import cases, movements
from bank.actions import BlockCard, OpenDispute, TransactionAction, UnblockCard
from bank.routes.described import Path, approved
from bank.serving import Desk
from domain.errors import BadInput


def write_routes(desk: Desk) -> APIRouter:
    """The body of each is the action's arguments, the very ones that the approval's digest is over."""
    router = APIRouter()

    @router.post("/transaction", **approved("Receipt", 201))
    async def transaction(request: Request, body: Annotated[TransactionAction, Body()]) -> Response:
        """Move money, or keep it back: provisional credit, debit, credit, transfer, hold, post, void, reversal."""
        return await desk.approved(request, body, movements.run, path="/transaction")

    @router.post("/disputes", **approved("DisputeReceipt", 201))
    async def open_dispute(request: Request, body: OpenDispute) -> Response:
        """Register a dispute; `effect_exists` carries what the first one was answered."""
        return await desk.approved(request, body, lambda call, given: cases.open_dispute(call, given, body), path="/disputes")

    @router.post("/cards/{card}/block", **approved("CardReceipt", 200))
    async def block_card(request: Request, card: Path, body: BlockCard) -> Response:
        """Block a card for now."""
        _require_same(card, body.card)
        return await desk.approved(request, body, lambda call, given: cases.block_card(call, given, body), path="/cards/block")

    @router.post("/cards/{card}/unblock", **approved("CardReceipt", 200))
    async def unblock_card(request: Request, card: Path, body: UnblockCard) -> Response:
        """Lift the customer's own block."""
        _require_same(card, body.card)
        return await desk.approved(
            request, body, lambda call, given: cases.unblock_card(call, given, body), path="/cards/unblock"
        )

    return router


def _require_same(path: str, body: str) -> None:
    if path != body:
        raise BadInput("bad_input", "path and body name different cards")
