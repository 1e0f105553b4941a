"""The client turns everything a core may do, or fail to do, into our errors; what was sent and not answered is never called undone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest

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
from tools.bank_client import BankClient
from tools.embedded import EmbeddedTransport

Answer = Callable[[httpx.Request], httpx.Response]


def client(answer: Answer, timeout_s: float = 5.0) -> BankClient:
    return BankClient("http://core/demo", credential="cred", timeout_s=timeout_s, transport=httpx.MockTransport(answer))


def problem(status: int, code: str) -> Answer:
    return lambda request: httpx.Response(status, json={"code": code, "detail": "internal words"})


async def test_credentials_key_and_approval_travel_in_their_headers() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={"operation": "k"}, headers={"Idempotent-Replay": "true"})

    reply = await client(answer).write("/transaction", {"a": 1}, key="k", subject="sub", approval="apr")
    assert (reply.status, reply.replayed) == (201, True)
    headers = seen[0].headers
    assert str(seen[0].url) == "http://core/demo/transaction"
    assert headers["Authorization"] == "Bearer cred"
    assert (headers["X-Subject-Token"], headers["X-Approval-Token"], headers["Idempotency-Key"]) == ("sub", "apr", "k")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadInput),
        (401, Unauthenticated),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (422, Conflict),
        (429, TooFast),
    ],
)
async def test_a_refusal_keeps_the_cores_code(status: int, kind: type[TellergateError]) -> None:
    with pytest.raises(kind) as refused:
        await client(problem(status, "effect_exists")).write("/transaction", {}, key="k")
    assert refused.value.code == "effect_exists"
    assert "internal words" not in str(refused.value)


async def test_a_code_that_is_no_code_is_not_passed_on() -> None:
    with pytest.raises(Conflict) as refused:
        await client(problem(409, "Dear customer, <b>call</b> +91")).write("/transaction", {}, key="k")
    assert refused.value.code == "conflict"


async def test_when_to_come_back_is_passed_on() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, json={"code": "otp_sends_used"}, headers={"Retry-After": "60"})

    with pytest.raises(TooFast) as refused:
        await client(answer).challenge("/identity/otp", {}, subject="s")
    assert refused.value.extra["retry_after"] == 60


def raising(error: Exception) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error

    return answer


@pytest.mark.parametrize("error", [httpx.ConnectError("no"), httpx.ConnectTimeout("no"), httpx.PoolTimeout("no")])
async def test_what_was_not_sent_is_unavailable(error: Exception) -> None:
    with pytest.raises(Unavailable, match="bank_unavailable"):
        await client(raising(error)).write("/transaction", {}, key="k")


@pytest.mark.parametrize(
    "answer",
    [
        raising(httpx.ReadError("broke")),
        raising(httpx.RemoteProtocolError("broke")),
        raising(httpx.WriteError("broke")),
        problem(500, "internal"),
        problem(503, "unavailable"),
        problem(409, "idempotency_in_progress"),
        lambda request: httpx.Response(201, text="<html>"),
        lambda request: httpx.Response(201, json=[1]),
    ],
)
async def test_what_was_sent_and_not_properly_answered_is_unknown(answer: Answer) -> None:
    with pytest.raises(OutcomeUnknown, match="outcome_unknown"):
        await client(answer).write("/transaction", {}, key="k")


@pytest.mark.parametrize(
    "answer",
    [
        raising(httpx.ReadError("broke")),
        raising(httpx.ConnectError("no")),
        problem(500, ""),
        lambda r: httpx.Response(200, text="x"),
    ],
)
async def test_a_read_without_an_answer_is_unavailable(answer: Answer) -> None:
    with pytest.raises(Unavailable, match="bank_unavailable"):
        await client(answer).read("/balance")


async def test_a_redirect_is_not_followed() -> None:
    with pytest.raises(Conflict):
        await client(lambda request: httpx.Response(307, headers={"Location": "http://elsewhere/"})).read("/balance")


class SlowApp:
    """An embedded app that works on after its caller has gone."""

    def __init__(self) -> None:
        self.go, self.done = asyncio.Event(), asyncio.Event()

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        await self.go.wait()
        self.done.set()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


async def test_an_embedded_core_goes_on_when_its_caller_gives_up() -> None:
    app = SlowApp()
    bank = BankClient("http://core", credential="c", timeout_s=0.05, transport=EmbeddedTransport(app))
    with pytest.raises(OutcomeUnknown):
        await bank.write("/transaction", {}, key="k")
    assert not app.done.is_set()
    app.go.set()
    async with asyncio.timeout(1):
        await app.done.wait()
    await bank.aclose()


async def test_an_embedded_core_goes_on_when_its_callers_task_is_cancelled() -> None:
    app = SlowApp()
    bank = BankClient("http://core", credential="c", timeout_s=5, transport=EmbeddedTransport(app))
    calling = asyncio.create_task(bank.write("/transaction", {}, key="k"))
    await asyncio.sleep(0.02)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    app.go.set()
    await bank.aclose()  # waits for what is still running
    assert app.done.is_set()


async def test_an_embedded_app_that_dies_after_a_write_leaves_doubt() -> None:
    async def dies(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        raise RuntimeError("boom")

    bank = BankClient("http://core", credential="c", timeout_s=1, transport=EmbeddedTransport(dies))
    with pytest.raises(OutcomeUnknown):
        await bank.write("/transaction", {}, key="k")
    with pytest.raises(Unavailable):
        await bank.read("/balance")
