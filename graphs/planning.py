"""What a turn will do, decided without doing any of it: one input and the conversation in, steps out. Pure.

The dialogue stack: the flow on top speaks and waits; a wish in the middle parks it and comes first; what is finished is popped,
and what lies beneath is taken up again with its question.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from domain.conversation import (
    Affirm,
    Answer,
    AskHuman,
    Cancel,
    Chitchat,
    Clarify,
    Language,
    Repeat,
    Say,
    Start,
    Understanding,
)
from domain.frames import QuickReply
from graphs.claims import claim_from
from graphs.expectations import answer_to, awaited_words, meaning, slots_of
from graphs.flows import FLOWS
from graphs.state import ConversationView, FlowInstance, TurnInput

Reason = Literal["answered", "expired", "cancelled"]
#: Unclear turns after which a person takes over.
MAX_UNCLEAR = 2
#: Wishes of one message that are served one after the other.
MAX_WISHES = 3
#: Flows that usually end at once go first when several are wished for.
_QUICK_FIRST = {"balance": 0, "block_card": 0}
REQUEST_EXPIRED = "request_expired"
WISHES: dict[Language, tuple[QuickReply, ...]] = {
    "en": (
        QuickReply(title="My balance", text="What is my account balance?"),
        QuickReply(title="A payment I did not make", text="I want to dispute a payment"),
        QuickReply(title="A person", text="I want to talk to a person"),
    ),
    "hi": (
        QuickReply(title="मेरा बैलेंस", text="मेरे खाते में कितना बैलेंस है?"),
        QuickReply(title="भुगतान जो मैंने नहीं किया", text="मुझे एक भुगतान की शिकायत करनी है"),
        QuickReply(title="किसी व्यक्ति से बात", text="मुझे किसी व्यक्ति से बात करनी है"),
    ),
}


@dataclass(frozen=True, slots=True)
class StartFlow:
    flow: str
    slots: dict[str, Any]


@dataclass(frozen=True, slots=True)
class QueueFlow:
    """A second wish: it begins when what is above it has ended."""

    flow: str
    slots: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BeginQueued:
    instance: str


@dataclass(frozen=True, slots=True)
class ResumeFlow:
    instance: str
    answer: Answer
    closes: Reason = "answered"


@dataclass(frozen=True, slots=True)
class Speak:
    say: Say


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Bring a flow back on top and put its question once more."""

    instance: str


@dataclass(frozen=True, slots=True)
class ToPerson:
    reason: str
    team: str
    say: Say


Step = StartFlow | QueueFlow | BeginQueued | ResumeFlow | Speak | AskAgain | ToPerson


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps to take for one input. `unclear`: nothing in it was understood."""

    steps: tuple[Step, ...] = ()
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The input being planned for."""

    view: ConversationView
    text: str
    reading: Understanding
    active: FlowInstance | None = field(default=None)


def speak(template: str, quick: tuple[QuickReply, ...] = (), **facts: str) -> Speak:
    return Speak(Say(template=template, facts=facts, quick_replies=quick, phrase=not facts))


def active_flow(view: ConversationView) -> FlowInstance | None:
    """The flow on top of the stack, if it waits for something."""
    top = view.flows.get(view.stack[-1]) if view.stack else None
    return top if top is not None and top.ask is not None else None


def overdue(view: ConversationView, now: datetime) -> tuple[Step, ...]:
    """Waits of the flow on top that ran out before this input came: the flow is told first."""
    top = active_flow(view)
    if top is None or top.ask_expires_at is None or now < top.ask_expires_at:
        return ()
    return (ResumeFlow(top.id, Answer(kind="expired", request=top.ask_request), "expired"),)


def plan_answer(view: ConversationView, item: TurnInput, now: datetime) -> Plan:
    """A button, a secret's result or an event: it belongs to the request it names, or to nothing any more."""
    instance = next((each for each in view.flows.values() if item.request and each.ask_request == item.request), None)
    if item.kind == "event":
        gone = instance is not None and item.value == REQUEST_EXPIRED
        answer = Answer(kind="expired", request=item.request)
        return Plan((ResumeFlow(instance.id, answer, "expired"),) if instance is not None and gone else ())
    if instance is None or instance.ask is None:
        return Plan((speak("conversation.request_closed"), *_again(active_flow(view))))
    ask = instance.ask
    if instance.ask_expires_at is not None and now >= instance.ask_expires_at and item.kind != "secret":
        return Plan((ResumeFlow(instance.id, Answer(kind="expired", request=item.request), "expired"),))
    if item.kind != ask.kind:
        return Plan((speak("conversation.request_closed"), AskAgain(instance.id)))
    if item.kind == "choice" and item.value not in {option.value for option in ask.options}:
        return Plan((speak("conversation.not_an_offered_choice"), AskAgain(instance.id)))
    if item.kind == "confirm" and (ask.digest is None or item.digest != ask.digest):
        return Plan((speak("conversation.wait_reminder_confirm"), AskAgain(instance.id)))
    given = item.answer if item.kind == "secret" and item.answer else Answer(kind=ask.kind, value=item.value)
    answer = given.model_copy(update={"request": item.request, "digest": item.digest})
    return Plan((ResumeFlow(instance.id, answer),))


def plan_message(view: ConversationView, item: TurnInput, reading: Understanding) -> Plan:
    """A typed message; where a secret was taken out of it, that is said first."""
    plan = _plan_message(view, item, reading)
    warned = (speak("conversation.secret_masked"),) if "secret" in item.flags else ()
    return Plan((*warned, *plan.steps), plan.unclear)


def _plan_message(view: ConversationView, item: TurnInput, reading: Understanding) -> Plan:
    """What a message asks for, in the order in which wishes of different kinds come first."""
    asked = Asked(view, item.text, reading, active_flow(view))
    if "distress" in {*reading.flags, *item.flags}:
        return Plan((_person(asked, "vulnerable", "conversation.distress"),))
    kinds = {type(command) for command in reading.commands}
    if AskHuman in kinds:
        return Plan((_person(asked, "asked", "conversation.handover_asked"),))
    if Cancel in kinds:
        return _cancel(asked)
    wishes = _wishes(asked)
    if wishes:
        return _start(asked, wishes)
    if asked.active is not None and (answer := _answer(asked)) is not None:
        return Plan((ResumeFlow(asked.active.id, answer),))
    if Repeat in kinds:
        again = speak("conversation.repeat", text=view.last_text) if view.last_text else speak("conversation.nothing_to_repeat")
        return Plan((again, *_again(asked.active)))
    chat = next((command for command in reading.commands if isinstance(command, Chitchat)), None)
    if chat is not None and chat.kind != "other":
        return Plan((speak(f"conversation.{chat.kind}", () if asked.active else WISHES[view.language]), *_again(asked.active)))
    if asked.active is not None:
        return _while_waiting(asked)
    return _not_clear(asked)


def plan_rest(view: ConversationView, now: datetime) -> Plan:
    """After all inputs: take up what lies beneath a flow that has ended."""
    top = view.flows.get(view.stack[-1]) if view.stack else None
    if top is None or top.status != "parked":
        return Plan()
    if top.ask is None:
        return Plan((BeginQueued(top.id),))
    if top.ask_expires_at is not None and now >= top.ask_expires_at:
        return Plan((ResumeFlow(top.id, Answer(kind="expired", request=top.ask_request), "expired"),))
    return Plan((speak("conversation.resumed", topic=FLOWS[top.flow].title[view.language]), AskAgain(top.id)))


def _again(active: FlowInstance | None) -> tuple[Step, ...]:
    return (AskAgain(active.id),) if active is not None else ()


def _person(asked: Asked, reason: str, template: str) -> ToPerson:
    team = FLOWS[asked.active.flow].team if asked.active else "support"
    return ToPerson(reason, team, Say(template=template, phrase=False))


def _cancel(asked: Asked) -> Plan:
    if asked.active is None:
        return Plan((speak("conversation.nothing_to_cancel", WISHES[asked.view.language]),))
    answer = Answer(kind="cancelled", request=asked.active.ask_request)
    return Plan((ResumeFlow(asked.active.id, answer, "cancelled"),))


def _wishes(asked: Asked) -> list[str]:
    """Flows wished for besides the one that is on; a flow that is on takes its own wish as an answer."""
    named = list(dict.fromkeys(command.flow for command in asked.reading.commands if isinstance(command, Start)))
    on = asked.active.flow if asked.active else None
    return sorted((flow for flow in named if flow != on), key=lambda flow: _QUICK_FIRST.get(flow, 1))[:MAX_WISHES]


def _start(asked: Asked, wishes: list[str]) -> Plan:
    view = asked.view
    known = [flow for flow in wishes if flow in FLOWS]
    if not known:
        words = "conversation.login_problem" if "login" in wishes else "conversation.out_of_scope"
        return Plan((speak(words, WISHES[view.language]), *_again(asked.active)))
    if view.customer is None and any(FLOWS[flow].needs_customer for flow in known):
        return Plan((speak("conversation.login_needed"),))
    parked = next((each for each in view.flows.values() if each.flow == known[0] and each.id in view.stack), None)
    first: Step = AskAgain(parked.id) if parked is not None else StartFlow(known[0], _given(asked, known[0]))
    live = {view.flows[each].flow for each in view.stack}
    later = tuple(QueueFlow(flow, _given(asked, flow)) for flow in known[1:] if flow not in live)
    return Plan((*later, first))


def _given(asked: Asked, flow: str) -> dict[str, Any]:
    """What a flow begins with: the values that belong to its wish."""
    return {"claim": claim_from(slots_of(asked.reading, flow)), "words": asked.text} | _offered(asked.view, flow)


def _offered(view: ConversationView, flow: str) -> dict[str, Any]:
    return {"offered": True} if flow in view.offered else {}


def _answer(asked: Asked) -> Answer | None:
    """The typed answer to the wait on top; chat and goodbyes are none, whatever is awaited."""
    active, reading = asked.active, asked.reading
    assert active is not None and active.ask is not None
    chatting = any(isinstance(command, Chitchat) and command.kind != "other" for command in reading.commands)
    if chatting and not claim_from(slots_of(reading)):
        return None
    answer = answer_to(active.ask, reading, asked.text)
    if answer is None or (answer.meant == "repeat" and active.ask.kind != "secret"):
        return None
    return answer.model_copy(update={"request": active.ask_request})


def _while_waiting(asked: Asked) -> Plan:
    """Something else while a button or a code is awaited: what is awaited is said and shown again; twice, a person helps."""
    active = asked.active
    assert active is not None and active.ask is not None
    affirmed = any(isinstance(command, Affirm) for command in asked.reading.commands)
    harmless = affirmed or meaning(asked.reading, asked.text) in {"deny", "repeat"}
    if not harmless and asked.view.unclear + 1 >= MAX_UNCLEAR:
        return Plan((_person(asked, "not_understood", "conversation.unclear_twice_handover"),), unclear=True)
    return Plan((speak(awaited_words(active.ask)), AskAgain(active.id)), unclear=not harmless)


def _not_clear(asked: Asked) -> Plan:
    view = asked.view
    if view.unclear + 1 >= MAX_UNCLEAR:
        return Plan((_person(asked, "not_understood", "conversation.unclear_twice_handover"),), unclear=True)
    clarify = next((command for command in asked.reading.commands if isinstance(command, Clarify)), None)
    if clarify is not None:
        return Plan((speak("conversation.clarify", _options(clarify, view.language)),), unclear=True)
    words = "conversation.out_of_scope" if asked.reading.intent == "other" else "conversation.unclear_once"
    if "unknown_language" in asked.reading.flags:
        words = "conversation.unknown_language"
    return Plan((speak(words, WISHES[view.language]),), unclear=True)


def _options(clarify: Clarify, language: Language) -> tuple[QuickReply, ...]:
    """The possible wishes as quick replies; a person is always one of them."""
    by_flow = dict(zip(("balance", "dispute"), WISHES[language], strict=False))
    return (*(by_flow[option] for option in clarify.options if option in by_flow), WISHES[language][-1])
