"""How long a decision takes with a shipped pack, digests and gathering apart: what `make bench` prints in its section "gate"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from domain.decisions import Fact, FactValue
from policy.facts import LONG_AGO_H, NEEDS, SCHEMA, as_facts
from policy.gate import decide, weigh
from policy.packs import SHIPPED, Pack, load_pack

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
#: A provisional credit in which every rule is asked and the answer is approve: the longest way through the pack.
APPROVED: dict[str, FactValue] = {
    "auth_level": 3, "channel": "web", "duty_mode": "normal", "kill_switch": False, "proposer": "assistant",
    "customer_deceased": False, "account_owned": True, "account_status": "active", "ownership_mode": "sole", "minor_guardian": False,
    "txn_found": True, "txn_owned": True, "txn_amount_minor": -500_000, "txn_currency": "INR", "txn_rail": "upi",
    "txn_date": "2026-11-20", "txn_status": "posted", "txn_disputed": True, "txn_cross_border": False, "amount_minor": 500_000,
    "currency": "INR", "dispute_type": "unauthorised", "account_frozen": False, "account_freeze_kind": "none",
    "liability_class": "standard", "reported_date": "2026-11-21", "days_since_alert_working": 1, "days_since_alert_calendar": 1,
    "fault": "third_party", "risk_bp": 1200, "risk_age_s": 5, "prior_credit_same_ref": False, "open_provisional_credits": 0,
    "credits_12m_minor": 0, "sim_changed_h": LONG_AGO_H, "device_changed_h": LONG_AGO_H, "mobile_changed_h": LONG_AGO_H,
    "email_changed_h": LONG_AGO_H, "pin_changed_h": LONG_AGO_H, "home_branch": "demo", "card_owned": True, "card_status": "active",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """Microseconds a decision.

    Attributes:
        p50, p99: over the decisions, each timed PASSES times with the fastest counted, so that interruptions of the machine
            by others are left out and what remains is what the gate costs.
        raw_p99: over every single timing, interruptions included.
    """

    what: str
    count: int
    p50: float
    p99: float
    raw_p99: float


PASSES = 9


def cases(count: int, seed: int = 7) -> list[tuple[str, dict[str, Fact]]]:
    """Proposals of all actions: half of them the long approving way, the others with a few facts drawn anew."""
    random = Random(seed)
    drawn = []
    for number in range(count):
        action = "provisional_credit" if number % 2 == 0 else random.choice(sorted(NEEDS))
        values = {name: APPROVED[name] for name in NEEDS[action]}
        for name in random.sample(sorted(values), 3 if number % 2 else 0):
            values[name] = draw(name, random)
        drawn.append((action, as_facts(values, NOW, "bench")))
    return drawn


def draw(name: str, random: Random) -> FactValue:
    """Some value of a fact."""
    spec = SCHEMA[name]
    if spec.type == "bool":
        return random.random() < 0.5
    if spec.type == "int":
        return random.randint(max(spec.low, -2_000_000), min(spec.high, 2_000_000))
    if spec.is_date:
        return f"{random.choice((2016, 2026, 2027))}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    return random.choice(spec.values or ("demo",))


def measure(seconds: Callable[[], float], count: int = 3_000, pack: Pack | None = None) -> list[Figures]:
    """Time `count` decisions without and with digests. `seconds` is a clock such as time.perf_counter, given by the caller."""
    used = pack or load_pack(SHIPPED / "in-rbi")
    drawn = cases(count)

    def weighing(action: str, facts: dict[str, Fact]) -> object:
        return weigh(action, facts, used, NOW, used.calendar)

    def deciding(action: str, facts: dict[str, Fact]) -> object:
        return decide(action, facts, used, NOW, used.calendar)

    longest = [case for case in drawn if case[0] == "provisional_credit"]
    return [
        _timed("decision", weighing, drawn, seconds),
        _timed("decision, longest action", weighing, longest, seconds),
        _timed("decision with digests", deciding, drawn, seconds),
    ]


def _timed(
    what: str,
    run: Callable[[str, dict[str, Fact]], object],
    drawn: list[tuple[str, dict[str, Fact]]],
    seconds: Callable[[], float],
) -> Figures:
    for action, facts in drawn[:500]:
        run(action, facts)
    best, single = [float("inf")] * len(drawn), []
    for _ in range(PASSES):
        for number, (action, facts) in enumerate(drawn):
            start = seconds()
            run(action, facts)
            took = (seconds() - start) * 1e6
            single.append(took)
            best[number] = min(best[number], took)
    best.sort()
    single.sort()
    return Figures(what, len(best), _share(best, 0.5), _share(best, 0.99), _share(single, 0.99))


def _share(ordered: list[float], share: float) -> float:
    return ordered[int(len(ordered) * share)]
