"""Why a text may not go out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ProblemKind = Literal[
    "empty",
    "too_long",
    "repeated",
    "markup",
    "language",
    "number",
    "swapped",
    "name",
    "word",
    "claim",
    "negation",
    "question",
    "quote",
    "must",
    "lost",
    "never",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text may not go out. `piece` is model text: for staff and metrics, never for a customer."""

    kind: ProblemKind
    piece: str = field(default="", repr=False)
