"""How a prompt becomes tokens' text. Templates inside GGUF files are code of others and are never run; these are ours.

Markup and content are kept apart: only markup is read as control tokens, so a customer who types `<|im_end|>` types nine characters.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.config import ChatFormat
from models.port import Prompt


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the prompt; `markup` may be read as control tokens, the rest never."""

    text: str
    markup: bool


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt in two parts: `prefix` is the same for every call with this system text and these shots, `rest` is not."""

    prefix: tuple[Segment, ...]
    rest: tuple[Segment, ...]


def _chatml(role: str) -> tuple[Segment, ...]:
    return Segment("<|im_start|>", True), Segment(f"{role}\n", False)


def _llama3(role: str) -> tuple[Segment, ...]:
    return Segment("<|start_header_id|>", True), Segment(role, False), Segment("<|end_header_id|>", True), Segment("\n\n", False)


_HEAD = {"chatml": _chatml, "llama3": _llama3}
_END: dict[ChatFormat, tuple[Segment, ...]] = {
    "chatml": (Segment("<|im_end|>", True), Segment("\n", False)),
    "llama3": (Segment("<|eot_id|>", True),),
}
_START: dict[ChatFormat, tuple[Segment, ...]] = {"chatml": (), "llama3": (Segment("<|begin_of_text|>", True),)}

#: The control tokens that a model must know for a format; a file without them is refused when it is loaded.
CONTROL_TOKENS: dict[ChatFormat, tuple[str, ...]] = {
    "chatml": ("<|im_start|>", "<|im_end|>"),
    "llama3": ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
}


def render(prompt: Prompt, chat_format: ChatFormat) -> Rendered:
    """Lay a prompt out as system, worked examples, the user's turn and the opened answer."""
    head, end = _HEAD[chat_format], _END[chat_format]
    told = [("system", prompt.system)]
    for shot in prompt.shots:
        told += [("user", shot.user), ("assistant", shot.assistant)]
    prefix = list(_START[chat_format])
    for role, content in told:
        prefix += [*head(role), Segment(content, False), *end]
    return Rendered((*prefix, *head("user")), (Segment(prompt.user, False), *end, *head("assistant")))
