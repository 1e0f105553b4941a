"""Provisional credit: section B, K."""

from __future__ import annotations

from tests.support.rule_rows import IN_2027, MISSING, Row

CREDIT = "provisional_credit"
LATE = {"fault": "third_party", "days_since_alert_working": 5}
AFTER = {"txn_date": "2027-01-01", "reported_date": "2027-01-04"}
ROWS = (
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
    *(
        Row(f"goods that did not come are no matter of liability: {kind}", CREDIT, LATE | {"dispute_type": "not_received", "liability_class": kind}, "human", owes_no=("customer_liability",))
        for kind in ("bsbd", "standard", "higher")
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
    Row("nor have staff: another of them signs", CREDIT, {"proposer": "staff", "origin": "staff", "auth_level": 0}, "human", "person_checks", role="disputes_officer"),
    Row("whatever the level", CREDIT, {"proposer": "staff", "auth_level": 4}, "human", "person_checks", role="disputes_officer"),
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
    Row("the other bank returns it", CREDIT, {"tcc_ret": "ret"}, "human", "settled_elsewhere", role="disputes_officer"),
    Row("its confirmation is no obstacle", CREDIT, {"tcc_ret": "tcc"}),
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
