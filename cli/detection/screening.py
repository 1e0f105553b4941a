"""`tellergate bench screen`: which attacks the injection screen flags, and how often it flags harmless texts with the same words."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from agents.injection import injection_signs
from agents.screen import MAX_SCREENED
from cli.detection.corpora import Screened, own_attacks, public_attacks
from runtime.bootstrap import ROOT

#: Texts by another hand.
OWN = ROOT / "tests" / "data" / "nlu" / "blind-attacks.yaml"
MOST_HARMLESS = 0.05
#: Harmless sets that the limit is for.
HELD_TO = ("notinject", "piguard harmless")
SLOW_PIECES = (
    "#",
    "-",
    "ignore ",
    "ignore all ",
    "a b ",
    "0 1",
    "QUJD",
    "you are now ",
    "{{",
    "<",
    "पिछले ",
    "dot ",
    "approve ",
    "is ",
)


def bench_screen(data: Path | None, own: Path | None) -> dict[str, Any]:
    """Shares flagged by set, the public ones also by the half that was never looked at; `ok` is false where too much that is harmless is.

    Raises BadInput `corpus_unreadable`.
    """
    public = public_attacks(data) if data else []
    sets = public + [each for each in own_attacks(own or OWN) if each.rows]
    figures = {each.name: _figures(each, halves=each in public) for each in sets}
    held = [each for each in public if each.name in HELD_TO]
    harmless, flagged = sum(len(each.rows) for each in held), sum(_flagged(each) for each in held)
    return {
        "ok": flagged <= harmless * MOST_HARMLESS,
        "harmless": {"texts": harmless, "flagged": flagged, "share": _share(flagged, harmless), "at_most": MOST_HARMLESS},
        "by_another_hand": {
            "attacks": _together(each for each in sets if each not in public and each.attack),
            "harmless": _together(each for each in sets if each not in public and not each.attack),
        },
        "sets": figures,
        "time": _worst(),
    }


def _figures(each: Screened, *, halves: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"attack": each.attack, "texts": len(each.rows), "flagged": _flagged(each)}
    told["share"] = _share(told["flagged"], told["texts"])
    if halves:
        unseen = each.half(1)
        told["unseen_half"] = {
            "texts": len(unseen.rows),
            "flagged": _flagged(unseen),
            "share": _share(_flagged(unseen), len(unseen.rows)),
        }
    return told


def _together(sets: Iterable[Screened]) -> dict[str, Any]:
    chosen = list(sets)
    texts, flagged = sum(len(each.rows) for each in chosen), sum(map(_flagged, chosen))
    return {"texts": texts, "flagged": flagged, "share": _share(flagged, texts)}


def _flagged(each: Screened) -> int:
    return sum(bool(injection_signs(text[:MAX_SCREENED], of_others=each.of_others)) for _, text in each.rows)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _worst() -> dict[str, Any]:
    """The longest that a text of full length takes, in milliseconds of CPU."""
    took = []
    for piece in SLOW_PIECES:
        text = (piece * MAX_SCREENED)[:MAX_SCREENED]
        started = time.process_time()
        injection_signs(text, of_others=True)
        took.append(((time.process_time() - started) * 1000, piece))
    longest = max(took)
    return {"worst_ms": round(longest[0], 1), "worst_made_of": longest[1], "worst_characters": MAX_SCREENED}
