"""Messages with the intent that their author meant: YAML `intent: {en: […], hi: […], hinglish: […]}`, or CSV with `text,category`.

What follows a slash in an intent's name says of which kind the messages are and is no part of the label.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from cli.reading.labelled import read_labelled
from domain.errors import BadInput

#: Of messages whose file does not say.
UNKNOWN = "any"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message and what was meant by it."""

    text: str
    intent: str
    language: str = UNKNOWN


def read_spoken(path: Path) -> tuple[Spoken, ...]:
    """All messages of a file. Raises BadInput `labelled_unreadable`, `labelled_row_invalid`, `labelled_empty`, and those of CSV files."""
    if path.suffix.casefold() == ".csv":
        rows = read_labelled(path)
        return tuple(Spoken(text, label) for text, label in zip(rows.texts, rows.labels, strict=True))
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput("labelled_unreadable", f"{path}: not a YAML file that can be read") from error
    if not content:
        raise BadInput("labelled_empty", f"{path.name} has no messages")
    return tuple(_messages(content, path.name))


def _messages(content: object, name: str) -> list[Spoken]:
    if not isinstance(content, dict):
        raise BadInput("labelled_row_invalid", f"{name}: intents with their languages are expected")
    found = []
    for intent, languages in content.items():
        if not isinstance(languages, dict):
            raise BadInput("labelled_row_invalid", f"{name}: {intent} has no languages")
        for language, texts in languages.items():
            if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
                raise BadInput("labelled_row_invalid", f"{name}: {intent}.{language} is not a list of texts")
            found += [Spoken(text, str(intent).partition("/")[0], str(language)) for text in texts]
    return found
