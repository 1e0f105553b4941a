"""The customer: alive, who to the law, what changed lately, and the risk that this request is not genuine."""

from __future__ import annotations

from bank.assessment import claim_risk, desk_word
from bank.fact_rooms.asked import DAY, LONG_AGO_D, LONG_AGO_H, Asked, Values

#: Actions without a payment for which the risk of the request counts.
RISKY = frozenset({"unblock_card", "unlock_login", "change_limit", "transfer", "change_mandate"})


def person(asked: Asked) -> Values:
    row = asked.customer
    if row is None:
        return {}
    moved = row["address_changed_us"]
    return {
        "customer_deceased": row["deceased_on"] is not None,
        "home_branch": row["home_branch"],
        "customer_kind": row["kind"] or "individual",
        "address_changed_d": LONG_AGO_D if moved is None else min(LONG_AGO_D, max(0, (asked.call.now - moved) // DAY)),
    }


def changes(asked: Asked) -> Values:
    """Whole hours since SIM, device, mobile, e-mail and PIN changed."""
    names = ("sim", "device", "mobile", "email", "pin")
    return {f"{name}_changed_h": _capped(asked.ages.get(name)) for name in names}


def _capped(hours: int | None) -> int:
    return LONG_AGO_H if hours is None else min(hours, LONG_AGO_H)


def risk(asked: Asked) -> Values:
    """Fault of the payment, and the risk of the claim. Without a score both risk facts are missing: the rule says what then."""
    transaction = asked.names.transaction
    if transaction is None:
        if asked.action not in RISKY:
            return {}
        return {"risk_bp": claim_risk(asked.call, asked.subject, asked.ages, besides="").bp, "risk_age_s": 0}
    desk = desk_word(asked.call, transaction)
    found = claim_risk(asked.call, asked.subject, asked.ages, besides=transaction)
    if asked.payment is None:
        return {}
    values: Values = {"fault": desk["fault"] if desk else "unknown"}
    if desk is None or not desk["missing"]:
        made = asked.call.now if desk is None or desk["as_of_us"] is None else desk["as_of_us"]
        values |= {"risk_bp": found.bp, "risk_age_s": max(0, (asked.call.now - made) // 1_000_000)}
    return values
