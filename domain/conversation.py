"""What a turn passes around: commands understood, replies to be said, things asked for."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.frames import Card, Option, QuickReply

Language = Literal["en", "hi"]
Flag = Literal["injection", "abuse", "distress", "secret", "unknown_language"]
Reader = Literal["parser", "classifier", "model"]


class Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Start(Value):
    command: Literal["start"] = "start"
    flow: str


class SetSlot(Value):
    command: Literal["set"] = "set"
    slot: str
    value: str | int | bool


class Correct(Value):
    command: Literal["correct"] = "correct"
    slot: str
    value: str | int | bool


class Affirm(Value):
    command: Literal["affirm"] = "affirm"


class Deny(Value):
    command: Literal["deny"] = "deny"


class Cancel(Value):
    command: Literal["cancel"] = "cancel"


class Clarify(Value):
    command: Literal["clarify"] = "clarify"
    options: tuple[str, ...]


class AskHuman(Value):
    command: Literal["ask_human"] = "ask_human"


class AskKnowledge(Value):
    command: Literal["ask_knowledge"] = "ask_knowledge"
    question: str


class Repeat(Value):
    command: Literal["repeat"] = "repeat"


class Chitchat(Value):
    command: Literal["chitchat"] = "chitchat"
    kind: Literal["greeting", "thanks", "goodbye", "who_are_you", "other"] = "other"


class CannotHandle(Value):
    command: Literal["cannot_handle"] = "cannot_handle"
    reason: str = ""


Command = Annotated[
    Start | SetSlot | Correct | Affirm | Deny | Cancel | Clarify | AskHuman | AskKnowledge | Repeat | Chitchat | CannotHandle,
    Field(discriminator="command"),
]


class Understanding(Value):
    """A message, read. Slots are parsed values with their own words; `reader` names who was sure enough."""

    commands: tuple[Command, ...]
    intent: str
    confidence: float = Field(ge=0, le=1)
    reader: Reader
    slots: dict[str, str | int | bool] = Field(default_factory=dict)
    language: Language = "en"
    flags: tuple[Flag, ...] = ()


class Say(Value):
    """One thing to say: a template of the flow's replies file with plain facts to fill it, and what must or must not be in the wording.

    `facts` hold already formatted strings (amounts, dates, names, references): the wording may contain no other.
    `must` lists the fact names that have to appear whatever the phrasing. `phrase=False` keeps the template word for word.
    """

    template: str
    facts: dict[str, str] = Field(default_factory=dict)
    must: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    quick_replies: tuple[QuickReply, ...] = ()
    phrase: bool = True


class Ask(Value):
    """What a flow waits for. Exactly one may be open per flow instance.

    kind `text`: any message answers it (slots are matched); the others open a request frame.
    `slot` is where the answer goes. `purpose`: otp | security_answer for secrets.
    """

    kind: Literal["text", "choice", "secret", "confirm", "file"]
    slot: str
    prompt: Say
    options: tuple[Option, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    proposal: str | None = None
    digest: str | None = None
    purpose: str | None = None
    challenge: str | None = None
    seconds: int = 600


class Answer(Value):
    """What came back to a wait. Secrets never come as text: only the result of the check at the bank does."""

    kind: Literal["text", "choice", "secret", "confirm", "file", "expired", "cancelled"]
    value: str | bool | None = None
    #: for kind `secret`: ok | wrong | locked | expired | unavailable
    result: str | None = None
    tries_left: int | None = None
    #: for kind `confirm`: the request that was answered and the digest it showed
    request: str | None = None
    digest: str | None = None
    #: for kind `text`: how the words were meant, beside the slots parsed out of them
    meant: Literal["affirm", "deny", "correct", "repeat", "other"] = "other"
    slots: dict[str, Any] = Field(default_factory=dict)
