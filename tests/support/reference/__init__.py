"""The policy a second time, plainly, from the text of the regulations alone: what the gate's packs are compared with.

Written without sight of any rule pack, and importing nothing of the service, so that a slip in a pack, in the engine or in the
calendar shows as a disagreement. The row ids in the comments are those of the banking rules. Where their text is open, the
reading taken stands in `docs/policy/readings.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tests.support.reference import european_union, india, united_states
from tests.support.reference.answer import Answer
from tests.support.reference.days import Branch

PACKS = {"in-rbi": india.judge, "us-reg": united_states.judge, "eu-psd2": european_union.judge}


def judge(pack: str, action: str, facts: Mapping[str, bool | int | str], now: datetime, branch: Branch) -> Answer:
    """What the rules say about one proposal. Facts that could not be learned are absent from `facts`."""
    return PACKS[pack](action, dict(facts), now, branch)
