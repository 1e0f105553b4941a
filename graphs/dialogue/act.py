"""The turn's middle: plan for one input, take the steps, take up again what was set aside."""

from __future__ import annotations

from langgraph.runtime import Runtime

from agents.handover import handover_summary
from domain.conversation import Answer
from graphs import planning
from graphs.flows import FLOWS
from graphs.planning import Plan, active_flow
from graphs.state import ConversationView, FlowInstance, Handover, TurnInput, TurnPorts
from graphs.turn_state import TurnState, Update, after_step, parked, with_flow

#: Steps that one turn takes at most; a plan that never ends is ours to mend, not the customer's to wait for.
MAX_STEPS = 64
#: Replies that promise something, so that a person who takes over knows of them.
PROMISES = frozenset({"dispute.registered", "dispute.credited", "dispute.card_blocked", "dispute.being_checked"})


async def decide(state: TurnState, runtime: Runtime[TurnPorts]) -> Update:
    """Plan for the next input; with none left, see to what lies beneath. Branches: `run`, `read`, `reply`."""
    if state["steps"] >= MAX_STEPS:
        runtime.context.stage("cut")
        return {"plan": [], "inputs": [], "branch": "reply"}
    if state["plan"]:
        return {"branch": "run"}
    view, inputs = state["view"], state["inputs"]
    if not inputs:
        rest = Plan() if state["handover"] else planning.plan_rest(view, runtime.context.now())
        if rest.steps:
            return {"plan": list(rest.steps), "branch": "run"}
        return {"branch": "reply"}
    runtime.context.stage("decide")
    item = inputs[0]
    if item.kind == "message" and state["reading"] is None:
        return {"branch": "read"}
    plan = _plan(state, item, runtime.context)
    if plan.unclear and state["unclear"]:
        plan = Plan()  # said once; several unclear messages of one turn count as one
    update: Update = {"inputs": inputs[1:], "reading": None, "plan": list(plan.steps)}
    if item.kind == "message":
        update["last_words"] = item.text
    return update | _clearness(state, plan, item) | {"branch": "run" if plan.steps else "read" if inputs[1:] else "reply"}


def _plan(state: TurnState, item: TurnInput, ports: TurnPorts) -> Plan:
    view, reading = state["view"], state["reading"]
    if state["unclear"]:
        view = view.model_copy(update={"unclear": view.unclear - 1})
    if state["handover"] or view.state != "assistant":
        return Plan(_while_with_a_person(view, item)) if not state["handover"] else Plan()
    if item.kind == "message" and reading is not None:
        return planning.plan_message(view, item, reading)
    return planning.plan_answer(view, item, ports.now())


def _while_with_a_person(view: ConversationView, item: TurnInput) -> tuple[planning.Step, ...]:
    """A person owns the conversation: the assistant is silent, but for saying that a message in the queue was added."""
    words = {"queued": "conversation.still_queued", "closed": "conversation.closed"}.get(view.state)
    return (planning.speak(words),) if words and item.kind == "message" else ()


def _clearness(state: TurnState, plan: Plan, item: TurnInput) -> Update:
    """Count unclear messages, once a turn; anything understood starts the count again."""
    view = state["view"]
    if plan.unclear:
        return {"unclear": True, "view": view.model_copy(update={"unclear": view.unclear + 1})}
    understood = bool(plan.steps) and not plan.unclear and item.kind != "event"
    return {"view": view.model_copy(update={"unclear": 0})} if understood and view.unclear else {}


async def run_flow(state: TurnState, runtime: Runtime[TurnPorts]) -> Update:
    """Take the next step of the plan. Branches: `more` while there are any, else `decide`."""
    runtime.context.stage("run_flow")
    step, *rest = state["plan"]
    update = await _take(state, step, runtime.context)
    if update.get("handover"):
        rest, update = [], update | await _to_person(state, update, runtime.context)
    steps = state["steps"] + 1
    return update | {"plan": rest, "steps": steps, "branch": "more" if rest and steps < MAX_STEPS else "decide"}


async def _take(state: TurnState, step: planning.Step, ports: TurnPorts) -> Update:
    view = state["view"]
    match step:
        case planning.Speak(say):
            return {"says": [say]}
        case planning.AskAgain(instance):
            return _ask_again(view, view.flows[instance])
        case planning.ToPerson():
            return _hand_over(view, step)
        case planning.StartFlow(flow, slots):
            fresh = _instance(flow, ports, {})
            return after_step(parked(view), await ports.flows.start(fresh, slots, view.language))
        case planning.QueueFlow(flow, slots):
            queued = _instance(flow, ports, slots).model_copy(update={"status": "parked"})
            return {"view": with_flow(view, queued, on_top=False)}
        case planning.BeginQueued(instance):
            return after_step(view, await ports.flows.start(view.flows[instance], {}, view.language))
        case planning.ResumeFlow(instance, answer, closes):
            return await _resume(view, view.flows[instance], answer, closes, ports)


async def _resume(
    view: ConversationView, instance: FlowInstance, answer: Answer, closes: planning.Reason, ports: TurnPorts
) -> Update:
    """Give a flow its answer; it comes on top, and the request that was open for it is closed."""
    top = active_flow(view)
    aside = parked(view) if top is not None and top.id != instance.id and answer.kind not in {"expired", "cancelled"} else view
    closed = {instance.ask_request: closes} if instance.ask_request else {}
    step = await ports.flows.resume(instance, answer, view.language)
    return after_step(aside, step) | {"closed": closed}


def _ask_again(view: ConversationView, instance: FlowInstance) -> Update:
    aside = parked(view) if not view.stack or view.stack[-1] != instance.id else view
    awake = instance.model_copy(update={"status": "waiting"})
    return {"view": with_flow(aside, awake, on_top=True), "show": instance.id, "spoke_of": awake}


def _instance(flow: str, ports: TurnPorts, slots: dict[str, object]) -> FlowInstance:
    spec = FLOWS[flow]
    return FlowInstance(id=ports.new_id("flw"), flow=flow, schema_version=spec.schema_version, status="waiting", slots=slots)


def _hand_over(view: ConversationView, step: planning.ToPerson) -> Update:
    active = active_flow(view)
    claim = active.slots.get("claim", {}) if active else {}
    summary = {str(name): str(value) for name, value in claim.items()}
    return {"says": [step.say], "handover": Handover(reason=step.reason, team=step.team, summary=summary)}


async def _to_person(state: TurnState, update: Update, ports: TurnPorts) -> Update:
    """A person takes over: what was open is closed, so that nothing of it comes back when the conversation returns."""
    view: ConversationView = update.get("view", state["view"])
    closed: dict[str, planning.Reason] = {}
    flows = dict(view.flows)
    for name in view.stack:
        instance = flows[name]
        if instance.ask_request:
            closed[instance.ask_request] = "cancelled"
        await ports.flows.drop(instance)
        over = {"status": "cancelled", "ask": None, "ask_request": None, "ask_expires_at": None, "outcome": "handed_over"}
        flows[name] = instance.model_copy(update=over)
    over_to = {"flows": flows, "stack": [], "state": "queued", "unclear": 0}
    return {
        "view": view.model_copy(update=over_to),
        "closed": {**update.get("closed", {}), **closed},
        "show": None,
        "handover": _summed_up(state, update),
    }


def _summed_up(state: TurnState, update: Update) -> Handover:
    """The hand-over with everything a person needs, from facts alone."""
    handover: Handover = update["handover"]
    about: FlowInstance | None = update.get("spoke_of") or state["spoke_of"] or active_flow(state["view"])
    said = [say.template for say in [*state["says"], *update.get("says", [])]]
    summary = handover_summary(
        reason=handover.reason,
        flow=about.flow if about else None,
        known=handover.summary,
        promised=[template for template in said if template in PROMISES],
        open_question=about.ask.prompt.template if about and about.ask else None,
        last_message=state["last_words"],
    )
    return handover.model_copy(update={"summary": summary})
