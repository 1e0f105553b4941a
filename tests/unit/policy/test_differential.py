"""The gate with the Indian pack against the plain reference: the same verdict on every generated case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from domain.calendars import INDIA
from domain.decisions import FactValue
from policy.facts import NEEDS, SCHEMA, as_facts
from policy.gate import Weighed, is_broken, weigh
from policy.ordinary import draw, ordinary
from policy.packs import SHIPPED, load_pack
from tests.support.reference_policy import Answer, deadlines, verdict

#: The actions the reference knows.
FIRST = ("disclose_balance", "disclose_transactions", "block_card", "open_dispute", "provisional_credit")
#: Facts that rules of later rows ask about, of which the reference says nothing.
LATER = frozenset({"clock_ok", "origin", "human_requested", "tcc_ret"})
CASES = 40_000
SEED = 20261122
PACK = load_pack(SHIPPED / "in-rbi")
#: Values on both sides of every figure in the rows, drawn as often as any others.
EDGES: dict[str, tuple[FactValue, ...]] = {
    "auth_level": (0, 1, 2, 3, 4),
    "amount_minor": (1, 499_999, 500_000, 500_001, 1_000_000, 1_000_001, 2_500_000, 5_000_000, 5_000_001),
    "txn_amount_minor": (-500_000, -499_999, -1_000_000, -5_000_001, 0, 1, 500_000),
    "credits_12m_minor": (0, 1_500_000, 2_000_000, 2_000_001, 2_500_000),
    "open_provisional_credits": (0, 1, 2),
    "risk_bp": (0, 3999, 4000, 6999, 7000, 10_000),
    "risk_age_s": (0, 900, 901),
    "days_since_alert_working": (0, 3, 4, 7, 8),
    "days_since_alert_calendar": (0, 5, 6),
    "txn_date": ("2017-07-05", "2017-07-06", "2026-12-31", "2027-01-01", "2026-11-20"),
    **{f"{what}_changed_h": (0, 23, 24, 9999) for what in ("sim", "device", "mobile", "email", "pin")},
}


def generated(count: int, seed: int) -> Iterator[tuple[str, dict[str, FactValue], datetime]]:
    """Cases near approval (a few facts moved, some left out) and cases drawn all at random."""
    random = Random(seed)
    start = datetime(2026, 7, 2, tzinfo=UTC)
    for number in range(count):
        # The two actions with the most to say are drawn more often.
        action = random.choice([*FIRST, "provisional_credit", "provisional_credit", "open_dispute"])
        facts = ordinary(action, NEEDS[action])
        known = sorted(facts.keys() - LATER)
        moved = known if number % 20 == 0 else random.sample(known, random.randint(0, 4))
        for name in moved:
            edge = name in EDGES and random.random() < 0.8
            facts[name] = random.choice(EDGES[name]) if edge else draw(name, random)
        if random.random() < 0.4:
            facts["auth_level"] = random.randint(0, 4)
        if facts["proposer"] == "staff":
            facts["proposer"] = "assistant"  # came later too: their rows are worked out in tests/unit/policy/in_rbi
        for name in random.sample(known, random.choice((0, 0, 0, 0, 1, 2))):
            del facts[name]
        yield action, facts, start + timedelta(minutes=random.randint(0, 2 * 525_600))


def answer_of(weighed: Weighed) -> Answer:
    return Answer(weighed.verdict, weighed.level, weighed.four_eyes)


@pytest.mark.parametrize("part", range(4))
def test_gate_and_reference_agree_on_every_generated_case(part: int) -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for action, facts, now in generated(CASES // 4, SEED + part):
        weighed = weigh(action, as_facts(facts, now, "drawn"), PACK, now, INDIA)
        expected = verdict(action, facts, now)
        assert answer_of(weighed) == expected, (action, facts, now, weighed.reasons)
        dates = {
            owed.kind: owed.due.astimezone(ZoneInfo("Asia/Kolkata")).date()
            for owed in weighed.obligations
            if owed.kind in ("shadow_reversal", "decide_liability") and owed.due is not None
        }
        assert dates == deadlines(action, facts, now), (action, facts, now)
        seen[(action, expected.verdict)] += 1
    # The cases are worth something only if every answer of every action occurs often enough.
    for action, words in {
        "disclose_balance": ("approve", "step_up", "human", "deny"),
        "disclose_transactions": ("approve", "step_up", "human", "deny"),
        "block_card": ("approve",),
        "open_dispute": ("approve", "step_up", "human"),
        "provisional_credit": ("approve", "step_up", "human", "deny"),
    }.items():
        for word in words:
            assert seen[(action, word)] >= 10, (action, word, seen)
    assert seen[("open_dispute", "deny")] == seen[("block_card", "deny")] == 0


def test_a_protective_action_is_never_denied_whatever_is_known_or_not() -> None:
    random = Random(SEED)
    now = datetime(2026, 11, 23, 6, tzinfo=UTC)
    for _ in range(5000):
        action = random.choice(("block_card", "open_dispute"))
        known = random.sample(NEEDS[action], random.randint(0, len(NEEDS[action])))
        facts = as_facts({name: draw(name, random) for name in known}, now, "drawn")
        odd = {name: fact.model_copy(update={"value": -1}) for name, fact in facts.items() if random.random() < 0.1}
        old = {
            name: fact.model_copy(update={"at": now - timedelta(days=9)}) for name, fact in facts.items() if random.random() < 0.1
        }
        assert weigh(action, facts | odd | old, PACK, now, INDIA).verdict != "deny"
        assert weigh("block_card", facts | odd | old, PACK, now, INDIA).verdict == "approve"


def test_raising_amount_or_risk_or_lowering_the_level_never_softens_a_verdict() -> None:
    order = ("approve", "step_up", "human", "deny")
    now = datetime(2026, 11, 23, 6, tzinfo=UTC)

    def strictness(action: str, facts: dict[str, FactValue]) -> tuple[int, int]:
        weighed = weigh(action, as_facts(facts, now, "drawn"), PACK, now, INDIA)
        return order.index(weighed.verdict), weighed.level or 0

    for action, facts, _ in generated(6000, SEED + 99):
        before = strictness(action, facts)
        for name, change in (("amount_minor", 400_000), ("credits_12m_minor", 700_000), ("risk_bp", 2500), ("auth_level", -1)):
            value = facts.get(name)
            if value is None or not SCHEMA[name].accepts(int(value) + change):
                continue
            assert strictness(action, facts | {name: int(value) + change})[0] >= before[0], (action, name, facts)


def test_no_generated_case_breaks_a_rule() -> None:
    from policy.gate import decide

    for action, facts, now in generated(500, SEED + 7):
        assert not is_broken(decide(action, as_facts(facts, now, "drawn"), PACK, now, INDIA))
