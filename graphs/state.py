"""What goes into a turn, what a flow keeps between waits, and what comes out. Plain JSON values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol, TypedDict

from pydantic import BaseModel, ConfigDict, Field

from domain.conversation import Answer, Ask, Language, Say, Understanding
from domain.ports import BankReads, Gate, Identity, Records, ReplyComposer, Understander

FlowStatus = Literal["waiting", "parked", "done", "cancelled", "expired", "failed"]
OwnerState = Literal["assistant", "queued", "agent", "closed"]


class Plain(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FlowInstance(Plain):
    """One started flow of a conversation. Its LangGraph thread id is `id`; `schema_version` guards resumes after a deploy.

    `ask` is what it waits for, `ask_request` the open request's id where the wait shows a request frame; `milestone` is the
    last node that may be restarted from with the slots kept.
    """

    id: str
    flow: str
    schema_version: int
    status: FlowStatus
    slots: dict[str, Any] = Field(default_factory=dict)
    ask: Ask | None = None
    ask_request: str | None = None
    ask_expires_at: datetime | None = None
    milestone: str | None = None
    outcome: str | None = None
    #: the counters behind proposal ids; kept so that a flow restarted after an update never reuses one
    visits: dict[str, int] = Field(default_factory=dict)


class TurnInput(Plain):
    """One thing the customer sent (already masked), or an event of the bank that speaks by itself."""

    seq: int
    kind: Literal["message", "choice", "secret", "confirm", "file", "event"]
    text: str = ""
    request: str | None = None
    #: option chosen, True/False for confirm, file handle, or event name
    value: str | bool | None = None
    digest: str | None = None
    #: result of a secret's check at the bank; the secret itself is never here
    answer: Answer | None = None
    flags: tuple[str, ...] = ()


class ConversationView(Plain):
    """The conversation as a turn sees it, and as it leaves it."""

    tenant: str
    id: str
    customer: str | None
    name: str | None = None
    language: Language = "en"
    zone: str = "Asia/Kolkata"
    #: flow instances by id; `stack` lists live ones, the active one last
    flows: dict[str, FlowInstance] = Field(default_factory=dict)
    stack: list[str] = Field(default_factory=list)
    state: OwnerState = "assistant"
    introduced: bool = False
    unclear: int = 0
    last_text: str = ""
    #: flows that have offered their related service already: once in a conversation
    offered: list[str] = Field(default_factory=list)


class Handover(Plain):
    """A person takes over: why, and what they need to know. Stored with the turn; the queue shows it."""

    reason: str
    team: str
    summary: dict[str, str] = Field(default_factory=dict)


class RequestSpec(Plain):
    """A request frame to open at the end of this turn, for the flow instance that waits."""

    id: str
    flow_instance: str
    ask: Ask
    prompt: str
    expires_at: datetime


class TurnResult(Plain):
    """What a turn did, for the runtime to store and send in one commit."""

    conversation: ConversationView
    text: str = ""
    says: list[Say] = Field(default_factory=list)
    request: RequestSpec | None = None
    closed_requests: dict[str, Literal["answered", "expired", "cancelled"]] = Field(default_factory=dict)
    handover: Handover | None = None
    understanding: Understanding | None = None
    persona: str = "general"
    phrased_by: Literal["model", "template"] = "template"
    phrasing: dict[str, Any] = Field(default_factory=dict, description="why phrasing was not used, model digest, tokens")
    error: str | None = None


@dataclass(frozen=True, slots=True)
class FlowPorts:
    """What nodes of a flow may reach, bound to this customer and this turn."""

    bank: BankReads
    identity: Identity
    gate: Gate
    records: Records
    now: Callable[[], datetime]
    zone: str
    language: Language
    customer: str | None
    customer_name: str | None
    conversation: str
    flow_instance: str
    level: Callable[[], int]


class FlowRunner(Protocol):
    """Starts and resumes flow graphs on their own threads; every call ends waiting or finished."""

    async def start(self, instance: FlowInstance, slots: dict[str, Any], language: Language) -> FlowStep: ...
    async def resume(self, instance: FlowInstance, answer: Answer, language: Language) -> FlowStep: ...
    async def drop(self, instance: FlowInstance) -> None: ...


@dataclass(frozen=True, slots=True)
class FlowStep:
    """What one run of a flow said and where it stands."""

    instance: FlowInstance
    says: tuple[Say, ...] = ()
    handover: Handover | None = None


def _merged(old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any]:
    return {**(old or {}), **(new or {})}


def _said(old: list[dict[str, Any]] | None, new: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return [] if new is None else [*(old or []), *new]


class FlowState(TypedDict, total=False):
    """State of a flow graph, plain JSON, kept by our saver between waits. Nodes return only what changes.

    `slots` is what survives a restart after an update, `facts` what this run read and worked out; both merge by key, so that
    nodes running side by side can write. `say` collects what this run has said; a node that comes back from a wait clears it
    with None. `branch` is the name of the branch that the last deciding node took. `visits` counts how often a node that
    proposes has run to completion, so that each proposal has an id of its own and a node that runs again meets the same one.
    """

    schema_version: int
    slots: Annotated[dict[str, Any], _merged]
    facts: Annotated[dict[str, Any], _merged]
    say: Annotated[list[dict[str, Any]] | None, _said]
    ask: dict[str, Any] | None
    answer: dict[str, Any] | None
    branch: str
    visits: Annotated[dict[str, int], _merged]
    milestone: str | None
    outcome: str | None
    handover: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class TurnPorts:
    """What the conversation graph may reach in one turn."""

    understander: Understander
    composer: ReplyComposer
    flows: FlowRunner
    now: Callable[[], datetime]
    new_id: Callable[[str], str]
    stage: Callable[[str], None]
    on_sentence: Callable[[str], None] | None
    deadline_s: float
