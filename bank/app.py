"""create_bank_app(config): the sandbox core bank as one ASGI app. Routes by subject, errors as problem+json, tenants by prefix."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from bank import schemas
from bank.body_limit import BodyLimit
from bank.config import BankConfig
from bank.faults import FaultMiddleware, Faults
from bank.replies import problem
from bank.routes.described import SECURITY_SCHEMES
from bank.routes.dev import dev_routes
from bank.routes.events import event_routes
from bank.routes.identity import identity_routes
from bank.routes.reads import read_routes
from bank.routes.records import record_routes
from bank.routes.writes import write_routes
from bank.serving import Desk
from bank.tenancy import TenantPrefix
from domain.errors import BadInput, Broken, NotFound, TellergateError, Unavailable

#: First segments of all paths; no tenant is called like one (tested against the routes).
RESERVED = frozenset(
    {
        "accounts", "balance", "branches", "cards", "crm", "customer", "dev", "devices", "disputes", "events", "executions", "facts", "fraud", "health",
        "identity", "limits", "loans", "logins", "notifications", "openapi.json", "operations", "rails", "transaction",
        "transactions", "chargebacks", "closures", "complaints", "fees", "mandates", "payees", "reset-links",
    }
)  # fmt: skip
log = logging.getLogger("bank")


def create_bank_app(config: BankConfig) -> FastAPI:
    """The app over an opened database whose schema is current; the caller closes the database."""
    app = FastAPI(title="Tellergate sandbox core bank", version="1", docs_url=None, redoc_url=None, redirect_slashes=False)
    desk, faults = Desk(config), Faults()
    app.include_router(read_routes(desk))
    app.include_router(write_routes(desk))
    app.include_router(record_routes(desk))
    app.include_router(identity_routes(desk, config))
    app.include_router(event_routes(desk))
    if config.sandbox:
        app.include_router(dev_routes(desk, config, faults))
        app.add_middleware(FaultMiddleware, faults=faults)
    app.add_middleware(BodyLimit)
    app.add_middleware(TenantPrefix, reserved=RESERVED)
    _install_errors(app, desk)
    _describe(app)

    @app.get("/health", include_in_schema=False)
    async def health() -> dict[str, str]:
        """Alive; says nothing else."""
        return {"status": "ok"}

    return app


def _install_errors(app: FastAPI, desk: Desk) -> None:
    """Every error becomes problem+json with a code; nothing of an exception's text goes out."""

    @app.exception_handler(TellergateError)
    async def refused(_request: Request, error: TellergateError) -> Response:
        return problem(error)

    @app.exception_handler(HTTPException)
    async def unrouted(_request: Request, error: HTTPException) -> Response:
        """Unknown paths and methods read like anything else that is not there."""
        return problem(NotFound() if error.status_code in (404, 405) else BadInput())

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, error: RequestValidationError) -> Response:
        """What cannot be read is said to known callers only, by place, never with its value."""
        if all(each["loc"][0] == "path" for each in error.errors()):
            return problem(NotFound())
        is_dev = request.scope["path"].removeprefix(request.scope.get("root_path", "")).startswith("/dev/")
        if not is_dev and request.method == "POST":
            await desk.refuse_input(request, request.scope["route"].path)
        if not is_dev and not await desk.is_known(request):
            return problem(NotFound())
        places = [".".join(str(part) for part in each["loc"]) for each in error.errors()]
        return problem(BadInput("bad_input", "; ".join(sorted(set(places)))[:400]))

    @app.exception_handler(Exception)
    async def broken(_request: Request, error: Exception) -> Response:
        log.error("a call broke off", extra={"error": type(error).__name__})
        return problem(Broken())

    @app.exception_handler(SQLAlchemyError)
    async def database_down(_request: Request, error: SQLAlchemyError) -> Response:
        log.error("database failed", extra={"error": type(error).__name__})
        return problem(Unavailable())


def _describe(app: FastAPI) -> None:
    plain = app.openapi

    def described() -> dict[str, Any]:
        document = plain()
        components = document.setdefault("components", {})
        components["securitySchemes"] = SECURITY_SCHEMES
        components.setdefault("schemas", {})["Problem"] = schemas.Problem.model_json_schema()
        for path in document["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            components["schemas"].pop(name, None)
        return document

    app.openapi = described  # type: ignore[method-assign]
