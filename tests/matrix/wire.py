"""The network between a server process and the bank, as a test has it: it remembers, loses, delays and alters what goes over it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import httpx
import jwt

from persistence.database import Database
from tests.support.gate_house import Crash
from tools.embedded import EmbeddedTransport

Fate = Literal[
    "lose_request",  # it never arrives, and the caller hears nothing
    "hold_request",  # the caller hears nothing; it arrives when `deliver` is called
    "lose_answer",  # the bank acts, its answer is lost
    "impatient",  # the caller gives up after a moment, the bank goes on
    "die_before",  # the caller's process dies before it sends
    "die_after",  # the bank acts, the caller's process dies before it hears
]
PATIENCE_S = 0.02


@dataclass(slots=True)
class Sent:
    """One call that needs an approval, as it went out. `answered`: the HTTP status, None where the caller heard nothing usable."""

    n: int
    key: str
    claims: dict[str, Any]
    body: dict[str, Any]
    answered: int | None = None
    code: str = ""

    @property
    def effect(self) -> str:
        return str(self.claims["effect"])

    @property
    def refused(self) -> bool:
        """A definite no: nothing happened."""
        return self.answered is not None and 300 <= self.answered < 500 and self.code != "idempotency_in_progress"


@dataclass(slots=True)
class Asked:
    """One question about an operation, and the bank's word: its state and its time in microseconds (None: no answer)."""

    n: int
    key: str
    state: str | None = None
    bank_now: int = 0


class Journal:
    """Everything that went over all wires of a scene, in order."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.asked: list[Asked] = []

    def next(self) -> int:
        return len(self.sent) + len(self.asked) + 1


class Wire(EmbeddedTransport):
    """`fates` are used up one by one by calls that carry an approval; `alter` changes what is heard in reply to those and to questions."""

    def __init__(self, app: Any, journal: Journal, micros: Callable[[str], int], bank: Database) -> None:
        super().__init__(app, close_after_s=2.0)
        self._bank = bank
        #: how the bank dies in its next approved call (before, inside or after its commit), and whether the caller does too
        self.bank_dies: tuple[str, bool] | None = None
        #: called when the bank has acted, before its answer is heard
        self.after: Callable[[], None] | None = None
        self.journal = journal
        self.fates: list[Fate] = []
        self.alter: Callable[[dict[str, Any]], dict[str, Any]] | None = None
        self.mute = False
        self.altered = 0
        self._micros = micros
        self._held: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.mute:
            raise httpx.ConnectError("the bank is mute", request=request)
        if "x-approval-token" in request.headers:
            return await self._write(request)
        if "/operations/" in request.url.path:
            return await self._question(request)
        return await super().handle_async_request(request)

    async def deliver(self) -> None:
        """What was held back arrives now; nobody waits for the answers."""
        while self._held:
            await super().handle_async_request(self._held.pop())

    async def _write(self, request: httpx.Request) -> httpx.Response:
        fate = self.fates.pop(0) if self.fates else None
        if fate == "die_before":
            raise Crash
        claims = jwt.decode(request.headers["x-approval-token"], options={"verify_signature": False})
        sent = Sent(self.journal.next(), request.headers.get("idempotency-key", ""), claims, json.loads(request.content))
        self.journal.sent.append(sent)
        if fate == "lose_request":
            raise httpx.ReadTimeout("lost on the way there", request=request)
        if fate == "hold_request":
            self._held.append(request)
            raise httpx.ReadTimeout("held on the way there", request=request)
        if fate == "impatient":
            return await self._impatiently(request)
        if self.bank_dies is not None:
            return await self._dying_bank(request, *self.bank_dies)
        response = await super().handle_async_request(request)
        if self.after is not None:
            self.after()
            self.after = None
        if fate == "lose_answer":
            raise httpx.ReadTimeout("lost on the way back", request=request)
        if fate == "die_after":
            raise Crash
        response = self._altered(response, lambda body: body)
        sent.answered = response.status_code if response.status_code < 500 else None
        with suppress(ValueError, AttributeError):
            sent.code = response.json().get("code", "")
        return response

    async def _dying_bank(self, request: httpx.Request, when: str, both: bool) -> httpx.Response:
        """The bank's process ends around the commit of this call: what is committed stays, and nobody hears of it."""
        self.bank_dies, original = None, self._bank.write

        async def last(job: Callable[[Any], Any]) -> Any:
            if when == "before":
                raise Crash
            if when == "inside":
                return await original(lambda connection: _half_done(job, connection))
            await original(job)
            raise Crash

        self._bank.write = last  # type: ignore[method-assign]
        try:
            await super().handle_async_request(request)
        except Crash:
            if both:
                raise
            raise httpx.RemoteProtocolError("the bank is gone", request=request) from None
        finally:
            self._bank.write = original  # type: ignore[method-assign]
        raise AssertionError("the bank was to die and did not")

    async def _impatiently(self, request: httpx.Request) -> httpx.Response:
        going_on = asyncio.ensure_future(super().handle_async_request(request))
        going_on.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait([going_on], timeout=PATIENCE_S)
        raise httpx.ReadTimeout("the caller gave up", request=request)

    async def _question(self, request: httpx.Request) -> httpx.Response:
        asked = Asked(self.journal.next(), request.url.path.rsplit("/", 1)[-1])
        self.journal.asked.append(asked)
        response = await super().handle_async_request(request)
        if response.status_code == 200:
            body = response.json()
            asked.state, asked.bank_now = body["state"], self._micros(body["now"])
            response = self._altered(response, lambda whole: whole.get("result") or {})
        return response

    def _altered(self, response: httpx.Response, part: Callable[[dict[str, Any]], dict[str, Any]]) -> httpx.Response:
        """The same answer with another content, where a test wants the bank to say something else."""
        if self.alter is None or response.status_code >= 300:
            return response
        body = response.json()
        receipt = part(body)
        if receipt:
            changed = self.alter(dict(receipt))
            self.altered += changed != receipt
            receipt.clear()
            receipt.update(changed)
        return httpx.Response(response.status_code, json=body, request=response.request)


def _half_done(job: Callable[[Any], Any], connection: Any) -> Any:
    job(connection)
    raise Crash
