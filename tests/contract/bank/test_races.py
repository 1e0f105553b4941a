"""Many at once: nothing is lost, nothing happens twice, the books add up."""

from __future__ import annotations

import asyncio

import pytest

from bank.actions import Debit, PlaceHold
from domain.actions import Transfer
from tests.support.bank import Teller
from tests.support.bank_world import ASHA, RAVI


@pytest.mark.process  # seconds; the long half has the time
async def test_transfers_in_both_directions_at_once_neither_lock_up_nor_lose_money(teller: Teller) -> None:
    there = [
        Transfer(account="A1", payee="P1", transfer_rail="imps", amount_minor=100, currency="INR", reference=f"a{n}")
        for n in range(20)
    ]
    back = [
        Transfer(account="A2", payee="P2", transfer_rail="imps", amount_minor=70, currency="INR", reference=f"b{n}")
        for n in range(20)
    ]
    calls = [teller.do("/transaction", ASHA, action) for action in there]
    calls += [teller.do("/transaction", RAVI, action) for action in back]
    answers = await asyncio.gather(*calls)
    assert {answer.status_code for answer in answers} == {201}
    state = await teller.export()
    assert state["accounts"]["A1"]["ledger_minor"] == 1_390_000 - 2_000 + 1_400
    assert (state["ledger"]["sum"], state["ledger"]["unexplained_balances"]) == ({"INR": 0}, [])


async def test_an_account_is_never_overdrawn_by_debits_and_holds_at_once(teller: Teller) -> None:
    debits = [Debit(account="A1", amount_minor=300_000, currency="INR", reference=f"d{n}") for n in range(5)]
    holds = [
        PlaceHold(account="A1", amount_minor=300_000, currency="INR", merchant="Shop", seconds=600, reference=f"h{n}")
        for n in range(5)
    ]
    answers = await asyncio.gather(*(teller.do("/transaction", ASHA, action) for action in [*debits, *holds]))
    done = [answer for answer in answers if answer.status_code == 201]
    assert len(done) == 3
    assert {answer.json()["code"] for answer in answers if answer not in done} == {"insufficient_funds"}
    assert (await teller.export())["accounts"]["A1"]["available_minor"] == 1_140_000 - 900_000


async def test_messages_to_one_customer_at_once_all_arrive(teller: Teller) -> None:
    body = {"template": "case_noted", "fields": {"reference": "CASE-1"}}
    notes = {"kind": "noted", "fields": {}}
    calls = [teller.post("/notifications", ASHA, body, Idempotency_Key=f"n{n}") for n in range(15)]
    calls += [teller.post("/crm/notes", ASHA, notes, Idempotency_Key=f"c{n}") for n in range(15)]
    answers = await asyncio.gather(*calls)
    assert {answer.status_code for answer in answers} == {201}
    assert len(await teller.phone(ASHA)) == 15


async def test_wrong_codes_at_once_use_up_three_tries_and_no_more(teller: Teller) -> None:
    sent = (await teller.post("/identity/otp", ASHA, {"purpose": "step_up", "binding": {}})).json()
    path = f"/identity/otp/{sent['challenge']}/verify"
    answers = await asyncio.gather(*(teller.post(path, ASHA, {"code": "x"}) for _ in range(12)))
    results = [answer.json()["result"] for answer in answers]
    assert (results.count("wrong"), results.count("locked")) == (2, 10)


async def test_a_right_code_sent_many_times_counts_once(teller: Teller) -> None:
    sent = (await teller.post("/identity/otp", ASHA, {"purpose": "step_up", "binding": {}})).json()
    code = (await teller.phone(ASHA))[-1]["text"][:6]
    path = f"/identity/otp/{sent['challenge']}/verify"
    answers = await asyncio.gather(*(teller.post(path, ASHA, {"code": code}) for _ in range(10)))
    assert sorted(answer.json()["result"] for answer in answers) == ["expired"] * 9 + ["ok"]
