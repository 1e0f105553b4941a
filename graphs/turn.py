"""The one door into the graphs: a turn's inputs and the conversation in, what to store and send out."""

from __future__ import annotations

from functools import cache
from typing import Any

import structlog
from langchain_core.runnables import RunnableConfig
from langgraph.graph.state import CompiledStateGraph

from domain.conversation import Say
from graphs.conversation import build_conversation
from graphs.dialogue.reply import put
from graphs.drawing import code_of
from graphs.planning import active_flow
from graphs.state import ConversationView, TurnInput, TurnPorts, TurnResult
from graphs.turn_state import TurnState

log = structlog.get_logger(__name__)
#: Inputs that one turn takes together, and the steps of its graph: bounds, not expectations.
MAX_INPUTS = 32
MAX_NODES = 400
TECHNICAL = Say(template="conversation.technical_problem", phrase=False)
#: Said when not even the replies can be read.
LAST_WORDS = {
    "en": "Sorry, something is not working on our side just now. Your message is kept; please try again in a moment.",
    "hi": "माफ़ कीजिए, अभी हमारी ओर कुछ काम नहीं कर रहा है। आपका संदेश सुरक्षित है; थोड़ी देर में फिर कोशिश करें।",
}


@cache
def _graph() -> CompiledStateGraph[TurnState, TurnPorts, TurnState, TurnState]:
    return build_conversation().compile(name="conversation")


async def run_turn(view: ConversationView, inputs: list[TurnInput], ports: TurnPorts) -> TurnResult:
    """Run one turn to its end. Never raises for what a customer sent.

    A fault of ours gives a result with `error` (a stable code) and an apology; the conversation stays as it was before the turn,
    with its open question put again, so that it can go on.
    """
    begun: TurnState = {
        "view": view,
        "inputs": inputs[:MAX_INPUTS],
        "reading": None,
        "understood": None,
        "plan": [],
        "steps": 0,
        "says": [],
        "closed": {},
        "show": None,
        "spoke_of": None,
        "unclear": False,
        "last_words": "",
        "handover": None,
        "request": None,
        "spoken": [],
        "composed": None,
        "persona": "general",
    }
    config: RunnableConfig = {"recursion_limit": MAX_NODES}
    try:
        ended: dict[str, Any] = await _graph().ainvoke(begun, config, context=ports)
    except Exception as error:  # noqa: BLE001 whatever breaks here is our fault, and the customer is owed an answer
        log.error("turn_failed", conversation=view.id, code=code_of(error), kind=type(error).__name__)
        return _apology(view, ports, code_of(error))
    composed = ended["composed"]
    return TurnResult(
        conversation=ended["view"],
        text=composed.text if composed else "",
        says=ended["spoken"],
        request=ended["request"],
        closed_requests=ended["closed"],
        handover=ended["handover"],
        understanding=ended["understood"],
        persona=ended["persona"],
        phrased_by=composed.phrased_by if composed else "template",
        phrasing=composed.detail if composed else {},
    )


def _apology(view: ConversationView, ports: TurnPorts, code: str) -> TurnResult:
    result = TurnResult(conversation=view, text=LAST_WORDS[view.language], error=code)
    try:
        active = active_flow(view)
        again = put(view, active, ports) if active is not None else {}
        text = ports.composer.render(TECHNICAL, view.language)
    except Exception as error:  # noqa: BLE001 the replies themselves may be what is broken
        log.error("apology_failed", conversation=view.id, code=code_of(error))
        return result
    return result.model_copy(
        update={
            "conversation": again.get("view", view),
            "text": text,
            "says": [TECHNICAL],
            "request": again.get("request"),
            "closed_requests": again.get("closed", {}),
        }
    )
