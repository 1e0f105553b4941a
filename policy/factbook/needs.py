"""Which facts are gathered for which action, by jurisdiction. A pack may name no others (tested)."""

from __future__ import annotations

from collections.abc import Mapping

_ASKS = ("auth_level", "channel", "duty_mode", "kill_switch", "proposer")
_ACTS = (*_ASKS, "clock_ok", "origin", "human_requested")
_SUM = ("amount_minor", "currency")
_OWNER = ("customer_deceased", "account_owned", "account_status", "ownership_mode", "minor_guardian")
_DISCLOSE = (*_ACTS, *_OWNER, "sim_changed_h", "mobile_changed_h")
_FREEZE = ("account_frozen", "account_freeze_kind")
_TAKEN_OVER = ("sim_changed_h", "device_changed_h", "mobile_changed_h", "email_changed_h", "pin_changed_h")
_RISK = ("risk_bp", "risk_age_s")
_PAYMENT = (
    "txn_found", "txn_owned", "txn_amount_minor", "txn_currency", "txn_rail", "txn_date", "txn_status", "txn_disputed",
    "txn_cross_border",
)  # fmt: skip
_ACCOUNT = (*_ACTS, *_OWNER, *_FREEZE, "home_branch")

NEEDS: Mapping[str, tuple[str, ...]] = {
    "disclose_balance": _DISCLOSE,
    "disclose_transactions": _DISCLOSE,
    "disclose_statement": _DISCLOSE,
    "block_card": (*_ASKS, "card_owned", "card_status"),
    "hotlist_card": (*_ACTS, "customer_deceased", "card_owned", "card_status", "address_changed_d", "sim_changed_h", "mobile_changed_h"),
    "unblock_card": (*_ACTS, "customer_deceased", "card_owned", "card_status", "card_block_reason", *_RISK, *_TAKEN_OVER),
    "open_dispute": (*_ASKS, *_PAYMENT, *_SUM, "dispute_type", "home_branch", "tat_incident", "txn_age_days"),
    "open_complaint": (*_ASKS, "complaint_open_same_ref", "reported_date", "home_branch"),
    "report_fraud": (*_ASKS, "home_branch"),
    "raise_chargeback": (
        *_ACTS, "account_owned", *_PAYMENT, *_SUM, "dispute_type", "home_branch", "txn_age_days", "tcc_ret", "reversal_state",
        "chargeback_network", "chargeback_clock_d", "chargebacks_30d", "chargebacks_pair_30d", "chargeback_raised",
    ),
    "provisional_credit": (
        *_ACCOUNT, *_PAYMENT, *_SUM, "dispute_type", "liability_class", "reported_date", "days_since_alert_working",
        "days_since_alert_calendar", "fault", *_RISK, "prior_credit_same_ref", "open_provisional_credits", "credits_12m_minor",
        *_TAKEN_OVER, "tcc_ret",
    ),
    "refund_fee": (
        *_ACCOUNT, *_SUM, "fee_found", "fee_kind", "fee_amount_minor", "fee_error_proven", "fee_is_tax", "fee_refunded",
        "goodwill_refunds_12m", "refunds_90d_minor", "sim_changed_h", "mobile_changed_h",
    ),
    "reverse_duplicate_debit": (
        *_ACCOUNT, *_PAYMENT, *_SUM, "original_found", "same_reference", "same_amount", "settled_legs", "reversal_state", "tcc_ret",
        "txn_age_days", "sim_changed_h", "mobile_changed_h",
    ),
    "pay_tat_compensation": (
        *_ACCOUNT, *_PAYMENT, *_SUM, "tat_incident", "failure_cause", "money_back", "days_to_reversal", "compensation_paid",
        "compensation_side",
    ),
    "pay_fraud_compensation": (
        *_ACCOUNT, *_PAYMENT, *_SUM, "net_loss_minor", "customer_kind", "compensated_before", "days_to_bank_report", "ncrp_reported",
        "days_to_ncrp_report",
    ),
    "unlock_login": (*_ACTS, "customer_deceased", "login_locked", "lock_reason", "unlocks_7d", *_RISK, *_TAKEN_OVER),
    "send_reset_link": (
        *_ACTS, "customer_deceased", "contact_on_file", "contact_changed_h", "mobile_changed_h", "email_changed_h", "reset_links_24h",
        "lock_reason",
    ),
    "change_limit": (
        *_ACCOUNT, "limit_kind", "limit_new_minor", "currency", "limit_old_minor", "limit_bank_cap_minor", *_RISK, *_TAKEN_OVER,
    ),
    "close_account": (
        *_ACCOUNT, "account_type", "dues_minor", "lien_minor", "active_mandates", "closure_requested", "sim_changed_h",
        "mobile_changed_h",
    ),
    "transfer": (
        *_ACCOUNT, *_SUM, "transfer_rail", "payee_kind", "payee_age_h", "payee_name_match", "transfers_24h_minor", "rail_24h_minor",
        "payee_24h_minor", "merchant_verified", "merchant_category", "coercion_signs", *_RISK, *_TAKEN_OVER,
    ),
    "change_mandate": (*_ACCOUNT, "mandate_operation", "mandate_owned", "mandate_status", *_RISK, *_TAKEN_OVER),
    "debit_mandate": (
        *_ACCOUNT, *_SUM, "mandate_owned", "mandate_status", "mandate_category", "mandate_max_minor", "mandate_first_debit",
        "pre_debit_notice_h",
    ),
}  # fmt: skip

_REG_E = (
    "us_regulation", "days_since_statement", "account_new", "pos_or_foreign", "written_confirmation", "error_outcome",
    "access_device_lost", "business_days_to_notice", "cycle_day", "reported_date",
)  # fmt: skip
_PSD2 = (
    "sca_used", "payer_conduct", "instrument_lost", "loss_detectable", "loss_after_notice", "fraud_reported", "payee_initiated",
    "debit_date", "days_since_debit", "notified_in_time", "reported_date",
)  # fmt: skip
#: What the packs of other jurisdictions need besides.
ELSEWHERE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "IN": {},
    "US": {
        "open_dispute": _REG_E,
        "provisional_credit": (*_REG_E, "loss_before_2bd_minor", "loss_after_2bd_minor", "determined_date"),
    },
    "EU": {
        "open_dispute": _PSD2,
        "provisional_credit": _PSD2,
        "transfer": ("sca_exempt_total_minor", "sca_exempt_uses", "sca_exemption"),
    },
}
