"""A chat service of a few lines that speaks the real frames: for trying the widget by hand and for its browser tests.

Run it alone with `python -m tests.support.fake_chat 8099`, then open /demo-bank/. Knobs on `FakeChat` make it misbehave.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from pydantic import ValidationError

from domain.frames import MAX_TEXT, Ack, Author, CustomerView, ErrorOut, MessageOut, Pong, Ready, client_frames
from tests.support.fake_conversation import Conversation, on_the_wire
from tests.support.fake_script import RIGHT_CODE, Script
from web import PAGE_HEADERS, STATIC

CUSTOMERS = {
    "C001": {"id": "C001", "name": "Asha Demo", "about": "Savings account with a hotel hold", "language": "en"},
    "C002": {"id": "C002", "name": "Ravi Demo", "about": "A card payment he did not make", "language": "en"},
    "C003": {"id": "C003", "name": "मीरा Demo", "about": "Writes in Hindi", "language": "hi"},
}


def token_for(customer: str, seconds: int = 900, issued: datetime | None = None) -> str:
    """Shaped like a signed token; nothing here checks a signature."""
    at = int((issued or datetime.now(UTC)).timestamp())
    body = json.dumps({"sub": customer, "iat": at, "exp": at + seconds}).encode()
    return f"e30.{base64.urlsafe_b64encode(body).decode().rstrip('=')}.sig"


def subject_of(token: str) -> str:
    body = token.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["sub"])


@dataclass
class FakeChat:
    """State and knobs. `received` holds every frame of every socket in order of arrival."""

    clock_ahead: timedelta = timedelta(days=3)
    request_seconds: int = 300
    token_seconds: int = 900
    refuse_tokens: int = 0
    too_fast_times: int = 0
    #: frames refused until the customer signs in again on the open socket
    session_expired: bool = False
    #: how many acks are lost although the frame was taken
    lose_acks: int = 0
    received: list[dict[str, Any]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    scripts: dict[str, Script] = field(default_factory=dict)
    sockets: set[WebSocket] = field(default_factory=set)
    phone: list[dict[str, Any]] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop | None = None

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_ahead

    def sent(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.received if frame["type"] == kind]

    def latest(self) -> Script:
        return list(self.scripts.values())[-1]

    def do(self, step: Callable[[], Any]) -> None:
        """Runs a step inside the service's own loop, from a test's thread, and waits for it."""
        assert self.loop is not None

        async def run() -> None:
            outcome = step()
            if isinstance(outcome, Awaitable):
                await outcome

        asyncio.run_coroutine_threadsafe(run(), self.loop).result(5)

    def drop(self, code: int = 1012) -> None:
        """Closes every socket, as a restart does."""

        async def close() -> None:
            for socket in list(self.sockets):
                await socket.close(code)

        self.do(close)

    def open(self, wanted: str | None, customer: str | None, resume: str | None) -> Conversation | None:
        """The conversation asked for, a new one, or None where it belongs to somebody else."""
        if wanted is None:
            number = len(self.conversations) + 1
            talk = Conversation(id=f"cv-{number}", resume=None if customer else f"resume-{number}", customer=customer)
            self.conversations[talk.id] = talk
            self.scripts[talk.id] = Script(talk, self.now, self.request_seconds, on_code=self.send_code)
            return talk
        talk = self.conversations.get(wanted)  # type: ignore[assignment]
        if talk is None or (talk.customer != customer and (talk.resume is None or talk.resume != resume)):
            return None
        talk.customer = talk.customer or customer
        return talk

    def send_code(self) -> None:
        text = f"{RIGHT_CODE} is your Sandbox Bank code to see your balance. It is valid for 5 minutes. Never share it."
        self.phone.append({"at": self.now().isoformat(), "channel": "sms", "template": "otp", "text": text})


def create_app(fake: FakeChat) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.middleware("http")
    async def headers(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers.update(PAGE_HEADERS)
        return response

    @app.get("/")
    async def home() -> RedirectResponse:
        return RedirectResponse("/demo-bank/")

    @app.get("/demo/customers")
    async def customers() -> dict[str, list[dict[str, str]]]:
        return {"customers": list(CUSTOMERS.values())}

    @app.post("/demo/token")
    async def token(wanted: dict[str, Any]) -> dict[str, str]:
        return {"token": token_for(wanted["customer"], fake.token_seconds)}

    @app.get("/demo/phone/{customer}")
    async def phone(customer: str) -> dict[str, Any]:
        return {"messages": fake.phone}

    @app.websocket("/ws/chat")
    async def chat(socket: WebSocket) -> None:
        fake.loop = asyncio.get_running_loop()
        fake.addresses.append(str(socket.url))
        await socket.accept()
        fake.sockets.add(socket)
        try:
            await Line(fake, socket).run()
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            fake.sockets.discard(socket)

    app.mount("/static", StaticFiles(directory=STATIC))
    app.mount("/demo-bank", StaticFiles(directory=STATIC / "demo", html=True))
    return app


class Line:
    """One socket: who is on it, and what each of their frames does."""

    def __init__(self, fake: FakeChat, socket: WebSocket) -> None:
        self.fake, self.socket = fake, socket
        self.queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.talk: Conversation | None = None
        self.delivered: set[str] = set()

    async def run(self) -> None:
        writer = asyncio.create_task(self.write())
        try:
            while True:
                await self.read(json.loads(await self.socket.receive_text()))
        finally:
            writer.cancel()
            if self.talk:
                self.talk.listeners.remove(self.queue.put_nowait)

    async def write(self) -> None:
        while True:
            frame = await self.queue.get()
            await self.socket.send_text(json.dumps(frame))
            if frame["type"] == "request":
                self.delivered.add(frame["id"])

    def send(self, frame: Any) -> None:
        self.queue.put_nowait(on_the_wire(frame))

    async def read(self, raw: dict[str, Any]) -> None:
        self.fake.received.append(raw)
        try:
            client_frames.validate_python(raw)
        except ValidationError:
            self.send(ErrorOut(code="frame_malformed", message="unreadable", id=raw.get("id")))
            return
        if raw["type"] == "auth" or self.talk is None:
            await self.begin(raw)
        if raw["type"] == "ping":
            self.send(Pong())
        elif "id" in raw:
            self.take(raw)

    async def begin(self, raw: dict[str, Any]) -> None:
        token = raw.get("token", "")
        if token and self.fake.refuse_tokens > 0:
            self.fake.refuse_tokens -= 1
            self.send(ErrorOut(code="token_expired", message="expired"))
            await asyncio.sleep(0)
            await self.socket.close(4401)
            raise WebSocketDisconnect(4401)
        customer = subject_of(token) if token else None
        query = self.socket.query_params
        wanted = self.talk.id if self.talk else query.get("conversation")
        self.fake.session_expired = False
        talk = self.fake.open(wanted, customer, raw.get("resume"))
        if talk is None:
            self.send(ErrorOut(code="conversation_not_found", message="not found"))
            return
        known = CUSTOMERS.get(customer or "")
        view = CustomerView(id=known["id"], name=known["name"], language=known["language"]) if known else None
        resume = talk.resume if not talk.record and customer is None else None
        self.send(Ready(conversation=talk.id, seq=talk.seq, customer=view, resume=resume, at=self.fake.now()))
        if self.talk is None:
            for frame in talk.missed(int(query.get("after", 0))):
                self.send(frame)
            talk.listeners.append(self.queue.put_nowait)
        self.talk = talk

    def take(self, raw: dict[str, Any]) -> None:
        """Keeps what the customer sent, once for each id, and lets the script answer."""
        assert self.talk is not None
        if self.fake.too_fast_times > 0:
            self.fake.too_fast_times -= 1
            self.send(ErrorOut(code="too_fast", message="slower", retry_after=1, id=raw["id"]))
            return
        if self.fake.session_expired:
            self.send(ErrorOut(code="session_expired", message="expired", id=raw["id"]))
            return
        if raw["id"] in self.talk.taken:
            self.send(Ack(id=raw["id"], seq=self.talk.taken[raw["id"]]))
            return
        if raw["type"] == "message" and len(raw["text"]) > MAX_TEXT:
            self.send(ErrorOut(code="message_too_long", message="too long", id=raw["id"]))
            return
        request = self.talk.request(raw["request"]) if "request" in raw else None
        if "request" in raw and request is None:
            self.send(ErrorOut(code="request_closed", message="closed", id=raw["id"]))
            return
        if raw["type"] == "confirm" and raw["request"] not in self.delivered:
            self.send(ErrorOut(code="request_not_delivered", message="not delivered", id=raw["id"]))
            return
        seq = self.talk.next()
        self.talk.taken[raw["id"]] = seq
        if raw["type"] == "message":
            text = re.sub(r"\d(?=(?:[ -]?\d){4})", "•", raw["text"]) if re.search(r"(\d[ -]?){12}", raw["text"]) else raw["text"]
            author = Author(kind="customer", name="You")
            self.talk.keep(MessageOut(seq=seq, id=raw["id"], author=author, text=text, at=self.fake.now()))
        if self.fake.lose_acks > 0:
            self.fake.lose_acks -= 1
        else:
            self.send(Ack(id=raw["id"], seq=seq))
        script = self.fake.scripts[self.talk.id]
        if request is not None:
            script.answer(raw, request)
        else:
            script.message(raw["text"])


if __name__ == "__main__":
    uvicorn.run(create_app(FakeChat()), host="127.0.0.1", port=int(sys.argv[1] if len(sys.argv) > 1 else 8099))
