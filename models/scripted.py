"""The chat model's twin: answers from a queue and remembers what it was asked. The model-free suite and the model-free mode use it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from domain.errors import BadInput, TellergateError, Unavailable
from models.port import Completion, Finish, ModelIdentity, OnText, Prompt, Timings

IDENTITY = ModelIdentity("scripted", "0" * 64)
MAX_PROMPT_CHARS = 6000


@dataclass(frozen=True, slots=True)
class Slow:
    """An answer that takes `seconds`."""

    text: str
    seconds: float


Answer = str | Slow | TellergateError


@dataclass(frozen=True, slots=True)
class Asked:
    """One call as it came in."""

    prompt: Prompt
    grammar: str | None
    max_tokens: int
    deadline_s: float


class ScriptedChatModel:
    """Gives its answers in order, word by word; with none left it is `model_unavailable`, as a machine without a model is."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self.asked: list[Asked] = []
        self._answers: deque[Answer] = deque(answers)

    def enqueue(self, *answers: Answer) -> None:
        self._answers.extend(answers)

    async def complete(
        self,
        prompt: Prompt,
        *,
        grammar: str | None = None,
        max_tokens: int = 128,
        deadline_s: float,
        on_text: OnText | None = None,
    ) -> Completion:
        """See ChatModel. A word counts as a token; a queued error is raised."""
        self.asked.append(Asked(prompt, grammar, max_tokens, deadline_s))
        parts = [prompt.system, prompt.user, *(text for shot in prompt.shots for text in (shot.user, shot.assistant))]
        if sum(map(len, parts)) > MAX_PROMPT_CHARS:
            raise BadInput("prompt_too_long")
        if grammar is not None and not (grammar.startswith("root ::=") and grammar.count("[") == grammar.count("]")):
            raise BadInput("grammar_invalid")
        if not self._answers:
            raise Unavailable("model_unavailable", "no answer is scripted")
        answer = self._answers.popleft()
        if isinstance(answer, TellergateError):
            raise answer
        if isinstance(answer, Slow):
            await self._spend(answer.seconds, deadline_s)
            answer = answer.text
        return _spoken(answer, max_tokens, on_text)

    async def chat_identity(self) -> ModelIdentity:
        return IDENTITY

    @staticmethod
    async def _spend(seconds: float, deadline_s: float) -> None:
        await asyncio.sleep(min(seconds, deadline_s))
        if seconds > deadline_s:
            raise Unavailable("model_timeout")


def _spoken(text: str, max_tokens: int, on_text: OnText | None) -> Completion:
    words = text.split(" ")
    finish: Finish = "length" if len(words) > max_tokens else "stop"
    pieces = [word if index == 0 else f" {word}" for index, word in enumerate(words[:max_tokens])]
    for piece in pieces:
        if on_text is not None:
            on_text(piece)
    return Completion("".join(pieces), len(pieces), finish, Timings(), IDENTITY)
