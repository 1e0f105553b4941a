"""Health, metrics and the error form of every REST route."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.exceptions import HTTPException

from domain.errors import BadInput, NotFound, TellergateError

PROBLEM = "application/problem+json"


def problem(error: TellergateError) -> JSONResponse:
    """RFC 9457 body with our stable code; `detail` of our own making only."""
    headers = {"Retry-After": str(error.extra["retry_after"])} if "retry_after" in error.extra else None
    return JSONResponse(error.problem(), status_code=error.status, media_type=PROBLEM, headers=headers)


def install_errors(app: FastAPI) -> None:
    """Every error leaves as problem+json; an unexpected one says `internal` and nothing else."""

    async def ours(_request: Request, error: Exception) -> Response:
        assert isinstance(error, TellergateError)
        return problem(error)

    async def invalid(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        return problem(BadInput("bad_input", f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"))

    async def http(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return problem(NotFound())
        body = {
            "type": "about:blank",
            "title": "request refused",
            "status": error.status_code,
            "code": f"http_{error.status_code}",
        }
        return JSONResponse(body, status_code=error.status_code, media_type=PROBLEM)

    async def unexpected(_request: Request, _error: Exception) -> Response:
        return problem(TellergateError())

    app.add_exception_handler(TellergateError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unexpected)


def health_routes(ready: Callable[[], dict[str, Any]], registry: CollectorRegistry) -> APIRouter:
    """`/health/live` answers while the process does; `/health/ready` says part by part whether the full pipeline answers."""
    router = APIRouter(tags=["health"])

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/health/ready")
    async def is_ready() -> JSONResponse:
        state = ready()
        return JSONResponse(state, status_code=200 if state["ready"] else 503)

    @router.get("/metrics")
    async def metrics() -> PlainTextResponse:
        return PlainTextResponse(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router
