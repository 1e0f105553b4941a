"""What jobs answer with, and how answers and errors look on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi.responses import JSONResponse, Response

from bank.access import Subject
from domain.actions import Action
from domain.errors import NotFound, TellergateError
from domain.tokens import ApprovalClaims

PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Approved:
    """A call whose approval fits: who, what, under which key, and the claims themselves."""

    subject: Subject
    action: Action
    operation: str
    claims: ApprovalClaims


@dataclass(frozen=True, slots=True)
class Reply:
    """What a job answers."""

    body: dict[str, Any]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(body: dict[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(body, status, dict(headers or {}))


def problem(error: TellergateError) -> Response:
    """RFC 9457 body. A 404 says the same whatever was missing."""
    body = NotFound().problem() if isinstance(error, NotFound) else error.problem()
    wait = error.extra.get("retry_after")
    headers = None if wait is None else {"Retry-After": str(wait)}
    return JSONResponse(body, error.status, headers, media_type=PROBLEM)
