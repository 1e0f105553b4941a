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
from policy.packs import SHIPPED, load_pack
from tests.support.reference.days import Branch

JURISDICTION = {"in-rbi": "IN", "us-reg": "US", "eu-psd2": "EU"}
CURRENCY = {"in-rbi": "INR", "us-reg": "USD", "eu-psd2": "EUR"}
SEASIDE = frozenset(
    {date(2026, 7, 17), date(2026, 9, 14), date(2026, 11, 9), date(2026, 11, 24), date(2027, 1, 14), date(2027, 3, 22)}
)
#: The branches days are counted at: pack → pairs, as the gate takes it and as the reference takes it.
BRANCHES: dict[str, list[tuple[Calendar, Branch]]] = {}
#: Holidays of 2026 to 2028 as the reserve banks and the TARGET system keep them, looked up rather than computed.
FEDERAL = """2026-01-01 01-19 02-16 05-25 06-19 07-04 09-07 10-12 11-11 11-26 12-25
2027-01-01 01-18 02-15 05-31 06-19 07-05 09-06 10-11 11-11 11-25 12-25
2028-01-01 01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-11 11-23 12-25"""
TARGET = """2026-01-01 04-03 04-06 05-01 12-25 12-26
2027-01-01 03-26 03-29 05-01 12-25 12-26
2028-01-01 04-14 04-17 05-01 12-25 12-26"""


def _listed(text: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(f"{line[:4]}-{day[-5:]}") for line in text.splitlines() for day in line.split())


def _branches(pack: str, zone: str, never: set[int], saturdays: set[int], yearly: set[tuple[int, int]], own: Branch) -> None:
    off, nth, each = frozenset(never), frozenset(saturdays), frozenset(yearly)
    by_the_sea = Calendar(f"seaside-{pack}", zone, weekly_off=off, saturdays_off=nth, yearly=each, holidays=SEASIDE)
    BRANCHES[pack] = [(by_the_sea, Branch(zone, off, nth, each, SEASIDE)), (load_pack(SHIPPED / pack).calendar, own)]


WEEKEND, INDIAN = frozenset({5, 6}), frozenset({(1, 26), (8, 15), (10, 2)})
for _pack, _zone, _never, _saturdays, _yearly, _holidays in (
    ("in-rbi", "Asia/Kolkata", frozenset({6}), frozenset({2, 4}), INDIAN, frozenset[date]()),
    ("us-reg", "America/New_York", WEEKEND, frozenset[int](), frozenset[tuple[int, int]](), _listed(FEDERAL)),
    ("eu-psd2", "Europe/Berlin", WEEKEND, frozenset[int](), frozenset[tuple[int, int]](), _listed(TARGET)),
):
    _branches(_pack, _zone, set(_never), set(_saturdays), set(INDIAN), Branch(_zone, _never, _saturdays, _yearly, _holidays))

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
    "loss_after_2bd_minor": (0, 50, 450, 500),
    "sca_exempt_total_minor": (0, 70, 100, 150),
}
#: The same where a unit of money is worth more.
FEES_ELSEWHERE = (1, 10, 25, 50, 75, 250)
MONEY_ELSEWHERE = (0, 25, 30, 50, 75, 100, 150, 250, 450, 500, 1_000, 1_500, 2_500)
#: Sums a proposal of an action is likely to be about, in whole units.
AMOUNTS: dict[str, tuple[int, ...]] = {
    "provisional_credit": (500, 5_000, 10_000, 10_000, 25_000, 50_000, 50_000),
    "reverse_duplicate_debit": (500, 5_000, 10_000, 10_000, 50_000, 50_000),
    "refund_fee": (100, 500, 590, 1_000, 1_500, 5_000),
    "debit_mandate": (500, 15_000, 50_000, 100_000),
    "transfer": (500, 4_000, 5_000, 10_000, 40_000, 50_000, 100_000, 200_000, 500_000),
}
#: Days of transactions and reports: the two switches, weekends, second and fourth Saturdays, holidays and month ends.
_AROUND = (date(2026, 7, 1), date(2026, 11, 14), date(2026, 11, 24), date(2026, 11, 28), date(2027, 1, 1), date(2027, 1, 26))
LONG_AGO = (date(2019, 10, 14), date(2019, 10, 15), date(2024, 2, 29), date(2026, 1, 31), date(2027, 12, 31), date(2028, 1, 1))
#: An action, the sum of what went before, and the caps of both together in rupees; elsewhere a twentieth.
BRIMS = (
    ("provisional_credit", "credits_12m_minor", (25_000, 30_000)),
    ("refund_fee", "refunds_90d_minor", (1_500, 5_000)),
    ("transfer", "transfers_24h_minor", (10_000, 50_000)),
    ("transfer", "rail_24h_minor", (5_000, 100_000)),
)
#: Facts that rules ask about together, drawn together at times.
TOGETHER = (
    ("sca_used", "payer_conduct", "instrument_lost", "loss_detectable", "loss_after_notice", "fault"),
    ("access_device_lost", "business_days_to_notice", "loss_before_2bd_minor", "loss_after_2bd_minor", "days_since_statement"),
    ("us_regulation", "account_new", "pos_or_foreign", "written_confirmation", "error_outcome"),
    ("fault", "days_since_alert_working", "days_since_alert_calendar", "liability_class", "txn_date"),
    ("chargeback_network", "chargeback_clock_d", "txn_age_days", "dispute_type", "tcc_ret"),
    ("fee_kind", "fee_error_proven", "account_status", "goodwill_refunds_12m", "refunds_90d_minor"),
    ("transfer_rail", "payee_kind", "payee_age_h", "merchant_verified", "merchant_category", "rail_24h_minor"),
    (
        "mandate_operation",
        "mandate_status",
        "account_freeze_kind",
        "mandate_category",
        "mandate_first_debit",
        "pre_debit_notice_h",
    ),
    ("limit_kind", "limit_old_minor", "limit_new_minor", "limit_bank_cap_minor", "account_freeze_kind"),
    ("tat_incident", "failure_cause", "money_back", "days_to_reversal", "compensation_side"),
    ("auth_level", "dispute_type"),
    ("card_status", "card_block_reason", "auth_level", "address_changed_d"),
    ("contact_changed_h", "mobile_changed_h", "email_changed_h", "reset_links_24h", "lock_reason"),
)
#: Only somebody who is there asks for these; no procedure or job does.
ASKED_FOR = (
    "disclose_balance", "disclose_transactions", "disclose_statement", "hotlist_card", "unblock_card", "unlock_login",
    "send_reset_link", "change_limit", "close_account", "transfer", "change_mandate",
)  # fmt: skip
#: Stored with the proposal, or one of a pair of which the other says it.
ALWAYS_KNOWN = ("proposer", "origin", "channel", "account_frozen", "minor_guardian")
STATES = ("normal",) * 9 + ("off_hours", "degraded", "incident")


@dataclass(frozen=True)
class Drawn:
    """One proposal: what the gate and the reference are both asked."""

    pack: str
    action: str
    facts: dict[str, FactValue]
    now: datetime
    branch: tuple[Calendar, Branch]
    #: no fact is missing
    whole: bool


def proposals(pack: str, actions: tuple[str, ...], seed: str, count: int) -> Iterator[Drawn]:
    """`count` proposals, the actions in turn."""
    random = Random(f"{seed}:{pack}")
    for number in range(count):
        yield _one(pack, actions[number % len(actions)], random)


def _one(pack: str, action: str, random: Random) -> Drawn:
    names = needs(action, JURISDICTION[pack])
    facts = ordinary(action, names)
    elsewhere = pack != "in-rbi"
    if elsewhere and "amount_minor" in facts:
        facts["amount_minor"] = 2_500 if action == "refund_fee" else 25_000
        if "txn_amount_minor" in facts:
            facts["txn_amount_minor"] = -25_000
    if "currency" in facts:
        facts["currency"] = CURRENCY[pack]
    if "txn_currency" in facts:
        facts["txn_currency"] = CURRENCY[pack]
    moved = random.choices((0, 1, 2, 3, 6, len(names)), weights=(6, 30, 30, 22, 10, 2))[0]
    if moved < len(names):
        for name in ("auth_level", "amount_minor", "txn_date", "reported_date", "debit_date", "tat_incident", "fault"):
            if name in facts and random.random() < 0.5:
                facts[name] = value_of(name, action, random, elsewhere=elsewhere)
    if random.random() < 0.4:
        groups = [present for group in TOGETHER if len(present := [name for name in group if name in facts]) > 1]
        for name in random.choice(groups or [[]]):
            facts[name] = value_of(name, action, random, elsewhere=elsewhere)
    for name in random.sample(names, min(moved, len(names))):
        facts[name] = value_of(name, action, random, elsewhere=elsewhere)
    if random.random() < 0.9:
        _fit_together(action, facts, random)
    if random.random() < 0.2:
        _to_the_brim(pack, action, facts, random)
    _as_the_shell_states_them(pack, action, facts)
    if random.random() < 0.07:
        del facts[random.choice([name for name in names if name not in ALWAYS_KNOWN])]
    return Drawn(pack, action, facts, _instant(random), random.choice(BRANCHES[pack]), len(facts) == len(names))


def value_of(name: str, action: str, random: Random, *, elsewhere: bool = False) -> FactValue:
    """A value of a fact, most often one next to a figure."""
    spec = SCHEMA[name]
    if name == "duty_mode":
        return random.choice(STATES)
    if spec.type == "bool":
        return random.random() < 0.5
    if spec.is_date:
        return (
            _day(random) if name == "txn_date" else random.choice(_AROUND) + timedelta(days=random.randint(-3, 3))
        ).isoformat()
    if spec.type == "str":
        return random.choice(spec.values or ("seaside",))
    if spec.type == "int" and name.endswith("_minor") and elsewhere:
        scale = FEES_ELSEWHERE if action == "refund_fee" else MONEY_ELSEWHERE
        sign = -1 if name == "txn_amount_minor" else 1
        return sign * _near(random.choice(scale) * RS, 0 if sign > 0 else 1, spec.high, random) or 1
    if name == "txn_amount_minor":
        return -_near(random.choice(MONEY) * RS, spec.low, spec.high, random) or 1
    if name == "amount_minor":
        return _near(random.choice(AMOUNTS.get(action, MONEY[1:])) * RS, 1, spec.high, random)
    if name in FIGURES:
        return _near(random.choice(FIGURES[name]), spec.low, spec.high, random)
    return _near(random.choice(SUMS[name]) * RS, spec.low, spec.high, random)


def _near(figure: int, low: int, high: int, random: Random) -> int:
    return min(high, max(low, figure + random.choice((-1, 0, 0, 1, 1))))


def _day(random: Random) -> date:
    if random.random() < 0.1:
        return random.choice(LONG_AGO)
    return random.choice(_AROUND) + timedelta(days=random.randint(-3, 3))


def _instant(random: Random) -> datetime:
    """Some instant, often within an hour of a branch's midnight or a change of the clock."""
    near = random.choice(_AROUND) + timedelta(days=random.randint(-3, 3))
    day = datetime.combine(near, datetime.min.time(), tzinfo=UTC)
    return day + timedelta(hours=random.choice((0, 4, 5, 9, 18, 19, 22, 23)), minutes=random.choice((0, 29, 30, 31, 59)))


def _as_the_shell_states_them(pack: str, action: str, facts: dict[str, FactValue]) -> None:
    """What two facts say together, never otherwise: one is derived from the other, or from how the proposal came about."""
    if action in ASKED_FOR and facts.get("proposer") in ("sop", "job"):
        facts["proposer"] = "assistant"
    if facts.get("proposer") in ("sop", "job") and "auth_level" in facts:
        facts["auth_level"] = 0
    if "account_frozen" in facts:
        facts["account_frozen"] = facts["account_freeze_kind"] != "none"
    if "minor_guardian" in facts:
        facts["minor_guardian"] = facts["ownership_mode"] == "minor_guardian"
    if pack != "in-rbi" and "tcc_ret" in facts:
        facts["tcc_ret"] = "none"  # India's rails alone have it (E-08)


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
    elif action == "debit_mandate":
        facts["proposer"] = random.choice(("job", "job", "job", "sop", "staff"))
        facts["mandate_max_minor"] = max(int(facts["mandate_max_minor"]), int(facts["amount_minor"]))
    elif action in ("refund_fee", "open_dispute"):
        _same_sum(action, facts, random)
    elif "txn_amount_minor" in facts and "amount_minor" in facts:
        facts["txn_amount_minor"] = -int(facts["amount_minor"])


def _to_the_brim(pack: str, action: str, facts: dict[str, FactValue], random: Random) -> None:
    """What went before brings the sum to its cap, or one minor unit to either side."""
    for about, total, caps in BRIMS:
        if action == about and total in facts:
            cap = random.choice(caps) * RS if pack == "in-rbi" else random.choice(caps) * RS // 20
            facts[total] = max(0, cap - int(facts["amount_minor"]) + random.choice((-1, 0, 0, 1, 1)))


def _same_sum(action: str, facts: dict[str, FactValue], random: Random) -> None:
    if action == "open_dispute":
        facts["txn_amount_minor"] = -int(facts["amount_minor"])
    elif random.random() < 0.9:
        facts["fee_amount_minor"] = facts["amount_minor"]
