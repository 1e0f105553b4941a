"""A small pack of which every invariant holds, and for each invariant an edit after which it does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from policy.packs import Pack, load_pack
from tests.support.rule_files import rule, write_pack

#: The actions the small pack rules.
ACTIONS = ("disclose_balance", "block_card", "open_complaint", "provisional_credit", "transfer")
Rules = list[dict[str, Any]]
CREDIT, TRANSFER = ["provisional_credit"], ["transfer"]
BOTH, ALL_THREE = [*CREDIT, *TRANSFER], ["disclose_balance", "provisional_credit", "transfer"]
LAW = {"layer": "law", "confidence": "V2"}
APPROVED = {"staff": "In order.", "customer": "approved"}
STOPPED = {"staff": "Not by itself.", "customer": "person_checks"}


def _deny(name: str, actions: list[str], when: str, **more: Any) -> dict[str, Any]:
    return rule(id=name, actions=actions, when=when, verdict="deny", reasons=STOPPED, **more)


def _human(name: str, actions: list[str], when: str, **more: Any) -> dict[str, Any]:
    return rule(id=name, actions=actions, when=when, verdict="human", role="operations", reasons=STOPPED, **more)


def _step_up(name: str, actions: list[str], level: int, **more: Any) -> dict[str, Any]:
    up = {"when": f"auth_level < {level}", "verdict": "step_up", "level": level, "reasons": STOPPED}
    return rule(id=name, actions=actions, **(up | more))


def sound_rules() -> Rules:
    """Amounts are in paise."""
    return [
        _deny("BRAKE-ON", ALL_THREE, "kill_switch || duty_mode in ['degraded', 'incident']", layer="brake", concern="brake"),
        _deny("CLOCK-DOUBT", BOTH, "!clock_ok"),
        _human("DEAD-OWNER", ALL_THREE, "customer_deceased"),
        _deny("NOT-OWNER", ALL_THREE, "!account_owned"),
        _human("ORDER-STANDS", BOTH, "account_freeze_kind in ['court', 'police']", **LAW),
        _deny("TEXT-ASKS", BOTH, "origin == 'text'"),
        rule(id="OWNER-TOLD", when="account_owned && auth_level >= 3", reasons=APPROVED),
        _step_up("LEVEL-THREE", ["disclose_balance", *CREDIT], 3),
        _step_up("LEVEL-FOUR", TRANSFER, 4),
        rule(id="BLOCK-CARD", actions=["block_card"], when="true", on_missing="human", role="operations", reasons=APPROVED),
        rule(
            id="COMPLAINT-OPEN",
            actions=["open_complaint"],
            when="auth_level >= 1",
            on_missing="human",
            role="operations",
            reasons=APPROVED,
        ),
        _step_up("COMPLAINT-SIGN-IN", ["open_complaint"], 1, on_missing="skip"),
        rule(id="CREDIT-BANK-FAULT", actions=CREDIT, when="fault == 'bank'", reasons=APPROVED, **LAW),
        _human("CREDIT-OTHER-FAULT", CREDIT, "fault != 'bank'", **LAW),
        _deny("CREDIT-NOT-THEIRS", CREDIT, "!txn_owned || !txn_found"),
        _deny("CREDIT-TWICE", CREDIT, "prior_credit_same_ref"),
        _deny("CREDIT-TOO-MUCH", CREDIT, "amount_minor + txn_amount_minor > 0 || currency != txn_currency"),
        _human("CREDIT-CAP-CASE", CREDIT, "amount_minor > 1000000"),
        _human("CREDIT-CAP-YEAR", CREDIT, "amount_minor + credits_12m_minor > 2500000"),
        _human("CREDIT-ONE-OPEN", CREDIT, "open_provisional_credits >= 1"),
        _human("RISK-HIGH", BOTH, "risk_bp >= 4000 || risk_age_s > 900"),
        rule(id="TRANSFER-OWN", actions=TRANSFER, when="payee_kind == 'own'", reasons=APPROVED),
        _human("TRANSFER-OTHERS", TRANSFER, "payee_kind != 'own'"),
        _deny("TRANSFER-UPI", TRANSFER, "transfer_rail == 'upi' && amount_minor > 10000000", **LAW),
        _deny("TRANSFER-IMPS", TRANSFER, "transfer_rail == 'imps' && amount_minor > 50000000", **LAW),
        _deny("TRANSFER-RTGS", TRANSFER, "transfer_rail == 'rtgs' && amount_minor < 20000000", **LAW),
        _human("TRANSFER-CAP-DAY", TRANSFER, "amount_minor + transfers_24h_minor > 5000000"),
        _human("TRANSFER-COERCED", TRANSFER, "coercion_signs || payee_name_match == 'mismatch'"),
    ]


def sound_pack(folder: Path) -> Pack:
    return load_pack(write_pack(folder, *sound_rules()))


def without(*names: str) -> Callable[[Rules], Rules]:
    return lambda rules: [each for each in rules if each["id"] not in names]


def changed(name: str, **change: Any) -> Callable[[Rules], Rules]:
    return lambda rules: [each | change if each["id"] == name else each for each in rules]


def added(*more: dict[str, Any]) -> Callable[[Rules], Rules]:
    return lambda rules: [*rules, *more]


_OWES_RUPEES_ONLY = {
    "obligations": [{"kind": "refund", "to": "customer", "amount": {"of": "proposal", "at_most_minor": 100}}],
    "reasons": {"staff": "Something is owed."},
    "on_missing": "skip",
    "verdict": None,
}
#: For each invariant what somebody might do to a pack by mistake, and the action it shows in.
EDITS: dict[str, tuple[str, Callable[[Rules], Rules]]] = {
    "total": ("disclose_balance", without("LEVEL-THREE")),
    "level": ("transfer", without("LEVEL-FOUR")),
    "bounds": ("provisional_credit", changed("CREDIT-CAP-CASE", when="amount_minor > 10000000")),
    "legal_caps": ("transfer", changed("TRANSFER-IMPS", when="transfer_rail == 'imps' && amount_minor > 60000000")),
    "protected": ("open_complaint", without("COMPLAINT-SIGN-IN")),
    "block_card": ("block_card", changed("BLOCK-CARD", when="card_owned")),
    "owned": ("disclose_balance", without("NOT-OWNER")),
    "kill_switch": ("transfer", changed("BRAKE-ON", when="duty_mode in ['degraded', 'incident']")),
    "duty_mode": ("provisional_credit", changed("BRAKE-ON", when="kill_switch || duty_mode == 'incident'")),
    "clock": ("transfer", without("CLOCK-DOUBT")),
    "frozen": ("transfer", changed("ORDER-STANDS", when="account_freeze_kind == 'court'")),
    "credited_before": ("provisional_credit", without("CREDIT-TWICE")),
    "origin": ("provisional_credit", without("TEXT-ASKS")),
    "dead": ("disclose_balance", without("DEAD-OWNER")),
    "law_floor": ("provisional_credit", changed("CREDIT-OTHER-FAULT", when="fault == 'customer'")),
    "more_money": ("transfer", added(_human("TRANSFER-ROUND", TRANSFER, "amount_minor == 1000000"))),
    "more_risk": ("transfer", changed("RISK-HIGH", when="risk_bp == 4000 || risk_age_s > 900")),
    "fresh_changes": ("transfer", added(_human("TRANSFER-COOL", TRANSFER, "sim_changed_h > 24"))),
    "less_proof": ("transfer", added(_human("TRANSFER-FRESH", TRANSFER, "auth_level == 4"))),
    "missing": ("disclose_balance", lambda rules: rules),
    "declared": ("provisional_credit", lambda rules: rules),
    "reachable": ("transfer", added(_human("TRANSFER-NEVER", TRANSFER, "amount_minor > 7 && amount_minor < 5"))),
    "unshadowed": ("transfer", added(_human("TRANSFER-AGAIN", TRANSFER, "amount_minor + transfers_24h_minor > 9000000"))),
}
#: A fact that only an obligation names: with it the obligation cannot be reckoned and denies, without it the obligation is left out.
EDITS["missing"] = (
    "provisional_credit",
    lambda rules: [
        *changed("CREDIT-TOO-MUCH", when="amount_minor + txn_amount_minor > 0")(rules),
        rule(id="CREDIT-OWES", actions=CREDIT, when="true", **_OWES_RUPEES_ONLY),
    ],
)
#: Nothing speaks about fraud of the bank's own but the customer's word, which lifts the gate's denial to a step-up.
EDITS["declared"] = (
    "provisional_credit",
    lambda rules: [
        *without("CREDIT-BANK-FAULT", "LEVEL-THREE")(rules),
        rule(id="CREDIT-CARD-FAULT", actions=CREDIT, when="fault == 'bank' && txn_rail == 'card_online'", reasons=APPROVED),
        _step_up("CREDIT-SAID", CREDIT, 3, when="auth_level < 3 && dispute_type == 'unauthorised'"),
    ],
)
