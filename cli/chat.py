"""`tellergate chat`: the chat socket in a terminal, for people and for trying things out."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field
from getpass import getpass
from typing import Any

import httpx
import websockets
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from websockets.asyncio.client import ClientConnection

from domain.errors import NotFound, Unavailable
from runtime.clocks import RandomIds

SHOWN_REQUESTS = ("choice", "secret", "confirm")


@dataclass(slots=True)
class Talk:
    """State of one terminal conversation: the open request, and what waits for its ack."""

    console: Console
    request: dict[str, Any] | None = None
    conversation: str | None = None
    resume: str | None = None
    seq: int = 0
    sent: set[str] = field(default_factory=set)


async def chat(address: str, customer: str | None) -> None:
    """Talk until end of input. Raises Unavailable `server_unreachable` or NotFound for an unknown demo customer."""
    token = await demo_token(address, customer) if customer else None
    talk = Talk(Console())
    url = address.replace("http", "ws", 1).rstrip("/") + "/ws/chat"
    try:
        async with websockets.connect(url, max_size=2**20) as socket:
            await socket.send(json.dumps({"type": "auth", "token": token} if token else {"type": "ping"}))
            talk.console.print(
                "[dim]Type your message. /quit leaves, /yes and /no answer a confirmation, a number picks an option.[/]"
            )
            reader = asyncio.create_task(_read(socket, talk))
            try:
                await _speak(socket, talk)
            finally:
                reader.cancel()
    except OSError as error:
        raise Unavailable("server_unreachable", f"no service answers at {address}") from error
    except websockets.ConnectionClosed as closed:
        talk.console.print(f"[dim]The service closed the chat ({closed.rcvd.code if closed.rcvd else 'no code'}).[/]")


async def demo_token(address: str, customer: str) -> str:
    """A demo customer's sign-in token from a running service's sandbox aids."""
    try:
        async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=10) as http:
            answer = await http.post("/demo/token", json={"customer": customer})
    except httpx.HTTPError as error:
        raise Unavailable("server_unreachable", f"no service answers at {address}") from error
    if answer.status_code != 200:
        raise NotFound("customer_unknown", f"{customer}: not a customer of the sandbox bank")
    token: str = answer.json()["token"]
    return token


async def _speak(socket: ClientConnection, talk: Talk) -> None:
    ids = RandomIds()
    while True:
        line = await asyncio.to_thread(_ask, talk)
        if line is None or line.strip() == "/quit":
            return
        if not line.strip():
            continue
        frame = _frame(talk, line.strip()) | {"id": ids.new("cli")}
        talk.sent.add(frame["id"])
        await socket.send(json.dumps(frame, ensure_ascii=False))
        await asyncio.sleep(0.8 if sys.stdin.isatty() else 2.5)


def _ask(talk: Talk) -> str | None:
    secret = talk.request is not None and talk.request["kind"] == "secret"
    try:
        if sys.stdin.isatty():
            return getpass("code: ") if secret else input("> ")
        line = sys.stdin.readline()
        return line if line else None
    except EOFError:
        return None


def _frame(talk: Talk, line: str) -> dict[str, Any]:
    """What a typed line means while a request is open; anything else is a message."""
    request = talk.request
    if request is None or request["kind"] not in SHOWN_REQUESTS:
        return {"type": "message", "text": line}
    if request["kind"] == "secret":
        return {"type": "secret", "request": request["id"], "value": line}
    if request["kind"] == "confirm" and line in ("/yes", "/no"):
        return {"type": "confirm", "request": request["id"], "digest": request["digest"], "value": line == "/yes"}
    if request["kind"] == "choice" and line.isdecimal() and 1 <= int(line) <= len(request["options"]):
        return {"type": "choice", "request": request["id"], "value": request["options"][int(line) - 1]["value"]}
    return {"type": "message", "text": line}


async def _read(socket: ClientConnection, talk: Talk) -> None:
    async for raw in socket:
        frame = json.loads(raw)
        talk.seq = max(talk.seq, frame.get("seq", 0))
        _show(talk, frame)


def _show(talk: Talk, frame: dict[str, Any]) -> None:
    match frame["type"]:
        case "ready":
            talk.conversation, talk.resume = frame["conversation"], frame.get("resume")
            who = frame["customer"]["name"] if frame["customer"] else "not signed in"
            talk.console.print(f"[dim]{frame['conversation']} · {who}[/]")
        case "message" if frame["author"]["kind"] != "customer":
            talk.console.print(Panel(frame["text"], title=frame["author"]["name"], title_align="left", border_style="cyan"))
            for card in frame["cards"]:
                talk.console.print(_table(card["title"], card["rows"]))
        case "request":
            talk.request = frame
            _show_request(talk, frame)
        case "request_closed":
            if talk.request is not None and talk.request["id"] == frame["id"]:
                talk.request = None
        case "status":
            place = f", place {frame['position']}" if frame.get("position") else ""
            talk.console.print(f"[yellow]{frame['state']}{place}[/]")
        case "error":
            talk.console.print(f"[red]{frame['message']} ({frame['code']})[/]")


def _show_request(talk: Talk, frame: dict[str, Any]) -> None:
    talk.console.print(Panel(frame["prompt"], border_style="magenta"))
    if frame["rows"]:
        talk.console.print(_table("", frame["rows"]))
    for number, option in enumerate(frame["options"], start=1):
        talk.console.print(f"  [bold]{number}[/] {option['title']}  [dim]{option['detail']}[/]")
    if frame["kind"] == "confirm":
        talk.console.print("  [bold]/yes[/] or [bold]/no[/]")


def _table(title: str, rows: list[list[str]]) -> Table:
    table = Table(title=title or None, show_header=False, title_justify="left")
    for label, value in rows:
        table.add_row(label, value)
    return table
