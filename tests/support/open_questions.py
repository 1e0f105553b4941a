"""Situations in which gate and reference still differ and the text has to be read again: counted apart, not compared.

Each stands here with the row it turns on until pack or reference has changed; a situation that is settled is taken out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.decisions import FactValue

Known = Mapping[str, FactValue]
DISCLOSE = ("disclose_balance", "disclose_transactions", "disclose_statement")
ABROAD = ("us-reg", "eu-psd2")


def _fresh_number(f: Known) -> bool:
    return f.get("auth_level") == 2 and (int(f.get("sim_changed_h", 0)) < 24 or int(f.get("mobile_changed_h", 0)) < 24)


def _between(f: Known, name: str, low: int, high: int) -> bool:
    return name in f and low <= int(f[name]) <= high


#: Packs, actions (none = all), the situation, and what it turns on.
OPEN: tuple[tuple[tuple[str, ...], tuple[str, ...], Callable[[Known], bool], str], ...] = (
    (("in-rbi",), (*DISCLOSE, "close_account"), lambda f: f.get("human_requested") is not False, "F-14: a person was asked for"),
    (("in-rbi",), ("hotlist_card", "refund_fee", "reverse_duplicate_debit"), _fresh_number, "G-03 at AL2"),
    (("in-rbi",), ("open_dispute",), lambda f: f.get("txn_disputed") is True, "E-03: the dates of a dispute on record"),
    (("in-rbi",), ("transfer",), lambda f: _between(f, "risk_bp", 4000, 6999), "P-RISK: one level more than AL4"),
    (("in-rbi",), ("refund_fee",), lambda f: f.get("fee_kind") == "reactivation", "G-05: the account is active again"),
    (
        ("in-rbi",),
        ("change_mandate",),
        lambda f: f.get("account_freeze_kind") in ("court", "police", "lien"),
        "A-02: withdrawing under an order",
    ),
    (("in-rbi",), ("hotlist_card",), lambda f: f.get("card_status") == "expired", "K: an expired card"),
    (
        ("in-rbi",),
        ("provisional_credit",),
        lambda f: f.get("dispute_type") != "unauthorised" and _between(f, "days_since_alert_working", 4, 7),
        "B-04: liability where nothing is unauthorised",
    ),
    (ABROAD, ("hotlist_card",), lambda f: f.get("auth_level") == 0, "K: no row for AL0"),
    (
        ABROAD,
        ("reverse_duplicate_debit",),
        lambda f: f.get("original_found") is False or f.get("settled_legs") != "one" or _between(f, "txn_age_days", 91, 10**6),
        "K: no row for what is no pair",
    ),
    (
        ABROAD,
        ("send_reset_link",),
        lambda f: (
            "auth_level" not in f
            or _between(f, "reset_links_24h", 3, 10**6)
            or _between(f, "contact_changed_h", 0, 23)
            or f.get("lock_reason") in ("fraud", "legal", "deceased")
        ),
        "K: no row for these",
    ),
    (ABROAD, (), lambda f: f.get("proposer") in ("sop", "job") and f.get("origin") == "text", "29: a procedure started by text"),
    (
        ("us-reg",),
        ("provisional_credit",),
        lambda f: f.get("error_outcome") == "no_error" and f.get("us_regulation") != "reg_e",
        "US-03 stands under Reg E",
    ),
)


def open_question(pack: str, action: str, facts: Known) -> str | None:
    """What a situation turns on, where it is still open."""
    for packs, actions, holds, what in OPEN:
        if pack in packs and (not actions or action in actions) and holds(facts):
            return what
    return None
