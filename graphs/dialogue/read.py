"""The turn's beginning: what ran out before the message came, and what the message says."""

from __future__ import annotations

import re

from langgraph.runtime import Runtime

from domain.conversation import CannotHandle, Language, Understanding
from domain.errors import TellergateError
from domain.ports import ReadingContext
from graphs.planning import active_flow, overdue
from graphs.state import ConversationView, TurnPorts
from graphs.turn_state import TurnState, Update

#: Share of the turn's time budget that reading may take; the rest is for flows and wording.
READING_SHARE = 0.35
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


async def receive(state: TurnState, runtime: Runtime[TurnPorts]) -> Update:
    """Begin with waits that ran out meanwhile: a flow learns of that before it is given anything else.

    A secret that was checked in time is an answer, however late its turn comes.
    """
    top = active_flow(state["view"])
    if top is not None and any(item.kind == "secret" and item.request == top.ask_request for item in state["inputs"]):
        return {"plan": []}
    return {"plan": list(overdue(state["view"], runtime.context.now()))}


async def understand(state: TurnState, runtime: Runtime[TurnPorts]) -> Update:
    """Read the current input. Buttons, secrets' results and events need no reading; a reader that fails has read nothing."""
    ports, view = runtime.context, state["view"]
    if state["plan"] or not state["inputs"] or state["inputs"][0].kind != "message":
        return {"reading": None}
    ports.stage("understand")
    text, active = state["inputs"][0].text, active_flow(view)
    context = ReadingContext(
        now=ports.now(),
        zone=view.zone,
        language=view.language,
        expecting=active.ask if active else None,
        flow=active.flow if active else None,
        deadline_s=ports.deadline_s * READING_SHARE,
    )
    try:
        reading = await ports.understander.understand(text, context)
    except TellergateError as error:
        unread = CannotHandle(reason=error.code)
        reading = Understanding(commands=(unread,), intent="other", confidence=0.0, reader="parser", language=view.language)
    return {"reading": reading, "understood": reading, "view": _speaking(view, reading, text)}


def _speaking(view: ConversationView, reading: Understanding, text: str) -> ConversationView:
    """Follow the customer's language; a bare number or a single word does not change it."""
    language: Language = view.language
    if reading.language == "hi" or len(_LATIN_WORD.findall(text)) >= 2:
        language = reading.language
    return view if language == view.language else view.model_copy(update={"language": language})
