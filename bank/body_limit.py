"""Refuses bodies that no request of the contract can have, before they are read into memory."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from bank.tenancy import ASGIApp, Receive, Scope, Send, send_problem
from domain.errors import TooLarge

#: A request of the contract, and a world given to the sandbox.
MAX_BODY, MAX_WORLD = 64 * 1024, 4 * 1024 * 1024


class BodyLimit:
    """Stands inside `TenantPrefix`. Answers 413 `too_large`, by the declared length or by what has come so far."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"][len(scope.get("root_path", "")) :]
        limit = MAX_WORLD if path.startswith("/dev/") else MAX_BODY
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > limit:
            await send_problem(send, TooLarge())
            return
        seen = 0

        async def counted() -> MutableMapping[str, Any]:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            # The route sees an empty end instead of more; whatever it makes of that is not sent.
            return message if seen <= limit else {"type": "http.request", "body": b"", "more_body": False}

        async def guarded(message: MutableMapping[str, Any]) -> None:
            if seen <= limit:
                await send(message)

        await self._app(scope, counted, guarded)
        if seen > limit:
            await send_problem(send, TooLarge())
