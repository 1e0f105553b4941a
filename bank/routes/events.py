"""What the bank says by itself, for the service only: GET /events, and GET /branches with the days each branch works."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bank import branch_days, happenings
from bank.routes.described import described
from bank.serving import Desk


def event_routes(desk: Desk) -> APIRouter:
    router = APIRouter()

    @router.get("/events", **described("Events"))
    async def events(request: Request, after: Annotated[int, Query(ge=0, le=2**62)] = 0) -> Response:
        """Events after a cursor, in the order of their commits. What has come due by now is in it."""
        await desk.catch_up(request)
        return await desk.read_as_service(request, lambda call: happenings.page(call, after))

    @router.get("/branches", **described("Branches"))
    async def branches(request: Request) -> Response:
        """Every branch with the days on which it does not work."""
        return await desk.read_as_service(request, branch_days.all_of)

    return router
