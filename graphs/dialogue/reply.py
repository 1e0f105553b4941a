"""The turn's end: put the open question, word the reply, and make sure that nothing that had to be said was lost."""

from __future__ import annotations

from datetime import timedelta

from langgraph.runtime import Runtime

from agents.supervisor import choose_persona
from domain.conversation import Say
from domain.ports import Composed
from graphs.planning import Reason
from graphs.state import ConversationView, FlowInstance, RequestSpec, TurnPorts
from graphs.turn_state import TurnState, Update

INTRODUCTION = Say(template="conversation.introduction", phrase=False)
#: Share of the turn's time budget that wording may take.
WORDING_SHARE = 0.6


async def compose(state: TurnState, runtime: Runtime[TurnPorts]) -> Update:
    """Everything said in this turn and the question that is open now, in one reply; a request where words are not the answer."""
    ports, view = runtime.context, state["view"]
    ports.stage("compose")
    asked = _asked(state)
    update = put(view, asked, ports) if asked is not None else {"view": view}
    question = [asked.ask.prompt] if asked is not None and asked.ask is not None and asked.ask.kind == "text" else []
    said = [*state["says"], *question]
    if not said:
        return update
    spoken = said if view.introduced else [INTRODUCTION, *said]
    persona = _persona(state)
    composed = await ports.composer.compose(
        spoken,
        language=view.language,
        persona=persona,
        budget_s=ports.deadline_s * WORDING_SHARE,
        on_sentence=ports.on_sentence,
    )
    known = update["view"].model_copy(update={"introduced": True, "last_text": composed.text})
    return update | {"spoken": spoken, "composed": composed, "persona": persona, "view": known}


def _asked(state: TurnState) -> FlowInstance | None:
    view, show = state["view"], state["show"]
    instance = view.flows.get(show) if show and not state["handover"] else None
    return instance if instance is not None and instance.status == "waiting" else None


def put(view: ConversationView, instance: FlowInstance, ports: TurnPorts) -> Update:
    """Open the question of a waiting flow: a request frame, or just words; an earlier request for it is closed."""
    ask = instance.ask
    assert ask is not None
    now = ports.now()
    keeps_time = ask.kind == "secret" and instance.ask_expires_at is not None  # a shown-again code lives no longer
    expires = instance.ask_expires_at if keeps_time and instance.ask_expires_at else now + timedelta(seconds=ask.seconds)
    closed: dict[str, Reason] = {instance.ask_request: "cancelled"} if instance.ask_request else {}
    request = None
    if ask.kind != "text":
        prompt = ports.composer.render(ask.prompt, view.language)
        request = RequestSpec(id=ports.new_id("req"), flow_instance=instance.id, ask=ask, prompt=prompt, expires_at=expires)
    open_now = {"ask_request": request.id if request else None, "ask_expires_at": expires}
    flows = {**view.flows, instance.id: instance.model_copy(update=open_now)}
    return {"view": view.model_copy(update={"flows": flows}), "request": request, "closed": closed}


def _persona(state: TurnState) -> str:
    about = state["spoke_of"]
    if about is None:
        return choose_persona(None)
    claim = about.slots.get("claim") or {}
    return choose_persona(about.flow, dispute_type=claim.get("dispute_type"), suspicious=bool(about.slots.get("blocked")))


async def check(state: TurnState, runtime: Runtime[TurnPorts]) -> Update:
    """The last look: a wording that lost a fact which had to be said is replaced by the templates' own words."""
    composed, view, ports = state["composed"], state["view"], runtime.context
    if composed is None:
        return {}
    owed = [say.facts[name] for say in state["spoken"] for name in say.must if name in say.facts]
    if composed.phrased_by == "template" or all(fact in composed.text for fact in owed):
        return {}
    plain = await ports.composer.compose(state["spoken"], language=view.language, persona=state["persona"], budget_s=0.0)
    lost = Composed(plain.text, "template", composed.detail | {"accepted": False, "reason": "fact_lost"})
    return {"composed": lost, "view": view.model_copy(update={"last_text": lost.text})}
