"""Text that others wrote — payee names, memos, narrations — made safe to show as their words.

It is normalised, short, without addresses or long numbers, and shown in quotes. It supports no statement of ours and enters no
prompt: the grounding check treats what stands between “ and ” as somebody else's words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from agents.screen import screen

Source = Literal["payee", "memo", "merchant", "narration", "file", "ticket"]
MAX_SHOWN = 40
MAX_READ = 2000
_ADDRESS = re.compile(
    r"(?:https?|ftp|upi)://\S{0,300}|(?:tel|mailto):\S{0,300}|www\.\S{1,300}|[\w.+-]{1,64}@[\w.-]{1,64}|@\w{1,60}"
    r"|\b[\w-]{1,60}\.(?:com|in|net|org|io|co|info|biz|xyz|app|me|ly|link|top|site|online|club|ru|cn)\b(?:/\S{0,300})?",
    re.IGNORECASE,
)
_LONG_DIGITS = re.compile(r"\d(?:[\d\s-]{3,40})\d")
#: What is left of separators when the parts between them are gone.
_EMPTY_PARTS = re.compile(r"\s*[/-](?:\s*[/-])+\s*")
_ALLOWED = frozenset(" &.'-/,()+")


@dataclass(frozen=True, slots=True)
class Quoted:
    """Somebody else's words. Only `shown()` and `clean()` may leave; the raw text is for storage and staff records."""

    source: Source
    raw: str

    def __str__(self) -> str:
        return self.shown()

    def clean(self) -> str:
        """The readable rest, at most 40 characters, or "" when nothing harmless is left."""
        text = unicodedata.normalize("NFKC", self.raw[:MAX_READ])
        if self.suspicious():
            return ""
        text = _LONG_DIGITS.sub(" ", _ADDRESS.sub(" ", text))
        text = _EMPTY_PARTS.sub("/", text)
        text = "".join(char if _shown(char) else " " for char in text)
        text = " ".join(text.split()).strip("-/,.+&' ")
        if len(text) > MAX_SHOWN:
            text = (text[:MAX_SHOWN].rsplit(" ", 1)[0] or text[:MAX_SHOWN]).rstrip("-/,.+&' ") + "…"
        return text if any(char.isalpha() for char in text) else ""

    def suspicious(self) -> bool:
        """Whether the words speak to the system: then none of them is shown, and staff are told."""
        return "injection" in screen(self.raw[:MAX_READ], of_others=True)

    def shown(self) -> str:
        """The words in quotes, as in “MegaMart”; "" when there is nothing to show, so that amount and date must do."""
        text = self.clean()
        return f"“{text}”" if text else ""


def _shown(char: str) -> bool:
    return char in _ALLOWED or char.isalnum() or unicodedata.category(char) in {"Mn", "Mc"}
