"""`tellergate serve`: bind first, then start, so that a taken port is one clear line."""

from __future__ import annotations

import socket
from pathlib import Path

import uvicorn

from cli.output import say
from domain.errors import Conflict
from runtime.clocks import MonotonicClock
from runtime.settings import Settings

#: Frames above this are cut off by the server before our own limit answers (4413).
WS_MAX_SIZE = 2 * 1024 * 1024
BACKLOG = 2048


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises Conflict `port_in_use`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Conflict(
            "port_in_use", f"{host}:{port}: cannot listen here; another program does, or the address is not ours"
        ) from error
    return listener


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM; running turns end first."""
    from server import create_app

    started = MonotonicClock().monotonic()
    listener = bind(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    base = f"http://{host}:{port}"

    def on_ready(seconds: float) -> None:
        say(f"  full pipeline ready after {seconds:.1f} s")

    app = create_app(settings, address=base, started=started, on_ready=on_ready)
    say(f"Tellergate {settings.profile} · data in {Path(settings.data_dir).resolve()}")
    say(f"  demo bank and chat   {base}/")
    say(f"  chat socket          {base.replace('http', 'ws')}/ws/chat")
    say(f"  sandbox core bank    {base}/sandbox-bank/openapi.json")
    say(f"  health               {base}/health/ready")
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=WS_MAX_SIZE,
        ws_ping_interval=20,
        timeout_graceful_shutdown=5,
        backlog=BACKLOG,
        lifespan="on",
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[listener])
