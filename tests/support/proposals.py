"""Proposals drawn for the comparison of gate and reference: an ordinary one, with some facts moved to either side of a figure.

Everything comes from one seed. Amounts that have to fit together (a payment and its credit, days and their compensation) mostly do,
so that every verdict of every action occurs often; now and then everything is drawn at random, and a fact is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from domain.calendars import Calendar
from domain.decisions import FactValue
from policy.facts import SCHEMA, needs
from policy.ordinary import ordinary
from tests.support.reference.days import Branch

JURISDICTION = {"in-rbi": "IN", "us-reg": "US", "eu-psd2": "EU"}
CURRENCY = {"in-rbi": "INR", "us-reg": "USD", "eu-psd2": "EUR"}
SEASIDE = frozenset(
    {date(2026, 7, 17), date(2026, 9, 14), date(2026, 11, 9), date(2026, 11, 24), date(2027, 1, 14), date(2027, 3, 22)}
)
#: The home branches days are counted at: pack → (as the gate takes it, as the reference takes it).
BRANCHES: dict[str, tuple[Calendar, Branch]] = {}


def _branch(pack: str, zone: str, never: set[int], saturdays: set[int], yearly: set[tuple[int, int]]) -> None:
    off, nth, each = frozenset(never), frozenset(saturdays), frozenset(yearly)
    BRANCHES[pack] = (
        Calendar(f"seaside-{pack}", zone, weekly_off=off, saturdays_off=nth, yearly=each, holidays=SEASIDE),
        Branch(zone, off, nth, each, SEASIDE),
    )


_branch("in-rbi", "Asia/Kolkata", {6}, {2, 4}, {(1, 26), (8, 15), (10, 2)})
_branch("us-reg", "America/New_York", {5, 6}, set(), {(1, 1), (7, 4), (12, 25)})
_branch("eu-psd2", "Europe/Berlin", {5, 6}, set(), {(1, 1), (5, 1), (12, 25), (12, 26)})

RS = 100
#: Figures of the text in whole units of money; each is drawn with its neighbours one minor unit away.
MONEY = (0, 50, 500, 1_000, 1_500, 2_000, 5_000, 10_000, 15_000, 25_000, 29_412, 50_000, 100_000, 200_000, 500_000, 1_000_000)
#: For a fact: the figures it is compared with. Drawn with their neighbours.
FIGURES: dict[str, tuple[int, ...]] = {
    "auth_level": (0, 1, 2, 3, 4),
    "risk_bp": (0, 1200, 4000, 7000, 10_000),
    "risk_age_s": (5, 900),
    "sim_changed_h": (24, 9998),
    "device_changed_h": (24, 9998),
    "mobile_changed_h": (24, 9998),
    "email_changed_h": (24, 9998),
    "pin_changed_h": (24, 9998),
    "contact_changed_h": (24, 9998),
    "payee_age_h": (24, 9998),
    "pre_debit_notice_h": (0, 24),
    "address_changed_d": (30, 9998),
    "txn_age_days": (3, 30, 45, 90, 120),
    "chargeback_clock_d": (3, 30, 45, 90, 120, 540),
    "chargebacks_30d": (0, 10),
    "chargebacks_pair_30d": (0, 5),
    "days_since_alert_working": (0, 3, 7),
    "days_since_alert_calendar": (0, 3, 5, 7),
    "days_to_reversal": (1, 5, 6, 10, 11, 15, 16, 51, 55, 56),
    "days_to_bank_report": (1, 5),
    "days_to_ncrp_report": (1, 5),
    "open_provisional_credits": (0, 1),
    "unlocks_7d": (0, 1),
    "reset_links_24h": (0, 3),
    "goodwill_refunds_12m": (0, 2),
    "active_mandates": (0, 1),
    "days_since_statement": (0, 10, 60),
    "business_days_to_notice": (1, 2),
    "cycle_day": (1, 15, 28, 30),
    "days_since_debit": (3, 13, 56, 390, 397),
    "sca_exempt_uses": (0, 5),
}
#: Money facts of their own scale, in whole units.
SUMS: dict[str, tuple[int, ...]] = {
    "credits_12m_minor": (0, 15_000, 20_000, 25_000),
    "refunds_90d_minor": (0, 500, 910, 1_000, 1_500, 4_500),
    "fee_amount_minor": (590, 500, 1_000, 5_000, 6_000),
    "net_loss_minor": (5_000, 29_411, 29_412, 50_000),
    "transfers_24h_minor": (0, 5_000, 9_000, 10_000, 45_000, 50_000),
    "rail_24h_minor": (0, 1_000, 5_000, 95_000, 100_000, 199_000, 500_000),
    "payee_24h_minor": (0, 45_000, 50_000),
    "limit_bank_cap_minor": (50_000, 100_000, 200_000, 500_000),
    "limit_old_minor": (0, 10_000, 50_000, 100_000, 500_000),
    "limit_new_minor": (0, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000),
    "mandate_max_minor": (15_000, 100_000),
    "lien_minor": (0,),
    "dues_minor": (0,),
    "loss_before_2bd_minor": (0, 50, 450),
    "sca_exempt_total_minor": (0, 70, 100, 150),
}
#: Sums a proposal of an action is likely to be about, in whole units.
AMOUNTS: dict[str, tuple[int, ...]] = {
    "refund_fee": (100, 500, 590, 1_000, 1_500, 5_000),
    "debit_mandate": (500, 15_000, 50_000, 100_000),
    "transfer": (500, 4_000, 5_000, 10_000, 40_000, 50_000, 100_000, 200_000, 500_000),
}
#: Days of transactions and reports: the two switches, weekends, second and fourth Saturdays, holidays and month ends.
_AROUND = (date(2026, 7, 1), date(2026, 11, 14), date(2026, 11, 24), date(2026, 11, 28), date(2027, 1, 1), date(2027, 1, 26))
LONG_AGO = (date(2019, 10, 14), date(2019, 10, 15), date(2024, 2, 29), date(2026, 1, 31), date(2027, 12, 31), date(2028, 1, 1))
STATES = ("normal",) * 9 + ("off_hours", "degraded", "incident")


@dataclass(frozen=True)
class Drawn:
    """One proposal: what the gate and the reference are both asked."""

    pack: str
    action: str
    facts: dict[str, FactValue]
    now: datetime


def proposals(pack: str, actions: tuple[str, ...], seed: str, count: int) -> Iterator[Drawn]:
    """`count` proposals, the actions in turn."""
    random = Random(f"{seed}:{pack}")
    for number in range(count):
        yield _one(pack, actions[number % len(actions)], random)


def _one(pack: str, action: str, random: Random) -> Drawn:
    names = needs(action, JURISDICTION[pack])
    facts = ordinary(action, names)
    if "currency" in facts:
        facts["currency"] = CURRENCY[pack]
    if "txn_currency" in facts:
        facts["txn_currency"] = CURRENCY[pack]
    moved = random.choices((0, 1, 2, 3, 6, len(names)), weights=(6, 30, 30, 22, 10, 2))[0]
    if moved < len(names):
        for name in ("auth_level", "amount_minor", "txn_date", "reported_date", "debit_date", "tat_incident", "fault"):
            if name in facts and random.random() < 0.5:
                facts[name] = value_of(name, action, random)
    for name in random.sample(names, min(moved, len(names))):
        facts[name] = value_of(name, action, random)
    if random.random() < 0.9:
        _fit_together(action, facts, random)
    if random.random() < 0.07:
        del facts[random.choice(names)]
    return Drawn(pack, action, facts, _instant(random))


def value_of(name: str, action: str, random: Random) -> FactValue:
    """A value of a fact, most often one next to a figure."""
    spec = SCHEMA[name]
    if name == "duty_mode":
        return random.choice(STATES)
    if spec.type == "bool":
        return random.random() < 0.5
    if spec.is_date:
        return _day(random).isoformat()
    if spec.type == "str":
        return random.choice(spec.values or ("seaside",))
    if name == "txn_amount_minor":
        return -_near(random.choice(MONEY) * RS, spec.low, spec.high, random) or 1
    if name == "amount_minor":
        return _near(random.choice(AMOUNTS.get(action, MONEY[1:])) * RS, 1, spec.high, random)
    if name in FIGURES:
        return _near(random.choice(FIGURES[name]), spec.low, spec.high, random)
    return _near(random.choice(SUMS[name]) * RS, spec.low, spec.high, random)


def _near(figure: int, low: int, high: int, random: Random) -> int:
    return min(high, max(low, figure + random.choice((-1, 0, 0, 1))))


def _day(random: Random) -> date:
    if random.random() < 0.1:
        return random.choice(LONG_AGO)
    return random.choice(_AROUND) + timedelta(days=random.randint(-3, 3))


def _instant(random: Random) -> datetime:
    """Some instant, often within an hour of a branch's midnight or a change of the clock."""
    near = random.choice(_AROUND) + timedelta(days=random.randint(-3, 3))
    day = datetime.combine(near, datetime.min.time(), tzinfo=UTC)
    return day + timedelta(hours=random.choice((0, 4, 5, 9, 18, 19, 22, 23)), minutes=random.choice((0, 29, 30, 31, 59)))


def _fit_together(action: str, facts: dict[str, FactValue], random: Random) -> None:
    """What belongs together in the world mostly does here."""
    if action == "pay_tat_compensation":
        grace = {"upi_transfer": 1, "imps": 1, "card_to_card": 1, "apbs": 1, "nach": 1, "ppi_onus": 1}.get(
            str(facts["tat_incident"]), 5
        )
        facts["amount_minor"] = max(1, 100 * RS * (int(facts["days_to_reversal"]) - grace))
    elif action == "pay_fraud_compensation":
        loss = int(facts["net_loss_minor"])
        facts["amount_minor"] = max(1, min((loss * 85 + 50) // 100, 25_000 * RS))
        facts["txn_amount_minor"] = -max(loss, 1)
        if random.random() < 0.7:
            facts["txn_date"] = (date(2027, 1, 1) + timedelta(days=random.randint(0, 40))).isoformat()
    elif action in ("refund_fee", "open_dispute"):
        _same_sum(action, facts, random)
    elif "txn_amount_minor" in facts and "amount_minor" in facts:
        facts["txn_amount_minor"] = -int(facts["amount_minor"])
    if "account_frozen" in facts:
        facts["account_frozen"] = facts["account_freeze_kind"] != "none"
    if "minor_guardian" in facts:
        facts["minor_guardian"] = facts["ownership_mode"] == "minor_guardian"


def _same_sum(action: str, facts: dict[str, FactValue], random: Random) -> None:
    if action == "open_dispute":
        facts["txn_amount_minor"] = -int(facts["amount_minor"])
    elif random.random() < 0.9:
        facts["fee_amount_minor"] = facts["amount_minor"]
