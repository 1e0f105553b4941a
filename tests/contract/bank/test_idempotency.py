"""The same key is the same operation: answered again, never done again; and who heard nothing can ask."""

from __future__ import annotations

import asyncio

import pytest

from bank.actions import Debit
from tests.support.bank import Teller
from tests.support.bank_world import ASHA, RAVI


def debit(amount: int = 10_000, reference: str = "r1") -> Debit:
    return Debit(account="A1", amount_minor=amount, currency="INR", reference=reference)


async def test_a_repeat_is_given_the_first_result_and_marked(teller: Teller) -> None:
    action = debit()
    token = teller.approval(ASHA, action, "p1")
    first = await teller.do("/transaction", ASHA, action, proposal="p1", token=token)
    again = await teller.do("/transaction", ASHA, action, proposal="p1", token=token)
    assert "idempotent-replay" not in first.headers
    assert again.headers["idempotent-replay"] == "true"
    assert (again.status_code, again.text) == (first.status_code, first.text)


async def test_a_repeat_is_answered_after_the_approval_expired_but_not_without_one(teller: Teller) -> None:
    action = debit()
    token = teller.approval(ASHA, action, "p1")
    first = await teller.do("/transaction", ASHA, action, proposal="p1", token=token)
    await teller.advance(3600)
    late = await teller.do("/transaction", ASHA, action, proposal="p1", token=token)
    assert late.json() == first.json()
    bare = await teller.do("/transaction", ASHA, action, proposal="p1", token="")
    assert bare.json()["code"] == "approval_missing"


async def test_the_same_key_with_other_inputs_is_a_conflict(teller: Teller) -> None:
    await teller.do("/transaction", ASHA, debit(), proposal="p1")
    other = await teller.do("/transaction", ASHA, debit(20_000), proposal="p1")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    assert (await teller.export())["accounts"]["A1"]["ledger_minor"] == 1_380_000


async def test_a_refused_call_leaves_its_key_free(teller: Teller) -> None:
    poor = await teller.do("/transaction", ASHA, debit(99_999_999), proposal="p1")
    assert poor.json()["code"] == "insufficient_funds"
    assert (await teller.get("/operations/p1", ASHA)).json()["state"] == "not_found"
    assert (await teller.do("/transaction", ASHA, debit(), proposal="p1")).status_code == 201


async def test_who_heard_nothing_finds_the_result_by_key(teller: Teller) -> None:
    action = debit()
    await teller.dev("POST", "/faults", {"endpoint": "POST /transaction", "kind": "succeed_without_answering", "seconds": 0})
    silent = await teller.do("/transaction", ASHA, action, proposal="p1")
    assert silent.status_code == 504
    asked = (await teller.get("/operations/p1", ASHA)).json()
    assert (asked["state"], asked["status"], asked["result"]["balance_minor"]) == ("found", 201, 1_380_000)


async def test_another_customers_key_reads_as_never_used(teller: Teller) -> None:
    await teller.do("/transaction", ASHA, debit(), proposal="p1")
    theirs = (await teller.get("/operations/p1", RAVI)).json()
    assert theirs["state"] == "not_found" and "result" not in theirs


async def test_a_failing_endpoint_did_nothing(teller: Teller) -> None:
    await teller.dev("POST", "/faults", {"endpoint": "POST /transaction", "kind": "fail", "times": 2})
    answers = [await teller.do("/transaction", ASHA, debit(), proposal="p1") for _ in range(3)]
    assert [each.status_code for each in answers] == [503, 503, 201]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/crm/notes", {"kind": "dispute", "fields": {"summary_code": "unauthorised"}}),
        ("/notifications", {"template": "handed_over", "fields": {"reference": "CASE-9"}}),
        ("/fraud/alerts", {"transaction": "T1", "reason": "unauthorised"}),
    ],
)
async def test_notes_notices_and_alerts_happen_once_per_key(teller: Teller, path: str, body: dict[str, object]) -> None:
    answers = await asyncio.gather(*(teller.post(path, ASHA, body, Idempotency_Key="n1") for _ in range(5)))
    done = [each for each in answers if each.status_code == 201]
    assert done and {each.text for each in done} == {done[0].text}
    changed = body | (
        {"kind": "other"} if "kind" in body else {"reason": "other"} if "reason" in body else {"template": "case_noted"}
    )
    other = await teller.post(path, ASHA, changed, Idempotency_Key="n1")
    assert other.json()["code"] == "idempotency_conflict"
    state = await teller.export()
    assert len(state["notes"]) + len(state["fraud_alerts"]) + len(await teller.phone(ASHA)) == 1
