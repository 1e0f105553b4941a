"""Gate and reference asked the same, and where their answers differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from policy.facts import as_facts, needs
from policy.gate import weigh
from policy.ordinary import ordinary
from policy.packs import SHIPPED, Pack, load_pack
from tests.support.proposals import JURISDICTION, Drawn, proposals
from tests.support.reference import european_union, judge, united_states
from tests.support.reference.india import PAGES

#: Compared by kind, due instant, amount and currency; other obligations are notices without a figure.
COMPARED = frozenset({
    "shadow_reversal", "decide_liability", "customer_liability", "tat_compensation", "reverse_failed", "final_answer",
    "internal_ombudsman", "ombudsman_from", "ombudsman_until", "chargeback_until", "close_by", "fraud_compensation",
    "fraud_share_rbi", "fraud_share_bank", "fraud_share_beneficiary", "provisional_credit", "correct_error", "report_result", "refund",
    "answer_refund_claim", "notify_until",
})  # fmt: skip
#: The deadline runs whatever is decided about the proposal (section K).
REGARDLESS = ("provisional_credit", "pay_fraud_compensation")
#: The actions that the reference knows, by pack.
JUDGED: dict[str, tuple[str, ...]] = {
    "in-rbi": tuple(PAGES),
    "us-reg": ("open_dispute", "provisional_credit", *united_states.PAGES),
    "eu-psd2": ("open_dispute", "provisional_credit", *european_union.PAGES),
}


@lru_cache
def pack_named(name: str, packs: Path = SHIPPED) -> Pack:
    return load_pack(packs / name)


@dataclass
class Tally:
    """What came of a run: verdicts counted by action, and disagreements by what differs, each with a few examples."""

    asked: int = 0
    verdicts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    differences: Counter[tuple[str, ...]] = field(default_factory=Counter)
    examples: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        self.asked += other.asked
        self.verdicts += other.verdicts
        self.differences += other.differences
        for key, some in other.examples.items():
            self.examples[key] = (self.examples.get(key, []) + some)[:3]


def compare(drawn: Drawn, tally: Tally, packs: Path = SHIPPED) -> None:
    """Ask both and note how they differ.

    What is owed is compared where everything could be learned, and of a denied proposal only where it is owed all the same.
    """
    calendar, branch = drawn.branch
    gate = weigh(drawn.action, as_facts(drawn.facts, drawn.now, "drawn"), pack_named(drawn.pack, packs), drawn.now, calendar)
    mine = judge(drawn.pack, drawn.action, drawn.facts, drawn.now, branch)
    tally.asked += 1
    tally.verdicts[drawn.pack, drawn.action, mine.verdict] += 1
    says = (gate.verdict, gate.level, gate.verdict == "human" and gate.four_eyes)
    said = (mine.verdict, mine.level, mine.four_eyes)
    compared = COMPARED if drawn.action != "raise_chargeback" else frozenset[str]()  # its last day is told when the dispute opens
    owes = {(each.kind, each.due, each.amount_minor, each.currency) for each in gate.obligations if each.kind in compared}
    owed = {each for each in mine.owed if each[0] in compared}
    if says != said:
        key = (
            drawn.pack,
            drawn.action,
            f"gate {_brief(says)}",
            f"reference {_brief(said)}",
            *sorted(set(mine.rows))[:3],
            *gate.rules[:4],
        )
    elif owes != owed and drawn.whole and (gate.verdict != "deny" or drawn.action in REGARDLESS):
        kinds = sorted({each[0] for each in owes ^ owed})
        key = (drawn.pack, drawn.action, "owed", *kinds)
    else:
        return
    tally.differences[key] += 1
    kept = tally.examples.setdefault(key, [])
    if len(kept) < 3:
        kept.append(_example(drawn, says, said, owes - owed, owed - owes))


def _brief(answer: tuple[Any, ...]) -> str:
    verdict, level, pairs = answer
    return f"{verdict}{'' if level is None else f'({level})'}{' four eyes' if pairs else ''}"


def _example(drawn: Drawn, says: tuple[Any, ...], said: tuple[Any, ...], more: set[Any], less: set[Any]) -> str:

    names = needs(drawn.action, JURISDICTION[drawn.pack])
    plain = ordinary(drawn.action, names)
    moved = {name: drawn.facts.get(name, "(missing)") for name in names if drawn.facts.get(name) != plain[name]}
    owed = f"; gate owes {_plain(more)}, reference {_plain(less)}" if more or less else ""
    return f"{drawn.now.isoformat()} {moved} -> gate {_brief(says)}, reference {_brief(said)}{owed}"


def _plain(owed: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted((kind, due and due.isoformat(), amount, currency) for kind, due, amount, currency in owed)


def run(
    pack: str, actions: tuple[str, ...], seed: str, count: int, packs: Path = SHIPPED, *, only_reference: bool = False
) -> Tally:
    """Compare on `count` proposals, or ask the reference alone."""
    tally = Tally()
    for drawn in proposals(pack, actions, seed, count):
        if only_reference:
            mine = judge(drawn.pack, drawn.action, drawn.facts, drawn.now, drawn.branch[1])
            tally.verdicts[drawn.pack, drawn.action, mine.verdict] += 1
        else:
            compare(drawn, tally, packs)
    return tally
