"""The rules of the European Union row by row: exact days across Easter, the first of May and clock changes, and who decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

import pytest

from domain.actions import Protective
from policy.ordinary import draw
from policy.packs import SHIPPED, load_pack
from tests.support.default_rows import CONTROLS, CREDIT, DEFAULTS, DISPUTE, TRANSFER
from tests.support.worked_rows import MISSING, NOW, Book, Row

FRESH = {"txn_disputed": False}
SCA = {"sca_used": True}
STOLEN = SCA | {"instrument_lost": True, "loss_detectable": True}
NEGLIGENT = {"payer_conduct": "gross_negligence"}
SMALL = {"sca_exemption": "remote_low_value", "auth_level": 3, "amount_minor": 3_000}
TOUCH = {"sca_exemption": "contactless", "auth_level": 3, "amount_minor": 5_000}
CLAIM = FRESH | {"payee_initiated": True, "dispute_type": "wrong_amount"}


def on(day: str, hour: int = 12) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def refunded(day: str, at: datetime, why: str) -> Row:
    return Row(why, DISPUTE, FRESH, at=at, owes=(("refund", day, 40_000), ("value_date", "2026-11-20", None)))


NOTICE = (
    # --- EU-01: the end of the next business day ----------------------------------------------------------------------
    refunded("2026-11-24", NOW, "the end of the next business day, as of the day of the debit"),
    refunded("2026-11-30", on("2026-11-27"), "over a week-end"),
    refunded("2026-12-28", on("2026-12-24"), "over Christmas"),
    refunded("2027-01-04", on("2026-12-31"), "over New Year"),
    refunded("2027-03-30", on("2027-03-25"), "over Easter and the clocks going forward"),
    refunded("2026-05-04", on("2026-04-30"), "over the first of May"),
    refunded("2027-05-03", on("2027-04-30"), "over a first of May that is a Saturday"),
    refunded("2026-10-26", on("2026-10-23"), "over the clocks going back"),
    refunded("2026-11-25", on("2026-11-23", 23), "half past midnight is the next day in Berlin"),
    Row("suspicion told to the authority is the one reason to wait", DISPUTE, FRESH | {"fraud_reported": True}, owes_not=("refund", "value_date")),
    Row("after thirteen months it is opened, without the refund", DISPUTE, FRESH | {"notified_in_time": False}, owes_not=("refund",)),
    Row("a debit of before the directive", DISPUTE, FRESH | {"debit_date": "2018-01-12"}, owes_not=("refund", "notify_until")),
    # --- EU-04: how long there is -------------------------------------------------------------------------------------
    Row("thirteen months from the debit", DISPUTE, FRESH, owes=(("notify_until", "2027-12-20", None),)),
    Row("into a leap year's February", DISPUTE, FRESH | {"debit_date": "2027-01-31"}, owes=(("notify_until", "2028-02-29", None),)),
    Row("goods that did not come are no payment gone wrong", DISPUTE, FRESH | {"dispute_type": "not_received"}, owes_not=("notify_until", "refund")),
    Row("a direct debit too high: an answer in ten business days", DISPUTE, CLAIM, owes=(("answer_refund_claim", "2026-12-07", 40_000), ("notify_until", "2027-01-15", None)), owes_not=("refund",)),
    Row("ten business days over Christmas and New Year", DISPUTE, CLAIM, at=on("2026-12-21"), owes=(("answer_refund_claim", "2027-01-06", 40_000),)),
    Row("the last day of eight weeks", DISPUTE, CLAIM | {"days_since_debit": 56}, owes=(("answer_refund_claim", "2026-12-07", 40_000),)),
    Row("the day after", DISPUTE, CLAIM | {"days_since_debit": 57}, owes_not=("answer_refund_claim",)),
    Row("a payment of the payer's own is no such claim", DISPUTE, CLAIM | {"payee_initiated": False}, owes_not=("answer_refund_claim",)),
)  # fmt: skip
REFUNDS = (
    Row("refunded at once", CREDIT, SCA, reason="approved", owes=(("refund", "2026-11-23", 40_000), ("value_date", "2026-11-20", None), ("no_liability", None, None))),
    Row("told on Maundy Thursday", CREDIT, {"reported_date": "2027-03-25"}, at=on("2027-03-26"), owes=(("refund", "2027-03-30", 40_000),)),
    Row("the deadline runs when it is denied", CREDIT, {"duty_mode": "degraded"}, "deny", owes=(("refund", "2026-11-23", 40_000),)),
    Row("it runs for a person too", CREDIT, STOLEN, "human", owes=(("refund", "2026-11-23", 40_000),)),
    Row("suspicion told to the authority", CREDIT, {"fraud_reported": True}, "human", "under_review", role="fraud_team", owes_not=("refund",)),
    Row("thirteen months are over", CREDIT, {"notified_in_time": False}, "human", "window_closed", role="disputes_officer", owes_not=("refund",)),
    Row("before the directive", CREDIT, {"debit_date": "2018-01-12"}, "human", "person_checks", role="disputes_officer", owes_not=("refund",)),
    Row("its first day", CREDIT, {"debit_date": "2018-01-13"}),
    Row("authorised, but too much", CREDIT, {"dispute_type": "wrong_amount"}, "human", "person_checks", role="disputes_officer", owes_not=("refund",)),
    # --- EU-02, EU-03: who bears it -----------------------------------------------------------------------------------
    Row("stolen, and it could be noticed: EUR 50 at most", CREDIT, STOLEN, "human", "person_checks", role="disputes_officer", owes=(("customer_liability", None, 5_000),), owes_not=("no_liability",)),
    Row("never more than was taken", CREDIT, STOLEN | {"amount_minor": 4_200, "txn_amount_minor": -4_200}, "human", owes=(("customer_liability", None, 4_200),)),
    Row("it could not be noticed", CREDIT, STOLEN | {"loss_detectable": False}, owes=(("no_liability", None, None),), owes_not=("customer_liability",)),
    Row("the bank's own people lost it", CREDIT, STOLEN | {"fault": "bank"}, owes=(("no_liability", None, None),)),
    Row("no strong authentication was asked for", CREDIT, STOLEN | {"sca_used": False}, owes=(("no_liability", None, None),)),
    Row("after the payer had told us", CREDIT, STOLEN | {"loss_after_notice": True}, owes=(("no_liability", None, None),)),
    Row("gross negligence knows no cap", CREDIT, SCA | NEGLIGENT, "human", "person_checks", role="disputes_officer", owes_not=("customer_liability", "no_liability")),
    Row("undetectable or not", CREDIT, SCA | NEGLIGENT | {"instrument_lost": True, "loss_detectable": False}, "human", owes_not=("no_liability",)),
    Row("it does not count without strong authentication", CREDIT, NEGLIGENT, reason="approved", owes=(("no_liability", None, None),)),
    Row("nor after the notice", CREDIT, SCA | NEGLIGENT | {"loss_after_notice": True}, owes=(("no_liability", None, None),)),
    Row("an open assessment is not ours to close", CREDIT, SCA | {"payer_conduct": "unknown"}, "human", "person_checks"),
    Row("the payer's fraud is a person's in any case", CREDIT, {"payer_conduct": "fraud"}, "human", "person_checks", owes_not=("no_liability",)),
    Row("no assessment at all", CREDIT, {"payer_conduct": MISSING}, "human", "missing_fact", role="disputes_officer"),
)  # fmt: skip
TRANSFERS = (
    # --- EU-05: strong authentication ---------------------------------------------------------------------------------
    Row("EUR 30 remote, signed in", TRANSFER, SMALL, reason="approved"),
    Row("to the own account too", TRANSFER, SMALL | {"payee_kind": "own"}),
    Row("a cent over", TRANSFER, SMALL | {"amount_minor": 3_001}, "step_up", "stronger_sign_in", level=4),
    Row("EUR 100 since the last strong one", TRANSFER, SMALL | {"sca_exempt_total_minor": 7_000}),
    Row("a cent over", TRANSFER, SMALL | {"sca_exempt_total_minor": 7_001}, "step_up", level=4),
    Row("the fifth use", TRANSFER, SMALL | {"sca_exempt_uses": 4}),
    Row("the sixth", TRANSFER, SMALL | {"sca_exempt_uses": 5}, "step_up", level=4),
    Row("EUR 50 contactless", TRANSFER, TOUCH),
    Row("a cent over", TRANSFER, TOUCH | {"amount_minor": 5_001}, "step_up", level=4),
    Row("EUR 150 since the last strong one", TRANSFER, TOUCH | {"sca_exempt_total_minor": 10_000}),
    Row("a cent over", TRANSFER, TOUCH | {"sca_exempt_total_minor": 10_001}, "step_up", level=4),
    Row("strong authentication settles all of it", TRANSFER, SMALL | {"auth_level": 4, "sca_exempt_uses": 99, "sca_exempt_total_minor": 90_000}),
    Row("small, but not signed in with two factors", TRANSFER, SMALL | {"auth_level": 2}, "step_up", "stronger_sign_in", level=3),
    Row("no exemption named", TRANSFER, SMALL | {"sca_exemption": "none"}, "step_up", level=4),
    Row("the counters are not known", TRANSFER, SMALL | {"sca_exempt_total_minor": MISSING}, "deny", "missing_fact"),
    Row("a small one to a payee of today", TRANSFER, SMALL | {"payee_age_h": 2}, "deny", "in_the_app"),
)  # fmt: skip
BOOK = Book(load_pack(SHIPPED / "eu-psd2"), (*DEFAULTS, *NOTICE, *REFUNDS, *TRANSFERS))


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
        ("PSD2-OTHER-DISPUTE", CREDIT, "authorised, but too much"),
        ("SCA-USES", TRANSFER, "the sixth"),
        ("SCA-EACH", TRANSFER, "a cent over"),
        ("SCA-TOTAL", TRANSFER, "a cent over"),
    ],
)
def test_a_control_alone_stands_between_its_row_and_approval(rule: str, action: str, why: str) -> None:
    stopped = [each for each in BOOK.rows if (each.action, each.why) == (action, why) and BOOK.decide(each).verdict != "approve"]
    assert any(BOOK.decide(each, BOOK.pack.without(rule)).verdict == "approve" for each in stopped)


def test_the_law_is_cited_unreviewed_and_what_is_not_law_yet_is_no_rule() -> None:
    laws = [each for each in BOOK.pack.rules if each.text.layer == "law"]
    assert all("PSD2 art" in each.text.source and "row EU-0" in each.text.source.replace("rows", "row") for each in laws)
    assert set(BOOK.pack.unverified) == {each.id for each in laws}
    cited = {row for each in BOOK.pack.rules for row in (f"EU-0{number}" for number in range(1, 7)) if row in each.text.source}
    assert cited == {"EU-01", "EU-02", "EU-03", "EU-04", "EU-05"}


def test_actions_that_only_india_knows_are_denied_for_want_of_a_rule() -> None:
    unknown = {"raise_chargeback", "pay_tat_compensation", "pay_fraud_compensation", "change_mandate", "debit_mandate"}
    assert BOOK.without_rules() == unknown


def test_the_next_business_day_over_easter_shows_its_derivation_and_ends_in_summer_time() -> None:
    decision = BOOK.decide(next(each for each in NOTICE if "Easter" in each.why))
    owed = next(each for each in decision.obligations if each.kind == "refund")
    assert owed.due == datetime(2027, 3, 30, 21, 59, 59, tzinfo=UTC)
    assert owed.derivation == (
        "from 2027-03-25 (Thursday), not counted",
        "2027-03-26 skipped: holiday, Easter -2",
        "2027-03-27 skipped: Saturday",
        "2027-03-28 skipped: Sunday",
        "2027-03-29 skipped: holiday, Easter +1",
        "1 working day: 2027-03-30 (Tuesday)",
        "transaction amount 40000 EUR minor units",
    )


def test_a_branch_with_a_holiday_of_its_own_counts_on_its_own_calendar() -> None:
    munich = replace(BOOK.pack, calendar=replace(BOOK.pack.calendar, yearly=BOOK.pack.calendar.yearly | {(1, 6)}))
    assert munich.calendar.closed(date(2027, 1, 6)) == "holiday"
    owed = BOOK.owed(BOOK.decide(Row("", DISPUTE, FRESH, at=on("2027-01-05")), munich))
    assert ("refund", "2027-01-07", 40_000) in owed


def test_whatever_the_facts_protection_is_never_denied_and_no_refund_goes_to_a_stranger() -> None:
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
            assert facts["payer_conduct"] != "fraud" and not facts["fraud_reported"], facts
