"""What the bank says by itself, for the service only: GET /events, GET /executions with
what approvals were used for, GET /branches with the days each branch works.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bank import branch_days, executions, happenings
from bank.routes.described import described
from bank.serving import Desk


def event_routes(desk: Desk) -> APIRouter:
    router = APIRouter()

    @router.get("/events", **described("Events"))
    async def events(request: Request, after: Annotated[int, Query(ge=0, le=2**62)] = 0) -> Response:
        """Events after a cursor, in the order of their commits. What has come due by now is in it."""
        await desk.catch_up(request)
        return await desk.read_as_service(request, lambda call: happenings.page(call, after))

    @router.get("/executions", **described("Executions"))
    async def approvals_used(
        request: Request,
        since_us: Annotated[int, Query(ge=0, le=2**62)] = 0,
        after: Annotated[str, Query(pattern=r"^(\d{1,19}:[A-Za-z0-9_.:-]{1,128})?$")] = "",
    ) -> Response:
        """What approvals were used for, in the order of their use, from a time on (UTC microseconds)."""
        return await desk.read_as_service(request, lambda call: executions.page(call, since_us, after))

    @router.get("/branches", **described("Branches"))
    async def branches(request: Request) -> Response:
        """Every branch with the days on which it does not work."""
        return await desk.read_as_service(request, branch_days.all_of)

    return router
