"""The third reader: a language model held to a grammar of the few intents that are in question.

It never adds a reading of its own. Where it agrees with the classifier the reading stands; where it does not, the customer is asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from agents.prompt_files import grammar, prompt_file
from domain.ports import ReadingContext
from models.port import ChatModel

MAX_TOKENS = 8
#: What the model sees of a message; the wish of a longer one was said by then.
MAX_SHOWN = 300
NONE = "other"
#: Answers that need something to answer; and what can be meant only while something is on.
_TO_A_QUESTION = frozenset({"affirm", "deny"})
_WITHIN = frozenset({"cancel"})


def possible_here(intents: Sequence[str], context: ReadingContext) -> tuple[str, ...]:
    """Those of `intents` that a customer can mean at this step: no yes where nothing was asked, no cancelling of nothing."""
    impossible: set[str] = set()
    if context.expecting is None:
        impossible |= _TO_A_QUESTION
        if context.flow is None:
            impossible |= _WITHIN
    return tuple(intent for intent in intents if intent not in impossible)


def reading_grammar(intents: Sequence[str]) -> str:
    """The grammar that lets the model answer one of `intents`, or `other`."""
    return grammar("read", *(intent.replace("_", "-") for intent in dict.fromkeys((*intents, NONE))))


async def pick_intent(model: ChatModel, text: str, intents: Sequence[str], deadline_s: float) -> str:
    """One of `intents`, or `other`. Raises Unavailable when the model does not answer in time."""
    listed = ", ".join(dict.fromkeys((*intents, NONE)))
    shown = " ".join(text[:MAX_SHOWN].split())
    done = await model.complete(
        prompt_file("read").ask(f"Words: {listed}. Message: {shown}"),
        grammar=reading_grammar(intents),
        max_tokens=MAX_TOKENS,
        deadline_s=deadline_s,
    )
    answer = done.text.strip()
    return answer if answer in intents else NONE
