"""The Indian rules row by row: what is asked, what is answered and why; and no rule that could be lost without a row noticing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.decisions import Decision, FactValue
from policy.facts import NEEDS, as_facts
from policy.gate import decide
from policy.ordinary import ordinary
from policy.packs import SHIPPED, Pack, load_pack

PACK = load_pack(SHIPPED / "in-rbi")
INDIA_ZONE = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
MISSING = object()
BALANCE, TRANSACTIONS, BLOCK = "disclose_balance", "disclose_transactions", "block_card"
DISPUTE, CREDIT = "open_dispute", "provisional_credit"
#: A dispute is opened before one is on record.
BASE: dict[str, dict[str, FactValue]] = {action: ordinary(action, names) for action, names in NEEDS.items()}


@dataclass(frozen=True)
class Row:
    """One worked example: the base case of the action with some facts changed."""

    why: str
    action: str
    change: dict[str, Any] = field(default_factory=dict)
    verdict: str = "approve"
    reason: str | None = None
    level: int | None = None
    role: str | None = None
    four_eyes: bool = False
    #: (kind, last day in India or None, amount or None) that must be among what is owed
    owes: tuple[tuple[str, str | None, int | None], ...] = ()
    at: datetime = NOW

    def decide(self, pack: Pack) -> Decision:
        facts = {name: value for name, value in (BASE[self.action] | self.change).items() if value is not MISSING}
        return decide(self.action, as_facts(facts, self.at, "a test"), pack, self.at, pack.calendar)


LATE = {"fault": "third_party", "days_since_alert_working": 5}
AFTER = {"txn_date": "2027-01-01", "reported_date": "2027-01-04"}
IN_2027 = datetime(2027, 1, 5, 6, 0, tzinfo=UTC)
ROWS = (
    # --- disclosing: K ------------------------------------------------------------------------------------------------
    Row("the owner at AL3 is told the balance", BALANCE, reason="approved"),
    Row("and the transactions", TRANSACTIONS, reason="approved"),
    Row("a joint holder is an owner", BALANCE, {"ownership_mode": "jointly"}),
    Row("either or survivor is an owner", BALANCE, {"ownership_mode": "either_survivor"}),
    Row("a dormant account still has a balance to tell", BALANCE, {"account_status": "dormant"}),
    Row("AL2 has to prove more", BALANCE, {"auth_level": 2}, "step_up", "stronger_sign_in", level=3),
    Row("AL1 is a name only", BALANCE, {"auth_level": 1}, "deny", "sign_in_first"),
    Row("AL0 is nobody", BALANCE, {"auth_level": 0}, "deny", "sign_in_first"),
    Row("another's account is like none", BALANCE, {"account_owned": False}, "deny", "not_yours"),
    Row("a SIM of today proves nothing", BALANCE, {"auth_level": 2, "sim_changed_h": 23}, "human", "proof_cooling", role="fraud_team"),
    Row("nor does a number of today", BALANCE, {"auth_level": 2, "mobile_changed_h": 0}, "human", "proof_cooling", role="fraud_team"),
    Row("a SIM of yesterday does", BALANCE, {"auth_level": 2, "sim_changed_h": 24}, "step_up", level=3),
    Row("AL3 was reached without the new SIM", BALANCE, {"sim_changed_h": 1}),
    Row("an attorney shows papers", BALANCE, {"ownership_mode": "poa"}, "human", "papers_needed", role="branch_officer"),
    Row("so does a minor's guardian", BALANCE, {"minor_guardian": True}, "human", "papers_needed", role="branch_officer"),
    Row("by mode too", BALANCE, {"ownership_mode": "minor_guardian"}, "human", "papers_needed", role="branch_officer"),
    Row("a dead customer's balance is for a claimant", BALANCE, {"customer_deceased": True}, "human", "papers_needed", role="branch_officer"),
    Row("by the account too", BALANCE, {"account_status": "deceased"}, "human", "papers_needed", role="branch_officer"),
    Row("e-mail may be read by others", BALANCE, {"channel": "email"}, "deny", "not_on_shared_channel"),
    Row("so may a kiosk", BALANCE, {"channel": "kiosk"}, "deny", "not_on_shared_channel"),
    Row("switched off", BALANCE, {"kill_switch": True}, "deny", "switched_off"),
    Row("an unknown switch counts as off", BALANCE, {"kill_switch": MISSING}, "deny", "missing_fact"),
    Row("an incident lets protection through only", BALANCE, {"duty_mode": "incident"}, "deny", "service_limited"),
    Row("so does degraded service", TRANSACTIONS, {"duty_mode": "degraded"}, "deny", "service_limited"),
    Row("off hours are hours", BALANCE, {"duty_mode": "off_hours"}),
    Row("not owned and nothing else known", BALANCE, {"account_owned": False, "ownership_mode": MISSING}, "deny", "not_yours"),
    # --- blocking a card: A-03, D-15 ----------------------------------------------------------------------------------
    Row("a card is blocked at once", BLOCK, owes=(("confirm_block", "2026-11-23", None),)),
    Row("by anybody", BLOCK, {"auth_level": 0, "card_owned": False}),
    Row("in an incident", BLOCK, {"duty_mode": "incident", "kill_switch": True}),
    Row("with nothing known at all", BLOCK, dict.fromkeys(NEEDS[BLOCK], MISSING)),
    # --- opening a dispute: K, E-01, B-07, B-08, B-22, B-23 -----------------------------------------------------------
    Row(
        "a dispute is opened with number and dates",
        DISPUTE,
        owes=(
            ("acknowledge", "2026-11-23", None),
            ("shadow_reversal", "2026-12-05", 500_000),  # ten working days: two Sundays and a fourth Saturday left out
            ("decide_liability", "2027-02-21", None),
            ("ombudsman_from", "2026-12-23", None),
            ("advise_helpline", "2026-11-23", None),
            ("stop_misuse", "2026-11-23", None),
        ),
    ),
    Row(
        "from 1 Jan 2027 five days and forty-five",
        DISPUTE,
        AFTER,
        at=IN_2027,
        owes=(("shadow_reversal", "2027-01-10", 500_000), ("decide_liability", "2027-02-19", None)),
    ),
    Row("across the border sixty", DISPUTE, AFTER | {"txn_cross_border": True}, at=IN_2027, owes=(("decide_liability", "2027-03-06", None),)),
    Row(
        "the payment's day counts, not today's",
        DISPUTE,
        {"txn_date": "2026-12-31"},
        at=IN_2027,
        owes=(("shadow_reversal", "2027-01-18", 500_000), ("decide_liability", "2027-04-05", None)),
    ),
    Row("a fraud report needs no sign-in", DISPUTE, {"auth_level": 0, "txn_found": MISSING, "txn_owned": MISSING}),
    Row("another complaint does", DISPUTE, {"auth_level": 0, "dispute_type": "duplicate"}, "step_up", "sign_in_first", level=1),
    Row("at AL1 any type is opened", DISPUTE, {"auth_level": 1, "dispute_type": "not_received"}),
    Row("in an incident too", DISPUTE, {"duty_mode": "incident", "kill_switch": True}),
    Row("a payment nobody finds goes to the fraud team", DISPUTE, {"txn_found": False}, "human", "not_yours", role="fraud_team"),
    Row("another's payment reads the same", DISPUTE, {"txn_owned": False}, "human", "not_yours", role="fraud_team"),
    Row(
        "cash needs the branch's papers",
        DISPUTE,
        {"txn_rail": "cash", "dispute_type": "wrong_amount"},
        "human",
        "papers_needed",
        role="branch_officer",
        owes=(("evidence", None, None),),
    ),
    Row("a fraud report about cash is still opened", DISPUTE, {"txn_rail": "cash"}),
    Row("a second dispute gives the first number", DISPUTE, {"txn_disputed": True}, owes=(("existing_reference", "2026-11-23", None),)),
    Row("without its type a person asks", DISPUTE, {"dispute_type": MISSING}, "human", "missing_fact", role="disputes_officer"),
    # --- provisional credit, who bears the loss -----------------------------------------------------------------------
    Row(
        "third party, reported in three working days",
        CREDIT,
        {"days_since_alert_working": 3, "days_since_alert_calendar": 9},
        owes=(
            ("shadow_reversal", "2026-12-04", 500_000),  # ten working days from the report on Saturday the 21st
            ("decide_liability", "2027-02-19", None),
            ("value_date", "2026-11-20", None),
        ),
    ),
    Row("the bank's fault, however late", CREDIT, {"fault": "bank", "days_since_alert_working": 40}),
    Row(
        "day four: limited liability of Rs 10,000",
        CREDIT,
        LATE | {"days_since_alert_working": 4, "txn_amount_minor": -2_000_000},
        "human",
        "person_checks",
        role="disputes_officer",
        owes=(("customer_liability", None, 1_000_000),),
    ),
    Row("day seven: never more than was lost", CREDIT, LATE | {"days_since_alert_working": 7}, "human", owes=(("customer_liability", None, 500_000),)),
    Row(
        "a basic account: Rs 5,000",
        CREDIT,
        LATE | {"liability_class": "bsbd", "txn_amount_minor": -2_000_000},
        "human",
        owes=(("customer_liability", None, 500_000),),
    ),
    Row(
        "a larger one: Rs 25,000",
        CREDIT,
        LATE | {"liability_class": "higher", "txn_amount_minor": -9_000_000},
        "human",
        owes=(("customer_liability", None, 2_500_000),),
    ),
    Row("after seven days the Board's policy", CREDIT, LATE | {"days_since_alert_working": 8}, "human", "person_checks"),
    Row("2027: five calendar days", CREDIT, AFTER | {"days_since_alert_calendar": 5, "days_since_alert_working": 9}, at=IN_2027),
    Row("2027: the sixth is late", CREDIT, AFTER | {"days_since_alert_calendar": 6}, "human", "person_checks", at=IN_2027),
    Row(
        "2027: five and forty-five days from the report",
        CREDIT,
        AFTER,
        at=IN_2027,
        owes=(("shadow_reversal", "2027-01-09", 500_000), ("decide_liability", "2027-02-18", None)),
    ),
    Row("2027: sixty across the border", CREDIT, AFTER | {"txn_cross_border": True}, at=IN_2027, owes=(("decide_liability", "2027-03-05", None),)),
    Row("unknown fault is for a person", CREDIT, {"fault": "unknown"}, "human", "person_checks", role="disputes_officer"),
    Row("the customer's fault too: no bot refuses", CREDIT, {"fault": "customer"}, "human", "person_checks"),
    Row("no assessment at all", CREDIT, {"fault": MISSING}, "human", "missing_fact"),
    Row("before the circular of 2017", CREDIT, {"txn_date": "2017-07-05"}, "human", "person_checks"),
    Row("the circular's first day", CREDIT, {"txn_date": "2017-07-06"}),
    # --- provisional credit, who asks ---------------------------------------------------------------------------------
    Row("AL2 has to prove more", CREDIT, {"auth_level": 2}, "step_up", "stronger_sign_in", level=3),
    Row("AL0 too", CREDIT, {"auth_level": 0}, "step_up", level=3),
    Row("a job has nobody to prove anything", CREDIT, {"proposer": "job", "auth_level": 0}, "human", "person_checks", role="disputes_officer"),
    Row("another's account", CREDIT, {"account_owned": False}, "deny", "not_yours"),
    Row("another's payment", CREDIT, {"txn_owned": False}, "deny", "not_yours"),
    Row("no such payment", CREDIT, {"txn_found": False}, "deny", "not_yours"),
    Row("an attorney", CREDIT, {"ownership_mode": "poa"}, "human", "papers_needed"),
    Row("a guardian", CREDIT, {"minor_guardian": True}, "human", "papers_needed"),
    *(
        Row(f"{what} changed today", CREDIT, {f"{what}_changed_h": 23}, "human", "proof_cooling", role="fraud_team")
        for what in ("sim", "device", "mobile", "email", "pin")
    ),
    Row("changed a day ago", CREDIT, {"pin_changed_h": 24}),
    # --- provisional credit, state of the account ---------------------------------------------------------------------
    Row("deceased", CREDIT, {"customer_deceased": True}, "human", "papers_needed", role="branch_officer"),
    Row("a court's order", CREDIT, {"account_frozen": True, "account_freeze_kind": "court"}, "human", "person_checks", role="legal_officer"),
    Row("a cyber lien", CREDIT, {"account_frozen": True, "account_freeze_kind": "lien"}, "human", role="legal_officer"),
    Row("held by the fraud team: the cause is not told", CREDIT, {"account_frozen": True, "account_freeze_kind": "fraud"}, "human", "under_review", role="fraud_team"),
    Row("KYC overdue", CREDIT, {"account_frozen": True, "account_freeze_kind": "kyc"}, "human", role="branch_officer"),
    Row("frozen, nobody says why", CREDIT, {"account_frozen": True}, "human", role="branch_officer"),
    Row("dormant", CREDIT, {"account_status": "dormant"}, "human", role="branch_officer"),
    Row("the customer's own block hinders no credit", CREDIT, {"account_frozen": True, "account_freeze_kind": "own"}),
    # --- provisional credit, once and no more than lost ---------------------------------------------------------------
    Row("credited before", CREDIT, {"prior_credit_same_ref": True}, "deny", "already_done"),
    Row("the payment was reversed", CREDIT, {"txn_status": "reversed"}, "deny", "already_done"),
    Row("not posted yet", CREDIT, {"txn_status": "pending"}, "human", "person_checks"),
    Row("no dispute on record", CREDIT, {"txn_disputed": False}, "deny", "dispute_first"),
    Row("a dispute of another type", CREDIT, {"dispute_type": "duplicate"}, "human", "person_checks"),
    Row("a paisa more than was taken", CREDIT, {"amount_minor": 500_001}, "deny", "over_limit"),
    Row("exactly what was taken", CREDIT, {"amount_minor": 500_000}),
    Row("a credit cannot be credited", CREDIT, {"txn_amount_minor": 500_000}, "deny", "over_limit"),
    Row("another currency", CREDIT, {"currency": "USD"}, "deny", "over_limit"),
    Row("dollars were taken: the caps are in rupees", CREDIT, {"currency": "USD", "txn_currency": "USD"}, "human", "person_checks"),
    # --- provisional credit, limits and risk --------------------------------------------------------------------------
    Row("Rs 10,000 exactly", CREDIT, {"amount_minor": 1_000_000, "txn_amount_minor": -1_000_000}),
    Row("a paisa over", CREDIT, {"amount_minor": 1_000_001, "txn_amount_minor": -1_000_001}, "human", "over_limit", role="disputes_officer"),
    Row("Rs 50,000 exactly: one person", CREDIT, {"amount_minor": 5_000_000, "txn_amount_minor": -5_000_000}, "human", "over_limit"),
    Row("a paisa over: two", CREDIT, {"amount_minor": 5_000_001, "txn_amount_minor": -5_000_001}, "human", "over_limit", four_eyes=True),
    Row("Rs 25,000 a year exactly", CREDIT, {"credits_12m_minor": 2_000_000}),
    Row("a paisa over", CREDIT, {"credits_12m_minor": 2_000_001}, "human", "over_limit"),
    Row("another credit is open", CREDIT, {"open_provisional_credits": 1}, "human", "over_limit"),
    Row("risk 0.39", CREDIT, {"risk_bp": 3999}),
    Row("risk 0.40 asks one level more", CREDIT, {"risk_bp": 4000}, "step_up", "stronger_sign_in", level=4),
    Row("which AL4 has", CREDIT, {"risk_bp": 6999, "auth_level": 4}),
    Row("risk 0.70 is for a person", CREDIT, {"risk_bp": 7000, "auth_level": 4}, "human", "person_checks", role="fraud_team"),
    Row("a score of 15 minutes counts", CREDIT, {"risk_age_s": 900}),
    Row("an older one does not", CREDIT, {"risk_age_s": 901}, "human", "person_checks", role="fraud_team"),
    Row("nor does none", CREDIT, {"risk_bp": MISSING, "risk_age_s": MISSING}, "human", "missing_fact", role="fraud_team"),
    # --- provisional credit, brakes -----------------------------------------------------------------------------------
    Row("switched off", CREDIT, {"kill_switch": True}, "deny", "switched_off"),
    Row("no money in an incident", CREDIT, {"duty_mode": "incident"}, "deny", "service_limited"),
    Row("no money in degraded service", CREDIT, {"duty_mode": "degraded"}, "deny", "service_limited"),
    Row("a missing counter denies", CREDIT, {"credits_12m_minor": MISSING}, "deny", "missing_fact"),
    Row("the deadline runs when the credit is denied", CREDIT, {"duty_mode": "incident"}, "deny", owes=(("shadow_reversal", "2026-12-04", 500_000),)),
)  # fmt: skip


def named(row: Row) -> str:
    return f"{row.action}: {row.why}"


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_row(row: Row) -> None:
    decision = row.decide(PACK)
    assert decision.verdict == row.verdict, decision.reasons
    assert (decision.level, decision.four_eyes) == (row.level, row.four_eyes)
    if row.reason:
        assert decision.customer_reason == row.reason
    if row.role:
        assert decision.role == row.role
    assert decision.verdict == "human" or decision.role is None
    owed = {
        (each.kind, each.due.astimezone(INDIA_ZONE).date().isoformat() if each.due else None, each.amount_minor)
        for each in decision.obligations
    }
    assert set(row.owes) <= owed


def test_the_long_stop_of_a_late_report_is_owed_only_where_the_class_is_known() -> None:
    decision = Row("", CREDIT, LATE | {"liability_class": "unknown"}).decide(PACK)
    assert "customer_liability" not in {owed.kind for owed in decision.obligations}


def test_complaints_before_the_ombudsman_scheme_of_2026_are_given_no_date_of_it() -> None:
    before = Row("", DISPUTE, at=datetime(2026, 6, 30, 18, 29, tzinfo=UTC)).decide(PACK)
    assert "ombudsman_from" not in {owed.kind for owed in before.obligations}


def said(decision: Decision) -> tuple[Any, ...]:
    return (
        decision.verdict,
        decision.level,
        decision.role,
        decision.four_eyes,
        decision.customer_reason,
        [(each.kind, each.due, each.amount_minor, each.to) for each in decision.obligations],
    )


@pytest.mark.parametrize("name", [each.id for each in PACK.rules])
def test_losing_a_rule_changes_what_some_row_is_told(name: str) -> None:
    lost = PACK.without(name)
    actions = next(each for each in PACK.rules if each.id == name).text.actions
    noticed = [row.why for row in ROWS if row.action in actions and said(row.decide(lost)) != said(row.decide(PACK))]
    assert noticed, f"{name} holds up no row"


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        # What each control keeps from being approved: without it the row goes through, or further than it may.
        ("CREDIT-CAP-CASE", "a paisa over"),
        ("CREDIT-ONE-OPEN", "another credit is open"),
        ("CREDIT-COOLING", "sim changed today"),
        ("CREDIT-OTHER-DISPUTE", "a dispute of another type"),
        ("CREDIT-NO-DISPUTE", "no dispute on record"),
        ("CREDIT-ALREADY-BACK", "the payment was reversed"),
        ("CREDIT-MORE-THAN-TAKEN", "a paisa more than was taken"),
        ("CREDIT-RISK-HIGH", "an older one does not"),
        ("CREDIT-RISK-RAISED", "risk 0.40 asks one level more"),
        ("BRAKE-SWITCH", "switched off"),
        ("BRAKE-DUTY", "no money in an incident"),
        ("CREDIT-UNDER-REVIEW", "held by the fraud team: the cause is not told"),
    ],
)
def test_a_control_alone_stands_between_its_row_and_approval(name: str, verdict: str) -> None:
    row = next(each for each in ROWS if each.action == CREDIT and each.why == verdict)
    assert row.decide(PACK).verdict != "approve"
    assert row.decide(PACK.without(name)).verdict == "approve"


def test_without_its_approving_rules_nothing_is_approved_but_neither_is_anything_else_lost() -> None:
    approving = [each.id for each in PACK.rules if each.text.verdict == "approve"]
    silent = PACK.without(*approving)
    for row in ROWS:
        assert row.decide(silent).verdict != "approve"
