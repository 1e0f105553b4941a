"""The app as a whole: its document, its tenants' prefix where it is mounted, its sandbox aids, its faults."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import httpx
from fastapi import FastAPI

from bank import openapi
from bank.app import create_bank_app
from tests.support.bank import Workbench
from tests.support.bank_world import ASHA


def test_the_committed_openapi_document_is_the_one_the_code_serves() -> None:
    assert openapi.COMMITTED.read_text(encoding="utf-8") == openapi.text(), "run: python -m bank.openapi"


async def test_mounted_under_a_prefix_a_tenant_comes_after_it(bench: Workbench) -> None:
    bench.seed("harbour")
    outer = FastAPI()
    outer.mount("/sandbox-bank", bench.app)
    transport = httpx.ASGITransport(app=outer)
    async with httpx.AsyncClient(transport=transport, base_url="http://x/sandbox-bank") as http:
        for tenant, path in (("demo", "/balance"), ("demo", "/demo/balance"), ("harbour", "/harbour/balance")):
            teller = bench.teller(tenant, bench.clock.at)
            answer = await http.get(path, headers=teller.headers(ASHA))
            assert answer.status_code == 200, path
            await teller.http.aclose()
        assert (await http.get("/health")).json() == {"status": "ok"}
        assert (await http.get("/harbour/dev/customers")).status_code == 200
        assert (await http.get("/harbour/harbour/balance")).status_code == 404


async def test_outside_a_sandbox_there_are_no_development_aids(bench: Workbench) -> None:
    app = create_bank_app(replace(bench.bank.config, sandbox=False))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x") as http:
        for method, path in (
            ("GET", "/dev/customers"),
            ("POST", "/dev/token/C1"),
            ("GET", "/dev/phone/C1"),
            ("POST", "/dev/clock"),
        ):
            assert (await http.request(method, path)).status_code == 404
    assert not any(path.startswith("/dev/") for path in app.openapi()["paths"])


async def test_a_fault_hits_its_endpoint_as_often_as_ordered(bench: Workbench) -> None:
    teller = bench.teller("demo", bench.clock.at)
    await teller.dev("POST", "/faults", {"endpoint": "GET /accounts/{account}", "kind": "fail", "times": 2})
    codes = [(await teller.get(path, ASHA)).status_code for path in ("/accounts/A1", "/accounts", "/accounts/A3", "/accounts/A1")]
    assert codes == [503, 200, 503, 200]
    await teller.dev("POST", "/faults", {"endpoint": "/balance", "kind": "slow", "seconds": 0.08})
    begun = time.perf_counter()
    assert (await teller.get("/balance", ASHA)).status_code == 200
    assert time.perf_counter() - begun >= 0.08
    await teller.dev("POST", "/faults", {"endpoint": "GET /balance", "kind": "fail", "times": 9})
    await teller.dev("DELETE", "/faults")
    assert (await teller.get("/balance", ASHA)).status_code == 200
    for body in (
        {"endpoint": "balance", "kind": "fail"},
        {"endpoint": "/x", "kind": "explode"},
        {"endpoint": "/x", "kind": "slow", "times": 0},
    ):
        assert (await teller.dev("POST", "/faults", body)).status_code == 400
    await teller.http.aclose()


async def test_a_silent_endpoint_has_done_its_work_before_the_caller_gives_up(bench: Workbench) -> None:
    teller = bench.teller("demo", bench.clock.at)
    await teller.dev("POST", "/faults", {"endpoint": "POST /crm/notes", "kind": "succeed_without_answering", "seconds": 5})
    try:
        async with asyncio.timeout(0.1):
            await teller.post("/crm/notes", ASHA, {"kind": "noted", "fields": {}}, Idempotency_Key="n1")
        raise AssertionError("the endpoint answered")
    except TimeoutError:
        pass
    assert (await teller.get("/operations/n1", ASHA)).json()["state"] == "found"
    await teller.http.aclose()


async def test_an_unexpected_failure_says_nothing_of_itself(bench: Workbench) -> None:
    bench.bank.database.close()
    transport = httpx.ASGITransport(app=bench.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
        answer = await http.get("/balance")
    assert answer.status_code == 500
    assert answer.json() == {"type": "about:blank", "title": "internal", "status": 500, "code": "internal"}
