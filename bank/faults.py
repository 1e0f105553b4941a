"""Faults a tester orders for an endpoint of the sandbox: be slow, fail, or do the work and not answer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, Literal

from bank.tenancy import ASGIApp, Receive, Scope, Send, send_problem
from domain.errors import OutcomeUnknown, Unavailable

Kind = Literal["slow", "fail", "succeed_without_answering"]
#: How long an endpoint that does not answer keeps its caller waiting, unless the order says otherwise.
SILENCE_S = 30.0
MAX_SECONDS = 600.0


@dataclass(slots=True)
class Fault:
    """An order: `endpoint` is a method and a path template as in the OpenAPI document, `times` how often it still happens."""

    endpoint: str
    kind: Kind
    seconds: float
    times: int

    def matches(self, method: str, path: str) -> bool:
        wanted, _, template = self.endpoint.rpartition(" ")
        pattern = re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(template))
        return wanted in ("", method) and re.fullmatch(pattern, path) is not None


class Faults:
    """Middleware that carries out orders, per tenant. Orders live in memory: a restart forgets them."""

    def __init__(self) -> None:
        self._orders: dict[str, list[Fault]] = {}

    def order(self, tenant: str, fault: Fault) -> None:
        self._orders.setdefault(tenant, []).append(fault)

    def clear(self, tenant: str) -> None:
        self._orders.pop(tenant, None)

    def standing(self, tenant: str) -> list[Fault]:
        return list(self._orders.get(tenant, ()))

    def take(self, tenant: str, method: str, path: str) -> Fault | None:
        """The order for this call, used up by one."""
        for fault in self._orders.get(tenant, ()):
            if fault.times > 0 and fault.matches(method, path):
                fault.times -= 1
                return fault
        return None


class FaultMiddleware:
    """Stands inside `TenantPrefix`, so that tenant and path are known."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"][len(scope.get("root_path", "")) :] if scope["type"] == "http" else ""
        fault = None if not path or path.startswith("/dev/") else self._faults.take(scope["tenant"], scope["method"], path)
        if fault is None:
            await self._app(scope, receive, send)
        elif fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            await self._app(scope, receive, send)
        elif fault.kind == "fail":
            await send_problem(send, Unavailable("unavailable"))
        else:
            await self._app(scope, receive, _swallow)
            await asyncio.sleep(fault.seconds)
            await send_problem(send, OutcomeUnknown("outcome_unknown"))


async def _swallow(_message: MutableMapping[str, Any]) -> None:
    return
