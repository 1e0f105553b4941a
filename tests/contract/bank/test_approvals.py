"""POST /transaction moves nothing without a live approval for exactly this call; each refusal has its code and is audited."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bank.actions import Credit, Debit
from domain.canonical import digest_of
from tests.contract.bank.conftest import Core
from tests.support.bank import Teller
from tests.support.bank_world import ASHA, RAVI

Token = Callable[[Teller, Debit], str]


def debit(amount: int = 10_000, account: str = "A1", reference: str = "r1", currency: str = "INR") -> Debit:
    return Debit(account=account, amount_minor=amount, currency=currency, reference=reference)


def _other(**changes: Any) -> Token:
    return lambda teller, action: teller.approval(ASHA, action, "p1", **changes)


def _seconds(teller: Teller, shift: int) -> dict[str, int]:
    at = int(teller.now.timestamp()) + shift
    return {"iat": at, "exp": at + 60}


REFUSED: list[tuple[str, int, str, Token]] = [
    ("none at all", 401, "approval_missing", lambda teller, action: ""),
    ("not a token", 401, "approval_malformed", lambda teller, action: "a.b.c"),
    ("far too long", 401, "approval_malformed", lambda teller, action: "x" * 9000),
    ("a subject token in its place", 401, "approval_key_unknown", lambda teller, action: teller.subject(ASHA)),
    ("a foreign key", 401, "approval_key_unknown", _other(key=Ed25519PrivateKey.generate())),
    (
        "a changed signature",
        401,
        "approval_signature",
        lambda teller, action: teller.approval(ASHA, action, "p1")[:-12] + "A" * 12,
    ),
    ("another audience", 401, "approval_audience", _other(aud="tellergate")),
    ("another issuer", 401, "approval_audience", _other(iss="somebody")),
    ("another tenant", 403, "approval_tenant", _other(tenant="other")),
    ("expired", 401, "approval_expired", lambda teller, action: teller.approval(ASHA, action, "p1", **_seconds(teller, -61))),
    (
        "a life longer than approvals have",
        401,
        "approval_malformed",
        lambda teller, action: teller.approval(ASHA, action, "p1", exp=int(teller.now.timestamp()) + 3600),
    ),
    ("another key than the proposal's", 403, "approval_proposal", lambda teller, action: teller.approval(ASHA, action, "p2")),
    ("another action", 403, "approval_action", _other(act="credit")),
    ("another amount", 403, "approval_arguments", _other(args=digest_of(debit(10_001).arguments()))),
    ("another account", 403, "approval_arguments", _other(args=digest_of(debit(account="A2").arguments()))),
    ("another effect", 403, "approval_effect", _other(effect="debit:other")),
    ("another customer", 403, "approval_customer", _other(sub=RAVI)),
    ("a proof that the bank never gave", 403, "approval_assertion", _other(assertion="otp_never")),
]


@pytest.mark.parametrize(("why", "status", "code", "token"), REFUSED, ids=[row[0] for row in REFUSED])
async def test_refused_with_its_code_and_audited(teller: Teller, why: str, status: int, code: str, token: Token) -> None:
    action, before = debit(), await teller.export()
    answer = await teller.do("/transaction", ASHA, action, proposal="p1", token=token(teller, action))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    after = await teller.export()
    assert after["audit"]["entries"] == before["audit"]["entries"] + 1
    assert (after["accounts"], after["ledger"], after["operations"]) == (before["accounts"], before["ledger"], {})


async def test_an_approval_moves_money_once_and_says_which_it_used(teller: Teller) -> None:
    action = debit()
    token = teller.approval(ASHA, action, "p1", jti="the-one")
    first = await teller.do("/transaction", ASHA, action, proposal="p1", token=token)
    assert first.status_code == 201, first.text
    receipt = first.json()
    assert (receipt["approval_jti"], receipt["effect"], receipt["balance_minor"]) == ("the-one", "debit:r1", 1_380_000)
    again = await teller.do("/transaction", ASHA, action, proposal="p2", token=token)
    assert (again.status_code, again.json()["code"]) == (409, "approval_used")
    assert (await teller.export())["accounts"]["A1"]["ledger_minor"] == 1_380_000


async def test_a_second_approval_for_the_same_effect_is_refused_and_told_the_first_result(teller: Teller) -> None:
    action = debit()
    first = await teller.do("/transaction", ASHA, action)
    second = await teller.do("/transaction", ASHA, action)
    assert (second.status_code, second.json()["code"]) == (409, "effect_exists")
    assert second.json()["first"] == first.json()


async def test_another_customers_account_needs_more_than_an_approval(teller: Teller) -> None:
    """Even a token that the authority signed cannot reach an account that its customer does not own."""
    theirs = debit(account="A2")
    answer = await teller.do("/transaction", ASHA, theirs)
    assert (answer.status_code, answer.json()["code"]) == (403, "approval_customer")
    nowhere = await teller.do("/transaction", ASHA, debit(account="A-none", reference="r2"))
    assert nowhere.json() == answer.json()


async def test_writes_without_service_or_subject_are_404_and_audited(teller: Teller) -> None:
    action = debit()
    token = teller.approval(ASHA, action, "p1")
    given = {"Idempotency-Key": "p1", "X-Approval-Token": token}
    for headers in (
        given,
        given | {"X-Subject-Token": teller.subject(ASHA)},
        given | teller.headers(None),
        given | teller.headers("C-none"),
    ):
        answer = await teller.http.post(f"/{teller.tenant}/transaction", json=action.arguments(), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await teller.export())["audit"]["entries"] == 1 + 4


async def test_a_body_that_cannot_be_read_is_refused_and_audited(teller: Teller) -> None:
    for body in ({}, {"action": "nonsense"}, debit().arguments() | {"amount_minor": 1.5}, debit().arguments() | {"extra": 1}, []):
        answer = await teller.post("/transaction", ASHA, body, Idempotency_Key="p1")
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_input")
    assert (await teller.export())["audit"]["entries"] == 1 + 5


async def test_a_write_without_an_idempotency_key_is_refused(teller: Teller) -> None:
    action = debit()
    token = teller.approval(ASHA, action, "p1")
    answer = await teller.post("/transaction", ASHA, action.arguments(), X_Approval_Token=token)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


async def test_of_50_at_once_with_one_token_and_one_key_one_posts(teller: Teller) -> None:
    action = debit()
    token = teller.approval(ASHA, action, "p1")
    answers = await asyncio.gather(*(teller.do("/transaction", ASHA, action, proposal="p1", token=token) for _ in range(50)))
    first = [each for each in answers if each.status_code == 201 and "idempotent-replay" not in each.headers]
    rest = [each for each in answers if each not in first]
    assert len(first) == 1
    for each in rest:
        assert each.json() == first[0].json() or each.json()["code"] == "idempotency_in_progress"
    await _one_posting(teller, 10_000)


async def test_of_50_at_once_with_one_token_and_50_keys_one_posts(teller: Teller) -> None:
    action = debit()
    token = teller.approval(ASHA, action, "p7")
    answers = await asyncio.gather(*(teller.do("/transaction", ASHA, action, proposal=f"p{n}", token=token) for n in range(50)))
    codes = Counter(each.json().get("code", "posted") for each in answers)
    assert codes["posted"] == 1
    assert codes.keys() <= {"posted", "approval_used", "approval_proposal"}
    assert (await teller.export())["audit"]["entries"] == 1 + 1 + 49
    await _one_posting(teller, 10_000)


async def test_of_50_approvals_at_once_for_one_effect_one_posts(teller: Teller) -> None:
    action = Credit(account="A1", amount_minor=10_000, currency="INR", reference="once")
    answers = await asyncio.gather(*(teller.do("/transaction", ASHA, action) for _ in range(50)))
    assert Counter(each.status_code for each in answers) == {201: 1, 409: 49}
    await _one_posting(teller, -10_000)


async def _one_posting(teller: Teller, taken: int) -> None:
    state = await teller.export()
    assert state["accounts"]["A1"]["ledger_minor"] == 1_390_000 - taken
    assert len(state["operations"]) == 1
    assert (state["ledger"]["sum"], state["ledger"]["unexplained_balances"]) == ({"INR": 0}, [])


async def test_an_approval_that_expires_in_flight_is_refused(teller: Teller, core: Core) -> None:
    """The clock passes the expiry between the first check and the end of the posting's transaction: nothing is posted."""
    if core.bench is None:
        pytest.skip("the wall clock of a core at an address cannot be scripted")
    clock, action = core.bench.clock, debit()
    token = teller.approval(ASHA, action, "p1")
    clock.script = [clock.at, clock.at + timedelta(seconds=61)]
    answer = await teller.do("/transaction", ASHA, action, proposal="p1", token=token)
    clock.script = []
    assert (answer.status_code, answer.json()["code"]) == (401, "approval_expired")
    state = await teller.export()
    assert (state["accounts"]["A1"]["ledger_minor"], state["operations"]) == (1_390_000, {})


async def test_an_approval_that_waits_behind_a_slow_endpoint_expires_there(teller: Teller) -> None:
    action = debit()
    token = teller.approval(ASHA, action, "p1")
    await teller.dev("POST", "/faults", {"endpoint": "POST /transaction", "kind": "slow", "seconds": 0.05})
    call = asyncio.create_task(teller.do("/transaction", ASHA, action, proposal="p1", token=token))
    await asyncio.sleep(0.01)
    await teller.advance(61)
    answer = await call
    # the subject token lives as short: which of the two is late first does not matter, the money stays
    assert answer.json()["code"] in ("approval_expired", "not_found")
    assert (await teller.export())["accounts"]["A1"]["ledger_minor"] == 1_390_000


async def test_an_otp_proof_counts_for_the_arguments_it_was_bound_to(teller: Teller) -> None:
    action, other = debit(), debit(20_000, reference="r2")
    binding = {"digest": digest_of(action.arguments()), "amount_minor": "10000", "currency": "INR", "payee": "MegaMart"}
    sent = (await teller.post("/identity/otp", ASHA, {"purpose": "step_up", "binding": binding})).json()
    message = (await teller.phone(ASHA))[-1]["text"]
    assert "₹100.00" in message and "MegaMart" in message
    unmet = await teller.do(
        "/transaction", ASHA, action, proposal="p0", token=teller.approval(ASHA, action, "p0", assertion=sent["challenge"])
    )
    assert unmet.json()["code"] == "approval_assertion"
    checked = await teller.post(f"/identity/otp/{sent['challenge']}/verify", ASHA, {"code": message[:6]})
    word = checked.json()["assertion"]
    borrowed = await teller.do(
        "/transaction", ASHA, other, proposal="p1", token=teller.approval(ASHA, other, "p1", assertion=word)
    )
    assert borrowed.json()["code"] == "approval_assertion"
    fitting = await teller.do(
        "/transaction", ASHA, action, proposal="p2", token=teller.approval(ASHA, action, "p2", assertion=word)
    )
    assert fitting.status_code == 201, fitting.text
