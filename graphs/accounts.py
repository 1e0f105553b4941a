"""Accounts as they are spoken of: labels, cards, holds and freezes with what may be said about each. Pure."""

from __future__ import annotations

from typing import Any

from domain.conversation import Language
from domain.frames import Card
from graphs.wording import day, local_date, money, official, quoted, reference, say

TYPES: dict[str, dict[Language, str]] = {
    "savings": {"en": "savings account", "hi": "बचत खाता"},
    "bsbd": {"en": "basic savings account", "hi": "बुनियादी बचत खाता"},
    "current": {"en": "current account", "hi": "चालू खाता"},
    "overdraft": {"en": "overdraft account", "hi": "ओवरड्राफ़्ट खाता"},
    "credit_card": {"en": "credit card account", "hi": "क्रेडिट कार्ड खाता"},
    "deposit": {"en": "deposit", "hi": "जमा खाता"},
    "wallet": {"en": "wallet", "hi": "वॉलेट"},
}
_ROWS: dict[Language, tuple[str, str, str, str]] = {
    "en": ("Available", "Total", "On hold", "Lien"),
    "hi": ("उपलब्ध", "कुल", "होल्ड पर", "ग्रहणाधिकार"),
}
_JOINT: dict[Language, str] = {"en": "Joint account", "hi": "संयुक्त खाता"}
#: Holds spoken of one by one; more are summed up.
SPOKEN_HOLDS = 3
#: Freezes of an authority: amount, date, authority and reference may be told.
LEGAL = frozenset({"court", "police", "tax", "cyber", "legal", "lien"})
#: Freezes whose remedy may be told.
TELLABLE = frozenset({"kyc", "own", "dormant", "loan", "deposit"})

Account = dict[str, Any]


def account_label(item: Account, language: Language) -> str:
    """`savings account XX1234`: the masked number as the bank gives it."""
    kind = TYPES.get(item["type"], {"en": "account", "hi": "खाता"})[language]
    return f"{kind} {item['number_masked']}"


def is_consistent(item: Account) -> bool:
    """Do total, credit limit, holds, liens and available add up? Where they do not, only the available amount is told."""
    usable = item["ledger_minor"] + item.get("credit_limit_minor", 0) - item["held_minor"] - item["lien_minor"]
    return bool(item["available_minor"] == usable)


def account_card(item: Account, language: Language) -> Card:
    available, total, held, lien = _ROWS[language]
    rows = [(available, money(item["available_minor"], item["currency"]))]
    if is_consistent(item):
        rows.append((total, money(item["ledger_minor"], item["currency"])))
        rows += [
            (label, money(item[key], item["currency"]))
            for label, key in ((held, "held_minor"), (lien, "lien_minor"))
            if item[key]
        ]
    note = _JOINT[language] if item["ownership"] in {"either_survivor", "jointly", "anyone"} else ""
    return Card(kind="balance", title=account_label(item, language), rows=tuple(rows), note=note)


def hold_says(item: Account, zone: str, language: Language) -> list[dict[str, Any]]:
    """One sentence a pending hold: amount, the merchant in its own words, until when."""
    pending = [hold for hold in item["holds"] if hold.get("state", "pending") == "pending"]
    says = []
    for hold in pending[:SPOKEN_HOLDS]:
        facts = {
            "amount": money(hold["amount_minor"], item["currency"]),
            "until": day(local_date(hold["expires_at"], zone), language),
        }
        merchant = quoted(hold.get("merchant") or "")
        template = "balance.hold_merchant" if merchant else "balance.hold"
        says.append(say(template, facts | ({"merchant": merchant} if merchant else {}), must=("amount",)))
    if len(pending) > SPOKEN_HOLDS:
        rest = sum(hold["amount_minor"] for hold in pending[SPOKEN_HOLDS:])
        says.append(say("balance.more_holds", {"amount": money(rest, item["currency"])}, must=("amount",)))
    return says


def freeze_says(item: Account, language: Language) -> list[dict[str, Any]]:
    """What may be said of each freeze: an authority's with its particulars, KYC and dormancy with the remedy, else `under review`."""
    says = []
    for freeze in item["freezes"]:
        kind, told = str(freeze["kind"]), freeze.get("tellable") or {}
        facts = {"account": account_label(item, language)}
        if kind in LEGAL:
            facts["amount"] = money(told["amount_minor"], item["currency"]) if told.get("amount_minor") is not None else ""
            facts["date"] = day(str(told["date"])[:10], language) if told.get("date") else ""
            facts["authority"] = official(told.get("authority"))
            facts["reference"] = reference(told.get("reference"))
            says.append(say("balance.freeze_legal", facts, must=tuple(name for name, value in facts.items() if value)))
        elif kind in TELLABLE:
            says.append(say(f"balance.freeze_{kind}", facts))
        else:
            says.append(say("balance.freeze_review", facts))
    if item["status"] == "dormant" and not any(freeze["kind"] == "dormant" for freeze in item["freezes"]):
        says.append(say("balance.freeze_dormant", {"account": account_label(item, language)}))
    return says
