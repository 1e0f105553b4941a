"""Example utterances of the intents: YAML files `{intent: {en: […], hi: […], hinglish: […]}}`, one file a flow."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from domain.errors import BadInput

LANGUAGES = ("en", "hi", "hinglish")
MAX_UTTERANCE_CHARS = 300
#: The safe loader in C where PyYAML has it: five times as fast at every start.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Utterance:
    text: str
    intent: str
    language: str


@dataclass(frozen=True, slots=True)
class Utterances:
    """All examples, and a digest of the files they come from."""

    items: tuple[Utterance, ...]
    digest: str

    @property
    def intents(self) -> tuple[str, ...]:
        return tuple(sorted({item.intent for item in self.items}))


def load_utterances(folder: Path) -> Utterances:
    """Read every `*.yaml` of a folder. Raises BadInput `utterances_invalid` with file and reason."""
    items: dict[str, Utterance] = {}
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")):
        raw = path.read_bytes()
        digest.update(path.name.encode() + b"\0" + raw)
        try:
            content = yaml.load(raw, Loader=_Loader)
        except yaml.YAMLError as error:
            raise BadInput("utterances_invalid", f"{path.name} is not YAML") from error
        for utterance in _items(content, path.name):
            other = items.setdefault(utterance.text.casefold(), utterance)
            if other.intent != utterance.intent:
                raise BadInput("utterances_invalid", f"{path.name}: {utterance.text!r} stands under {other.intent} too")
    if not items:
        raise BadInput("utterances_invalid", f"no utterances in {folder.name}")
    return Utterances(tuple(items.values()), digest.hexdigest())


def listed(texts: Sequence[str], labels: Sequence[str]) -> Utterances:
    """Texts with a label each, as utterances. Raises BadInput `utterances_invalid` when there is none, or not a label for each."""
    if not texts or len(texts) != len(labels):
        raise BadInput("utterances_invalid", f"{len(texts)} texts with {len(labels)} labels")
    digest = hashlib.sha256("\0".join(f"{label}\t{text}" for text, label in zip(texts, labels, strict=True)).encode())
    items = tuple(Utterance(text, label, "en") for text, label in zip(texts, labels, strict=True))
    return Utterances(items, digest.hexdigest())


def _items(content: object, name: str) -> list[Utterance]:
    if not isinstance(content, dict):
        raise BadInput("utterances_invalid", f"{name}: intents with their languages are expected")
    items = []
    for intent, languages in content.items():
        if not isinstance(languages, dict) or not set(languages) <= set(LANGUAGES):
            raise BadInput("utterances_invalid", f"{name}: {intent} has other keys than {', '.join(LANGUAGES)}")
        for language, texts in languages.items():
            if not isinstance(texts, list) or not all(
                isinstance(text, str) and 0 < len(text) <= MAX_UTTERANCE_CHARS for text in texts
            ):
                raise BadInput("utterances_invalid", f"{name}: {intent}.{language} is not a list of short texts")
            items += [Utterance(text, str(intent), language) for text in texts]
    return items
