"""Door and turns on a database of their own, with twins for the bank and for reading: what is accepted, driven and stored."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from structlog.testing import capture_logs

from domain.conversation import Answer, Ask, Say
from domain.errors import Unauthenticated
from domain.frames import CustomerView, MessageIn, SecretIn
from domain.tokens import SESSION_SECONDS
from graphs.state import ConversationView, RequestSpec, TurnPorts
from persistence.database import Database
from runtime import requests
from runtime.bootstrap import _mask
from runtime.door import Checked, Door
from runtime.hub import Hub
from runtime.sessions import AuthSession, Factor
from runtime.storage import conversations, gate_tables, record  # noqa: F401 - registers the tables
from runtime.storage.metadata import metadata
from runtime.storage.record import Work
from runtime.turns import TurnRunner, TurnScope
from tests.support.keys import bound
from tests.support.speech_twin import KeywordReader, TemplateIdComposer

T = "demo"
START = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
LEASE_US = 5_000_000


class HandClock:
    """Business and system time, both moved by hand."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Numbered:
    """Ids in the order in which they are asked for."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def new(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers)}"

    def secret(self) -> str:
        return f"secret-{next(self._numbers)}"

    def digits(self, count: int) -> str:
        return str(next(self._numbers)).zfill(count)


class Verifier:
    """A token is a customer's id, with what it proves after a colon: `C001:pwd`."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock

    def session(self, token: str, channel: str) -> AuthSession:
        customer, _, amr = token.partition(":")
        if not customer:
            raise Unauthenticated("token_malformed")
        now = self._clock.now()
        factors = tuple(Factor(kind, now) for kind in amr.split(",") if kind)
        return AuthSession(T, "ses_token", customer, channel, "D1", token, factors, now + timedelta(seconds=SESSION_SECONDS))


OTP = Ask(kind="secret", slot="code", prompt=Say(template="t"), purpose="otp", challenge="ch_1")


@dataclass
class TurnHouse:
    """Everything between a socket and the graphs. `breaks` is raised by the next turns, one each."""

    database: Database
    owner: str = "srv_1"
    lease_us: int = LEASE_US
    clock: HandClock = field(default_factory=HandClock)
    reader: KeywordReader = field(default_factory=KeywordReader)
    breaks: list[Exception] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    #: Works that the door handed over; they are driven only where `driven` is set.
    works: list[Work] = field(default_factory=list)
    driven: bool = True

    def __post_init__(self) -> None:
        self.database.write_now(metadata.create_all)
        self.hub, self.ids, self.result = Hub(), Numbered(), "ok"
        self.runner = TurnRunner(
            tenant=T, database=self.database, clock=self.clock, system=self.clock, hub=self.hub, ports=self._ports, owner=self.owner,
            lease_us=self.lease_us, versions=dict,
        )  # fmt: skip
        self.door = Door(
            tenant=T, database=self.database, clock=self.clock, ids=self.ids, hub=self.hub, verifier=Verifier(self.clock),  # type: ignore[arg-type]
            mask=_mask, verify_secret=self._verify, profile=self._profile, wake=self._wake, owner=self.owner, lease_us=self.lease_us,
            raw_key=b"key", bank_name=lambda: "Demo",
        )  # fmt: skip

    def other_process(self) -> TurnHouse:
        """A second server on the same database."""
        return TurnHouse(self.database, owner="srv_2", lease_us=self.lease_us, clock=self.clock, reader=self.reader)

    def conversation(self, name: str = "cnv", customer: str | None = None) -> str:
        view = ConversationView(tenant=T, id=name, customer=customer)
        self.database.write_now(lambda connection: conversations.create(connection, T, view, "web", None, 1))
        return name

    async def say(self, text: str, *, id: str = "m1", conversation: str = "cnv", session: AuthSession | None = None) -> int:
        return await self.door.message(conversation, session, MessageIn(type="message", id=id, text=text))

    async def prove(self, session: AuthSession, value: str, *, id: str = "s1", request: str = "req_1") -> int:
        """Type a secret into its field."""
        return await self.door.secret("cnv", session, SecretIn(type="secret", id=id, request=request, value=value))

    async def settled(self) -> None:
        """Until no turn runs."""
        while self.runner._tasks:
            await asyncio.wait(tuple(self.runner._tasks))

    def ask(self, ask: Ask, *, request: str = "req_1", conversation: str = "cnv", seconds: int = 300) -> None:
        """Open a request as a turn would."""
        expires = self.clock.now() + timedelta(seconds=seconds)
        spec = RequestSpec(id=request, flow_instance="flw", ask=ask, prompt="?", expires_at=expires)
        self.database.write_now(lambda connection: requests.save_request(connection, T, conversation, spec))

    def frames(self, conversation: str = "cnv") -> list[dict[str, Any]]:
        return self.database.read_now(lambda connection: record.replay(connection, T, conversation, 0))

    def said(self, conversation: str = "cnv") -> list[str]:
        """What the assistant said."""
        return [f["text"] for f in self.frames(conversation) if f["type"] == "message" and f["author"]["kind"] == "assistant"]

    def rows(self, statement: str, **values: Any) -> list[Any]:
        return self.database.read_now(lambda connection: [tuple(row) for row in connection.execute(sa.text(statement), values)])

    def _wake(self, work: Work) -> None:
        self.works.append(work)
        if self.driven:
            self.runner.wake(work)

    def _ports(self, scope: TurnScope) -> TurnPorts:
        if self.breaks:
            raise self.breaks.pop(0)
        return TurnPorts(
            understander=self.reader, composer=TemplateIdComposer(), flows=None, now=self.clock.now, new_id=scope.new_id,  # type: ignore[arg-type]
            stage=scope.stage, on_sentence=None, deadline_s=1.0,
        )  # fmt: skip

    async def _verify(self, session: AuthSession, conversation: str, ask: Ask, value: str) -> Checked:
        self.checked.append(value)
        return Checked(Answer(kind="secret", result=self.result), "assertion")

    async def _profile(self, session: AuthSession) -> CustomerView:
        return CustomerView(id=session.customer, name=f"Name of {session.customer}", language="en")


@asynccontextmanager
async def open_house(url: str, *, driven: bool = True, customer: str | None = None) -> AsyncIterator[TurnHouse]:
    """A house with conversation `cnv`; turns run only where `driven`."""
    house = TurnHouse(Database(url, bound=bound()), driven=driven)
    house.conversation(customer=customer)
    with capture_logs():
        yield house
        await house.runner.drain()
    house.database.close()
