"""What cannot be read is one clear refusal with a code: nothing breaks, nothing of it comes back."""

from __future__ import annotations

from typing import Any

import pytest

from bank.actions import Debit
from domain.actions import BlockCard, OpenDispute
from tests.support.bank import Teller
from tests.support.bank_world import ASHA


@pytest.mark.parametrize(
    "path",
    [
        "/transactions?limit=0",
        "/transactions?limit=many",
        "/transactions?since=0001-01-01",
        "/transactions?until=9999-12-31",
        "/transactions?amount_minor=1e3",
        "/transactions?account=%00",
        "/balance?account=a%20b",
        "/fraud/score",
        "/facts",
        "/facts?action=DROP",
        "/events?after=-1",
        "/events?after=99999999999999999999999",
    ],
)
async def test_queries_that_cannot_be_read_are_bad_input(teller: Teller, path: str) -> None:
    answer = await teller.get(path, ASHA)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_input")


@pytest.mark.parametrize("path", ["/accounts/%00", "/cards/a%20b", "/transactions/%F0%9F%92%A9", "/operations/" + "x" * 200])
async def test_ids_that_nothing_can_have_are_not_found(teller: Teller, path: str) -> None:
    assert (await teller.get(path, ASHA)).status_code == 404


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"null", 400),
        (b"[" * 30_000, 400),
        (b'{"action":"debit"}', 400),
        (b"\xff\xfe", 400),
        (b'{"action":"debit","pad":"' + b"x" * 70_000 + b'"}', 413),
    ],
)
async def test_bodies_that_cannot_be_read_are_refused(teller: Teller, raw: bytes, status: int) -> None:
    headers = teller.headers(ASHA) | {"Content-Type": "application/json", "Idempotency-Key": "p1"}
    answer = await teller.http.post(f"/{teller.tenant}/transaction", content=raw, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_without_a_declared_length_is_cut_off_too(teller: Teller) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b" " * 1024

    headers = teller.headers(ASHA) | {"Content-Type": "application/json", "Idempotency-Key": "p1"}
    answer = await teller.http.post(f"/{teller.tenant}/transaction", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("word", ["\x00", "a\nb", "\u202e", "x" * 200])
async def test_words_that_no_id_can_be_are_refused_in_approved_actions_as_well(teller: Teller, word: str) -> None:
    for path, action in (
        ("/disputes", OpenDispute(transaction=word, dispute_type="duplicate", amount_minor=1, currency="INR")),
        ("/disputes", OpenDispute(transaction="T1", dispute_type="duplicate", amount_minor=1, currency=word)),
        ("/cards/K1/block", BlockCard(card=word, reason="lost")),
    ):
        answer = await teller.do(path, ASHA, action)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_input")


@pytest.mark.parametrize("key", ["x" * 129, "a b", "é"])
async def test_a_key_that_cannot_be_one_is_refused(teller: Teller, key: str) -> None:
    action = Debit(account="A1", amount_minor=1, currency="INR", reference="r1")
    headers = teller.headers(ASHA) | {"X-Approval-Token": teller.approval(ASHA, action, "p1")}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()] + [(b"idempotency-key", key.encode())]
    answer = await teller.http.post(f"/{teller.tenant}/transaction", json=action.arguments(), headers=raw)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_malformed")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/crm/notes", {"kind": "Bad Kind", "fields": {}}),
        ("/crm/notes", {"kind": "ok", "fields": {"a": "line\nbreak"}}),
        ("/crm/notes", {"kind": "ok", "fields": {"a": "\x00"}}),
        ("/crm/notes", {"kind": "ok", "fields": {f"f{n}": "" for n in range(21)}}),
        ("/fraud/alerts", {"transaction": "T1", "reason": "Free text!"}),
        ("/identity/otp", {"purpose": "step_up", "binding": {"payee": "\x00"}}),
        ("/identity/otp", {"purpose": "Any thing", "binding": {}}),
        ("/identity/otp/otp_x/verify", {"code": "1" * 65}),
    ],
)
async def test_records_and_checks_take_no_free_text(teller: Teller, path: str, body: dict[str, Any]) -> None:
    answer = await teller.post(path, ASHA, body, Idempotency_Key=teller.fresh("n"))
    assert answer.status_code == 400, answer.text
    assert (await teller.export())["notes"] == []


async def test_an_alert_about_anothers_payment_is_not_found(teller: Teller) -> None:
    answer = await teller.post("/fraud/alerts", ASHA, {"transaction": "T2", "reason": "unauthorised"}, Idempotency_Key="n1")
    assert answer.status_code == 404


async def test_secrets_of_checks_never_come_back(teller: Teller) -> None:
    for body in ({"code": "987654321", "extra": "987654321"}, {"code": ["987654321"]}):
        answer = await teller.post("/identity/otp/otp_x/verify", ASHA, body)
        assert answer.status_code == 400 and "987654321" not in answer.text
