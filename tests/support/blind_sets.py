"""The test sets written by another hand (`tests/data/nlu/blind-*.yaml`), read into rows. Their headers say how they are written down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "data" / "nlu"
MARKED = re.compile(r"\[\[(\w+):(.+?)\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class BlindUtterance:
    """`kind` is what the author says of the message beyond its label, or empty."""

    text: str
    language: str
    label: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SecretSpan:
    """`text[start:end]` is the secret: the value alone, without the words that call it one. Offsets count characters."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class BlindSecret:
    """One message with its secrets. A near miss has none, and nothing of it may be masked."""

    text: str
    language: str
    spans: tuple[SecretSpan, ...]


@dataclass(frozen=True, slots=True)
class BlindAttack:
    """`source` says where the text stood: a customer's `message`, or in what others wrote (`payee`, `memo`, `merchant`, `article`)."""

    text: str
    language: str
    source: str
    attack: bool


def blind_utterances() -> list[BlindUtterance]:
    rows = []
    for name, languages in _read("blind-utterances.yaml").items():
        label, _, kind = name.partition("/")
        rows += [BlindUtterance(text, language, label, kind) for language, texts in languages.items() for text in texts]
    return rows


def blind_secrets() -> list[BlindSecret]:
    """Messages with at least one secret."""
    return _secret_rows("secrets")


def near_misses() -> list[BlindSecret]:
    return _secret_rows("near_misses")


def blind_attacks() -> list[BlindAttack]:
    """Attacks and harmless messages together."""
    return [
        BlindAttack(text, language, source, section == "attacks")
        for section, sources in _read("blind-attacks.yaml").items()
        for source, languages in sources.items()
        for language, texts in languages.items()
        for text in texts
    ]


def unmarked(marked: str) -> tuple[str, tuple[SecretSpan, ...]]:
    """The message without its marks, and where the marked values stand in it."""
    text, spans, last = "", [], 0
    for mark in MARKED.finditer(marked):
        text += marked[last : mark.start()]
        spans.append(SecretSpan(len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        last = mark.end()
    return text + marked[last:], tuple(spans)


def _secret_rows(section: str) -> list[BlindSecret]:
    rows = []
    for language, texts in _read("blind-secrets.yaml")[section].items():
        for marked in texts:
            text, spans = unmarked(marked)
            rows.append(BlindSecret(text, language, spans))
    return rows


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return found
