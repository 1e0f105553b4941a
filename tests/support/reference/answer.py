"""An answer in the making: the strictest word so far, and what is owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

STRICTNESS = ("approve", "step_up", "human", "deny")


@dataclass
class Answer:
    """Row A-02: deny before human before step-up before approve. Nothing said is a denial."""

    words: list[tuple[str, str]] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    pairs: bool = False
    #: (kind, due, amount in minor units, currency)
    owed: set[tuple[str, datetime | None, int | None, str | None]] = field(default_factory=set)

    def approve(self, row: str) -> None:
        self.words.append(("approve", row))

    def step_up(self, level: int, row: str) -> None:
        self.words.append(("step_up", row))
        self.levels.append(level)

    def human(self, row: str, *, four_eyes: bool = False) -> None:
        self.words.append(("human", row))
        self.pairs = self.pairs or four_eyes

    def deny(self, row: str) -> None:
        self.words.append(("deny", row))

    def owe(self, kind: str, due: datetime | None = None, amount: int | None = None, currency: str | None = None) -> None:
        self.owed.add((kind, due, amount, currency))

    @property
    def verdict(self) -> str:
        return max((word for word, _ in self.words), key=STRICTNESS.index, default="deny")

    @property
    def level(self) -> int | None:
        return max(self.levels) if self.verdict == "step_up" else None

    @property
    def four_eyes(self) -> bool:
        return self.verdict == "human" and self.pairs

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows that gave the verdict."""
        return tuple(row for word, row in self.words if word == self.verdict)


Facts = dict[str, bool | int | str]


def number(facts: Mapping[str, bool | int | str], name: str) -> int:
    return int(facts[name])


def words(text: str) -> tuple[str, ...]:
    """Several names, written as one text."""
    return tuple(text.split())
