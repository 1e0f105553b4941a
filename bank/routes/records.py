"""POST routes that keep a note, send one of the bank's messages or raise an alert: keyed and audited, no approval."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from bank import records
from bank.routes.described import keyed
from bank.serving import Desk

Word = Annotated[str, Field(min_length=1, max_length=64)]
Fields = Annotated[dict[str, str], Field(max_length=20)]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Note(Asked):
    kind: Word
    fields: Fields = {}


class Notice(Asked):
    template: Word
    fields: Fields = {}


class FraudAlert(Asked):
    transaction: Word
    reason: Word


def record_routes(desk: Desk) -> APIRouter:
    router = APIRouter()

    @router.post("/crm/notes", **keyed("NoteReceipt"))
    async def note(request: Request, body: Note) -> Response:
        """Keep a note about the subject."""
        return await desk.recorded(
            request, "note", body.model_dump(), lambda call, subject: records.note(call, subject, body.kind, body.fields)
        )

    @router.post("/notifications", **keyed("NoticeReceipt"))
    async def notification(request: Request, body: Notice) -> Response:
        """Send one of the bank's templates to the subject's contacts on file."""
        return await desk.recorded(
            request,
            "notice",
            body.model_dump(),
            lambda call, subject: records.notice(call, subject, body.template, body.fields),
        )

    @router.post("/fraud/alerts", **keyed("AlertReceipt"))
    async def fraud_alert(request: Request, body: FraudAlert) -> Response:
        """Tell the fraud desk about one of the subject's payments."""
        return await desk.recorded(
            request,
            "fraud_alert",
            body.model_dump(),
            lambda call, subject: records.fraud_alert(call, subject, body.transaction, body.reason),
        )

    return router
