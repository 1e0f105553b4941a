"""What the rules need of the core, the core states: every fact of every action, typed as the fact book has it, on the demo bank."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bank import seeding
from bank.worlds.loader import load_world
from domain.actions import ACTIONS, Action, parse_action
from policy.facts import SCHEMA, bank_needs
from runtime.weighing import NAMED
from tests.support.bank import Teller, open_workbench

DEMO = Path(__file__).parents[3] / "worlds" / "demo.yaml"
#: One situation of the demo bank for each action: who asks, and for what.
SITUATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "disclose_balance": ("C016", {"accounts": ["A-1601", "A-1602"]}),
    "disclose_transactions": ("C001", {"accounts": ["A-0101"]}),
    "disclose_statement": ("C001", {"account": "A-0101", "since": "2026-11-01", "until": "2026-11-25"}),
    "block_card": ("C001", {"card": "K-001", "reason": "lost"}),
    "hotlist_card": ("C002", {"card": "K-002", "reason": "stolen"}),
    "unblock_card": ("C005", {"card": "K-005", "block": "BLK-0051"}),
    "open_dispute": ("C022", {"transaction": "T-2201", "dispute_type": "unauthorised", "amount_minor": 420000, "currency": "INR"}),
    "open_complaint": ("C011", {"category": "payments", "reference": "T-1102"}),
    "report_fraud": ("C017", {"kind": "payment", "reference": "T-1701"}),
    "raise_chargeback": (
        "C022",
        {"transaction": "T-2201", "dispute": "DSP-2026-000117", "dispute_type": "unauthorised", "amount_minor": 420000, "currency": "INR"},
    ),
    "provisional_credit": (
        "C022", {"account": "A-2201", "transaction": "T-2201", "dispute": "DSP-2026-000117", "amount_minor": 420000, "currency": "INR"},
    ),
    "refund_fee": ("C005", {"account": "A-0501", "fee": "F-0502", "amount_minor": 29500, "currency": "INR"}),
    "reverse_duplicate_debit": (
        "C011", {"account": "A-1101", "transaction": "T-1102", "original": "T-1101", "amount_minor": 234000, "currency": "INR"},
    ),
    "pay_tat_compensation": ("C012", {"account": "A-1201", "transaction": "T-1204", "amount_minor": 90000, "currency": "INR"}),
    "pay_fraud_compensation": (
        "C022", {"account": "A-2201", "transaction": "T-2201", "dispute": "DSP-2026-000117", "amount_minor": 357000, "currency": "INR"},
    ),
    "unlock_login": ("C006", {"lock": "LOCK-0061"}),
    "send_reset_link": ("C006", {"contact": "email", "reference": "msg-1"}),
    "change_limit": (
        "C001", {"account": "A-0101", "card": None, "limit_kind": "upi", "limit_new_minor": 7500000, "currency": "INR", "version": 3},
    ),
    "close_account": ("C010", {"account": "A-1001", "reason": "not_needed"}),
    "transfer": (
        "C016",
        {"account": "A-1601", "payee": "P-1602", "transfer_rail": "upi", "amount_minor": 500000, "currency": "INR", "reference": "t-1"},
    ),
    "change_mandate": ("C019", {"mandate": "M-1903", "mandate_operation": "register", "reference": "m-1"}),
    "debit_mandate": (
        "C019", {"account": "A-1901", "mandate": "M-1901", "amount_minor": 124000, "currency": "INR", "reference": "d-1"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    bench = open_workbench(tmp_path_factory.mktemp("demo"))
    world = load_world(DEMO)
    bench.bank.database.write_now(lambda connection: seeding.seed(connection, world, bench.bank.config))
    yield bench.teller("demo", world.now)
    bench.bank.close()


def action_of(name: str) -> Action:
    return parse_action({"action": name} | SITUATIONS[name][1])


async def stated(demo: Teller, name: str, customer: str | None = None, **changes: str) -> dict[str, Any]:
    arguments = action_of(name).arguments() | changes
    query = {each: arguments[each] for each in NAMED if arguments.get(each) is not None}
    if "accounts" in arguments:
        query["account"] = ",".join(arguments["accounts"])
    answer = await demo.get("/facts", customer or SITUATIONS[name][0], action=name, **query)
    assert answer.status_code == 200, answer.text
    return {each: fact["value"] for each, fact in answer.json()["facts"].items()}


@pytest.mark.parametrize("name", ACTIONS)
async def test_every_fact_that_the_rules_need_of_the_core_is_stated_and_typed(demo: Teller, name: str) -> None:
    found = await stated(demo, name)
    declared = {"dispute_type"} & action_of(name).arguments().keys()
    assert set(bank_needs(name)) - found.keys() - declared == set()
    wrong = {each: value for each, value in found.items() if not SCHEMA[each].accepts(value)}
    assert wrong == {}
    assert {SCHEMA[each].source for each in found} == {"bank"}


FOREIGN = "C024"


@pytest.mark.parametrize("name", ACTIONS)
async def test_another_customers_thing_reads_like_one_that_does_not_exist(demo: Teller, name: str) -> None:
    things = ("account", "transaction", "original", "card", "lock", "fee", "payee", "mandate", "dispute")
    nothing = {each: f"never-{each}" for each in things if action_of(name).arguments().get(each) is not None}
    assert await stated(demo, name, FOREIGN) == await stated(demo, name, FOREIGN, **nothing)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("hotlist_card", {"card_owned": True, "card_status": "active", "address_changed_d": 9}),
        ("unblock_card", {"card_status": "blocked_own", "card_block_reason": "own", "risk_bp": 0}),
        ("open_complaint", {"complaint_open_same_ref": True, "reported_date": "2026-11-23"}),
        ("raise_chargeback", {"account_owned": True, "chargeback_network": "visa", "chargeback_clock_d": 24, "chargeback_raised": False}),
        ("refund_fee", {"fee_found": True, "fee_kind": "annual", "fee_amount_minor": 29500, "fee_error_proven": True, "fee_refunded": False}),
        (
            "reverse_duplicate_debit",
            {"original_found": True, "same_reference": True, "same_amount": True, "settled_legs": "one", "reversal_state": "none"},
        ),
        (
            "pay_tat_compensation",
            {
                "tat_incident": "upi_transfer", "failure_cause": "system", "money_back": True, "days_to_reversal": 10,
                "compensation_side": "ours", "compensation_paid": False, "reversal_state": "done",
            },
        ),
        ("pay_fraud_compensation", {"net_loss_minor": 0, "customer_kind": "individual", "compensated_before": False, "days_to_bank_report": 2}),
        ("unlock_login", {"login_locked": True, "lock_reason": "wrong_password", "unlocks_7d": 0}),
        ("send_reset_link", {"contact_on_file": True, "reset_links_24h": 0, "contact_changed_h": 9999, "lock_reason": "wrong_password"}),
        ("change_limit", {"limit_old_minor": 5000000, "limit_bank_cap_minor": 10000000}),
        ("close_account", {"account_type": "savings", "account_status": "dormant", "dues_minor": 0, "active_mandates": 0, "closure_requested": False}),
        (
            "transfer",
            {
                "payee_kind": "known", "payee_age_h": 7200, "payee_name_match": "match", "merchant_verified": True,
                "merchant_category": "education", "transfers_24h_minor": 0, "rail_24h_minor": 0, "payee_24h_minor": 0,
            },
        ),
        ("change_mandate", {"mandate_owned": True, "mandate_status": "none"}),
        (
            "debit_mandate",
            {
                "mandate_status": "active", "mandate_category": "insurance", "mandate_max_minor": 150000,
                "mandate_first_debit": False, "pre_debit_notice_h": 26,
            },
        ),
        ("report_fraud", {"home_branch": "BR-MUM"}),
    ],
)  # fmt: skip
async def test_facts_are_what_the_rows_say(demo: Teller, name: str, values: dict[str, Any]) -> None:
    found = await stated(demo, name)
    assert {each: found.get(each) for each in values} == values


async def test_a_fee_that_was_due_is_no_error_of_the_bank(demo: Teller) -> None:
    first = await stated(demo, "refund_fee", fee="F-0501")
    low_balance = await stated(demo, "refund_fee", "C016", account="A-1601", fee="F-1601")
    assert (first["fee_error_proven"], low_balance["fee_error_proven"]) == (False, False)


async def test_payees_are_own_accounts_known_or_new(demo: Teller) -> None:
    own = await stated(demo, "transfer", payee="A-1602")
    assert (own["payee_kind"], own["payee_age_h"], own["payee_name_match"]) == ("own", 9999, "match")
    young = await stated(demo, "transfer", payee="P-1603")
    assert (young["payee_kind"], young["payee_age_h"], young["payee_name_match"]) == ("known", 5, "close")
    theirs = await stated(demo, "transfer", payee="P-2001")
    assert (theirs["payee_kind"], theirs["payee_age_h"], theirs["payee_name_match"]) == ("new", 0, "unavailable")


async def test_what_went_over_the_rail_today_counts(demo: Teller) -> None:
    """Deepak paid ₹8,000 by UPI some 25 hours ago and a cab this morning; Sunita ₹9,500 by IMPS an hour ago."""
    deepak = await stated(demo, "transfer", "C020", account="A-2001", payee="P-2001")
    sunita = await stated(demo, "transfer", "C007", account="A-0701", payee="nobody", transfer_rail="imps")
    assert (deepak["rail_24h_minor"], sunita["rail_24h_minor"]) == (16_000, 950_000)
    assert sunita["transfers_24h_minor"] == 0


async def test_a_payment_that_is_not_back_counts_its_days_until_today(demo: Teller) -> None:
    waiting = await stated(demo, "pay_tat_compensation", transaction="T-1201")
    assert (waiting["tat_incident"], waiting["money_back"], waiting["days_to_reversal"]) == ("upi_merchant", False, 1)
    never_taken = await stated(demo, "pay_tat_compensation", transaction="T-1203")
    assert (never_taken["tat_incident"], never_taken["money_back"], never_taken["days_to_reversal"]) == ("none", True, 0)
    fine = await stated(demo, "pay_tat_compensation", transaction="T-1202")
    assert fine["tat_incident"] == "none"


async def test_reports_and_ncrp_are_counted_from_the_day_of_the_payment(demo: Teller) -> None:
    found = await stated(demo, "pay_fraud_compensation", "C017", account="A-1702", transaction="T-1701")
    expected = {"net_loss_minor": 1_875_000, "ncrp_reported": True, "days_to_ncrp_report": 0, "days_to_bank_report": 0}
    assert {each: found[each] for each in expected} == expected
    assert found["reported_date"] == "2026-11-23"


async def test_a_lock_or_block_that_stands_no_more_is_not_taken_for_the_one_that_does(demo: Teller) -> None:
    assert (await stated(demo, "unlock_login", lock="LOCK-OLD"))["login_locked"] is False
    assert (await stated(demo, "unblock_card", block="BLK-OLD"))["card_block_reason"] == "none"
