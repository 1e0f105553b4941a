"""Money moves as double entry, refused where it must not, undone only by posting back."""

from __future__ import annotations

from typing import Any

import pytest

from bank import schemas_writes
from bank.actions import Credit, Debit, PlaceHold, PostHold, Reversal, VoidHold
from domain.actions import Action, OpenDispute, ProvisionalCredit, Transfer
from tests.support.bank import Teller
from tests.support.bank_world import ASHA, KABIR, MEERA, RAVI


async def books(teller: Teller) -> dict[str, Any]:
    state = await teller.export()
    assert (state["ledger"]["sum"], state["ledger"]["unexplained_balances"]) == ({"INR": 0}, [])
    accounts: dict[str, Any] = state["accounts"]
    return accounts


async def done(teller: Teller, customer: str, action: Action) -> dict[str, Any]:
    answer = await teller.do("/transaction", customer, action)
    assert answer.status_code == 201, answer.text
    schemas_writes.Receipt.model_validate(answer.json())
    receipt: dict[str, Any] = answer.json()
    return receipt


async def refused(teller: Teller, customer: str, action: Action) -> str:
    before = await books(teller)
    answer = await teller.do("/transaction", customer, action)
    assert answer.status_code == 409, answer.text
    assert await books(teller) == before
    code: str = answer.json()["code"]
    return code


def debit(amount: int, *, account: str = "A1", **more: Any) -> Debit:
    return Debit(account=account, amount_minor=amount, currency="INR", reference="r1", **more)


async def test_a_transfer_leaves_one_account_and_reaches_the_other(teller: Teller) -> None:
    receipt = await done(
        teller, ASHA, Transfer(account="A1", payee="P1", transfer_rail="imps", amount_minor=5_000, currency="INR", reference="r1")
    )
    assert (receipt["type"], receipt["balance_minor"]) == ("transfer", 1_385_000)
    accounts = await books(teller)
    assert (accounts["A1"]["ledger_minor"], accounts["A2"]["ledger_minor"]) == (1_385_000, 2_972_900)
    arrived = (await teller.get("/transactions", RAVI, limit=1)).json()["transactions"][0]
    assert (arrived["amount_minor"], arrived["kind"]) == (5_000, "transfer")


async def test_held_money_cannot_be_spent_twice(teller: Teller) -> None:
    assert await refused(teller, ASHA, debit(1_140_001)) == "insufficient_funds"
    await done(teller, ASHA, debit(1_140_000))


async def test_a_hold_is_posted_for_at_most_its_amount_and_once(teller: Teller) -> None:
    held = await done(
        teller, ASHA, PlaceHold(account="A1", amount_minor=900, currency="INR", merchant="Shop", seconds=600, reference="h")
    )
    hold = held["terms"]["hold"]
    assert (await books(teller))["A1"]["held_minor"] == 250_000 + 900
    too_much = PostHold(account="A1", hold=hold, amount_minor=901, currency="INR")
    assert await refused(teller, ASHA, too_much) == "amount_exceeds"
    await done(teller, ASHA, PostHold(account="A1", hold=hold, amount_minor=800, currency="INR"))
    after = (await books(teller))["A1"]
    assert (after["ledger_minor"], after["held_minor"]) == (1_389_200, 250_000)
    assert await refused(teller, ASHA, VoidHold(account="A1", hold=hold)) == "effect_exists"


async def test_a_voided_hold_gives_its_amount_back(teller: Teller) -> None:
    await done(teller, ASHA, VoidHold(account="A1", hold="H1"))
    after = (await books(teller))["A1"]
    assert (after["held_minor"], after["available_minor"]) == (0, 1_390_000)


async def test_an_expired_hold_can_be_neither_posted_nor_voided(teller: Teller) -> None:
    await teller.advance(3 * 86_400)
    assert await refused(teller, ASHA, PostHold(account="A1", hold="H1", amount_minor=1, currency="INR")) == "hold_state"
    assert await refused(teller, ASHA, VoidHold(account="A1", hold="H1")) == "hold_state"


async def test_a_reversal_posts_the_opposite_and_happens_once(teller: Teller) -> None:
    receipt = await done(teller, ASHA, Reversal(account="A1", transaction="T3"))
    assert (receipt["type"], receipt["balance_minor"], receipt["value_date"]) == ("reversal", 1_410_000, "2026-11-20")
    lines = {each["id"]: each for each in (await teller.get("/transactions", ASHA)).json()["transactions"]}
    assert lines["T3"]["status"] == "reversed"
    assert lines[receipt["transaction"]]["reversal_of"] == "T3"
    assert await refused(teller, ASHA, Reversal(account="A1", transaction="T3")) == "effect_exists"
    undone = Reversal(account="A1", transaction=receipt["transaction"])
    assert await refused(teller, ASHA, undone) == "not_reversible"


@pytest.mark.parametrize(
    ("customer", "action", "code"),
    [
        (MEERA, debit(100, account="A3"), "account_frozen"),
        (KABIR, debit(100, account="A4"), "account_dormant"),
        (ASHA, debit(100, expected_version=77), "version_conflict"),
        (ASHA, Debit(account="A1", amount_minor=1, currency="USD", reference="r1"), "currency_mismatch"),
        (ASHA, Debit(account="A1", amount_minor=1, currency="XXX", reference="r1"), "currency_mismatch"),
        (ASHA, Transfer(account="A1", payee="P9", transfer_rail="imps", amount_minor=1, currency="INR", reference="r1"), "payee_missing"),
        (ASHA, Transfer(account="A1", payee="GL-SETTLEMENT-INR", transfer_rail="internal", amount_minor=1, currency="INR", reference="r1"), "payee_missing"),
        (ASHA, VoidHold(account="A1", hold="H2"), "hold_missing"),
        (ASHA, Reversal(account="A1", transaction="T2"), "transaction_missing"),
        (ASHA, ProvisionalCredit(account="A1", transaction="T1", dispute="DSP-X", amount_minor=1, currency="INR"), "dispute_missing"),
    ],
)  # fmt: skip
async def test_the_books_refuse(teller: Teller, customer: str, action: Action, code: str) -> None:
    assert await refused(teller, customer, action) == code


async def test_money_can_come_to_a_frozen_account(teller: Teller) -> None:
    await done(teller, MEERA, Credit(account="A3", amount_minor=100, currency="INR", reference="r1"))


async def test_a_version_seen_by_the_caller_is_honoured(teller: Teller) -> None:
    version = (await teller.get("/balance", ASHA, account="A1")).json()["balances"][0]["version"]
    receipt = await done(teller, ASHA, debit(100, expected_version=version))
    assert receipt["version"] == version + 1


async def disputed(teller: Teller, amount: int = 500_000) -> str:
    action = OpenDispute(transaction="T1", dispute_type="unauthorised", amount_minor=amount, currency="INR")
    answer = await teller.do("/disputes", ASHA, action)
    assert answer.status_code == 201, answer.text
    reference: str = answer.json()["dispute"]
    return reference


def credit(dispute: str, amount: int = 500_000, account: str = "A1") -> ProvisionalCredit:
    return ProvisionalCredit(account=account, transaction="T1", dispute=dispute, amount_minor=amount, currency="INR")


async def test_a_provisional_credit_is_value_dated_to_the_payment_and_names_its_terms(teller: Teller) -> None:
    reference = await disputed(teller)
    receipt = await done(teller, ASHA, credit(reference))
    assert (receipt["type"], receipt["value_date"], receipt["balance_minor"]) == ("provisional_credit", "2026-11-24", 1_890_000)
    assert receipt["terms"] == {"kind": "provisional", "dispute": reference, "disputed_transaction": "T1"}
    case = (await teller.get(f"/disputes/{reference}", ASHA)).json()
    assert case["provisional_credit"] == receipt["transaction"]
    facts = (await teller.get("/facts?action=provisional_credit&transaction=T1&account=A1", ASHA)).json()["facts"]
    assert facts["prior_credit_same_ref"]["value"] is True
    assert (facts["open_provisional_credits"]["value"], facts["credits_12m_minor"]["value"]) == (1, 500_000)


async def test_a_payment_is_credited_provisionally_once_whoever_asks(teller: Teller) -> None:
    reference = await disputed(teller)
    first = await done(teller, ASHA, credit(reference))
    again = await teller.do("/transaction", ASHA, credit(reference))
    assert (again.json()["code"], again.json()["first"]) == ("effect_exists", first)


async def test_a_provisional_credit_is_never_more_than_disputed_nor_to_another_account(teller: Teller) -> None:
    reference = await disputed(teller, 400_000)
    assert await refused(teller, ASHA, credit(reference, 400_001)) == "amount_exceeds"
    assert await refused(teller, ASHA, credit(reference, 1, "A3")) == "dispute_missing"


async def test_a_provisional_credit_cannot_be_reversed_over_this_road(teller: Teller) -> None:
    receipt = await done(teller, ASHA, credit(await disputed(teller)))
    assert await refused(teller, ASHA, Reversal(account="A1", transaction=receipt["transaction"])) == "not_reversible"
