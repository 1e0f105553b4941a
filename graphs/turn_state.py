"""What the conversation graph carries through one turn, and how one step of a plan changes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict

from domain.conversation import Say, Understanding
from domain.ports import Composed
from graphs.planning import Reason, Step
from graphs.state import ConversationView, FlowInstance, FlowStep, Handover, RequestSpec, TurnInput


def _joined(old: list[Say] | None, new: list[Say] | None) -> list[Say]:
    return [*(old or []), *(new or [])]


def _merged(old: dict[str, Reason] | None, new: dict[str, Reason] | None) -> dict[str, Reason]:
    return {**(old or {}), **(new or {})}


class TurnState(TypedDict, total=False):
    """One turn from START to END; never stored, so its values are plain objects.

    `inputs` are those not planned for yet, the first one current; `reading` is what was understood of it. `show` names the flow
    instance whose question has to be put (again) at the end. `unclear` is set once a turn;
    `spoken` is everything said in its final order.
    """

    view: ConversationView
    inputs: list[TurnInput]
    reading: Understanding | None
    understood: Understanding | None
    plan: list[Step]
    steps: int
    says: Annotated[list[Say], _joined]
    closed: Annotated[dict[str, Reason], _merged]
    show: str | None
    spoke_of: FlowInstance | None
    unclear: bool
    last_words: str
    handover: Handover | None
    request: RequestSpec | None
    spoken: list[Say]
    composed: Composed | None
    persona: str
    branch: Literal["read", "run", "more", "decide", "reply"]


Update = dict[str, Any]


def with_flow(view: ConversationView, instance: FlowInstance, *, on_top: bool) -> ConversationView:
    """The conversation with this instance in its new state; live ones are on the stack, ended ones only in `flows`."""
    stack = [each for each in view.stack if each != instance.id]
    if instance.status in {"waiting", "parked"}:
        stack = [*stack, instance.id] if on_top else [instance.id, *stack]
    offered = view.offered
    if instance.status == "done" and instance.slots.get("offered") and instance.flow not in offered:
        offered = [*offered, instance.flow]
    return view.model_copy(update={"flows": {**view.flows, instance.id: instance}, "stack": stack, "offered": offered})


def parked(view: ConversationView) -> ConversationView:
    """The conversation with the flow on top set aside; its question and request stay open."""
    top = view.flows.get(view.stack[-1]) if view.stack else None
    if top is None or top.status != "waiting":
        return view
    return with_flow(view, top.model_copy(update={"status": "parked"}), on_top=True)


def after_step(view: ConversationView, step: FlowStep) -> Update:
    """What a run of a flow changes: what it said, where it stands, whose question is now to be put."""
    instance = step.instance
    update: Update = {
        "view": with_flow(view, instance, on_top=True),
        "says": list(step.says),
        "show": instance.id if instance.status == "waiting" else None,
        "spoke_of": instance,
    }
    return update | ({"handover": step.handover} if step.handover else {})
