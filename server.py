"""create_app(settings): doors, widget and the sandbox bank mounted on the runtime. No logic; only `cli` and tests import it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import metadata
from typing import Any

import httpx
from fastapi import FastAPI, WebSocket
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles

from bank.embedded import Embedded
from bank.setup import OpenBank, open_bank
from channels.activations import activation_routes
from channels.demo import demo_routes
from channels.origins import origin_allowed
from channels.rest import health_routes, install_errors
from channels.staff import staff_routes
from channels.websocket import ChatSocket, SocketConfig
from runtime.bootstrap import Service, build
from runtime.datadir import DataDir
from runtime.limits import TokenBuckets
from runtime.logs import configure
from runtime.sandbox import SandboxAids
from runtime.settings import Settings
from tools.embedded import EmbeddedTransport
from web import PAGE_HEADERS, STATIC

BANK_PATH = "/sandbox-bank"
#: Staff signing in from one network address.
SIGN_INS_PER_SECOND, SIGN_IN_BURST = 0.2, 10


def create_app(
    settings: Settings,
    *,
    address: str = "",
    started: float | None = None,
    on_ready: Callable[[float], None] | None = None,
    parts: dict[str, Any] | None = None,
) -> FastAPI:
    """The service as one ASGI app. `parts` replaces adapters by name in tests (see `runtime.bootstrap.build`)."""
    configure(settings.log_level, settings.log_format)
    data_dir = DataDir(settings.data_dir)
    if any(url.startswith("sqlite") for url in (settings.service_database, settings.bank_database)):
        data_dir.hold()
    bank = None if settings.bank_url else open_bank(data_dir.path, settings.bank_database_url or None, sandbox=settings.sandbox)
    transport = EmbeddedTransport(bank.app) if bank is not None else None
    embedded = Embedded(bank) if bank is not None else None
    service = build(
        settings, data_dir, _bank_base(settings), transport, embedded, started=started, on_ready=on_ready, parts=parts or {}
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await service.start()
        yield
        await service.stop()
        if transport is not None:
            await transport.aclose()
        if bank is not None:
            bank.close()
        data_dir.release()

    app = FastAPI(title="Tellergate", version=metadata.version("tellergate"), lifespan=lifespan, docs_url="/docs", redoc_url=None)
    app.state.service = service
    install_errors(app)
    app.include_router(health_routes(service.readiness, service.registry))
    app.include_router(staff_routes(service.staff, TokenBuckets(SIGN_INS_PER_SECOND, SIGN_IN_BURST, service.system)))
    app.include_router(activation_routes(service.staff))
    _mount_chat(app, service, settings)
    _mount_demo(app, service, settings, transport, bank)
    return app


def _bank_base(settings: Settings) -> str:
    base = settings.bank_url or "http://bank.embedded"
    return f"{base.rstrip('/')}/{settings.tenant}"


def _mount_chat(app: FastAPI, service: Service, settings: Settings) -> None:
    config = SocketConfig(service.door, service.buckets, service.clock, service.system, settings.idle_s)
    allowed = tuple(origin.strip() for origin in settings.sign_in_origins.split(",") if origin.strip())

    @app.websocket("/ws/chat")
    async def chat(socket: WebSocket) -> None:
        if not origin_allowed(socket.headers.get("origin"), socket.headers.get("host"), allowed):
            await socket.close(1008, "origin_refused")
            return
        await ChatSocket(socket, config).run()

    app.mount("/static", StaticFiles(directory=STATIC), name="static")


def _mount_demo(
    app: FastAPI, service: Service, settings: Settings, transport: httpx.AsyncBaseTransport | None, bank: OpenBank | None
) -> None:
    if not settings.sandbox or bank is None:
        return
    aids = SandboxAids(_bank_base(settings), transport)
    app.include_router(demo_routes(aids, service.door.bank_name()))
    app.mount(BANK_PATH, bank.app)

    @app.middleware("http")
    async def strict_content(request: Any, call_next: Any) -> Any:
        response = await call_next(request)
        if request.url.path.startswith(("/demo-bank", "/static")):
            response.headers.update(PAGE_HEADERS)
        return response

    app.mount("/demo-bank", StaticFiles(directory=STATIC / "demo", html=True), name="demo-bank")

    @app.get("/", include_in_schema=False)
    async def front() -> RedirectResponse:
        return RedirectResponse("/demo-bank/")
