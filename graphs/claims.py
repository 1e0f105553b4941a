"""What a customer says about a payment, and which of their own payments it fits. Pure.

Joint rule: below the level at which payments may be told, nothing is disclosed by matching. It only confirms one payment that
fits at least two things the customer said; several and none read alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rapidfuzz import fuzz

from domain.conversation import Language
from graphs.wording import day, local_date, money, quoted

Claim = dict[str, Any]
Payment = dict[str, Any]

#: Slots that count as the customer's own words about a payment or account; anything else in an answer is ignored.
CLAIM_SLOTS = frozenset(
    {"amount_minor", "currency", "date", "date_from", "date_to", "merchant", "last4", "reference", "dispute_type", "account_type"}
)
#: Facts that single out a payment.
SINGLING = ("amount_minor", "date", "merchant", "last4", "reference")
#: How far back a payment is looked for when no date was given.
WINDOW_DAYS = 120
#: A date that fits nothing may be off by this much; it then no longer counts as a fact that fits.
NEAR_DAYS = 3
#: Similarity (0–100) at which a merchant's name as said is the name on record.
SAME_NAME = 84
#: Payments offered as choices at most.
MAX_CHOICES = 5
#: Facts that must fit before one payment is confirmed below the telling level.
CONFIRMING_FACTS = 2


@dataclass(frozen=True, slots=True)
class Fit:
    """Payments that fit, newest first, and how many of the customer's facts each of them fits."""

    payments: tuple[Payment, ...]
    facts: int


def claim_from(slots: dict[str, Any]) -> Claim:
    """The part of an answer's slots that says something about a payment."""
    return {name: value for name, value in slots.items() if name in CLAIM_SLOTS and value not in (None, "")}


def is_name(text: str) -> bool:
    """Could these few bare words be the name of a merchant or payee?"""
    words = text.split()
    return 1 <= len(words) <= 4 and sum(char.isalpha() for char in text) >= 3


def window(claim: Claim, today: date) -> tuple[date, date]:
    """The days to look at: around the date said, else the last months."""
    if "date" in claim:
        said = date.fromisoformat(str(claim["date"]))
        return said - timedelta(days=NEAR_DAYS), said + timedelta(days=NEAR_DAYS)
    if "date_from" in claim:
        until = date.fromisoformat(str(claim.get("date_to") or today))
        return date.fromisoformat(str(claim["date_from"])), until
    return today - timedelta(days=WINDOW_DAYS), today


def enough(claim: Claim) -> bool:
    """Is there anything at all to look for?"""
    return any(name in claim for name in (*SINGLING, "date_from"))


def fitting(claim: Claim, payments: list[Payment], zone: str, rejected: tuple[str, ...] = ()) -> Fit:
    """The payments out of the account that fit what was said; a date that fits none is let go within `NEAR_DAYS`."""
    if not enough(claim):
        return Fit((), 0)
    debits = [
        each for each in payments if each["amount_minor"] < 0 and each["id"] not in rejected and not each.get("reversal_of")
    ]
    exact = [each for each in debits if all(_fits(name, claim, each, zone) for name in SINGLING if name in claim)]
    if exact or "date" not in claim:
        return Fit(_newest(exact), sum(name in claim for name in SINGLING))
    without = [name for name in SINGLING if name in claim and name != "date"]
    near = [each for each in debits if _near(claim, each, zone) and all(_fits(name, claim, each, zone) for name in without)]
    return Fit(_newest(near) if without else (), len(without))


def _newest(payments: list[Payment]) -> tuple[Payment, ...]:
    return tuple(sorted(sorted(payments, key=lambda each: str(each["id"])), key=lambda each: str(each["at"]), reverse=True))


def _fits(name: str, claim: Claim, payment: Payment, zone: str) -> bool:
    said = claim[name]
    if name == "amount_minor":
        return abs(int(payment["amount_minor"])) == abs(int(said))
    if name == "date":
        return str(said) in {local_date(payment["at"], zone).isoformat(), str(payment.get("value_date"))}
    if name == "merchant":
        return same_name(str(said), str(payment["counterparty"]))
    if name == "reference":
        return str(payment.get("reference") or "").casefold() == str(said).casefold()
    return str(payment.get("card_last4") or "") == str(said)


def _near(claim: Claim, payment: Payment, zone: str) -> bool:
    said, at = date.fromisoformat(str(claim["date"])), local_date(payment["at"], zone)
    return abs((said - at).days) <= NEAR_DAYS


def same_name(said: str, on_record: str) -> bool:
    """`MegaMart` is `MEGAMART RETAIL PVT LTD`: other spelling, other spacing, a part of the name."""
    left, right = "".join(said.casefold().split()), "".join(on_record.casefold().split())
    if len(left) < 3:
        return False
    return left in right or fuzz.token_set_ratio(said.casefold(), on_record.casefold()) >= SAME_NAME


def named_in(text: str, payments: list[Payment]) -> str | None:
    """A merchant of the customer's own payments whose name stands in the text, when the reader found none.

    Returns the customer's own word, not the name on record, so that confirming it tells nothing new.
    """
    words = [word.strip(".,!?;:'\"()") for word in text.split()]
    for word in words:
        if len(word) >= 4 and word.isalpha():
            for payment in payments:
                if any(word.casefold() == part.casefold() for part in str(payment["counterparty"]).split()):
                    return word
    return None


def in_own_words(claim: Claim, language: Language) -> str:
    """The payment as the customer described it, and nothing else: `₹5,000.00, MegaMart, 21 November 2026`."""
    parts = []
    if "amount_minor" in claim:
        parts.append(money(abs(int(claim["amount_minor"])), str(claim.get("currency") or "INR")))
    if "merchant" in claim:
        parts.append(quoted(str(claim["merchant"])))
    if "date" in claim:
        parts.append(day(str(claim["date"]), language))
    if "last4" in claim:
        parts.append(f"XX{claim['last4']}")
    if "reference" in claim:
        parts.append(str(claim["reference"]))
    return ", ".join(part for part in parts if part)


def described(payment: Payment, among: tuple[Payment, ...], zone: str, language: Language) -> tuple[str, str]:
    """Title and detail of a payment for somebody who may see it. The merchant's words only where amount and day do not tell it apart."""
    title = f"{money(abs(payment['amount_minor']), payment['currency'])} · {day(local_date(payment['at'], zone), language)}"
    twins = [
        each
        for each in among
        if each["amount_minor"] == payment["amount_minor"] and local_date(each["at"], zone) == local_date(payment["at"], zone)
    ]
    return title, quoted(str(payment["counterparty"])) if len(twins) > 1 or len(among) == 1 else ""
