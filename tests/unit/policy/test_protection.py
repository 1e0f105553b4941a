"""Protective actions under bad facts: missing, of the wrong type, or old, they are never denied."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from domain.actions import Protective
from policy.facts import NEEDS, as_facts
from policy.gate import weigh
from policy.ordinary import draw
from policy.packs import SHIPPED, load_pack

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.mark.parametrize("pack", ["in-rbi", "us-reg", "eu-psd2"])
def test_a_protective_action_is_never_denied_whatever_is_known_or_not(pack: str) -> None:
    rules, random = load_pack(SHIPPED / pack), Random(20261122)
    for _ in range(600):
        action = random.choice(sorted(Protective))
        known = random.sample(NEEDS[action], random.randint(0, len(NEEDS[action])))
        facts = as_facts({name: draw(name, random) for name in known}, NOW, "drawn")
        odd = {name: fact.model_copy(update={"value": -1}) for name, fact in facts.items() if random.random() < 0.1}
        old = {
            name: fact.model_copy(update={"at": NOW - timedelta(days=9)}) for name, fact in facts.items() if random.random() < 0.1
        }
        assert weigh(action, facts | odd | old, rules, NOW, rules.calendar).verdict != "deny"
        assert weigh("block_card", facts | odd | old, rules, NOW, rules.calendar).verdict == "approve"
