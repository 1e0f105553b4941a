"""A core bank in this process behaves like one across the network: a caller that gives up does not stop what it asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import httpx

ASGIApp = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[MutableMapping[str, Any]]],
        Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ],
    Awaitable[None],
]


class EmbeddedTransport(httpx.AsyncBaseTransport):
    """Hands each request to an ASGI app, in a task of its own.

    The task is not cancelled when the caller times out or goes away, so a write whose answer nobody waited for still happens;
    that is what a real core would do, and what UNKNOWN is for. `aclose` waits for what is still running.
    """

    def __init__(self, app: ASGIApp, *, close_after_s: float = 10.0) -> None:
        self._app = app
        self._close_after_s = close_after_s
        self._running: set[asyncio.Task[httpx.Response]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        task = asyncio.get_running_loop().create_task(self._serve(request, body))
        self._running.add(task)
        task.add_done_callback(self._forget)
        response = await asyncio.shield(task)
        response.request = request
        return response

    def _forget(self, task: asyncio.Task[httpx.Response]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # seen here, since the caller may be gone

    async def _serve(self, request: httpx.Request, body: bytes) -> httpx.Response:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.url.scheme,
            "path": request.url.path,
            "raw_path": request.url.raw_path.split(b"?")[0],
            "query_string": request.url.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("embedded", 0),
            "server": (request.url.host, request.url.port or 80),
        }
        given = False
        status, headers, chunks = 500, list[tuple[bytes, bytes]](), list[bytes]()

        async def receive() -> MutableMapping[str, Any]:
            nonlocal given
            if given:
                return {"type": "http.disconnect"}
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status, headers = message["status"], list(message.get("headers", []))
            elif message["type"] == "http.response.body":
                chunks.append(message.get("body", b""))

        try:
            await self._app(scope, receive, send)
        except Exception as error:
            # To the caller an app that dies is a connection that closed: what it did before is not known.
            raise httpx.RemoteProtocolError("the embedded bank broke off", request=request) from error
        return httpx.Response(status, headers=headers, content=b"".join(chunks))

    async def aclose(self) -> None:
        if self._running:
            await asyncio.wait(tuple(self._running), timeout=self._close_after_s)
