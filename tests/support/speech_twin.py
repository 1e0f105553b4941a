"""Reading by keywords and wording by template ids: what the service does with messages, without what a model makes of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from domain.conversation import (
    Affirm,
    AskHuman,
    Cancel,
    CannotHandle,
    Chitchat,
    Deny,
    Language,
    Repeat,
    Say,
    Start,
    Understanding,
)
from domain.ports import Composed, ReadingContext


class KeywordReader:
    """Reads a message by its words. `seen` keeps what was read; `hold` makes a turn wait, `broken` makes it raise."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.be_quick()

    def be_quick(self) -> None:
        """Forget every order."""
        self.hold: asyncio.Event | None = None
        self.broken: Exception | None = None

    async def understand(self, text: str, context: ReadingContext) -> Understanding:
        self.seen.append(text)
        if self.hold is not None:
            await self.hold.wait()
        if self.broken is not None:
            raise self.broken
        words = text.lower()
        slots: dict[str, str | int | bool] = {}
        command: Any = CannotHandle()
        intent = "other"
        for keys, found, name in _KEYWORDS:
            if any(key in words for key in keys):
                command, intent = found, name
                break
        if intent == "dispute":
            slots["dispute_type"] = "unauthorised"
            if "5000" in words:
                yesterday = (context.now - timedelta(days=1)).date().isoformat()
                slots |= {"amount_minor": 500_000, "merchant": "MegaMart", "date": yesterday}
        return Understanding(commands=(command,), intent=intent, confidence=0.9, reader="parser", slots=slots)


_KEYWORDS: tuple[tuple[tuple[str, ...], Any, str], ...] = (
    (("balance",), Start(flow="balance"), "balance"),
    (("did not", "didn't", "dispute"), Start(flow="dispute"), "dispute"),
    (("hello",), Chitchat(kind="greeting"), "greeting"),
    (("thank",), Chitchat(kind="thanks"), "thanks"),
    (("person",), AskHuman(), "human"),
    (("cancel",), Cancel(), "cancel"),
    (("repeat",), Repeat(), "repeat"),
    (("yes",), Affirm(), "affirm"),
    (("no",), Deny(), "deny"),
)


class TemplateIdComposer:
    """Says the ids of the templates, with their facts: what was said is asserted without asserting the words."""

    def render(self, say: Say, language: Language) -> str:
        return " ".join([f"[{say.template}]", *(f"{name}={value}" for name, value in say.facts.items())])

    async def compose(
        self, says: list[Say], *, language: Language, persona: str, budget_s: float, on_sentence: Any = None
    ) -> Composed:
        return Composed("\n".join(self.render(say, language) for say in says), "template", {})


class SpeechTwin:
    """Stands for `runtime.speech.Speech`."""

    phrases = False

    def __init__(self) -> None:
        self.understander = KeywordReader()
        self.composer = TemplateIdComposer()

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def readiness(self) -> dict[str, Any]:
        return {"ready": True}

    def versions(self) -> dict[str, Any]:
        return {}
