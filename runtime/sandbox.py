"""Sandbox aids for the demo page: the bank's own development routes, handed through. Absent outside the demo profile."""

from __future__ import annotations

from typing import Any

import httpx

from domain.errors import NotFound, Unavailable


class SandboxAids:
    """Customers to pick from, their sign-in tokens, and what their phones received."""

    def __init__(self, base_url: str, transport: httpx.AsyncBaseTransport | None) -> None:
        self._http = httpx.AsyncClient(base_url=base_url, transport=transport, timeout=10, trust_env=False)

    async def customers(self) -> Any:
        return await self._call("GET", "/dev/customers")

    async def token(self, customer: str, amr: list[str] | None = None) -> Any:
        body = {} if amr is None else {"amr": amr}
        return await self._call("POST", f"/dev/token/{_segment(customer)}", body)

    async def phone(self, customer: str) -> Any:
        return await self._call("GET", f"/dev/phone/{_segment(customer)}")

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        try:
            response = await self._http.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise Unavailable("bank_unavailable") from error
        if response.status_code == 404:
            raise NotFound("not_found")
        if response.status_code >= 300:
            raise Unavailable("bank_unavailable", f"the bank answered {response.status_code}")
        return response.json()


def _segment(value: str) -> str:
    if not value.replace("-", "").replace("_", "").isalnum() or len(value) > 64:
        raise NotFound("not_found")
    return value
