"""Every read of what is not the subject's is the same 404: body, headers, and the time it takes."""

from __future__ import annotations

import re
import statistics
import time
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bank.app import RESERVED
from tests.contract.bank.conftest import Core
from tests.support.bank import Teller
from tests.support.bank_world import ASHA, RAVI

#: What belongs to Ravi, by the name that a route's parameter has; a new parameter has to be added here, or the test fails.
FOREIGN = {
    "account": "A2", "transaction": "T2", "card": "K2", "reference": "DSP-CANARY-2", "key": "ravis-key", "fee": "F2", "payee": "P2",
    "mandate": "M2", "complaint": "CMP-CANARY-2", "lock": "LOCK-2", "original": "T8",
}  # fmt: skip
#: Routes that answer a known subject about an unknown id with the same 200 as about a foreign one (the caller needs the time, or
#: the fact that it is not owned). Their foreign answer must equal their unknown one.
ALIKE = frozenset({"/facts", "/operations/{key}"})
#: For the service itself; there is no subject whose thing it could be.
SERVICE_ONLY = frozenset({"/branches", "/events", "/executions"})
REQUIRED = {
    "/fraud/score": "?transaction={transaction}",
    "/facts": "?action=open_dispute&transaction={transaction}&account={account}&card={card}&fee={fee}&payee={payee}&transfer_rail=upi"
    "&mandate={mandate}&lock={lock}&original={original}&dispute={reference}&limit_kind=upi&contact=mobile",
}
OPTIONAL = {"/balance": "?account={account}", "/transactions": "?account={account}"}


async def reads(teller: Teller) -> list[str]:
    """Every GET route of the contract as the core itself documents it."""
    document = (await teller.http.get("/openapi.json")).json()
    return sorted(path for path, methods in document["paths"].items() if "get" in methods and not path.startswith("/dev/"))


def filled(path: str, ids: dict[str, str]) -> str:
    return (path + REQUIRED.get(path, "")).format(**ids)


def unknown() -> dict[str, str]:
    return {name: f"never-{name}" for name in FOREIGN}


def said(answer: httpx.Response) -> tuple[int, str, str]:
    return answer.status_code, answer.headers["content-type"], answer.text


MISS = (404, "application/problem+json", '{"type":"about:blank","title":"not found","status":404,"code":"not_found"}')


@pytest.mark.process  # seconds; the long half has the time
async def test_every_read_is_404_without_proper_credentials(teller: Teller) -> None:
    stranger = Ed25519PrivateKey.generate()
    late = int(teller.now.timestamp()) - 3600
    bad: list[dict[str, str]] = [
        {},
        {"Authorization": "Bearer wrong", "X-Subject-Token": teller.subject(ASHA)},
        {"X-Subject-Token": teller.subject(ASHA)},
    ]
    with_credential = [
        {},
        {"X-Subject-Token": "not-a-token"},
        {"X-Subject-Token": "x" * 9000},
        {"X-Subject-Token": teller.subject(ASHA, key=stranger)},
        {"X-Subject-Token": teller.subject(ASHA, aud="somebody")},
        {"X-Subject-Token": teller.subject(ASHA, iss="somebody")},
        {"X-Subject-Token": teller.subject(ASHA, tenant="other")},
        {"X-Subject-Token": teller.subject(ASHA, iat=late, exp=late + 60)},
        {"X-Subject-Token": teller.subject(ASHA, exp=int(teller.now.timestamp()) + 600)},
        {"X-Subject-Token": teller.subject("C-unknown")},
        {"X-Subject-Token": teller.subject("")},
    ]
    bad += [{"Authorization": f"Bearer {teller.credential}"} | headers for headers in with_credential]
    for path in await reads(teller):
        for headers in bad:
            if path in SERVICE_ONLY and "Authorization" in headers and "wrong" not in headers["Authorization"]:
                continue
            answer = await teller.http.get(f"/{teller.tenant}{filled(path, FOREIGN)}", headers=headers)
            assert said(answer) == MISS, (path, headers)


async def test_every_read_of_another_customers_thing_is_as_if_it_did_not_exist(teller: Teller) -> None:
    used = 0
    for path in await reads(teller):
        names = set(re.findall(r"{(\w+)}", path + REQUIRED.get(path, "") + OPTIONAL.get(path, "")))
        assert names <= FOREIGN.keys(), f"{path}: say in FOREIGN what is another customer's {names - FOREIGN.keys()}"
        whole = filled(path, FOREIGN) + OPTIONAL.get(path, "").format(**FOREIGN)
        none = filled(path, unknown()) + OPTIONAL.get(path, "").format(**unknown())
        if not names:
            continue
        used += 1
        foreign, missing = await teller.get(whole, ASHA), await teller.get(none, ASHA)
        if path in ALIKE:
            assert _without_ids(foreign.json()) == _without_ids(missing.json()), path
        else:
            assert said(foreign) == said(missing) == MISS, path
        own = await teller.get(whole, RAVI)
        assert own.status_code == 200, f"{path}: the owner must be able to read it"
    assert used >= 9


def _without_ids(body: Any) -> str:
    return re.sub(r"never-\w+|ravis-key|\d{4}-\d\d-\d\dT[0-9:.]+Z", "", str(body))


async def test_malformed_queries_are_explained_to_known_callers_only(teller: Teller) -> None:
    known = await teller.get("/transactions", ASHA, since="yesterday")
    assert (known.status_code, known.json()["code"]) == (400, "bad_input")
    assert "yesterday" not in known.text
    stranger = await teller.http.get(f"/{teller.tenant}/transactions?since=yesterday")
    assert said(stranger) == MISS


async def test_unknown_paths_methods_and_tenants_are_404_too(teller: Teller) -> None:
    for method, path in (("GET", "/nothing"), ("DELETE", "/accounts"), ("POST", "/balance"), ("GET", "/accounts/A1/")):
        answer = await teller.http.request(method, f"/{teller.tenant}{path}", headers=teller.headers(ASHA))
        assert said(answer) == MISS, (method, path)
    elsewhere = await teller.http.get("/nobodys-bank/balance", headers=teller.headers(ASHA))
    assert said(elsewhere) == MISS


async def test_first_segments_of_all_paths_are_reserved_so_that_no_tenant_hides_them(teller: Teller) -> None:
    document = (await teller.http.get("/openapi.json")).json()
    assert {path.split("/")[1] for path in document["paths"]} <= RESERVED


@pytest.mark.process  # times are measured: not beside the many
@pytest.mark.parametrize("path", ["/transactions/{transaction}", "/cards/{card}", "/balance?account={account}"])
async def test_misses_take_the_same_time_whatever_their_reason(teller: Teller, core: Core, path: str) -> None:
    """Medians of interleaved samples lie in one class: no reason to miss takes even half as long again as another.

    A real difference shows in every round; noise of the machine does not, so six rounds have to show one.
    """
    if core.name == "address":
        pytest.skip("a network's own jitter is larger than the difference looked for")
    stranger = {"Authorization": "Bearer wrong", "X-Subject-Token": teller.subject(ASHA)}
    forged = teller.headers(None) | {"X-Subject-Token": teller.subject(ASHA, key=Ed25519PrivateKey.generate())}
    kinds = {
        "foreign": (path.format(**FOREIGN), teller.headers(ASHA)),
        "unknown": (path.format(**unknown()), teller.headers(ASHA)),
        "no credential": (path.format(**FOREIGN), stranger),
        "no token": (path.format(**FOREIGN), teller.headers(None)),
        "forged token": (path.format(**FOREIGN), forged),
    }
    rounds = [await _medians(teller, kinds)]
    while len(rounds) < 6 and not _one_class(rounds[-1]):
        rounds.append(await _medians(teller, kinds))
    assert _one_class(rounds[-1]), rounds


async def _medians(teller: Teller, kinds: dict[str, tuple[str, dict[str, str]]]) -> dict[str, float]:
    spent: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(25):
        for kind, (where, headers) in kinds.items():
            begun = time.perf_counter()
            await teller.http.get(f"/{teller.tenant}{where}", headers=headers)
            spent[kind].append(time.perf_counter() - begun)
    return {kind: statistics.median(times[1:]) for kind, times in spent.items()}


def _one_class(medians: dict[str, float]) -> bool:
    return max(medians.values()) < 1.5 * min(medians.values())
