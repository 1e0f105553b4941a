"""A chat client of its own, written from the protocol document: it knows frames and nothing of the service's code."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import httpx
import websockets
from jsonschema import Draft202012Validator
from websockets.asyncio.client import ClientConnection

ASYNCAPI = json.loads((Path(__file__).parents[2] / "docs" / "asyncapi.json").read_text(encoding="utf-8"))
RECORD = {"message", "request", "request_closed", "status"}


def _validators(operation: str) -> dict[str, Draft202012Validator]:
    """One validator a frame type, from the document's schemas."""
    schemas = ASYNCAPI["components"]["schemas"]
    found = {}
    for reference in ASYNCAPI["operations"][operation]["messages"]:
        name = reference["$ref"].rsplit("/", 1)[1]
        kind = schemas[name]["properties"]["type"]["const"]
        found[kind] = Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": ASYNCAPI["components"]})
    return found


FROM_SERVER = _validators("serverSends")
FROM_CLIENT = _validators("clientSends")


class Refused(Exception):
    """A frame of ours was answered with an error; its argument is the code."""


@dataclass
class Chat:
    """One conversation over one socket at a time. Every frame, both ways, is checked against the AsyncAPI document."""

    base: str
    customer: str | None = None
    conversation: str | None = None
    resume: str | None = None
    seq: int = 0
    frames: list[dict[str, Any]] = field(default_factory=list)
    acks: dict[str, int] = field(default_factory=dict)
    sent_frames: list[dict[str, Any]] = field(default_factory=list)
    closed_with: int | None = None
    name: str = "c"

    #: every client of this process that has a socket, for a test's clean end
    connected: ClassVar[list[Chat]] = []

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()

    async def token(self, amr: list[str] | None = None) -> str:
        async with httpx.AsyncClient(base_url=self.base, trust_env=False, verify=False) as http:
            body = {"customer": self.customer} | ({"amr": amr} if amr else {})
            answer = await http.post("/demo/token", json=body)
            answer.raise_for_status()
            return str(answer.json()["token"])

    async def connect(self, token: str | None = None) -> Chat:
        """Open the socket, sign in, and wait for `ready`."""
        query = f"?conversation={self.conversation}&after={self.seq}" if self.conversation else ""
        url = self.base.replace("http", "ws", 1) + "/ws/chat" + query
        self._socket = await websockets.connect(url, max_size=2**22, open_timeout=20)
        self.closed_with = None
        Chat.connected.append(self)
        self._reader = asyncio.create_task(self._read(self._socket))
        before = sum(frame["type"] == "ready" for frame in self.frames)
        if self.customer is not None:
            await self.send({"type": "auth", "token": token or await self.token()})
        elif self.resume is not None:
            await self.send({"type": "auth", "token": "", "resume": self.resume})
        else:
            await self.send({"type": "ping"})
        await self.until(lambda: sum(frame["type"] == "ready" for frame in self.frames) > before or self.closed_with)
        return self

    async def send(self, frame: dict[str, Any], *, check: bool = True) -> None:
        assert self._socket is not None
        if check:
            FROM_CLIENT[frame["type"]].validate(frame)
        if "id" in frame:
            self.sent_frames.append(frame)
        await self._socket.send(json.dumps(frame, ensure_ascii=False))

    async def send_raw(self, text: str | bytes) -> None:
        assert self._socket is not None
        await self._socket.send(text)

    def next_id(self) -> str:
        return f"{self.name}-{next(self._ids)}"

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for raw in socket:
                frame = json.loads(raw)
                FROM_SERVER[frame["type"]].validate(frame)
                async with self._news:
                    self._take(frame)
                    self._news.notify_all()
        except websockets.ConnectionClosed:
            pass
        finally:
            async with self._news:
                self.closed_with = socket.close_code or 1006
                self._news.notify_all()

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] in RECORD:
            assert frame["seq"] == self.seq + 1, f"seq {frame['seq']} after {self.seq}: lost, doubled or out of order"
            self.seq = frame["seq"]
        if frame["type"] == "ready":
            self.conversation = frame["conversation"]
            self.resume = frame["resume"] or self.resume
        if frame["type"] == "ack":
            self.acks[frame["id"]] = frame["seq"]
        self.frames.append(frame)

    async def until(self, condition: Any, timeout: float = 15.0) -> Any:
        """Wait until `condition()` is true; returns its value."""
        async with self._news, asyncio.timeout(timeout):
            while not (value := condition()):
                if self.closed_with == 1006:
                    raise ConnectionError("the server is gone")
                await self._news.wait()
            return value

    # ── what a customer does ──────────────────────────────────────────────────────────────────────────────────────────

    async def say(self, text: str, timeout: float = 15.0) -> dict[str, Any]:
        """Send a message and wait for the reply that answers it."""
        frame_id = self.next_id()
        await self.send({"type": "message", "id": frame_id, "text": text})
        return await self.answered(frame_id, timeout)

    async def answered(self, frame_id: str, timeout: float = 15.0) -> dict[str, Any]:
        """The reply to a frame of ours. Raises Refused when the service answers it with an error instead."""
        seq = await self.until(lambda: self.acks.get(frame_id) or self.refusal_of(frame_id), timeout)
        if isinstance(seq, str):
            raise Refused(seq)
        return await self.until(lambda: self.reply_to(seq), timeout)

    def refusal_of(self, frame_id: str) -> str | None:
        """The code with which a frame of ours was refused."""
        return next((f["code"] for f in self.frames if f["type"] == "error" and f["id"] == frame_id), None)

    def reply_to(self, seq: int) -> dict[str, Any] | None:
        return next((f for f in self.frames if f["type"] == "message" and seq in f["answers"]), None)

    def open_request(self, kind: str | None = None) -> dict[str, Any] | None:
        closed = {frame["id"] for frame in self.frames if frame["type"] == "request_closed"}
        for frame in reversed(self.frames):
            if frame["type"] == "request" and frame["id"] not in closed and kind in (None, frame["kind"]):
                return frame
        return None

    async def request(self, kind: str, timeout: float = 15.0) -> dict[str, Any]:
        return await self.until(lambda: self.open_request(kind), timeout)

    async def choose(self, wanted: str) -> dict[str, Any]:
        """Pick the option whose title, detail or value contains `wanted`."""
        request = await self.request("choice")
        option = next(o for o in request["options"] if wanted.lower() in f"{o['title']} {o['detail']} {o['value']}".lower())
        frame_id = self.next_id()
        await self.send({"type": "choice", "id": frame_id, "request": request["id"], "value": option["value"]})
        return await self.answered(frame_id)

    async def confirm(self, value: bool = True, digest: str | None = None) -> dict[str, Any]:
        request = await self.request("confirm")
        frame_id = self.next_id()
        frame = {
            "type": "confirm",
            "id": frame_id,
            "request": request["id"],
            "digest": digest or request["digest"],
            "value": value,
        }
        await self.send(frame)
        return await self.answered(frame_id)

    async def secret(self, value: str) -> dict[str, Any]:
        request = await self.request("secret")
        frame_id = self.next_id()
        await self.send({"type": "secret", "id": frame_id, "request": request["id"], "value": value})
        return await self.answered(frame_id)

    async def otp(self) -> dict[str, Any]:
        """Read the newest one-time password on the sandbox phone and type it into the secure field."""
        request = await self.request("secret")
        assert request["purpose"] == "otp", request
        return await self.secret(await self.code_on_phone())

    async def code_on_phone(self) -> str:
        async with httpx.AsyncClient(base_url=self.base, trust_env=False, verify=False) as http:
            answer = await http.get(f"/sandbox-bank/dev/phone/{self.customer}")
            answer.raise_for_status()
        codes = [
            re.search(r"\b(\d{6})\b", message["text"]) for message in answer.json()["messages"] if message["channel"] == "sms"
        ]
        return [match.group(1) for match in codes if match][-1]

    def said(self) -> str:
        """Everything the assistant said so far, cards included."""
        parts = []
        for frame in self.frames:
            if frame["type"] == "message" and frame["author"]["kind"] != "customer":
                rows = [" ".join(row) for card in frame["cards"] for row in card["rows"]]
                parts.append("\n".join([frame["text"], *rows]))
        return "\n".join(parts)

    def errors(self) -> list[str]:
        return [frame["code"] for frame in self.frames if frame["type"] == "error"]

    # ── a customer who answers whatever is asked ──────────────────────────────────────────────────────────────────────

    async def answer_open_request(self, answers: dict[str, str], prefer: tuple[str, ...]) -> dict[str, Any]:
        """Answer the open request as this customer would. `answers`: words of a security question → its answer."""
        request = await self.until(self.open_request)
        if request["kind"] == "confirm":
            return await self.confirm(True)
        if request["kind"] == "choice":
            shown = [f"{o['title']} {o['detail']} {o['value']}".lower() for o in request["options"]]
            wanted = next((word for word in prefer for text in shown if word in text), shown[0])
            return await self.choose(wanted)
        if request["purpose"] == "otp":
            return await self.otp()
        value = next(answer for words, answer in answers.items() if words in request["prompt"].lower())
        return await self.secret(value)

    async def go_through(
        self,
        first: str,
        *,
        answers: dict[str, str] | None = None,
        prefer: tuple[str, ...] = ("unauthorised",),
        steps: int = 12,
    ) -> dict[str, Any]:
        """Say something and answer what is asked until nothing is open; returns the last reply."""
        reply = await self.say(first)
        for _ in range(steps):
            if not await self.settled():
                reply = await self.answer_open_request(answers or {}, prefer)
            else:
                return reply
        raise AssertionError(f"still asking after {steps} steps: {self.open_request()}")

    async def settled(self) -> bool:
        """True when the last turn left nothing open. A request follows its message in the same commit, so a ping is enough."""
        pongs = sum(frame["type"] == "pong" for frame in self.frames)
        await self.send({"type": "ping"})
        await self.until(lambda: sum(frame["type"] == "pong" for frame in self.frames) > pongs)
        return self.open_request() is None
