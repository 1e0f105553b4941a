"""What the core itself refuses, and what its writes leave behind, for what is served: fees, limits, logins, mandates, transfers, closures."""

from __future__ import annotations

import pytest

from domain import actions as do
from domain.actions import Action
from tests.contract.bank.test_every_write import INR, path_of
from tests.support.bank import Teller
from tests.support.bank_world import ASHA, CANARY, RAVI


async def code(teller: Teller, action: Action, customer: str = ASHA) -> str:
    answer = await teller.do(path_of(action), customer, action)
    return str(answer.json().get("code", answer.status_code))


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (do.RefundFee(account="A1", fee="F1", amount_minor=11_801, **INR), "amount_exceeds"),
        (do.ReverseDuplicateDebit(account="A1", transaction="T6", original="T1", amount_minor=70_000, **INR), "not_duplicate"),
        (do.ReverseDuplicateDebit(account="A1", transaction="T6", original="T6", amount_minor=70_000, **INR), "not_duplicate"),
        (do.ReverseDuplicateDebit(account="A1", transaction="T6", original="T5", amount_minor=69_999, **INR), "amount_differs"),
        (do.PayTatCompensation(account="A1", transaction="T3", amount_minor=100, **INR), "not_failed"),
        (do.PayFraudCompensation(account="A1", transaction="T1", dispute="DSP-NO", amount_minor=1, **INR), "dispute_missing"),
        (
            do.RaiseChargeback(transaction="T1", dispute="DSP-NO", dispute_type="duplicate", amount_minor=1, **INR),
            "dispute_missing",
        ),
        (do.Transfer(account="A1", payee="A1", transfer_rail="internal", amount_minor=1, reference="x", **INR), "bad_input"),
        (
            do.Transfer(account="A1", payee="P1-UPI", transfer_rail="internal", amount_minor=1, reference="x", **INR),
            "payee_missing",
        ),
        (
            do.Transfer(account="A1", payee="P1", transfer_rail="imps", amount_minor=1_140_001, reference="x", **INR),
            "insufficient_funds",
        ),
        (do.Transfer(account="A3", payee="A1", transfer_rail="internal", amount_minor=1, reference="x", **INR), "account_frozen"),
        (do.DebitMandate(account="A1", mandate="M1", amount_minor=50_001, reference="x", **INR), "amount_exceeds"),
        (do.DebitMandate(account="A1", mandate="M1-NEW", amount_minor=1, reference="x", **INR), "mandate_state"),
        (do.ChangeMandate(mandate="M1", mandate_operation="register", reference="x"), "mandate_state"),
        (do.ChangeMandate(mandate="M1", mandate_operation="modify", reference="x"), "mandate_state"),
        (do.ChangeLimit(account="A1", limit_kind="upi", limit_new_minor=1, version=2, **INR), "version_conflict"),
        (do.ChangeLimit(account="A1", limit_kind="upi", limit_new_minor=10_000_001, version=1, **INR), "limit_above_cap"),
        (do.ChangeLimit(account="A1", limit_kind="rtgs", limit_new_minor=1, version=1, **INR), "limit_missing"),
        (do.UnblockCard(card="K1", block="BLK-9"), "card_state"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.arguments()["action"],
)
async def test_the_core_refuses_what_its_own_books_forbid(teller: Teller, action: Action, expected: str) -> None:
    before = (await teller.export())["accounts"]
    assert await code(teller, action) == expected
    assert (await teller.export())["accounts"] == before


async def test_a_fraud_lock_is_not_opened_over_this_road(teller: Teller) -> None:
    assert await code(teller, do.UnlockLogin(lock="LOCK-2"), RAVI) == "lock_state"


async def test_an_opened_login_tells_its_owner_and_counts(teller: Teller) -> None:
    assert await code(teller, do.UnlockLogin(lock="LOCK-1")) == "200"
    assert (await teller.get("/customer", ASHA)).json()["login"]["locked"] is False
    assert {each["template"] for each in await teller.phone(ASHA)} == {"login_unlocked"}
    facts = (await teller.get("/facts", ASHA, action="unlock_login", lock="LOCK-1")).json()["facts"]
    assert (facts["unlocks_7d"]["value"], facts["login_locked"]["value"]) == (1, False)


async def test_a_reset_link_reaches_the_contact_and_nothing_else(teller: Teller) -> None:
    answer = await teller.do("/reset-links", ASHA, do.SendResetLink(contact="mobile", reference="r1"))
    (message,) = await teller.phone(ASHA)
    secret = message["text"].split("reset.example.invalid/")[1].split(" ")[0]
    assert message["channel"] == "sms" and len(secret) > 20
    assert answer.json()["sent_to"] == "XXXXXX0001"
    state = await teller.export()
    assert secret not in answer.text and secret not in str(state)
    assert await code(teller, do.SendResetLink(contact="email", reference="r2"), RAVI) == "contact_missing"


async def test_a_changed_limit_has_a_new_version_so_a_stale_one_cannot_change_it_back(teller: Teller) -> None:
    assert await code(teller, do.ChangeLimit(account="A1", limit_kind="upi", limit_new_minor=0, version=1, **INR)) == "200"
    stale = do.ChangeLimit(account="A1", limit_kind="upi", limit_new_minor=9_000_000, version=1, **INR)
    assert await code(teller, stale) == "effect_exists"
    limits = (await teller.get("/limits", ASHA)).json()["settable"]
    assert [(each["value_minor"], each["version"]) for each in limits if each["kind"] == "upi"] == [(0, 2)]


async def test_a_skipped_debit_is_refused_and_a_withdrawn_mandate_takes_no_more(teller: Teller) -> None:
    assert await code(teller, do.ChangeMandate(mandate="M1", mandate_operation="skip_next", reference="1")) == "200"
    assert (
        await code(teller, do.DebitMandate(account="A1", mandate="M1", amount_minor=1, reference="1", **INR)) == "mandate_state"
    )
    assert await code(teller, do.ChangeMandate(mandate="M1", mandate_operation="withdraw", reference="2")) == "200"
    assert (
        await code(teller, do.DebitMandate(account="A1", mandate="M1", amount_minor=1, reference="2", **INR)) == "mandate_state"
    )


async def test_transfers_count_towards_the_day_and_the_payee(teller: Teller) -> None:
    action = do.Transfer(account="A1", payee="P1", transfer_rail="imps", amount_minor=5_000, reference="t1", **INR)
    assert await code(teller, action) == "201"
    asked = {"action": "transfer", "account": "A1", "payee": "P1", "transfer_rail": "imps"}
    facts = (await teller.get("/facts", ASHA, **asked)).json()["facts"]
    assert (facts["transfers_24h_minor"]["value"], facts["rail_24h_minor"]["value"]) == (5_000, 5_000)
    arrived = (await teller.get("/transactions", RAVI, limit=1)).json()["transactions"][0]
    assert (arrived["amount_minor"], arrived["account"]) == (5_000, "A2")


async def test_the_small_value_compensation_is_paid_once_in_a_lifetime(teller: Teller) -> None:
    for transaction, amount, expected in (("T1", 500_000, "201"), ("T3", 20_000, "effect_exists")):
        dispute = do.OpenDispute(transaction=transaction, dispute_type="unauthorised", amount_minor=amount, **INR)
        opened = (await teller.do("/disputes", ASHA, dispute)).json()["dispute"]
        paid = do.PayFraudCompensation(account="A1", transaction=transaction, dispute=opened, amount_minor=10_000, **INR)
        assert await code(teller, paid) == expected


async def test_closing_is_a_request_with_a_checklist_and_closes_nothing(teller: Teller) -> None:
    answer = (await teller.do("/closures", ASHA, do.CloseAccount(account="A1", reason="charges"))).json()
    assert answer["closure"].startswith("CLS-")
    assert answer["checklist"] == ["holds", "mandates", "move_balance"]
    joint = (await teller.do("/closures", ASHA, do.CloseAccount(account="A3", reason="other"))).json()
    assert joint["checklist"] == ["freeze", "move_balance", "all_holders_sign"]
    assert (await teller.get("/accounts/A1", ASHA)).json()["status"] == "active"


async def test_a_hotlisted_card_can_be_neither_unblocked_nor_hotlisted_again(teller: Teller) -> None:
    done = (await teller.do("/cards/K1/hotlist", ASHA, do.HotlistCard(card="K1", reason="stolen"))).json()
    assert (done["status"], done["replacement"]) == ("hotlisted", "ordered")
    card = (await teller.get("/cards/K1", ASHA)).json()
    assert await code(teller, do.UnblockCard(card="K1", block=card["block"])) == "card_state"
    assert {each["template"] for each in await teller.phone(ASHA)} == {"card_hotlisted"}


async def test_an_open_complaint_is_told_again_by_its_number(teller: Teller) -> None:
    action = do.OpenComplaint(category="fees", reference="T8")
    answer = await teller.do("/complaints", RAVI, action)
    assert (answer.json()["code"], answer.json()["first"]) == ("effect_exists", {"complaint": "CMP-CANARY-2"})
    for path in ("/fees", "/payees", "/mandates", "/complaints", "/limits"):
        assert CANARY not in (await teller.get(path, ASHA)).text
