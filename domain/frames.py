"""Frames of the web chat socket. The AsyncAPI document is made from these models, and every frame sent is one of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

MAX_TEXT = 4000
MAX_FRAME_BYTES = 64 * 1024
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]


class Frame(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Auth(Frame):
    """First frame of a signed-in customer, and again to renew. `resume` claims an anonymous conversation.

    An anonymous customer who comes back sends an empty token with the resume secret; one who starts anew may open with `ping`.
    """

    type: Literal["auth"]
    token: str = Field(max_length=8192)
    resume: str | None = Field(default=None, max_length=128)


class MessageIn(Frame):
    type: Literal["message"]
    id: Id
    text: str


class ChoiceIn(Frame):
    type: Literal["choice"]
    id: Id
    request: Id
    value: str = Field(max_length=128)


class SecretIn(Frame):
    """OTP or answer to a security question; lives in memory only."""

    type: Literal["secret"]
    id: Id
    request: Id
    value: str = Field(max_length=128, repr=False)


class ConfirmIn(Frame):
    type: Literal["confirm"]
    id: Id
    request: Id
    digest: str = Field(max_length=128)
    value: bool


class FileIn(Frame):
    type: Literal["file"]
    id: Id
    request: Id
    handle: Id


class Typing(Frame):
    type: Literal["typing"]


class Rate(Frame):
    type: Literal["rate"]
    stars: int = Field(ge=1, le=5)
    text: str = Field(default="", max_length=MAX_TEXT)


class Ping(Frame):
    type: Literal["ping"]


ClientFrame = Annotated[
    Auth | MessageIn | ChoiceIn | SecretIn | ConfirmIn | FileIn | Typing | Rate | Ping, Field(discriminator="type")
]
client_frames: TypeAdapter[Any] = TypeAdapter(ClientFrame)


class CustomerView(Frame):
    id: str
    name: str
    language: str


class Ready(Frame):
    """`resume` is the secret that resumes an anonymous conversation; given once, when it is created.

    `at` is the service's business time: a client's countdowns to `expires_at` run from it, since a phone's clock may be wrong.
    """

    type: Literal["ready"] = "ready"
    conversation: str
    seq: int
    customer: CustomerView | None
    resume: str | None = None
    at: datetime | None = None


class Ack(Frame):
    type: Literal["ack"] = "ack"
    id: str
    seq: int


class Thinking(Frame):
    type: Literal["thinking"] = "thinking"
    stage: str


class Delta(Frame):
    """Whole sentences that passed the grounding check; `message` replaces them."""

    type: Literal["delta"] = "delta"
    turn: str
    text: str


class Author(Frame):
    kind: Literal["customer", "assistant", "agent", "system"]
    name: str


class QuickReply(Frame):
    title: str
    text: str


class Card(Frame):
    """Something shown beside the text: `rows` are label and value, already rendered in the customer's language."""

    kind: Literal["balance", "transaction", "transactions", "case", "notice"]
    title: str
    rows: tuple[tuple[str, str], ...] = ()
    note: str = ""


class Option(Frame):
    value: str
    title: str
    detail: str = ""


class MessageOut(Frame):
    """Something said, by whom. `answers` lists the seqs of the customer's inputs that this reply answers."""

    type: Literal["message"] = "message"
    seq: int
    turn: str | None = None
    id: str | None = None
    author: Author
    text: str
    cards: tuple[Card, ...] = ()
    quick_replies: tuple[QuickReply, ...] = ()
    answers: tuple[int, ...] = ()
    at: datetime


class RequestOut(Frame):
    """Something the customer is asked for in a way of its own: buttons, a secure field, a yes to a digest, a file."""

    type: Literal["request"] = "request"
    seq: int
    turn: str | None = None
    id: str
    kind: Literal["choice", "secret", "confirm", "file"]
    prompt: str
    options: tuple[Option, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    digest: str | None = None
    purpose: str | None = None
    expires_at: datetime


class RequestClosed(Frame):
    """An open request that no longer takes an answer: answered, expired, or overtaken."""

    type: Literal["request_closed"] = "request_closed"
    seq: int
    id: str
    reason: Literal["answered", "expired", "cancelled"]


class Status(Frame):
    type: Literal["status"] = "status"
    seq: int
    state: Literal["assistant", "queued", "agent", "closed"]
    position: int | None = None
    agent: str | None = None


class ErrorOut(Frame):
    type: Literal["error"] = "error"
    code: str
    message: str
    retry_after: float | None = None
    id: str | None = None


class Pong(Frame):
    type: Literal["pong"] = "pong"


ServerFrame = Annotated[
    Ready | Ack | Thinking | Delta | MessageOut | RequestOut | RequestClosed | Status | ErrorOut | Pong,
    Field(discriminator="type"),
]
server_frames: TypeAdapter[Any] = TypeAdapter(ServerFrame)
