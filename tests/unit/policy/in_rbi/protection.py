"""Protective actions: A-03, D-15, E-01 to E-03, E-11; deadlines of section B and C when a dispute is opened."""

from __future__ import annotations

from datetime import UTC, datetime

from policy.facts import NEEDS
from tests.support.rule_rows import IN_2027, MISSING, TODAY, Row

BLOCK, DISPUTE, COMPLAINT, REPORT = "block_card", "open_dispute", "open_complaint", "report_fraud"
AFTER = {"txn_date": "2027-01-01", "reported_date": "2027-01-04"}
ON_RECORD = {"complaint_open_same_ref": True}
ROWS = (
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
    Row(
        "a second dispute gives the first number, and its dates go on",
        DISPUTE,
        {"txn_disputed": True},
        owes=(("existing_reference", "2026-11-23", None),),
        owes_no=("ombudsman_from", "ombudsman_until", "shadow_reversal"),
    ),
    Row("without its type a person asks", DISPUTE, {"dispute_type": MISSING}, "human", "missing_fact", role="disputes_officer"),
    Row("without an answer the ombudsman, until 120 days are over", DISPUTE, owes=(("ombudsman_from", "2026-12-23", None), ("ombudsman_until", "2027-03-23", None))),
    Row(
        "the last day of the scheme of 2021",
        DISPUTE,
        {"txn_date": "2026-06-20"},
        at=datetime(2026, 6, 30, 18, 29, tzinfo=UTC),
        owes=(("ombudsman_from", "2026-07-30", None), ("ombudsman_until", "2027-07-30", None)),
    ),
    Row(
        "on record on that day already",
        DISPUTE,
        {"txn_date": "2026-06-20", "txn_disputed": True},
        at=datetime(2026, 6, 30, 18, 29, tzinfo=UTC),
        owes_no=("ombudsman_from", "ombudsman_until"),
    ),
    Row("a UPI claim can be raised for 45 days", DISPUTE, {"txn_age_days": 45}, owes=(("chargeback_until", "2027-01-04", None),)),
    Row("not after that", DISPUTE, {"txn_age_days": 46}, owes_no=("chargeback_until",)),
    Row("nor for a payee chosen by mistake", DISPUTE, {"dispute_type": "wrong_payee"}, owes_no=("chargeback_until",)),
    Row("a card claim for 120", DISPUTE, {"txn_rail": "card_online", "txn_age_days": 120}, owes=(("chargeback_until", "2027-03-20", None),)),
    # --- reporting fraud: E-01, E-11 ----------------------------------------------------------------------------------
    Row("a fraud report from anybody", REPORT, {"auth_level": 0}, owes=(("acknowledge", TODAY, None), ("stop_misuse", TODAY, None), ("advise_helpline", TODAY, None))),
    Row("in an incident, switched off, with nothing known", REPORT, dict.fromkeys(NEEDS[REPORT], MISSING) | {"kill_switch": True, "duty_mode": "incident"}),
    # --- complaints: E-01 to E-03 -------------------------------------------------------------------------------------
    Row(
        "a complaint gets its number and its dates",
        COMPLAINT,
        {"auth_level": 1},
        owes=(
            ("acknowledge", TODAY, None),
            ("internal_ombudsman", "2026-12-13", None),
            ("final_answer", "2026-12-23", None),
            ("ombudsman_from", "2026-12-23", None),
            ("ombudsman_until", "2027-03-23", None),
        ),
        owes_no=("existing_reference",),
    ),
    Row("nobody signs in first", COMPLAINT, {"auth_level": 0}, "step_up", "sign_in_first", level=1),
    Row("in an incident too", COMPLAINT, {"duty_mode": "incident", "kill_switch": True}),
    Row("the level is not known", COMPLAINT, {"auth_level": MISSING}, "human", "missing_fact", role="operations"),
    Row(
        "a second time: the first number, and its days go on",
        COMPLAINT,
        ON_RECORD,
        owes=(
            ("existing_reference", TODAY, None),
            ("internal_ombudsman", "2026-12-11", None),
            ("final_answer", "2026-12-21", None),
            ("ombudsman_from", "2026-12-21", None),
            ("ombudsman_until", "2027-03-21", None),
        ),
    ),
    Row(
        "one received until 30 Jun 2026 stays under the scheme of 2021",
        COMPLAINT,
        ON_RECORD | {"reported_date": "2026-06-30"},
        owes=(("ombudsman_from", "2026-07-30", None), ("ombudsman_until", "2027-07-30", None)),
    ),
    Row(
        "and one received then",
        COMPLAINT,
        at=datetime(2026, 6, 30, 18, 29, tzinfo=UTC),
        owes=(("ombudsman_from", "2026-07-30", None), ("ombudsman_until", "2027-07-30", None)),
    ),
    Row("the day after is under that of 2026", COMPLAINT, at=datetime(2026, 6, 30, 18, 31, tzinfo=UTC), owes=(("ombudsman_until", "2026-10-29", None),)),
)  # fmt: skip
