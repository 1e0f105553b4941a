"""Facts as a customer reads them: amounts, dates, masked numbers, other people's words. Everything a template may be filled with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from agents.quoted import Quoted
from domain.conversation import Language, Say
from domain.frames import Card, QuickReply
from domain.money import Money, format_money


def say(
    template: str,
    facts: Mapping[str, str] | None = None,
    *,
    must: tuple[str, ...] = (),
    cards: tuple[Card, ...] = (),
    quick: tuple[QuickReply, ...] = (),
) -> dict[str, Any]:
    """One thing to say as plain JSON for the flow's state; `must` names the facts that may not be lost in the wording."""
    facts = dict(facts or {})
    return Say(template=template, facts=facts, must=must, cards=cards, quick_replies=quick).model_dump(mode="json")


def money(minor: int, currency: str) -> str:
    return format_money(Money(minor, currency))


def day(value: date | str, language: Language) -> str:
    """A calendar day in words: 21 November 2026, 21 नवंबर 2026."""
    when = date.fromisoformat(value) if isinstance(value, str) else value
    return format_date(when, format="d MMMM y", locale=language)


def local_date(at: str | datetime, zone: str) -> date:
    """The customer's calendar day of an instant."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(ZoneInfo(zone)).date()


def quoted(raw: str) -> str:
    """A merchant's or payee's own words, made harmless and in quotes; "" where nothing is left to show."""
    return Quoted("merchant", raw).shown()


#: What a reference of an authority may consist of: it is told as it stands, so nothing else gets through.
_REFERENCE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9/.-]{0,38}[A-Za-z0-9])?")


def official(raw: object) -> str:
    """An authority's name as the bank recorded it: text all the same, so normalised, short, and "" where it tells anybody what to do."""
    return Quoted("narration", str(raw or "")).clean()


def reference(raw: object) -> str:
    """A reference as it stands, or "" where it is none."""
    text = str(raw or "").strip()
    return text if _REFERENCE.fullmatch(text) else ""


def speaks_to_us(raw: object) -> bool:
    """Whether somebody's name or memo holds instructions: it is not shown then, and staff are told."""
    return Quoted("payee", str(raw or "")).suspicious()
