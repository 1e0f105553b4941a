"""Beginnings of prompts that are kept in the engine, so that the next call with the same one need not compute it again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Container, Iterable
from typing import TypeAlias

from models.llama_calls import Engine

Text: TypeAlias = tuple[int, ...]


class WarmTexts:
    """Texts as tokens, each with a sequence of the engine for itself; the least recently used makes room."""

    def __init__(self, engine: Engine, sequences: Iterable[int]) -> None:
        self._engine, self._free = engine, list(sequences)
        self._kept: OrderedDict[Text, tuple[int, int]] = OrderedDict()

    def __contains__(self, text: object) -> bool:
        return text in self._kept

    @property
    def cells(self) -> int:
        """Cells held for these texts alone."""
        return sum(own for _, own in self._kept.values())

    def begin(self, text: Text, sequence: int) -> int:
        """Let an empty `sequence` begin with `text` if it is kept. Returns how many tokens it has now."""
        if text not in self._kept:
            return 0
        self._kept.move_to_end(text)
        self._engine.share(self._kept[text][0], sequence, len(text))
        return len(text)

    def keep(self, text: Text, sequence: int, own: int) -> None:
        """Keep the beginning `text` of `sequence`; `own` of its cells are not kept for another text already."""
        if text in self._kept:
            return
        if not self._free:
            self._forget(next(iter(self._kept)))
        slot = self._free.pop()
        self._engine.share(sequence, slot, len(text))
        self._kept[text] = slot, own

    def give_up_one(self, needed: Container[Text]) -> bool:
        """Forget the least recently used text that is not `needed`. False when there is none."""
        text = next((text for text in self._kept if text not in needed), None)
        if text is None:
            return False
        self._forget(text)
        return True

    def _forget(self, text: Text) -> None:
        slot, _ = self._kept.pop(text)
        self._engine.drop(slot)
        self._free.append(slot)
