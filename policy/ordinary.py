"""An ordinary case: a value for every fact with which nothing stands in the way, for examples, benchmarks and tests to vary.

No rule reads it and no decision rests on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from domain.decisions import FactValue
from policy.facts import LONG_AGO_H, SCHEMA

#: Rs 5,000 on an owned, active savings account; every count 0, nothing changed lately, everything about it in order.
ORDINARY: Mapping[str, FactValue] = {
    "auth_level": 3, "channel": "web", "duty_mode": "normal", "kill_switch": False, "clock_ok": True, "proposer": "assistant",
    "origin": "case", "human_requested": False, "coercion_signs": False, "amount_minor": 500_000, "currency": "INR",
    "limit_new_minor": 2_000_000, "limit_kind": "upi", "transfer_rail": "upi", "mandate_operation": "withdraw",
    "dispute_type": "unauthorised",
    "customer_deceased": False, "account_owned": True, "account_status": "active", "account_frozen": False,
    "account_freeze_kind": "none", "account_type": "savings", "ownership_mode": "sole", "minor_guardian": False,
    "liability_class": "standard", "home_branch": "demo", "lien_minor": 0, "dues_minor": 0, "active_mandates": 0,
    "closure_requested": False, "risk_bp": 1200, "risk_age_s": 5, "sim_changed_h": LONG_AGO_H, "device_changed_h": LONG_AGO_H,
    "mobile_changed_h": LONG_AGO_H, "email_changed_h": LONG_AGO_H, "pin_changed_h": LONG_AGO_H, "address_changed_d": 9999,
    "txn_found": True, "txn_owned": True, "txn_amount_minor": -500_000, "txn_currency": "INR", "txn_rail": "upi",
    "txn_date": "2026-11-20", "txn_age_days": 3, "txn_status": "posted", "txn_disputed": True, "txn_cross_border": False,
    "original_found": True, "same_reference": True, "same_amount": True, "settled_legs": "one", "reversal_state": "none",
    "tcc_ret": "none", "tat_incident": "upi_merchant", "failure_cause": "system", "money_back": True, "days_to_reversal": 10,
    "compensation_paid": False, "compensation_side": "ours", "chargeback_network": "upi", "chargeback_clock_d": 3,
    "chargebacks_30d": 0, "chargebacks_pair_30d": 0, "chargeback_raised": False,
    "reported_date": "2026-11-21", "days_since_alert_working": 1, "days_since_alert_calendar": 1, "fault": "third_party",
    "prior_credit_same_ref": False, "open_provisional_credits": 0, "credits_12m_minor": 0, "complaint_open_same_ref": False,
    "net_loss_minor": 500_000, "customer_kind": "individual", "compensated_before": False, "days_to_bank_report": 1,
    "ncrp_reported": True, "days_to_ncrp_report": 1,
    "card_owned": True, "card_status": "active", "card_block_reason": "none", "login_locked": True, "lock_reason": "wrong_password",
    "unlocks_7d": 0, "contact_on_file": True, "contact_changed_h": LONG_AGO_H, "reset_links_24h": 0, "fee_found": True,
    "fee_kind": "min_balance", "fee_amount_minor": 59_000, "fee_error_proven": True, "fee_is_tax": False, "fee_refunded": False,
    "goodwill_refunds_12m": 0, "refunds_90d_minor": 0, "limit_old_minor": 1_000_000, "limit_bank_cap_minor": 10_000_000,
    "payee_kind": "known", "payee_age_h": LONG_AGO_H, "payee_name_match": "match", "transfers_24h_minor": 0, "rail_24h_minor": 0,
    "payee_24h_minor": 0, "merchant_verified": False, "merchant_category": "person", "mandate_owned": True,
    "mandate_status": "active", "mandate_category": "general", "mandate_max_minor": 1_500_000, "mandate_first_debit": False,
    "pre_debit_notice_h": 25,
    "us_regulation": "reg_e", "days_since_statement": 10, "account_new": False, "pos_or_foreign": False,
    "written_confirmation": "not_required", "error_outcome": "open", "access_device_lost": False, "business_days_to_notice": 1,
    "cycle_day": 15, "loss_before_2bd_minor": 0, "loss_after_2bd_minor": 0, "determined_date": "2026-11-23",
    "sca_used": False, "payer_conduct": "normal", "instrument_lost": False, "loss_detectable": False, "loss_after_notice": False,
    "fraud_reported": False, "payee_initiated": False, "debit_date": "2026-11-20", "days_since_debit": 3,
    "notified_in_time": True,
    "sca_exempt_total_minor": 0, "sca_exempt_uses": 0, "sca_exemption": "none",
}  # fmt: skip
#: What differs where the ordinary case of an action is another one.
OF_ACTION: Mapping[str, Mapping[str, FactValue]] = {
    "unblock_card": {"auth_level": 4, "card_status": "blocked_own", "card_block_reason": "own"},
    "open_dispute": {"txn_disputed": False, "tat_incident": "none"},
    "refund_fee": {"amount_minor": 59_000},
    "pay_tat_compensation": {"txn_status": "reversed", "amount_minor": 50_000},
    "pay_fraud_compensation": {"amount_minor": 425_000, "txn_date": "2027-01-04"},
    "change_limit": {"auth_level": 4},
    "close_account": {"auth_level": 4},
    "transfer": {"auth_level": 4},
    "change_mandate": {"auth_level": 4},
    "debit_mandate": {"proposer": "job", "origin": "bank_system", "channel": "system", "auth_level": 0},
}


def ordinary(action: str, names: tuple[str, ...]) -> dict[str, FactValue]:
    """The ordinary case of an action, with these facts only."""
    values = {**ORDINARY, **OF_ACTION.get(action, {})}
    return {name: values[name] for name in names}


def draw(name: str, random: Random) -> FactValue:
    """Some value of a fact."""
    spec = SCHEMA[name]
    if spec.type == "bool":
        return random.random() < 0.5
    if spec.type == "int":
        return random.randint(max(spec.low, -2_000_000), min(spec.high, 2_000_000))
    if spec.is_date:
        return f"{random.choice((2016, 2026, 2027))}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    return random.choice(spec.values or ("demo",))
