"""The rules of the United States row by row: exact days across holidays and clock changes, amounts, and who decides."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from domain.actions import Protective
from policy.ordinary import draw
from policy.packs import SHIPPED, load_pack
from tests.support.default_rows import CONTROLS, CREDIT, DEFAULTS, DISPUTE, TRANSFER
from tests.support.worked_rows import MISSING, NOW, Book, Row

NEW = {"account_new": True}
CARD = {"us_regulation": "reg_z", "txn_rail": "card_online"}
LOST = {"access_device_lost": True}
LATE = LOST | {"business_days_to_notice": 3}


def on(day: str, hour: int = 15) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


#: A dispute is opened before one is on record.
FRESH = {"txn_disputed": False}
NOTICE = (
    # --- US-01, US-02: the notice -------------------------------------------------------------------------------------
    Row(
        "over Thanksgiving: ten business days and forty-five days",
        DISPUTE,
        FRESH,
        owes=(("provisional_credit", "2026-12-08", 40_000), ("decide_liability", "2027-01-07", None)),
        owes_not=("confirm_in_writing", "no_collection", "existing_reference"),
    ),
    Row("an account of a month: twenty and ninety", DISPUTE, FRESH | NEW, owes=(("provisional_credit", "2026-12-22", 40_000), ("decide_liability", "2027-02-21", None))),
    Row("a point of sale or abroad: ten and ninety", DISPUTE, FRESH | {"pos_or_foreign": True}, owes=(("provisional_credit", "2026-12-08", 40_000), ("decide_liability", "2027-02-21", None))),
    Row("over Christmas and New Year", DISPUTE, FRESH, at=on("2026-12-18"), owes=(("provisional_credit", "2027-01-05", 40_000), ("decide_liability", "2027-02-01", None))),
    Row("over the clocks going forward", DISPUTE, FRESH, at=on("2027-03-05"), owes=(("provisional_credit", "2027-03-19", 40_000), ("decide_liability", "2027-04-19", None))),
    Row("over Independence Day, kept on Monday", DISPUTE, FRESH, at=on("2027-06-25"), owes=(("provisional_credit", "2027-07-12", 40_000),)),
    Row("over Martin Luther King's day and Presidents' Day", DISPUTE, FRESH | NEW, at=on("2027-01-15"), owes=(("provisional_credit", "2027-02-16", 40_000),)),
    Row("late in the evening it is still that day in New York", DISPUTE, FRESH, at=on("2026-11-24", 4), owes=(("provisional_credit", "2026-12-08", 40_000),)),
    Row("an oral notice is to be confirmed", DISPUTE, FRESH | {"written_confirmation": "pending"}, owes=(("confirm_in_writing", "2026-12-08", None), ("provisional_credit", "2026-12-08", 40_000))),
    Row("it was not: no credit is due, a decision is", DISPUTE, FRESH | {"written_confirmation": "overdue"}, owes=(("decide_liability", "2027-01-07", None),), owes_not=("provisional_credit",)),
    Row("the sixtieth day is in time", DISPUTE, FRESH | {"days_since_statement": 60}, owes=(("provisional_credit", "2026-12-08", 40_000),)),
    Row("the day after it is opened, without the procedure", DISPUTE, FRESH | {"days_since_statement": 61}, owes_not=("provisional_credit", "decide_liability")),
    Row("goods that did not come are no error of the transfer", DISPUTE, FRESH | {"dispute_type": "not_received"}, owes_not=("provisional_credit", "decide_liability")),
    Row("a transfer that failed is", DISPUTE, FRESH | {"dispute_type": "failed_transfer"}, owes=(("decide_liability", "2027-01-07", None),)),
    Row("a business account is outside", DISPUTE, FRESH | {"us_regulation": "business"}, owes_not=("provisional_credit", "decide_liability", "no_collection")),
    # --- US-05: credit cards ------------------------------------------------------------------------------------------
    Row(
        "a card: thirty days, two cycles, no collection, USD 50",
        DISPUTE,
        FRESH | CARD,
        owes=(("acknowledge", "2026-12-23", None), ("decide_liability", "2027-02-15", None), ("no_collection", "2027-02-15", None), ("customer_liability", None, 5_000)),
        owes_not=("provisional_credit",),
    ),
    Row("a cycle that ends with the notice does not count", DISPUTE, FRESH | CARD | {"cycle_day": 23}, owes=(("decide_liability", "2027-01-23", None),)),
    Row("never later than ninety days", DISPUTE, FRESH | CARD | {"cycle_day": 22}, owes=(("decide_liability", "2027-02-21", None), ("no_collection", "2027-02-21", None))),
    Row("cycles to the end of February", DISPUTE, FRESH | CARD | {"cycle_day": 31}, at=on("2026-12-31"), owes=(("decide_liability", "2027-02-28", None),)),
    Row("goods that did not come are a billing error", DISPUTE, FRESH | CARD | {"dispute_type": "not_received"}, owes=(("decide_liability", "2027-02-15", None),), owes_not=("customer_liability",)),
    Row("the cap stands however late", DISPUTE, FRESH | CARD | {"days_since_statement": 400}, owes=(("customer_liability", None, 5_000),), owes_not=("decide_liability",)),
    Row("the notice has to be in writing", DISPUTE, FRESH | CARD | {"written_confirmation": "pending"}, owes=(("confirm_in_writing", None, None),)),
)  # fmt: skip
CREDITING = (
    Row(
        "credited while it is investigated",
        CREDIT,
        reason="approved",
        owes=(("provisional_notice", "2026-11-25", None), ("provisional_credit", "2026-12-07", 40_000), ("decide_liability", "2027-01-05", None), ("no_liability", None, None)),
    ),
    Row("told over Thanksgiving", CREDIT, at=on("2026-11-25"), owes=(("provisional_notice", "2026-11-30", None),)),
    Row("a new account", CREDIT, NEW, owes=(("provisional_credit", "2026-12-21", 40_000), ("decide_liability", "2027-02-19", None))),
    Row("a point of sale", CREDIT, {"pos_or_foreign": True}, owes=(("decide_liability", "2027-02-19", None),)),
    Row("the deadline runs when it is denied", CREDIT, {"duty_mode": "incident"}, "deny", owes=(("provisional_credit", "2026-12-07", 40_000),)),
    Row("a payment taken twice is credited too", CREDIT, {"dispute_type": "duplicate"}, owes_not=("no_liability",)),
    Row("goods that did not come are for a person", CREDIT, {"dispute_type": "not_received"}, "human", "person_checks", role="disputes_officer", owes_not=("provisional_credit",)),
    Row("day sixty", CREDIT, {"days_since_statement": 60}),
    Row("day sixty-one", CREDIT, {"days_since_statement": 61}, "human", "window_closed", role="disputes_officer", owes_not=("provisional_credit", "no_liability")),
    Row("a card is Regulation Z's", CREDIT, CARD, "human", "person_checks", role="disputes_officer", owes_not=("provisional_credit", "no_liability")),
    Row("a business is neither's", CREDIT, {"us_regulation": "business"}, "human", "person_checks"),
    Row("which of them is not known", CREDIT, {"us_regulation": MISSING}, "human", "missing_fact", role="disputes_officer"),
    Row("the confirmation is waited for", CREDIT, {"written_confirmation": "pending"}, "human", "person_checks", owes=(("provisional_credit", "2026-12-07", 40_000),)),
    Row("it did not come", CREDIT, {"written_confirmation": "overdue"}, "human", "person_checks", owes_not=("provisional_credit",)),
    Row("it came", CREDIT, {"written_confirmation": "received"}),
    # --- US-03: the outcome -------------------------------------------------------------------------------------------
    Row("an error: corrected in one day, told in three", CREDIT, {"error_outcome": "error", "determined_date": "2026-11-25"}, owes=(("correct_error", "2026-11-27", 40_000), ("report_result", "2026-12-01", None)), owes_not=("decide_liability",)),
    Row("corrected over Christmas", CREDIT, {"error_outcome": "error", "determined_date": "2026-12-24"}, at=on("2026-12-24"), owes=(("correct_error", "2026-12-28", 40_000), ("report_result", "2026-12-30", None))),
    Row("no error: a person tells and takes back, debits are honoured", CREDIT, {"error_outcome": "no_error", "determined_date": "2026-11-20"}, "human", "person_checks", role="disputes_officer", owes=(("report_result", "2026-11-25", None), ("honour_debits", "2026-12-01", None))),
    *(
        Row(f"no error is a person's: {other}", CREDIT, {"error_outcome": "no_error", "us_regulation": other}, "human", role="disputes_officer", owes_not=("report_result", "honour_debits"))
        for other in ("reg_z", "business")
    ),
    # --- US-04: what the customer may have to bear --------------------------------------------------------------------
    Row("nothing was lost: nothing to bear", CREDIT, owes=(("no_liability", None, None),), owes_not=("customer_liability",)),
    Row("lost and told in two business days: USD 50", CREDIT, LOST | {"business_days_to_notice": 2}, owes=(("customer_liability", None, 5_000),), owes_not=("no_liability",)),
    Row("never more than was taken", CREDIT, LOST | {"amount_minor": 4_000, "txn_amount_minor": -4_000}, owes=(("customer_liability", None, 4_000),)),
    Row("told later: USD 500", CREDIT, LATE | {"loss_before_2bd_minor": 20_000, "loss_after_2bd_minor": 60_000}, owes=(("customer_liability", None, 50_000),)),
    Row("USD 50 of the first days and all of the later", CREDIT, LATE | {"loss_before_2bd_minor": 20_000, "loss_after_2bd_minor": 10_000}, owes=(("customer_liability", None, 15_000),)),
    Row("less than USD 50 of the first days", CREDIT, LATE | {"loss_before_2bd_minor": 3_000, "loss_after_2bd_minor": 10_000}, owes=(("customer_liability", None, 13_000),)),
    Row("nothing that a notice in time would have prevented", CREDIT, LATE | {"loss_before_2bd_minor": 90_000}, owes=(("customer_liability", None, 5_000),)),
)  # fmt: skip
TRANSFERS = (Row("AL3 is not enough for any", TRANSFER, {"auth_level": 3, "amount_minor": 100}, "step_up", level=4),)
BOOK = Book(load_pack(SHIPPED / "us-reg"), (*DEFAULTS, *NOTICE, *CREDITING, *TRANSFERS))


@pytest.mark.parametrize("row", BOOK.rows, ids=str)
def test_row(row: Row) -> None:
    BOOK.check(row)


@pytest.mark.process  # each rule taken away in turn; the long half has the time
@pytest.mark.parametrize("rule", [each.id for each in BOOK.pack.rules])
def test_losing_a_rule_changes_what_some_row_is_told(rule: str) -> None:
    assert BOOK.missed_by(rule), f"{rule} holds up no row"


@pytest.mark.parametrize(
    ("rule", "action", "why"),
    [
        *CONTROLS,
        ("REG-E-NO-ERROR-TYPE", CREDIT, "goods that did not come are for a person"),
        ("TRANSFER-NAME", TRANSFER, "another name"),
    ],
)
def test_a_control_alone_stands_between_its_row_and_approval(rule: str, action: str, why: str) -> None:
    row = next(each for each in BOOK.rows if (each.action, each.why) == (action, why))
    assert BOOK.decide(row).verdict != "approve"
    assert BOOK.decide(row, BOOK.pack.without(rule)).verdict == "approve"


def test_the_law_is_cited_unreviewed_and_the_rest_is_ours() -> None:
    laws = [each for each in BOOK.pack.rules if each.text.layer == "law"]
    assert all("12 CFR 10" in each.text.source and "row" in each.text.source for each in laws)
    assert set(BOOK.pack.unverified) == {each.id for each in laws}
    assert {
        row for each in laws for row in ("US-01", "US-02", "US-03", "US-04", "US-05", "US-06") if row in each.text.source
    } == {f"US-0{number}" for number in range(1, 7)}


def test_actions_that_only_india_knows_are_denied_for_want_of_a_rule() -> None:
    unknown = {"raise_chargeback", "pay_tat_compensation", "pay_fraud_compensation", "change_mandate", "debit_mandate"}
    assert BOOK.without_rules() == unknown
    for action in unknown:
        decision = BOOK.decide(Row("", action))
        assert (decision.verdict, decision.customer_reason) == ("deny", "not_allowed")


@pytest.mark.parametrize("row", [each for each in CREDITING if each.action == CREDIT], ids=str)
def test_negligence_neither_denies_a_credit_nor_raises_a_liability(row: Row) -> None:
    told = []
    for fault in ("bank", "third_party", "customer", "unknown"):
        decision = BOOK.decide(Row(row.why, CREDIT, dict(row.change) | {"fault": fault}, at=row.at))
        told.append((decision.verdict, BOOK.owed(decision)))
    assert all(each == told[0] for each in told)


def test_ten_business_days_over_thanksgiving_show_their_derivation_and_end_at_midnight_in_new_york() -> None:
    decision = BOOK.decide(NOTICE[0])
    owed = next(each for each in decision.obligations if each.kind == "provisional_credit")
    assert owed.due == datetime(2026, 12, 9, 4, 59, 59, tzinfo=UTC)
    assert owed.derivation == (
        "from 2026-11-23 (Monday), not counted",
        "2026-11-26 skipped: holiday, fourth Thursday of November",
        "2026-11-28 skipped: Saturday",
        "2026-11-29 skipped: Sunday",
        "2026-12-05 skipped: Saturday",
        "2026-12-06 skipped: Sunday",
        "10 working days: 2026-12-08 (Tuesday)",
        "transaction amount 40000 USD minor units",
    )


def test_a_period_that_ends_in_summer_time_ends_an_hour_earlier_in_utc() -> None:
    decision = BOOK.decide(next(each for each in NOTICE if "clocks" in each.why))
    due = {each.kind: each.due for each in decision.obligations}
    assert due["provisional_credit"] == datetime(2027, 3, 20, 3, 59, 59, tzinfo=UTC)


def test_the_liability_of_a_late_notice_shows_how_it_was_added_up() -> None:
    row = next(each for each in CREDITING if each.why.startswith("less than USD 50"))
    owed = next(each for each in BOOK.decide(row).obligations if each.kind == "customer_liability")
    assert owed.derivation == (
        "loss_after_2bd_minor amount 10000 USD minor units",
        "loss_before_2bd_minor amount 3000 USD minor units",
        "at most 5000: 3000",
        "together: 13000",
        "at most 50000: 13000",
    )


def test_whatever_the_facts_protection_is_never_denied_and_no_credit_goes_to_a_stranger() -> None:
    random = Random(20261122)
    for number in range(600):
        action = sorted(Protective)[number % 4] if number % 2 else CREDIT
        base = BOOK.base(action)
        change = {name: draw(name, random) for name in random.sample(sorted(base), random.randint(1, min(6, len(base))))}
        gone = dict.fromkeys(random.sample(sorted(base), random.choice((0, 0, 1))), MISSING)
        decision = BOOK.decide(Row("", action, change | gone, at=NOW))
        facts = base | change | gone
        if action in Protective:
            assert decision.verdict != "deny", facts
        elif decision.verdict == "approve":
            assert facts["account_owned"] and facts["txn_owned"] and facts["auth_level"] in (3, 4), facts
            assert facts["us_regulation"] == "reg_e" and facts["error_outcome"] != "no_error", facts
