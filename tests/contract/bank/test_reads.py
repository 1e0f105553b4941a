"""What a customer's own reads say."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from bank import schemas, schemas_service
from tests.support.bank import Teller
from tests.support.bank_world import ASHA, CANARY, KABIR, MEERA, RAVI


async def read(teller: Teller, path: str, model: type[BaseModel], customer: str = ASHA, **params: Any) -> Any:
    answer = await teller.get(path, customer, **params)
    assert answer.status_code == 200, answer.text
    model.model_validate(answer.json())
    return answer.json()


async def test_balances_of_all_own_accounts_come_in_one_answer_with_pending_holds(teller: Teller) -> None:
    answer = await read(teller, "/balance", schemas.Balances)
    first, joint = answer["balances"]
    assert (first["ledger_minor"], first["held_minor"], first["available_minor"]) == (1_390_000, 250_000, 1_140_000)
    assert first["number_masked"] == "XX1111"
    assert [hold["merchant"] for hold in first["holds"]] == ["Demo Hotel"]
    assert joint["ownership"] == "jointly"


async def test_a_hold_past_its_time_no_longer_lowers_the_available_balance(teller: Teller) -> None:
    await teller.advance(3 * 86_400)
    first = (await read(teller, "/balance", schemas.Balances))["balances"][0]
    assert (first["held_minor"], first["available_minor"], first["holds"]) == (0, 1_390_000, [])
    states = (await read(teller, "/accounts/A1/holds", schemas.Holds))["holds"]
    assert [hold["state"] for hold in states] == ["expired"]


async def test_a_freeze_is_told_as_far_as_its_kind_allows(teller: Teller) -> None:
    (joint,) = (await read(teller, "/balance", schemas.Balances, customer=MEERA))["balances"]
    (freeze,) = joint["freezes"]
    assert freeze == {
        "kind": "court",
        "tellable": {"amount_minor": 50_000, "authority": "Demo Court", "reference": "CASE-1", "date": "2026-11-15"},
    }
    dormant = (await read(teller, "/balance", schemas.Balances, customer=KABIR))["balances"][0]
    assert dormant["freezes"] == [{"kind": "dormant", "tellable": {"date": "2023-01-10"}}]


async def test_payments_are_found_by_amount_day_and_account(teller: Teller) -> None:
    async def ids(**params: Any) -> list[str]:
        return [each["id"] for each in (await read(teller, "/transactions", schemas.Transactions, **params))["transactions"]]

    assert await ids() == ["T1", "T4", "T3", "T6", "T5", "T7"]
    assert await ids(amount_minor=500_000) == ["T1"]
    assert await ids(amount_minor=-500_000) == ["T1"]
    assert await ids(since="2026-11-21", until="2026-11-21") == ["T4"]
    assert await ids(account="A3") == []
    assert await ids(limit=1) == ["T1"]


async def test_a_failed_payment_says_what_the_rail_knows(teller: Teller) -> None:
    state = await read(teller, "/rails/T4", schemas.RailState)
    assert (state["state"], state["beneficiary_credited"], state["response_code"]) == ("failed", False, "U30")


async def test_the_fraud_score_is_the_same_each_time_and_gives_its_reasons(teller: Teller) -> None:
    first = await read(teller, "/fraud/score", schemas.FraudScore, transaction="T1")
    again = await read(teller, "/fraud/score", schemas.FraudScore, transaction="T1")
    assert (first["suspicious"], first["known_device"], first["fault"]) == (True, False, "third_party")
    assert (first["score_bp"], first["reasons"]) == (again["score_bp"], again["reasons"])
    assert "unknown_device" in first["reasons"]


async def test_every_list_and_item_has_the_documented_form(teller: Teller) -> None:
    for path, model in (
        ("/customer", schemas.Customer),
        ("/accounts", schemas.Accounts),
        ("/accounts/A2", schemas.Account),
        ("/transactions/T2", schemas.Transaction),
        ("/cards", schemas.Cards),
        ("/cards/K2", schemas.Card),
        ("/devices", schemas.Devices),
        ("/logins", schemas.Logins),
        ("/limits", schemas_service.Limits),
        ("/loans", schemas.Loans),
        ("/disputes", schemas.Disputes),
        ("/disputes/DSP-CANARY-2", schemas.Dispute),
        ("/facts?action=open_dispute&transaction=T2", schemas.Facts),
        ("/operations/never-used", schemas.OperationState),
    ):
        await read(teller, path, model, customer=RAVI)


async def test_events_come_in_order_and_what_is_to_come_waits_for_its_time(teller: Teller) -> None:
    before = await teller.get("/events", None, after=0)
    schemas.Events.model_validate(before.json())
    assert [event["kind"] for event in before.json()["events"]] == ["contact.changed"]
    await teller.advance(3 * 86_400)
    later = (await teller.get("/events", None, after=before.json()["next"])).json()
    assert [event["kind"] for event in later["events"]] == ["hold.expired", "transaction.reversed"]
    cursors = [event["cursor"] for event in later["events"]]
    assert cursors == sorted(cursors)
    assert (await teller.get("/events", None, after=later["next"])).json()["events"] == []


async def test_no_read_of_one_customer_holds_a_word_from_anothers_rows(teller: Teller) -> None:
    for path in ("/customer", "/accounts", "/balance", "/transactions", "/cards", "/devices", "/logins", "/loans", "/disputes"):
        assert CANARY not in (await teller.get(path, ASHA)).text
        assert "CANARY" not in (await teller.get(path, ASHA)).text


async def test_facts_state_what_a_gate_needs_with_source_and_time(teller: Teller) -> None:
    answer = await read(teller, "/facts", schemas.Facts, action="provisional_credit", transaction="T1", account="A1", card="K1")
    values = {name: fact["value"] for name, fact in answer["facts"].items()}
    expected = {
        "account_owned": True,
        "account_status": "active",
        "account_frozen": False,
        "account_freeze_kind": "none",
        "ownership_mode": "sole",
        "txn_found": True,
        "txn_owned": True,
        "txn_amount_minor": -500_000,
        "txn_rail": "card_online",
        "txn_date": "2026-11-24",
        "txn_age_days": 1,
        "fault": "third_party",
        "card_owned": True,
        "card_status": "active",
        "sim_changed_h": 9600,
        "prior_credit_same_ref": False,
        "days_since_alert_working": 1,
        "risk_bp": 0,
    }
    assert {name: values[name] for name in expected} == expected
    assert all(fact["source"].startswith("core.") for fact in answer["facts"].values())


async def test_working_days_are_those_of_the_home_branch(teller: Teller) -> None:
    """From the alert of 21 Nov (a Saturday that is worked) to the 25th: Sunday and the branch's holiday of the 24th do not count."""
    answer = await read(teller, "/facts", schemas.Facts, action="open_dispute", transaction="T4")
    values = {name: fact["value"] for name, fact in answer["facts"].items()}
    assert (values["days_since_alert_calendar"], values["days_since_alert_working"]) == (4, 2)


async def test_a_joint_frozen_account_shows_in_the_facts(teller: Teller) -> None:
    answer = await read(teller, "/facts", schemas.Facts, action="disclose_balance", account="A1,A3")
    values = {name: fact["value"] for name, fact in answer["facts"].items()}
    assert values["account_owned"] is True
    assert (values["account_frozen"], values["account_freeze_kind"], values["ownership_mode"]) == (True, "court", "jointly")


async def test_a_fresh_sim_shows_in_facts_as_risk_of_the_claim(teller: Teller) -> None:
    answer = await read(teller, "/facts", schemas.Facts, customer=MEERA, action="disclose_balance", account="A3")
    assert answer["facts"]["sim_changed_h"]["value"] == 3


async def test_the_claim_itself_does_not_count_as_an_earlier_one(teller: Teller) -> None:
    """Ravi's only dispute is about T2: it raises the risk of another claim, not of its own."""
    own = await read(teller, "/facts", schemas.Facts, customer=RAVI, action="provisional_credit", transaction="T2")
    assert own["facts"]["risk_bp"]["value"] == 0


async def test_one_account_that_is_not_owned_makes_none_of_them_owned(teller: Teller) -> None:
    for account in ("A1,A2", "A1,nowhere", ",".join(f"A{n}" for n in range(1, 60))):
        answer = await read(teller, "/facts", schemas.Facts, action="disclose_balance", account=account)
        stated = {name for name in answer["facts"] if name.startswith(("account", "ownership", "liability"))}
        assert (stated, answer["facts"]["account_owned"]["value"]) == ({"account_owned"}, False)
