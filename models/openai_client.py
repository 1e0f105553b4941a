"""A ChatModel behind an OpenAI-compatible endpoint, as llama-server and vLLM offer it: for a fleet that shares a larger model."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from domain.errors import BadInput, TellergateError, Unavailable
from models.port import Completion, Finish, ModelIdentity, OnText, Prompt, Timings

#: An answer longer than this many characters a token is not an answer.
CHARS_PER_TOKEN = 32
TOO_LONG = ("context_length_exceeded", "exceed_context_size", "context length", "context size", "too long")
DATA = "data:"
DONE = "[DONE]"


@dataclass(slots=True)
class _Answer:
    """What has come of one stream so far."""

    text: str = ""
    chunks: int = 0
    usage: dict[str, Any] = field(default_factory=dict)
    finish: Finish = "stop"
    first_at: float | None = None


class OpenAIChatModel:
    """Speaks `POST {base}/chat/completions` with streaming, temperature 0.

    `http` carries base address, credentials and limits; `grammar_field` is what the server calls a GBNF grammar:
    `grammar` at llama-server, `guided_grammar` at vLLM.
    """

    def __init__(
        self, http: httpx.AsyncClient, model: str, *, grammar_field: Literal["grammar", "guided_grammar"] = "grammar"
    ) -> None:
        self._http, self._grammar_field = http, grammar_field
        self._identity = ModelIdentity(model, "")

    async def complete(
        self,
        prompt: Prompt,
        *,
        grammar: str | None = None,
        max_tokens: int = 128,
        deadline_s: float,
        on_text: OnText | None = None,
    ) -> Completion:
        """See ChatModel. A server's 429 is `model_busy`; what is not an answer is `model_unavailable`."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        answer = _Answer()
        try:
            async with asyncio.timeout(deadline_s):
                async for event in self._events(self._body(prompt, grammar, max_tokens), grammar is not None):
                    self._take(event, answer, on_text, max_tokens)
                    if answer.first_at is None and answer.text:
                        answer.first_at = loop.time()
        except (TimeoutError, httpx.TimeoutException) as error:
            raise Unavailable("model_timeout") from error
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unavailable("model_unavailable", "the endpoint does not answer as it should") from error
        ended = loop.time()
        first = answer.first_at if answer.first_at is not None else ended
        timings = Timings(0.0, first - began, ended - first, int(answer.usage.get("prompt_tokens", 0)), 0)
        tokens = int(answer.usage.get("completion_tokens", answer.chunks))
        return Completion(answer.text, tokens, answer.finish, timings, self._identity)

    async def chat_identity(self) -> ModelIdentity:
        return self._identity

    def _body(self, prompt: Prompt, grammar: str | None, max_tokens: int) -> dict[str, Any]:
        messages = [{"role": "system", "content": prompt.system}]
        for shot in prompt.shots:
            messages += [{"role": "user", "content": shot.user}, {"role": "assistant", "content": shot.assistant}]
        messages.append({"role": "user", "content": prompt.user})
        body = {
            "model": self._identity.name,
            "messages": messages,
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        return body if grammar is None else body | {self._grammar_field: grammar}

    async def _events(self, body: dict[str, Any], with_grammar: bool) -> AsyncIterator[dict[str, Any]]:
        async with self._http.stream("POST", "chat/completions", json=body) as response:
            if response.status_code != httpx.codes.OK:
                raise _refusal(response.status_code, (await response.aread()).decode("utf-8", "replace"), with_grammar)
            async for line in response.aiter_lines():
                if line.startswith(DATA) and (data := line.removeprefix(DATA).strip()) != DONE:
                    yield json.loads(data)

    def _take(self, event: dict[str, Any], answer: _Answer, on_text: OnText | None, max_tokens: int) -> None:
        if event.get("usage"):
            answer.usage = event["usage"]
        for choice in event.get("choices", [])[:1]:
            if piece := (choice.get("delta") or {}).get("content"):
                answer.text += piece
                answer.chunks += 1
                if len(answer.text) > max_tokens * CHARS_PER_TOKEN:
                    raise Unavailable("model_unavailable", "the endpoint says more than it was asked for")
                if on_text is not None:
                    on_text(piece)
            if choice.get("finish_reason"):
                answer.finish = "length" if choice["finish_reason"] == "length" else "stop"


def _refusal(status: int, body: str, with_grammar: bool) -> TellergateError:
    """What a status other than 200 means. The body may quote the prompt, so it goes nowhere."""
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return Unavailable("model_busy")
    if status == httpx.codes.BAD_REQUEST:
        if any(mark in body.casefold() for mark in TOO_LONG):
            return BadInput("prompt_too_long")
        if with_grammar:
            return BadInput("grammar_invalid")
    return Unavailable("model_unavailable", f"the endpoint answers {status}")
