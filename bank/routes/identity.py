"""POST routes of identity checks. Secrets come in bodies, are compared as HMACs, and are never stored, logged or repeated."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from bank import identity
from bank.config import BankConfig
from bank.replies import Reply
from bank.routes.described import Path, checked
from bank.serving import Desk

Value = Annotated[str, Field(max_length=200)]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SendOtp(Asked):
    """`binding` says what the code is for: `digest` (of the action's arguments, or its consent digest), and what the SMS names
    of it: `amount_minor` with `currency`, and `payee`."""

    purpose: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    binding: Annotated[dict[str, Value], Field(max_length=12)] = {}


class Code(Asked):
    code: Annotated[str, Field(max_length=64, repr=False)]


class AskQuestion(Asked):
    pass


class Answer(Asked):
    answer: Annotated[str, Field(max_length=200, repr=False)]


def identity_routes(desk: Desk, config: BankConfig) -> APIRouter:
    router = APIRouter(prefix="/identity")

    @router.post("/otp", **checked("OtpSent", 201))
    async def send_otp(request: Request, body: SendOtp) -> Response:
        """Send a one-time password to the mobile on file."""
        return await desk.unkeyed(
            request,
            "otp",
            lambda call, subject: Reply(identity.send_otp(call, subject, body.purpose, body.binding, config), 201),
        )

    @router.post("/otp/{challenge}/verify", **checked("Checked"))
    async def verify_otp(request: Request, challenge: Path, body: Code) -> Response:
        """Check a typed code."""
        return await desk.unkeyed(
            request,
            "otp_check",
            lambda call, subject: Reply(identity.verify_otp(call, subject, challenge, body.code, config)),
        )

    @router.post("/questions", **checked("QuestionAsked", 201))
    async def ask_question(request: Request, _body: AskQuestion) -> Response:
        """Put one of the customer's security questions."""
        return await desk.unkeyed(request, "question", lambda call, subject: Reply(identity.ask_question(call, subject), 201))

    @router.post("/questions/{challenge}/verify", **checked("Checked"))
    async def verify_answer(request: Request, challenge: Path, body: Answer) -> Response:
        """Check a typed answer."""
        return await desk.unkeyed(
            request,
            "question_check",
            lambda call, subject: Reply(identity.verify_answer(call, subject, challenge, body.answer, config)),
        )

    return router
