"""What an approval must never pass, action by action, as the documents state it: amounts, counts, conditions, and the law's own caps.

Written from the tables of the banking rules (row numbers beside each), not from the packs, so that a slip in a pack is a disagreement
here. Figures of the Indian table hold for packs of that jurisdiction; what names no figure holds everywhere. Amounts are in paise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import z3

from policy.verification.terms import Facts, Term

RUPEES = 100
LAKH = 100_000 * RUPEES
EVERYWHERE = ("IN", "US", "EU")
INDIA = ("IN",)

Condition = Callable[[Facts], Term]


@dataclass(frozen=True, slots=True)
class Bound:
    """An approval of the action stays inside `inside`."""

    action: str
    about: str
    row: str
    inside: Condition
    jurisdictions: tuple[str, ...] = EVERYWHERE


def _at_most(figure: int, *names: str) -> Condition:
    return lambda f: z3.Sum([f.value(name) for name in names]) <= figure


def _not_due(f: Facts) -> Term:
    """A fee that was an error, held against the tariff or by law: none for reactivating, nor for a low balance while dormant (G-05)."""
    low_balance = z3.And(f.known("account_status", "dormant"), f.known("fee_kind", "min_balance"))
    return z3.Or(f.known("fee_error_proven", True), f.known("fee_kind", "reactivation"), low_balance)


#: Column APPROVE of K, and what stands under HUMAN and DENY beside it.
BOUNDS: tuple[Bound, ...] = (
    Bound("provisional_credit", "Rs 10,000 a case", "K", _at_most(10_000 * RUPEES, "amount_minor"), INDIA),
    Bound(
        "provisional_credit", "Rs 25,000 in 12 months", "K", _at_most(25_000 * RUPEES, "amount_minor", "credits_12m_minor"), INDIA
    ),
    Bound("provisional_credit", "one open", "K", _at_most(0, "open_provisional_credits")),
    Bound(
        "provisional_credit",
        "risk under 0.70, score not older than 15 minutes",
        "K, P-RISK",
        lambda f: z3.And(f.value("risk_bp") < 7000, f.value("risk_age_s") <= 900),
    ),
    Bound(
        "provisional_credit",
        "not more than was taken, same currency",
        "A-02",
        lambda f: z3.And(
            f.value("amount_minor") + f.value("txn_amount_minor") <= 0, f.value("currency") == f.value("txn_currency")
        ),
    ),
    Bound(
        "provisional_credit",
        "fault of the bank or of a third party",
        "K; B-01, B-02",
        lambda f: z3.Or(f.known("fault", "bank"), f.known("fault", "third_party")),
        INDIA,
    ),
    Bound(
        "refund_fee",
        "Rs 1,000 for a proven error, Rs 500 as goodwill",
        "K",
        lambda f: z3.If(_not_due(f), f.value("amount_minor") <= 1_000 * RUPEES, f.value("amount_minor") <= 500 * RUPEES),
        INDIA,
    ),
    Bound(
        "refund_fee",
        "two of goodwill in 12 months",
        "K",
        lambda f: z3.Or(_not_due(f), f.value("goodwill_refunds_12m") < 2),
        INDIA,
    ),
    Bound("refund_fee", "Rs 1,500 in 90 days", "K", _at_most(1_500 * RUPEES, "amount_minor", "refunds_90d_minor"), INDIA),
    Bound("refund_fee", "not more than the fee", "K", lambda f: f.value("amount_minor") <= f.value("fee_amount_minor")),
    Bound(
        "refund_fee",
        "not twice, not a tax alone",
        "K",
        lambda f: z3.And(f.known("fee_refunded", False), f.known("fee_is_tax", False)),
    ),
    Bound(
        "reverse_duplicate_debit",
        "Rs 10,000, 90 days",
        "K",
        lambda f: z3.And(f.value("amount_minor") <= 10_000 * RUPEES, f.value("txn_age_days") <= 90),
        INDIA,
    ),
    Bound(
        "reverse_duplicate_debit",
        "the same payment twice, one settled, no reversal",
        "K",
        lambda f: z3.And(
            f.known("original_found", True),
            f.known("same_reference", True),
            f.known("settled_legs", "one"),
            f.known("reversal_state", "none"),
        ),
    ),
    Bound("pay_tat_compensation", "Rs 1,000", "K", _at_most(1_000 * RUPEES, "amount_minor"), INDIA),
    Bound(
        "pay_tat_compensation",
        "Rs 100 a day of delay at most",
        "C, K",
        lambda f: f.value("amount_minor") <= 100 * RUPEES * f.value("days_to_reversal"),
        INDIA,
    ),
    Bound(
        "pay_tat_compensation",
        "ours to pay, not paid before, a failure",
        "K",
        lambda f: z3.And(
            f.known("compensation_side", "ours"), f.known("compensation_paid", False), z3.Not(f.known("tat_incident", "none"))
        ),
    ),
    Bound(
        "pay_fraud_compensation",
        "always a person, never paid twice",
        "B-24: bona fide test and maker-checker",
        lambda _: z3.BoolVal(False),
    ),
    Bound("close_account", "never by itself", "K: never executes", lambda _: z3.BoolVal(False)),
    Bound(
        "unblock_card",
        "own block only, risk under 0.40",
        "K",
        lambda f: z3.And(f.known("card_status", "blocked_own"), f.value("risk_bp") < 4000),
    ),
    Bound(
        "unlock_login",
        "a wrong password only, first time in 7 days, risk under 0.40",
        "K",
        lambda f: z3.And(f.known("lock_reason", "wrong_password"), f.value("unlocks_7d") == 0, f.value("risk_bp") < 4000),
    ),
    Bound(
        "send_reset_link",
        "to a contact on file for 24 hours, three a day",
        "K",
        lambda f: z3.And(f.known("contact_on_file", True), f.value("contact_changed_h") >= 24, f.value("reset_links_24h") < 3),
    ),
    Bound(
        "change_limit",
        "a rise within the bank's cap, risk under 0.40",
        "K",
        lambda f: z3.Or(
            f.value("limit_new_minor") <= f.value("limit_old_minor"),
            z3.And(f.value("limit_new_minor") <= f.value("limit_bank_cap_minor"), f.value("risk_bp") < 4000),
        ),
    ),
    Bound("hotlist_card", "address unchanged for 30 days", "K", lambda f: f.value("address_changed_d") >= 30),
    Bound(
        "transfer",
        "own accounts, or a payee known for 24 hours",
        "K",
        lambda f: z3.Or(f.known("payee_kind", "own"), z3.And(f.known("payee_kind", "known"), f.value("payee_age_h") >= 24)),
    ),
    Bound(
        "transfer",
        "Rs 50,000 in 24 hours, to others Rs 10,000",
        "K",
        lambda f: z3.If(
            f.known("payee_kind", "own"),
            f.value("amount_minor") + f.value("transfers_24h_minor") <= 50_000 * RUPEES,
            f.value("amount_minor") + f.value("transfers_24h_minor") <= 10_000 * RUPEES,
        ),
        INDIA,
    ),
    Bound("transfer", "risk under 0.40: no level is above AL4", "K, P-RISK", lambda f: f.value("risk_bp") < 4000, INDIA),
    Bound(
        "transfer",
        "risk under 0.70, no coercion, name not a mismatch",
        "K",
        lambda f: z3.And(
            f.value("risk_bp") < 7000, f.known("coercion_signs", False), z3.Not(f.known("payee_name_match", "mismatch"))
        ),
    ),
    Bound("transfer", "not on an instruction found in a text", "K; joints 29", lambda f: z3.Not(f.known("origin", "text"))),
    Bound(
        "debit_mandate",
        "a mandate in force, within what it allows, announced",
        "D-03",
        lambda f: z3.And(
            f.known("mandate_status", "active"),
            f.value("amount_minor") <= f.value("mandate_max_minor"),
            z3.Or(f.known("mandate_category", "fastag"), f.value("pre_debit_notice_h") >= 24),
        ),
        INDIA,
    ),
)


def _upi_cap(f: Facts) -> Term:
    """Row D-05, an amount over what one UPI payment may be: verified merchants by category, everybody else one lakh (D-04)."""
    lakhs = {
        "capital_market": 5, "insurance": 5, "gem_emd": 5, "travel": 5, "collections": 5, "credit_card_bill": 5, "jewellery": 2,
        "business": 5, "fx_retail": 5, "term_deposit": 5, "account_opening": 2, "ipo": 5, "hospital": 5, "education": 5, "tax": 5,
    }  # fmt: skip
    amount = f.value("amount_minor")
    listed = [z3.And(f.known("merchant_category", name), amount > cap * LAKH) for name, cap in lakhs.items()]
    unlisted = z3.And(*(z3.Not(f.known("merchant_category", name)) for name in lakhs), amount > LAKH)
    verified = f.known("merchant_verified", True)
    return z3.And(f.known("transfer_rail", "upi"), z3.If(verified, z3.Or(*listed, unlisted), amount > LAKH))


@dataclass(frozen=True, slots=True)
class Cap:
    """Beyond the law's own figure: denied, and no person may release it."""

    action: str
    about: str
    row: str
    beyond: Condition


LEGAL_CAPS: tuple[Cap, ...] = (
    Cap("transfer", "UPI over the cap of its kind", "D-04, D-05", _upi_cap),
    Cap(
        "transfer",
        "IMPS over Rs 5 lakh",
        "D-07",
        lambda f: z3.And(f.known("transfer_rail", "imps"), f.value("amount_minor") > 5 * LAKH),
    ),
    Cap(
        "transfer",
        "RTGS under Rs 2 lakh",
        "D-07",
        lambda f: z3.And(f.known("transfer_rail", "rtgs"), f.value("amount_minor") < 2 * LAKH),
    ),
    Cap(
        "change_limit",
        "IMPS limit raised over Rs 5 lakh",
        "K; D-07",
        lambda f: z3.And(
            f.known("limit_kind", "imps"),
            f.value("limit_new_minor") > 5 * LAKH,
            f.value("limit_new_minor") > f.value("limit_old_minor"),
        ),
    ),
)
