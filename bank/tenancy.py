"""Many banks behind one address: `/{tenant}/balance` is that tenant's, `/balance` the default one's."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from domain.errors import TellergateError
from domain.ids import DEFAULT_TENANT

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


async def send_problem(send: Send, error: TellergateError) -> None:
    """Answer with an error's problem+json, for middleware that has no response classes."""
    body = json.dumps(error.problem()).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


TENANT = re.compile(r"[a-z][a-z0-9-]{0,31}")


class TenantPrefix:
    """Takes a leading tenant off the path and puts it into the scope. First segments of routes are no tenants (tested)."""

    def __init__(self, app: ASGIApp, reserved: Iterable[str]) -> None:
        self._app = app
        self._reserved = frozenset(reserved)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        root = scope.get("root_path", "")
        path = scope["path"]
        rest = path[len(root) :] if path.startswith(root) else path
        first, _, _ = rest.lstrip("/").partition("/")
        inner = dict(scope)
        if first not in self._reserved and TENANT.fullmatch(first):
            inner["root_path"] = f"{root}/{first}"
            inner["tenant"] = first
        else:
            inner["tenant"] = DEFAULT_TENANT
        await self._app(inner, receive, send)
