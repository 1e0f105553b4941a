"""Situations in which gate and reference still differ and the text has to be read again: counted apart, not compared.

Each stands here with the row it turns on until pack or reference has changed; a situation that is settled is taken out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.decisions import FactValue

Known = Mapping[str, FactValue]
EVERYWHERE = ("in-rbi", "us-reg", "eu-psd2")

#: Packs, actions (none = all), the situation, and what it turns on.
OPEN: tuple[tuple[tuple[str, ...], tuple[str, ...], Callable[[Known], bool], str], ...] = (
    (EVERYWHERE, (), lambda f: f.get("proposer") == "staff", "A-04: what staff propose another one of them signs"),
)


def open_question(pack: str, action: str, facts: Known) -> str | None:
    """What a situation turns on, where it is still open."""
    for packs, actions, holds, what in OPEN:
        if pack in packs and (not actions or action in actions) and holds(facts):
            return what
    return None
