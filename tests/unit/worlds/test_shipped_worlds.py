"""The worlds that ship load, describe what they promise, name nobody real, and are the same at every reading."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bank.worlds.loader import load_world
from bank.worlds.models import Account, Customer, Transaction, World
from bank.worlds.schema import schema_text, world_schema
from bank.worlds.yaml_tree import read_tree
from domain.money import Money

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "worlds").glob("*.yaml"))


@pytest.fixture(scope="module")
def demo() -> World:
    return load_world(ROOT / "worlds/demo.yaml")


@pytest.fixture(scope="module")
def harbour() -> World:
    return load_world(ROOT / "worlds/harbour.yaml")


def customer(world: World, words: str) -> Customer:
    (found,) = [item for item in world.customers if item.about and words in item.about]
    return found


def accounts_of(world: World, owner: Customer) -> list[Account]:
    return [item for item in world.accounts if owner.id in item.users]


def payments(world: World, owner: Customer, **wanted: object) -> list[Transaction]:
    mine = {account.id for account in accounts_of(world, owner)}
    return [
        item
        for item in world.transactions
        if item.account in mine and all(getattr(item, key) == value for key, value in wanted.items())
    ]


def test_the_committed_schema_is_the_one_the_models_give() -> None:
    assert (ROOT / "docs/schemas/world.json").read_text() == schema_text()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_the_schema_accepts_the_worlds_that_ship(path: Path) -> None:
    Draft202012Validator.check_schema(world_schema())
    validator = Draft202012Validator(world_schema())
    assert [error.message for error in validator.iter_errors(read_tree(path.read_text()).value)] == []


def test_the_schema_refuses_unknown_keys_and_bare_numbers() -> None:
    validator = Draft202012Validator(world_schema())
    value = read_tree((ROOT / "worlds/demo.yaml").read_text()).value
    value["accounts"][0]["opening"] = 41250.0
    value["accounts"][1]["colour"] = "red"
    assert len(list(validator.iter_errors(value))) == 2


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_reading_a_world_twice_gives_the_same_world(path: Path) -> None:
    assert load_world(path) == load_world(path)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_everybody_is_plainly_invented(path: Path) -> None:
    for person in load_world(path).customers:
        assert person.name.split()[-1] in ("Demo", "Namuna")
        assert person.about
        for contact in person.contacts:
            # no Indian mobile number begins with 0; example.invalid can never be registered
            form = {"mobile": r"\+910\d{9}", "email": r".+@example\.invalid", "sim": r"SIM of \w+", "address": r".+ Namunapur"}[
                contact.kind
            ]
            assert re.fullmatch(form, contact.value)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_everybody_can_be_asked_two_security_questions_in_their_language(path: Path) -> None:
    for person in load_world(path).customers:
        assert len(person.security_questions) >= 2
        devanagari = all(re.search(r"[\u0900-\u097F]", item.question) for item in person.security_questions)
        assert devanagari == (person.language == "hi")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_transactions_stand_in_the_order_in_which_they_happened(path: Path) -> None:
    world = load_world(path)
    times = [item.at for item in world.transactions]
    assert times == sorted(times)
    assert times[-1] <= world.now
    assert world.routines == ()


def test_the_demo_bank_has_customers_enough_with_ids_in_a_row(demo: World) -> None:
    assert [item.id for item in demo.customers] == [f"C{number:03d}" for number in range(1, 25)]


def test_the_case_of_the_documents_is_the_first_customer(demo: World) -> None:
    asha = demo.customers[0]
    (payment,) = payments(demo, asha, amount=Money(-500_000))
    assert payment.counterparty == "MegaMart"
    assert payment.at.date() == demo.local_now.date() - timedelta(days=1)
    assert payment.device_known is False
    assessment = next(item for item in demo.fraud if item.transaction == payment.id)
    assert assessment.fault == "third_party"
    assert demo.held(accounts_of(demo, asha)[0]) == Money(250_000)


def test_no_contact_of_the_first_customer_changed_within_a_day_so_two_factors_count(demo: World) -> None:
    asha = demo.customers[0]
    for moment in (
        *(contact.changed_at for contact in asha.contacts),
        asha.login.pin_changed_at,
        *(device.registered_at for device in asha.devices),
    ):
        assert moment is not None
        assert demo.now - moment > timedelta(hours=24)


def test_a_payment_from_the_own_phone_has_a_known_device(demo: World) -> None:
    vikram = customer(demo, "his own phone")
    (payment,) = payments(demo, vikram, id="T-0201")
    assert payment.device_known is True
    assert payment.device in {device.id for device in vikram.devices}


def test_a_hotel_holds_a_large_part_and_an_expired_hold_does_not_count(demo: World) -> None:
    (account,) = accounts_of(demo, customer(demo, "hotel in Jaipur"))
    assert {hold.state for hold in demo.holds if hold.account == account.id} == {"pending", "expired"}
    assert demo.held(account) == Money(1_800_000)


@pytest.mark.parametrize(
    ("words", "kind", "tellable"),
    [("court has frozen", "court", True), ("reviewing the account", "fraud", False), ("identity papers", "kyc", False)],
)
def test_frozen_accounts_say_by_whom_only_where_that_may_be_told(demo: World, words: str, kind: str, tellable: bool) -> None:
    owner = customer(demo, words)
    (freeze,) = accounts_of(demo, owner)[0].freezes
    assert freeze.kind == kind
    assert (freeze.authority is not None and freeze.reference is not None and freeze.amount is not None) is tellable
    assert "mule" not in (owner.about or "")


def test_a_card_was_blocked_by_its_owner(demo: World) -> None:
    farah = customer(demo, "Blocked her own card")
    (card,) = [item for item in demo.cards if item.holder == farah.id]
    assert (card.status, card.block_reason) == ("blocked_own", "customer_request")


def test_five_wrong_passwords_lock_for_a_day(demo: World) -> None:
    login = customer(demo, "wrong password").login
    assert login.lock is not None
    assert login.lock.until is not None
    assert login.lock.kind == "wrong_password"
    assert login.lock.until - login.lock.since == timedelta(hours=24)
    assert [attempt.result for attempt in login.attempts].count("wrong_password") == 5


def test_a_sim_was_changed_today(demo: World) -> None:
    changed = customer(demo, "Changed her SIM").changed_at("sim")
    assert changed is not None
    assert changed.date() == demo.local_now.date()


def test_accounts_are_shared_in_the_modes_that_differ(demo: World) -> None:
    assert {account.ownership.mode for account in demo.accounts} == {"sole", "either_survivor", "jointly", "minor_guardian"}
    jaspreet = customer(demo, "second one that needs both")
    assert len(accounts_of(demo, jaspreet)) == 3


def test_a_dormant_account_earned_interest_only(demo: World) -> None:
    lakshmi = customer(demo, "dormant")
    (account,) = accounts_of(demo, lakshmi)
    assert account.status == "dormant"
    assert account.dormant_since is not None
    assert demo.local_now.date() - account.dormant_since > timedelta(days=2 * 365)
    assert {item.kind for item in payments(demo, lakshmi)} == {"interest"}


def test_one_purchase_was_debited_twice_under_one_reference(demo: World) -> None:
    first, second = payments(demo, customer(demo, "debited twice"), amount=Money(-234_000))
    assert first.reference == second.reference
    assert {state.settlement for state in demo.rails if state.transaction in (first.id, second.id)} == {"settled", "unsettled"}


def test_a_failed_upi_payment_took_the_money_and_another_did_not(demo: World) -> None:
    pooja = customer(demo, "UPI payment failed")
    assert {item.debited for item in payments(demo, pooja, status="failed")} == {True, False}
    taken, not_taken = sorted(payments(demo, pooja, status="failed"), key=lambda item: not item.debited)
    assert (taken.on_ledger, not_taken.on_ledger) == (True, False)
    state = next(item for item in demo.rails if item.transaction == taken.id)
    assert (state.state, state.beneficiary_credited) == ("failed", False)


def test_two_payments_alike_at_one_place_are_two_payments(demo: World) -> None:
    first, second = payments(demo, customer(demo, "same amount"), counterparty="Demo Tiffin House")
    assert first.amount == second.amount
    assert first.reference != second.reference


def test_somebody_writes_hindi_and_somebody_has_no_transactions(demo: World) -> None:
    assert {item.language for item in demo.customers} == {"en", "hi"}
    assert payments(demo, customer(demo, "no transactions yet")) == []


def test_a_minor_has_a_guardian_with_several_accounts(demo: World) -> None:
    tara, divya = customer(demo, "schoolgirl"), customer(demo, "as guardian")
    (account,) = accounts_of(demo, tara)
    assert account.ownership.guardian == divya.id
    assert len(accounts_of(demo, divya)) == 4


def test_a_credit_card_owes_and_still_has_room(demo: World) -> None:
    (account,) = [item for item in demo.accounts if item.type == "credit_card"]
    assert demo.ledger(account).minor < 0
    assert account.credit_limit is not None
    assert demo.ledger(account) - demo.held(account) + account.credit_limit > Money(0)


def test_a_subscription_was_charged_after_it_had_paused_and_a_transfer_went_to_the_wrong_payee(demo: World) -> None:
    charged = payments(demo, customer(demo, "streaming"), counterparty="StreamBox")
    assert len(charged) >= 2
    wrong = payments(demo, customer(demo, "wrong person"), counterparty="Suresh Demo")
    assert [item.payee is not None and item.payee.name_match for item in wrong] == [False]


def test_one_customer_has_a_case_with_a_credit_value_dated_to_the_payment(demo: World) -> None:
    (case,) = demo.cases
    by_id = {item.id: item for item in demo.transactions}
    assert case.provisional_credit is not None
    assert by_id[case.provisional_credit].value_date == by_id[case.transaction].at.date()


def test_the_second_world_shares_no_name_amount_or_hold_with_the_demo(demo: World, harbour: World) -> None:
    assert not {item.name for item in demo.customers} & {item.name for item in harbour.customers}
    assert not {item.amount for item in demo.holds} & {item.amount for item in harbour.holds}
    assert not {demo.ledger(item) for item in demo.accounts} & {harbour.ledger(item) for item in harbour.accounts}
    assert harbour.now != demo.now


def test_the_schema_file_is_plain_json_with_a_stable_order() -> None:
    text = schema_text()
    assert json.dumps(json.loads(text), indent=2, ensure_ascii=False, sort_keys=True) + "\n" == text
