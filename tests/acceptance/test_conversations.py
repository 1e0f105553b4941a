"""Both conversations from the outside, up to the state of the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.client import Chat
from tests.acceptance.process import MODEL_FREE, ROOT, Server
from tests.acceptance.state import accounts_of, books_add_up, credits_for, disputes_of

ANSWERS = {"school": "demo school", "town": "namunapur"}


async def test_a_balance_is_told_with_its_hold_after_the_code(server: Server) -> None:
    customer = await Chat(server.base, "C003").connect()

    await customer.say("What is my balance?")
    await customer.otp()

    (account,) = accounts_of(server.export(), "C003")
    assert account["held_minor"] > 0
    assert rupees(account["available_minor"]) in customer.said()
    assert rupees(account["held_minor"]) in customer.said()
    await customer.close()


async def test_a_disputed_payment_ends_with_a_reference_and_exactly_one_credit(server: Server) -> None:
    customer = await Chat(server.base, "C001").connect()
    before = server.export()

    await customer.go_through("I didn't make this ₹5000 payment at MegaMart yesterday", answers=ANSWERS)

    after = server.export()
    ((reference, dispute),) = disputes_of(after, "C001").items()
    assert reference in customer.said()
    assert dispute["transaction"] == "T-0101"
    assert [receipt["amount_minor"] for receipt in credits_for(after, "T-0101")] == [500_000]
    assert after["cards"]["K-001"]["status"] != "active", "a suspicious payment blocks the card at once"
    assert after["accounts"]["A-0101"]["ledger_minor"] == before["accounts"]["A-0101"]["ledger_minor"] + 500_000
    assert books_add_up(after)
    await customer.close()


async def test_asking_for_the_same_dispute_again_names_the_old_reference_and_credits_nothing(server: Server) -> None:
    customer = await Chat(server.base, "C001").connect()
    before = server.export()
    (reference,) = disputes_of(before, "C001")

    await customer.go_through("I did not make the 5000 rupees payment at MegaMart yesterday", answers=ANSWERS)

    after = server.export()
    assert reference in customer.said()
    assert after["disputes"] == before["disputes"]
    assert after["operations"] == before["operations"]
    await customer.close()


async def test_a_world_given_at_run_time_is_the_one_that_is_served(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", dict(MODEL_FREE), ["--world", str(ROOT / "worlds" / "harbour.yaml")])
    server.start()
    try:
        state = server.export()
        holder = next(account for account in state["accounts"].values() if account["held_minor"] > 0)
        customer = await Chat(server.base, holder["users"][0]).connect()
        await customer.say("what is my balance")
        await customer.otp()
        assert rupees(holder["available_minor"]) in customer.said()
        assert rupees(holder["held_minor"]) in customer.said()
        await customer.close()
    finally:
        server.stop()


@pytest.mark.parametrize("text", ["मेरा बैलेंस कितना है?", "mera balance kitna hai"])
async def test_a_balance_is_understood_in_hindi_and_hinglish(server: Server, text: str) -> None:
    customer = await Chat(server.base, "C002").connect()

    await customer.say(text)

    assert (await customer.request("secret"))["purpose"] == "otp"
    await customer.close()


def rupees(minor: int) -> str:
    """Written a second time here, so that the service's own formatting is checked too."""
    digits, paise = str(abs(minor) // 100), f"{abs(minor) % 100:02d}"
    head, tail = digits[:-3], digits[-3:]
    groups = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return "₹" + ",".join([*groups, tail]) + "." + paise
