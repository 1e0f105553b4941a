"""A customer disputes a payment whose fault nobody knows; the gate leaves the credit to a person, and an officer's word posts it, once."""

from __future__ import annotations

import asyncio

import pytest

from domain.conversation import Understanding
from domain.ports import ReadingContext
from tests.acceptance.state import books_add_up, credits_for
from tests.support.officer import hire
from tests.support.service import LiveService

pytestmark = pytest.mark.asyncio(loop_scope="module")
WORDS = "I didn't make this ₹1299 payment at BookNook Online"
BOOKNOOK = {"dispute_type": "unauthorised", "amount_minor": 129_900, "merchant": "BookNook Online"}
ANSWERS = {"school": "demo school", "town": "namunapur"}


@pytest.mark.process  # seconds; the long half has the time
async def test_the_gate_says_person_the_officers_sign_and_the_bank_posts_once(
    fresh: LiveService, monkeypatch: pytest.MonkeyPatch
) -> None:
    understand = fresh.reader.understand

    async def read(text: str, context: ReadingContext) -> Understanding:
        """The twin knows one payment; this is another customer's."""
        read = await understand(text, context)
        return read.model_copy(update={"slots": BOOKNOOK}) if text == WORDS else read

    monkeypatch.setattr(fresh.reader, "understand", read)
    customer = await fresh.chat("C002").connect()
    await customer.go_through(WORDS, answers=ANSWERS)
    assert credits_for(await fresh.export(), "T-0201") == [], customer.said()

    meera, ravi = [await hire(fresh, name, "disputes_officer", "fraud_team").sign_in() for name in ("meera", "ravi")]
    (waiting,) = (await meera.call("GET", "/v1/approvals"))[1]["approvals"]
    assert (waiting["action"], waiting["customer"]) == ("provisional_credit", "C002")
    where = f"/v1/approvals/{waiting['proposal']}"
    shown = (await meera.call("GET", where))[1]
    assert shown["may_sign"] and shown["facts"]["fault"]["value"] == "unknown"

    word = {"value": "approve", "digest": shown["digest"], "reason": "Called the customer, checked the device."}
    answers = await asyncio.gather(*(each.call("POST", f"{where}/sign-off", word) for each in (meera, ravi)))

    after = await fresh.export()
    assert [receipt["amount_minor"] for receipt in credits_for(after, "T-0201")] == [129_900]
    assert books_add_up(after)
    assert sorted(status for status, _ in answers) == [200, 409]
    assert (await meera.call("GET", "/v1/approvals"))[1]["approvals"] == []
    assert (await meera.call("GET", where))[1]["state"] == "succeeded"
