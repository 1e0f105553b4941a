"""What the bank writes to its customers: its own templates in two languages, its own recipients, no text of anybody else.

A template names the fields it takes; each field has a form, and everything else is refused. In the sandbox all channels end on
the customer's sandbox phone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from bank.access import Subject
from bank.call import Call
from bank.tables import cards, customers, phone_messages, tenants
from bank.transactions import find
from domain.errors import BadInput
from domain.money import EXPONENT, Money, format_money

Channels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """Text per language; `needs` must be given, `may` may. `open` templates can be asked for by the service."""

    en: str
    hi: str
    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    channels: Channels = ("sms",)
    open: bool = True


def _template(en: str, hi: str, needs: str = "", may: str = "", channels: Channels = ("sms",), is_open: bool = True) -> Template:
    return Template(en, hi, frozenset(needs.split()), frozenset(may.split()), channels, is_open)


_CALL = " If this was not you, call {helpline}."
_CALL_HI = " यदि यह आपने नहीं किया, तो {helpline} पर कॉल करें।"

TEMPLATES: dict[str, Template] = {
    "otp": _template(
        "{code} is your one-time password for {what}. Valid for 5 minutes. Never share it with anyone, not even with the bank. {bank}",
        "{what} के लिए आपका वन-टाइम पासवर्ड {code} है। 5 मिनट तक मान्य। इसे किसी को न बताएं, बैंक को भी नहीं। {bank}",
        "code purpose",
        is_open=False,
    ),
    "account_credited": _template(
        "{amount} credited to your account {account} on {date}. {bank}",
        "आपके खाते {account} में {date} को {amount} जमा हुए। {bank}",
        is_open=False,
    ),
    "account_debited": _template(
        "{amount} debited from your account {account} on {date}." + _CALL + " {bank}",
        "आपके खाते {account} से {date} को {amount} निकाले गए।" + _CALL_HI + " {bank}",
        is_open=False,
    ),
    "card_blocked": _template(
        "Your card {card} is blocked for now. You can have it unblocked in the app or at {helpline}. {bank}",
        "आपका कार्ड {card} फ़िलहाल बंद कर दिया गया है। इसे ऐप में या {helpline} पर फिर चालू कराया जा सकता है। {bank}",
        "card",
        channels=("sms", "push"),
    ),
    "card_unblocked": _template(
        "Your card {card} works again." + _CALL + " {bank}",
        "आपका कार्ड {card} फिर चालू है।" + _CALL_HI + " {bank}",
        "card",
    ),
    "dispute_opened": _template(
        "Your dispute is registered. Reference {dispute}{about}{until}. {bank}",
        "आपका विवाद दर्ज हो गया है। संदर्भ संख्या {dispute}{about}{until}। {bank}",
        "dispute",
        "transaction due amount_minor currency",
        channels=("sms", "email"),
    ),
    "provisional_credit": _template(
        "{amount} credited provisionally while we look into your dispute {dispute}. It may be taken back when the case is decided. {bank}",
        "आपके विवाद {dispute} की जाँच के दौरान {amount} अस्थायी रूप से जमा किए गए। निर्णय होने पर यह राशि वापस ली जा सकती है। {bank}",
        "dispute amount_minor currency",
        "transaction due",
        channels=("sms", "email"),
    ),
    "fraud_reported": _template(
        "We have noted your fraud report and look into it. Reference {reference}. {bank}",
        "आपकी धोखाधड़ी की सूचना दर्ज कर ली गई है और जाँच जारी है। संदर्भ {reference}। {bank}",
        "reference",
        "transaction",
    ),
    "handed_over": _template(
        "A colleague of ours takes over your request and will get back to you. Reference {reference}. {bank}",
        "हमारे एक सहकर्मी आपका अनुरोध देख रहे हैं और आपसे संपर्क करेंगे। संदर्भ {reference}। {bank}",
        "reference",
    ),
    "card_hotlisted": _template(
        "Your card {card} is blocked for good. A new one goes to your address on file." + _CALL + " {bank}",
        "आपका कार्ड {card} स्थायी रूप से बंद कर दिया गया है। नया कार्ड आपके दर्ज पते पर भेजा जाएगा।" + _CALL_HI + " {bank}",
        "card",
        channels=("sms", "push"),
        is_open=False,
    ),
    "login_unlocked": _template(
        "Your login is open again." + _CALL + " {bank}",
        "आपका लॉगिन फिर खुल गया है।" + _CALL_HI + " {bank}",
        channels=("sms", "email"),
        is_open=False,
    ),
    "reset_link": _template(
        "Set a new password: https://reset.example.invalid/{secret} (15 minutes, once). Never share it. {bank}",
        "नया पासवर्ड बनाएँ: https://reset.example.invalid/{secret} (15 मिनट, एक बार)। इसे किसी को न बताएं। {bank}",
        "secret",
        is_open=False,
    ),
    "limit_changed": _template(
        "The limit for {limit_name} on {account} is now {amount}." + _CALL + " {bank}",
        "{account} पर {limit_name} की सीमा अब {amount} है।" + _CALL_HI + " {bank}",
        "account limit_kind amount_minor currency",
        channels=("sms", "push"),
        is_open=False,
    ),
    "mandate_changed": _template(
        "Your standing debit for {creditor} was changed as you asked." + _CALL + " {bank}",
        "{creditor} के लिए आपका स्थायी डेबिट आपके कहे अनुसार बदल दिया गया है।" + _CALL_HI + " {bank}",
        "creditor",
        is_open=False,
    ),
    "closure_requested": _template(
        "Your request to close account {account} is noted. Reference {reference}. {bank}",
        "खाता {account} बंद करने का आपका अनुरोध दर्ज कर लिया गया है। संदर्भ {reference}। {bank}",
        "account reference",
        channels=("sms", "email"),
        is_open=False,
    ),
    "case_noted": _template(
        "Your request is noted. Reference {reference}. {bank}",
        "आपका अनुरोध दर्ज कर लिया गया है। संदर्भ {reference}। {bank}",
        "reference",
    ),
}

#: What an OTP may be for, as the SMS names it.
PURPOSES: dict[str, tuple[str, str]] = {
    "sign_in": ("signing in to the chat", "चैट में साइन इन"),
    "disclose_balance": ("seeing your balance in the chat", "चैट में अपना बैलेंस देखने"),
    "disclose_transactions": ("seeing your payments in the chat", "चैट में अपने भुगतान देखने"),
    "open_dispute": ("opening a dispute", "विवाद दर्ज करने"),
    "provisional_credit": ("a provisional credit", "अस्थायी क्रेडिट"),
    "unblock_card": ("unblocking your card", "कार्ड फिर चालू करने"),
    "unlock_login": ("opening your login", "लॉगिन खोलने"),
    "change_limit": ("changing a limit", "सीमा बदलने"),
    "transfer": ("a transfer", "ट्रांसफ़र"),
    "change_mandate": ("changing a standing debit", "स्थायी डेबिट बदलने"),
    "close_account": ("asking to close an account", "खाता बंद करने का अनुरोध"),
    "refund_fee": ("a fee refund", "शुल्क वापसी"),
    "disclose_statement": ("seeing your statement in the chat", "चैट में अपना स्टेटमेंट देखने"),
    "step_up": ("confirming that it is you", "आपकी पहचान की पुष्टि"),
}
#: How a limit is called in a message.
LIMIT_NAMES: dict[str, tuple[str, str]] = {
    "upi": ("UPI", "UPI"),
    "imps": ("IMPS", "IMPS"),
    "neft": ("NEFT", "NEFT"),
    "rtgs": ("RTGS", "RTGS"),
    "atm": ("cash machines", "एटीएम"),
    "card_pos": ("card payments in shops", "दुकानों में कार्ड भुगतान"),
    "card_online": ("card payments online", "ऑनलाइन कार्ड भुगतान"),
    "card_international": ("card payments abroad", "विदेश में कार्ड भुगतान"),
    "card_contactless": ("contactless payments", "संपर्क रहित भुगतान"),
}
_AMOUNT_OF = (" of {amount}", " ({amount})")
_TO = (" to {payee}", " ({payee} को)")

_FORMS: dict[str, re.Pattern[str]] = {
    "reference": re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"),
    "dispute": re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"),
    "transaction": re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"),
    "card": re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"),
    "amount_minor": re.compile(r"[1-9][0-9]{0,14}"),
    "currency": re.compile(r"[A-Z]{3}"),
    "due": re.compile(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]"),
}
MAX_PAYEE = 40


def notify(call: Call, subject: Subject, customer: sa.RowMapping, template: str, fields: Mapping[str, str]) -> int:
    """Send a template that the service asked for; returns how many messages went out.

    Raises BadInput `template_unknown` or `template_fields`; things named must be the customer's own.
    """
    known = TEMPLATES.get(template)
    if known is None or not known.open:
        raise BadInput("template_unknown")
    if not known.needs <= set(fields) <= known.needs | known.may:
        raise BadInput("template_fields", "needs " + ", ".join(sorted(known.needs)))
    for name, value in fields.items():
        if not _FORMS[name].fullmatch(value):
            raise BadInput("template_fields", f"{name} has another form")
    if fields.get("currency", "INR") not in EXPONENT:
        raise BadInput("template_fields", "currency is not known")
    return deliver(call, customer, template, _resolved(call, subject, fields))


def deliver(
    call: Call, customer: sa.RowMapping, template: str, fields: Mapping[str, Any], *, channels: Channels | None = None
) -> int:
    """Render a template in the customer's language and put it on each of its channels (or of those given) the customer has."""
    known = TEMPLATES[template]
    hindi = customer["language"] == "hi"
    text = _render(call, known.hi if hindi else known.en, fields, hindi=hindi)
    # Numbers count per customer: who writes to the same one waits here (without hindering rows that only refer to the customer).
    owner = sa.select(customers.c.id).where(customers.c.tenant == call.tenant, customers.c.id == customer["id"])
    call.first(owner.with_for_update(key_share=True))
    query = sa.select(sa.func.max(phone_messages.c.n)).where(
        phone_messages.c.tenant == call.tenant, phone_messages.c.customer == customer["id"]
    )
    last = call.connection.execute(query).scalar_one() or 0
    has = {"sms": customer["mobile"], "email": customer["email"], "push": True}
    wanted = [channel for channel in channels or known.channels if has[channel]]
    for n, channel in enumerate(wanted, start=last + 1):
        call.insert(phone_messages, customer=customer["id"], n=n, at_us=call.now, channel=channel, template=template, text=text)
    return len(wanted)


def _resolved(call: Call, subject: Subject, fields: Mapping[str, str]) -> dict[str, str]:
    """Ids become what a customer recognises, from the bank's own rows; another's id is refused as malformed."""
    resolved = dict(fields)
    if "card" in fields:
        query = sa.select(cards.c.last4).where(
            cards.c.tenant == call.tenant, cards.c.customer == subject.customer, cards.c.id == fields["card"]
        )
        row = call.first(query)
        if row is None:
            raise BadInput("template_fields", "card is not known")
        resolved["card"] = f"XX{row['last4']}"
    if "transaction" in fields:
        payment = find(call, subject, fields["transaction"])
        if payment is None:
            raise BadInput("template_fields", "transaction is not known")
        resolved |= {"paid": format_money(Money(abs(payment["amount_minor"]), payment["currency"]))}
        resolved |= {"paid_on": _day(call.local(payment["at_us"]).date())}
    return resolved


def named_in(binding: Mapping[str, str]) -> dict[str, str]:
    """What an OTP may name of the action it is for: amount and payee. Everything else in a binding stays out of the message."""
    named = {name: binding[name] for name in ("amount_minor", "currency") if _FORMS[name].fullmatch(binding.get(name, ""))}
    if len(named) != 2 or named["currency"] not in EXPONENT:
        named = {}
    payee = " ".join(re.sub(r"[^\w&' ]+|\d{5,}", " ", binding.get("payee", "")).split())[:MAX_PAYEE]
    return named | ({"payee": payee} if payee else {})


def _render(call: Call, text: str, fields: Mapping[str, Any], *, hindi: bool) -> str:
    words = {name: str(value) for name, value in fields.items()} | _signature(call) | {"about": "", "until": ""}
    if "paid" in words:
        words["about"] = f" ({words['paid_on']} का {words['paid']})" if hindi else f" for {words['paid']} of {words['paid_on']}"
    if "due" in words:
        day = _day(date.fromisoformat(words["due"]))
        words["until"] = f"। {day} तक निर्णय" if hindi else f". You hear from us by {day}"
    if "amount_minor" in words:
        words["amount"] = format_money(Money(int(words["amount_minor"]), words.get("currency", "INR")))
    if "limit_kind" in words:
        words["limit_name"] = LIMIT_NAMES[words["limit_kind"]][hindi]
    if "purpose" in words:
        words["what"] = _purpose(words, hindi=hindi)
    return text.format_map(words).replace("  ", " ").strip()


def _purpose(words: Mapping[str, str], *, hindi: bool) -> str:
    """What an OTP is for, in the bank's words, with amount and payee where they were named."""
    what = PURPOSES.get(words["purpose"], PURPOSES["step_up"])[hindi]
    if "amount" in words:
        what += _AMOUNT_OF[hindi].format(amount=words["amount"])
    return what + (_TO[hindi].format(payee=words["payee"]) if "payee" in words else "")


def _day(day: date) -> str:
    return f"{day.day:02d}.{day.month:02d}.{day.year}"


def _signature(call: Call) -> dict[str, str]:
    row = call.first(sa.select(tenants.c.bank, tenants.c.helpline).where(tenants.c.tenant == call.tenant))
    return {"bank": row["bank"], "helpline": row["helpline"]} if row else {"bank": "", "helpline": ""}
