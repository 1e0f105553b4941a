"""The core bank's HTTP contract, as calls: credentials added, time limited, refusals and silence turned into our errors."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

from domain.errors import (
    BadInput,
    Conflict,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    TellergateError,
    TooFast,
    Unauthenticated,
    Unavailable,
)

#: Nothing was sent when one of these is raised.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_REFUSALS: dict[int, type[TellergateError]] = {
    400: BadInput,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: Conflict,
    429: TooFast,
}
MAX_CODE = 64


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bank answered to a write; `replayed` when it had done this already and repeats its first answer."""

    status: int
    body: dict[str, Any]
    replayed: bool


class BankClient:
    """One tenant's core bank.

    `base_url` includes the tenant's prefix where the bank has one. The transport is the network's, or an embedded app's.
    All methods raise Unavailable `bank_unavailable` when nothing was sent or a read got no answer.
    """

    def __init__(
        self, base_url: str, *, credential: str, timeout_s: float, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._timeout_s = timeout_s
        self._http = httpx.AsyncClient(
            base_url=base_url.rstrip("/"),
            transport=transport,
            timeout=None,  # the limit is asyncio.timeout around the whole call
            headers={"Authorization": f"Bearer {credential}", "Accept": "application/json"},
            trust_env=False,
            follow_redirects=False,
        )

    async def read(self, path: str, *, subject: str | None = None, params: dict[str, Any] | None = None) -> Any:
        """GET; plain JSON.

        Raises NotFound for what the subject may not see, Unavailable when there is no answer or the bank says that a part of
        it is down (with its code, for example `score_unavailable`).
        """
        given = {key: str(value) for key, value in (params or {}).items() if value is not None}
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await self._http.get(path, params=given, headers=_headers(subject))
        except (TimeoutError, httpx.HTTPError) as error:
            raise Unavailable("bank_unavailable") from error
        if response.status_code >= 500:
            raise Unavailable(_code(response) or "bank_unavailable", f"the bank answered {response.status_code}")
        return self._json(response, Unavailable("bank_unavailable", "the bank's answer is not JSON"))

    async def challenge(self, path: str, body: dict[str, Any], *, subject: str) -> Any:
        """POST to the identity service: it moves nothing, so silence is Unavailable. Bodies may hold secrets: never logged."""
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await self._http.post(path, json=body, headers=_headers(subject))
        except (TimeoutError, httpx.HTTPError) as error:
            raise Unavailable("bank_unavailable") from error
        if response.status_code >= 500:
            raise Unavailable("bank_unavailable", f"the bank answered {response.status_code}")
        return self._json(response, Unavailable("bank_unavailable", "the bank's answer is not JSON"))

    async def write(
        self, path: str, body: dict[str, Any], *, key: str, subject: str | None = None, approval: str | None = None
    ) -> Reply:
        """POST with an idempotency key. For the executor only.

        Raises the refusal with the bank's code; Unavailable when nothing was sent; OutcomeUnknown `outcome_unknown` when it was
        sent and no usable answer came, also when the bank says that it failed itself or is still at it.
        """
        headers = _headers(subject) | {"Idempotency-Key": key}
        if approval is not None:
            headers["X-Approval-Token"] = approval
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await self._http.post(path, json=body, headers=headers)
        except _NOT_SENT as error:
            raise Unavailable("bank_unavailable") from error
        except (TimeoutError, httpx.HTTPError) as error:
            raise OutcomeUnknown("outcome_unknown") from error
        if response.status_code >= 500 or _code(response) == "idempotency_in_progress":
            raise OutcomeUnknown("outcome_unknown", f"the bank answered {response.status_code}")
        answer = self._json(response, OutcomeUnknown("outcome_unknown", "the bank's answer is not JSON"))
        if not isinstance(answer, dict):
            raise OutcomeUnknown("outcome_unknown", "the bank's answer is not an object")
        return Reply(response.status_code, answer, response.headers.get("Idempotent-Replay", "").lower() == "true")

    async def aclose(self) -> None:
        await self._http.aclose()

    def _json(self, response: httpx.Response, otherwise: TellergateError) -> Any:
        if response.status_code >= 300:
            kind = _REFUSALS.get(response.status_code, Conflict)
            refusal = kind(_code(response))
            retry = response.headers.get("Retry-After", "")
            if retry.isdigit():
                refusal.extra["retry_after"] = int(retry)
            raise refusal
        try:
            return response.json()
        except ValueError as error:
            raise otherwise from error


def _headers(subject: str | None) -> dict[str, str]:
    return {} if subject is None else {"X-Subject-Token": subject}


def _code(response: httpx.Response) -> str | None:
    """The stable code of a problem+json body, or None; anything that is no plain code is dropped."""
    if response.status_code < 300:
        return None
    try:
        code = response.json().get("code")
    except (ValueError, AttributeError):
        return None
    return code if isinstance(code, str) and code.isidentifier() and len(code) <= MAX_CODE else None
