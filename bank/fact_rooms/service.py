"""Cards, logins, fees, limits: what the core knows of the thing that is asked for. Another's reads like one that is not there."""

from __future__ import annotations

import sqlalchemy as sa

from bank import fees, limits, logins, people
from bank.fact_rooms.asked import DAY, YEAR, Asked, Values
from bank.service_tables import fee_refunds, login_unlocks, reset_links

_REFUND_DAYS = 90


def card(asked: Asked) -> Values:
    """Whose it is, its status, and why it is blocked; a block that does not stand any more is no reason."""
    names = asked.names
    if names.card is None:
        return {}
    row = people.card_row(asked.call, asked.subject, names.card)
    if row is None:
        return {"card_owned": False}
    gone = names.block is not None and names.block != row["block_id"]
    return {"card_owned": True, "card_status": row["status"], "card_block_reason": "none" if gone else _block_reason(row)}


def _block_reason(row: sa.RowMapping) -> str:
    if row["status"] not in ("blocked_own", "blocked_bank", "hotlisted"):
        return "none"
    if row["block_reason"] == "legal":
        return "legal"
    if row["status"] == "blocked_own":
        return "own"
    if row["block_reason"] in ("suspected_fraud", "fraud"):
        return "fraud"
    return "own" if row["status"] == "hotlisted" else "bank"


def login(asked: Asked) -> Values:
    """Whether the lock named stands on the subject's login, why the login is locked, and how often it was opened lately."""
    names, row, call = asked.names, asked.customer, asked.call
    if row is None or (names.lock is None and names.contact is None):
        return {}
    kind = logins.standing_lock(call, row)
    unlocked = (
        sa.select(sa.func.count())
        .select_from(login_unlocks)
        .where(
            login_unlocks.c.tenant == call.tenant,
            login_unlocks.c.customer == row["id"],
            login_unlocks.c.at_us > call.now - 7 * DAY,
        )
    )
    values: Values = {"unlocks_7d": asked.total(unlocked)}
    if kind != "own":  # the customer's own stop is none of the reasons that rules know
        values["lock_reason"] = kind or "none"
    if names.lock is not None:
        values["login_locked"] = kind is not None and names.lock == row["lock_id"]
    return values


def contact(asked: Asked) -> Values:
    """The contact that a link would go to, and how many links went out in a day."""
    names, row, call = asked.names, asked.customer, asked.call
    if names.contact not in ("mobile", "email") or row is None:
        return {}
    sent = (
        sa.select(sa.func.count())
        .select_from(reset_links)
        .where(reset_links.c.tenant == call.tenant, reset_links.c.customer == row["id"], reset_links.c.sent_us > call.now - DAY)
    )
    return {
        "contact_on_file": bool(row[names.contact]),
        "contact_changed_h": asked.hours_since(row[f"{names.contact}_changed_us"]),
        "reset_links_24h": asked.total(sent),
    }


def fee(asked: Asked) -> Values:
    """The fee held against the tariff, and what was given back to this customer before."""
    if asked.names.fee is None:
        return {}
    call = asked.call
    found = fees.find(call, asked.subject, asked.names.fee)
    mine = (fee_refunds.c.tenant == call.tenant, fee_refunds.c.customer == asked.subject.customer)
    goodwill = (
        sa.select(sa.func.count())
        .select_from(fee_refunds)
        .where(*mine, fee_refunds.c.error.is_(False), fee_refunds.c.at_us > call.now - YEAR)
    )
    given = sa.select(sa.func.sum(fee_refunds.c.amount_minor)).where(
        *mine, fee_refunds.c.by_person.is_(False), fee_refunds.c.at_us > call.now - _REFUND_DAYS * DAY
    )
    values: Values = {
        "fee_found": found is not None,
        "goodwill_refunds_12m": asked.total(goodwill),
        "refunds_90d_minor": asked.total(given),
    }
    if found is None:
        return values
    return values | {
        "fee_kind": found["kind"],
        "fee_amount_minor": found["amount_minor"],
        "fee_error_proven": fees.is_error(call, found),
        "fee_is_tax": found["is_tax"],
        "fee_refunded": found["refunded_minor"] is not None,
    }


def limit(asked: Asked) -> Values:
    """The limit as it stands and the most the bank allows; not stated where there is no such limit on the account or card."""
    names = asked.names
    if names.limit_kind is None or len(asked.own) != 1:
        return {}
    row = limits.find(asked.call, asked.own[0]["id"], names.card, names.limit_kind)
    return {} if row is None else {"limit_old_minor": row["value_minor"], "limit_bank_cap_minor": row["cap_minor"]}
