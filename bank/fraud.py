"""Two deterministic scores in basis points, as pure functions of what is known; each reason has a written weight.

`score_payment`: how much a payment looks like somebody else's. `score_claim`: how likely it is that who asks now is not the
customer, or abuses claims (this one is the gate's `risk_bp`). A real bank replaces both; the names of the reasons are contract.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

MODEL_VERSION = "sandbox-weights-1"
#: From here on a payment is called suspicious (P-RISK: 0.40).
SUSPICIOUS_BP = 4000
MAX_BP = 10_000

#: What speaks against a payment, and how much. Amounts are compared with the median debit of the 90 days before.
PAYMENT_WEIGHTS: Mapping[str, int] = {
    "unknown_device": 2500,
    "unusual_location": 1500,
    "amount_far_above_usual": 2000,  # at least 10 times the median
    "amount_above_usual": 1200,  # at least 4 times the median
    "night_hours": 800,  # 00:00 to 04:59 local time
    "risky_category": 1200,
    "rapid_sequence": 1500,  # at least 3 other debits in the hour before
    "sim_changed": 2000,  # within 24 hours before the payment
    "new_counterparty": 600,
    "not_authenticated": 400,
}
#: Quasi-cash, money transfer, gambling, direct marketing, precious metals.
RISKY_CATEGORIES = frozenset({"4829", "5094", "5966", "5967", "6051", "6540", "7995"})
FAR_ABOVE, ABOVE = 10, 4
RAPID = 3
NIGHT_UNTIL = 5

#: What speaks against a claim. Hours count back from the moment of asking.
CLAIM_WEIGHTS: Mapping[str, int] = {
    "sim_changed": 4000,
    "mobile_changed": 3000,
    "device_changed": 2000,
    "email_changed": 1000,
    "pin_changed": 1500,
    "failed_logins": 1500,  # at least 3 in 24 hours
    "unknown_device_login": 1500,
    "many_claims": 2000,  # at least 3 disputes in 12 months
    "earlier_claim": 300,  # one or two
}
DAY_H = 24
MANY_CLAIMS = 3
FAILED_LOGINS = 3


@dataclass(frozen=True, slots=True)
class Payment:
    """What is known of a payment and its surroundings. `usual_minor` are sizes of earlier debits, `places` where they were."""

    amount_minor: int
    hour: int
    known_device: bool | None
    location: str | None
    category: str | None
    counterparty_seen: bool
    authenticated: bool
    debits_last_hour: int
    sim_changed_h: int | None
    usual_minor: Sequence[int] = ()
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Claimant:
    """What is known of who asks: hours since changes (None = long ago), log-ins of the last day, claims of the last year."""

    changed_h: Mapping[str, int | None]
    failed_logins: int = 0
    unknown_device_logins: int = 0
    claims_12m: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """Basis points and the reasons that made them, heaviest first."""

    bp: int
    reasons: tuple[str, ...] = field(default=())


def score_payment(payment: Payment) -> Score:
    """Sum of the weights of what speaks against a payment, at most `MAX_BP`."""
    usual = median(payment.usual_minor) if payment.usual_minor else None
    size = abs(payment.amount_minor)
    found = {
        "unknown_device": payment.known_device is False,
        "unusual_location": bool(payment.places) and payment.location is not None and payment.location not in payment.places,
        "amount_far_above_usual": usual is not None and size >= FAR_ABOVE * usual,
        "amount_above_usual": usual is not None and ABOVE * usual <= size < FAR_ABOVE * usual,
        "night_hours": payment.hour < NIGHT_UNTIL,
        "risky_category": payment.category in RISKY_CATEGORIES,
        "rapid_sequence": payment.debits_last_hour >= RAPID,
        "sim_changed": payment.sim_changed_h is not None and payment.sim_changed_h < DAY_H,
        "new_counterparty": not payment.counterparty_seen,
        "not_authenticated": not payment.authenticated,
    }
    return _sum(found, PAYMENT_WEIGHTS)


def score_claim(claimant: Claimant) -> Score:
    """Sum of the weights of what speaks against who asks, at most `MAX_BP`."""
    changed = {f"{name}_changed": hours is not None and hours < DAY_H for name, hours in claimant.changed_h.items()}
    found = changed | {
        "failed_logins": claimant.failed_logins >= FAILED_LOGINS,
        "unknown_device_login": claimant.unknown_device_logins > 0,
        "many_claims": claimant.claims_12m >= MANY_CLAIMS,
        "earlier_claim": 0 < claimant.claims_12m < MANY_CLAIMS,
    }
    return _sum(found, CLAIM_WEIGHTS)


def _sum(found: Mapping[str, bool], weights: Mapping[str, int]) -> Score:
    reasons = sorted((name for name, holds in found.items() if holds), key=lambda name: (-weights[name], name))
    return Score(min(MAX_BP, sum(weights[name] for name in reasons)), tuple(reasons))
