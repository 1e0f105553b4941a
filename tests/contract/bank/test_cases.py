"""Disputes and cards under approval."""

from __future__ import annotations

from bank import schemas_writes
from domain.actions import BlockCard, OpenDispute, UnblockCard
from tests.support.bank import Teller
from tests.support.bank_world import ASHA, RAVI


def dispute(transaction: str = "T1", amount: int = 500_000, currency: str = "INR") -> OpenDispute:
    return OpenDispute(transaction=transaction, dispute_type="unauthorised", amount_minor=amount, currency=currency)


BLOCK = BlockCard(card="K1", reason="suspected_fraud")


async def test_a_dispute_gets_a_reference_and_shows_on_the_payment(teller: Teller) -> None:
    answer = await teller.do("/disputes", ASHA, dispute())
    assert answer.status_code == 201, answer.text
    schemas_writes.DisputeReceipt.model_validate(answer.json())
    reference = answer.json()["dispute"]
    assert reference.startswith("DSP-261125-")
    payment = (await teller.get("/transactions/T1", ASHA)).json()
    assert (payment["disputed"], payment["dispute"]) == (True, reference)
    (listed,) = (await teller.get("/disputes", ASHA)).json()["disputes"]
    assert (listed["reference"], listed["status"], listed["provisional_credit"]) == (reference, "open", None)


async def test_a_second_dispute_about_a_payment_returns_the_first_ones_number(teller: Teller) -> None:
    first = (await teller.do("/disputes", ASHA, dispute())).json()["dispute"]
    again = await teller.do("/disputes", ASHA, dispute())
    assert (again.status_code, again.json()["first"]["dispute"]) == (409, first)
    seeded = await teller.do("/disputes", RAVI, dispute("T2", 100))
    assert (seeded.json()["code"], seeded.json()["first"]) == ("effect_exists", {"dispute": "DSP-CANARY-2"})


async def test_only_own_payments_and_at_most_their_amount_are_disputed(teller: Teller) -> None:
    theirs = await teller.do("/disputes", ASHA, dispute("T2", 1))
    nowhere = await teller.do("/disputes", ASHA, dispute("T-none", 1))
    assert (theirs.status_code, theirs.json()) == (403, nowhere.json())
    for action in (dispute(amount=500_001), dispute(currency="USD")):
        assert (await teller.do("/disputes", ASHA, action)).json()["code"] == "amount_exceeds"


async def test_a_blocked_card_tells_its_owner_and_can_be_unblocked_and_blocked_again(teller: Teller) -> None:
    blocked = await teller.do("/cards/K1/block", ASHA, BLOCK)
    assert blocked.status_code == 200, blocked.text
    schemas_writes.CardReceipt.model_validate(blocked.json())
    assert blocked.json()["status"] == "blocked_own"
    assert (await teller.get("/cards/K1", ASHA)).json()["block_reason"] == "suspected_fraud"
    told = await teller.phone(ASHA)
    assert {message["channel"] for message in told} == {"sms", "push"} and "XX4321" in told[0]["text"]
    unblocked = await teller.do("/cards/K1/unblock", ASHA, UnblockCard(card="K1", block=blocked.json()["block"]))
    assert unblocked.json()["status"] == "active"
    assert (await teller.do("/cards/K1/block", ASHA, BLOCK)).json()["status"] == "blocked_own"
    kinds = [event["kind"] for event in (await teller.get("/events", None)).json()["events"]]
    assert kinds.count("card.changed") == 3


async def test_a_card_is_blocked_once_and_only_the_own_one(teller: Teller) -> None:
    await teller.do("/cards/K1/block", ASHA, BLOCK)
    again = await teller.do("/cards/K1/block", ASHA, BLOCK)
    assert (again.status_code, again.json()["code"], again.json()["first"]["status"]) == (409, "effect_exists", "blocked_own")
    theirs = await teller.do("/cards/K2/block", ASHA, BlockCard(card="K2", reason="lost"))
    nowhere = await teller.do("/cards/K9/block", ASHA, BlockCard(card="K9", reason="lost"))
    assert (theirs.status_code, theirs.json()) == (403, nowhere.json())


async def test_path_and_body_must_name_the_same_card(teller: Teller) -> None:
    answer = await teller.do("/cards/K2/block", ASHA, BLOCK)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_input")


async def test_a_working_card_cannot_be_unblocked(teller: Teller) -> None:
    answer = await teller.do("/cards/K1/unblock", ASHA, UnblockCard(card="K1", block="BLK-K1"))
    assert (answer.status_code, answer.json()["code"]) == (409, "card_state")


async def test_no_card_is_blocked_without_an_approval(teller: Teller) -> None:
    answer = await teller.do("/cards/K1/block", ASHA, BLOCK, token="")
    assert (answer.status_code, answer.json()["code"]) == (401, "approval_missing")
    assert (await teller.get("/cards/K1", ASHA)).json()["status"] == "active"
