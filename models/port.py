"""The ports of this room: a chat model that phrases, an encoder that gives vectors. Each has a twin in `scripted` and `lexical`.

Both raise Unavailable with one of three codes, and the caller goes on without them:

    model_unavailable   nobody answers, or the process died with the call in flight
    model_timeout       the time budget of the call is over
    model_busy          the queue is full
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: n rows of unit length; cosine similarity is a dot product.
Vectors: TypeAlias = NDArray[np.float32]

Finish = Literal["stop", "length"]
OnText = Callable[[str], None]

EMBED_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Shot:
    """One worked example of a few-shot prompt."""

    user: str
    assistant: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked. `system` and `shots` belong to a prompt version and stay the same from call to call, so that their
    work can be kept; `user` is this call's own part. All three are plain text: control tokens inside them are only characters.
    """

    system: str
    user: str
    shots: tuple[Shot, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which file answered: its name, and the SHA-256 of its bytes in hexadecimal (empty for an endpoint that does not say)."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Timings:
    """Where the time of one completion went, in seconds, and how many prompt tokens were kept from an earlier call."""

    queue_s: float = 0.0
    prefill_s: float = 0.0
    decode_s: float = 0.0
    prompt_tokens: int = 0
    reused_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer. `tokens` counts the generated ones; finish `length` means that `max_tokens` cut it."""

    text: str
    tokens: int
    finish: Finish
    timings: Timings
    model: ModelIdentity


class ChatModel(Protocol):
    """Completes prompts greedily: the same prompt in the same company gives the same text."""

    async def complete(
        self,
        prompt: Prompt,
        *,
        grammar: str | None = None,
        max_tokens: int = 128,
        deadline_s: float,
        on_text: OnText | None = None,
    ) -> Completion:
        """Complete within `deadline_s` seconds; `on_text` gets pieces as they come; `grammar` is GBNF with a rule `root`.

        Raises Unavailable (see above), and BadInput `prompt_too_long` or `grammar_invalid`. Cancelling the call stops the work.
        """
        ...

    async def chat_identity(self) -> ModelIdentity: ...


class Encoder(Protocol):
    """Turns texts into unit vectors, float32 of shape (len(texts), dimensions): 384 for an encoder alone, 768 for the default
    one with its adapter: the published vector and the adapted one, each shortened to length 1/√2."""

    async def embed(self, texts: Sequence[str], *, deadline_s: float = EMBED_SECONDS) -> Vectors:
        """Raises Unavailable. A text beyond the encoder's window is cut there."""
        ...

    async def encoder_identity(self) -> ModelIdentity: ...
