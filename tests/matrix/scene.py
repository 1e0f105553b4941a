"""One scene: a bank of its own, a customer with an errand, the processes that serve her, and what was really said, kept by the test."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from domain.actions import Action, BlockCard, OpenDispute, ProvisionalCredit
from domain.decisions import Decision
from domain.errors import TellergateError
from domain.ports import Approval
from domain.proposals import Outcome
from policy.gate import decide
from runtime.gate import CONSENT_LIFE, BoundGate
from runtime.sessions import AuthSession, Factor, save_session
from tests.matrix import ground as g
from tests.matrix.books import Books, read_books
from tests.matrix.ground import ASHA, Ground
from tests.matrix.process import ServerProcess
from tests.matrix.wire import Journal
from tests.support.gate_house import Clock, Crash
from tools.receipts import OPERATIONS

#: States in which nothing of a proposal is under way any more.
OVER = frozenset(
    {"succeeded", "failed", "refused", "cancelled", "frozen", "awaiting_human", "awaiting_step_up", "awaiting_consent"}
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a customer really asked for or agreed to. `until`: when a yes ends; None for a wish that needs none."""

    customer: str
    arguments: dict[str, Any]
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """Something a customer wants done. `money`: it moves some."""

    action: Action
    node: str

    @property
    def money(self) -> bool:
        return self.action.effect == "MONEY"


@dataclass
class Scene:
    """`source` draws everything that may differ between two seeds; `drawn` says what it drew."""

    ground: Ground
    hazard: str
    seed: int
    source: random.Random = field(init=False)
    tenant: str = field(init=False)
    clock: Clock = field(init=False)
    journal: Journal = field(default_factory=Journal)
    processes: list[ServerProcess] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    drawn: dict[str, Any] = field(default_factory=dict)
    #: how many effects there may be in the end (lowest, highest); None: whatever the invariants allow
    promised: tuple[int, int] | None = None
    struck: bool = False
    #: proposals that may not run any more, whatever was agreed to
    closed: set[str] = field(default_factory=set)
    #: the bank stays silent to the end, so doubt may remain
    bank_mute: bool = False
    #: proposals that a person has signed for, and what staff asked for themselves
    signed: set[str] = field(default_factory=set)
    staff_wishes: list[dict[str, Any]] = field(default_factory=list)
    #: what a hazard found wrong by itself
    broken: list[str] = field(default_factory=list)
    #: keys under which the test itself called the bank, past the gate
    outsiders: set[str] = field(default_factory=set)
    _shifted: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.source = random.Random(f"{self.hazard}/{self.seed}")
        self.tenant = self.ground.tenant()
        self.world = g.world(self.source)
        self.clock = Clock(self.ground.bench.seed(self.tenant, self.world))
        self.start = self.clock.at
        self.rules = self.by_pack
        self.first = self.process()
        self.sign_in()

    # --- who serves ------------------------------------------------------------------------------------------------

    def by_pack(self, action: Action, facts: Any, now: datetime) -> Decision:
        pack = self.ground.pack
        return decide(action.arguments()["action"], facts, pack, now, pack.calendar)

    def process(self, own: str | None = None) -> ServerProcess:
        """Another process on the same record; `own`: with connections of its own, to that address."""

        def rules(action: Action, facts: Any, now: datetime) -> Decision:
            return self.rules(action, facts, now)

        made = ServerProcess(self.ground, self.tenant, self.journal, self.clock, rules, self.advance, own)
        self.processes.append(made)
        return made

    async def replace(self) -> None:
        """The dead process is gone and another stands in its place, which opens the database anew."""
        await self.first.close()
        self.processes.remove(self.first)
        self.first = self.process(self.ground.service_url)

    async def restart(self) -> None:
        """It is replaced and takes back what was under way, as a start does."""
        await self.replace()
        await self.first.clock_guard.keep(self.tenant)
        await self.first.reconciler.recover(self.tenant, self.clock.now(), alone=True)

    async def close(self) -> None:
        for each in self.processes:
            await each.close()
        self.shift_bank_wall(-self._shifted)

    def expects(self, effects: int) -> None:
        """From here on exactly so many effects come about."""
        now = self.books().effects() + effects
        self.promised = (now, now)

    # --- time ------------------------------------------------------------------------------------------------------

    async def advance(self, seconds: float) -> None:
        """Business time passes on both sides."""
        database, clock = self.ground.bench.bank.database, self.ground.bench.bank.config.clock
        step = round(seconds * 1_000_000)
        await database.write(lambda c: clock.advance(c, self.tenant, to=clock.now_in(c, self.tenant) + step))
        self.clock.advance(seconds)

    def shift_bank_wall(self, by: timedelta) -> None:
        """The machine's clock under the bank jumps; it is set back when the scene ends."""
        self._shifted += by
        self.ground.bench.clock.at += by

    async def pause(self) -> None:
        """Let others go first, or not."""
        for _ in range(self.source.randrange(4)):
            await asyncio.sleep(0)

    # --- the customer ----------------------------------------------------------------------------------------------

    def sign_in(self, session: str = "ses_1", customer: str = ASHA, *, level: int = 3, seconds: int = 7200) -> AuthSession:
        at = self.clock.now()
        kinds = {0: (), 2: ("pwd",), 3: ("pwd", "otp")}[level]
        factors = tuple(Factor(kind, at) for kind in kinds)
        signed_in = AuthSession(
            self.tenant, session, customer, "web", "D1", f"tok-{session}", factors, at + timedelta(seconds=seconds)
        )
        for each in self.processes:
            each.db.write_now(lambda connection: save_session(connection, signed_in))
        return signed_in

    def amount_of(self, payment: str) -> int:
        found = next(each for each in self.world["transactions"] if each["id"] == payment)
        return round(float(found["amount"].removeprefix("INR -")) * 100)

    def dispute_of(self, payment: str) -> Errand:
        action = OpenDispute(
            transaction=payment, dispute_type="unauthorised", amount_minor=self.amount_of(payment), currency="INR"
        )
        return Errand(action, f"dispute_{payment}")

    def block_of(self, card: str) -> Errand:
        return Errand(BlockCard(card=card, reason="suspected_fraud"), f"block_{card}")

    async def credit_of(self, payment: str, *, own_yes: bool | None = None, flow: str = "flw_1") -> Errand:
        """The credit of a payment whose dispute is registered; its yes still covers it, or has run out."""
        if own_yes is None:
            own_yes = self.source.random() < 0.5
        done = await self.run(self.dispute_of(payment), flow=flow)
        assert done.state == "succeeded", done
        if own_yes:
            await self.advance(CONSENT_LIFE.total_seconds() + 1)
        action = ProvisionalCredit(
            account="A1",
            transaction=payment,
            dispute=str((done.receipt or {})["dispute"]),
            amount_minor=self.amount_of(payment),
            currency="INR",
        )
        self.drawn["own_yes"] = own_yes
        return Errand(action, f"credit_{payment}")

    async def errand(self, *kinds: str) -> Errand:
        """One of these, drawn; money two times in three where all are possible."""
        kind = self.source.choice(kinds or ("credit", "credit", "dispute", "block"))
        self.drawn["errand"] = kind
        if kind == "block":
            return self.block_of(self.source.choice(g.CARDS))
        payment = self.source.choice(g.PAYMENTS)
        return self.dispute_of(payment) if kind == "dispute" else await self.credit_of(payment)

    async def ready(self, errand: Errand, gate: BoundGate | None = None) -> str:
        """Propose and agree; the id of a proposal that may run."""
        gate = gate or self.first.gate(ASHA)
        outcome = await self.propose(errand, gate)
        if outcome.state == "awaiting_consent":
            outcome = await self.agree(errand, outcome, gate)
        assert outcome.state == "decided", outcome
        return outcome.proposal

    async def propose(self, errand: Errand, gate: BoundGate, customer: str = ASHA) -> Outcome:
        arguments = errand.action.arguments()
        if arguments["action"] == "block_card":
            self.said.append(Said(customer, arguments, self.clock.now()))
        return await gate.propose(errand.action, node=errand.node, visit=0)

    async def agree(self, errand: Errand, outcome: Outcome, gate: BoundGate, customer: str = ASHA) -> Outcome:
        """The customer says yes to what she is shown; that is on the test's own record before it is on the service's."""
        now = self.clock.now()
        self.said.append(Said(customer, errand.action.arguments(), now, now + CONSENT_LIFE))
        request = f"req_{outcome.proposal}"
        return await gate.consent(outcome.proposal, digest=outcome.digest, request=request, value=True)

    async def run(self, errand: Errand, *, process: ServerProcess | None = None, flow: str = "flw_1", **asker: Any) -> Outcome:
        """The whole journey as a flow drives it; driven again after a crash, it goes on where it was."""
        return await self.run_as(errand, (process or self.first).gate(ASHA, flow=flow, **asker), ASHA)

    async def run_as(self, errand: Errand, gate: BoundGate, customer: str) -> Outcome:
        outcome = await self.propose(errand, gate, customer)
        if outcome.state == "awaiting_consent":
            outcome = await self.agree(errand, outcome, gate, customer)
        if outcome.state in ("decided", "never_arrived", "executing", "unknown"):
            await self.pause()
            outcome = await gate.execute(outcome.proposal)
        return outcome

    async def dies(self, errand: Errand) -> None:
        """Run it on a process that is doomed, and see it die."""
        try:
            await self.run(errand)
        except Crash:
            self.struck = True

    async def settle(self, rounds: int = 24) -> None:
        """Let time pass and reconcile until nothing is under way, as the tick does."""
        for turn in range(rounds):
            states = {row["state"] for row in self.books().proposals.values()}
            if not states & {"unknown", "executing"}:
                return
            await self.advance(min(2**turn, 60))
            try:
                await self.first.reconciler.reconcile_once(self.tenant, self.clock.now())
            except TellergateError:
                continue

    # --- past the gate ---------------------------------------------------------------------------------------------

    async def dev(self, method: str, path: str, body: Any = None) -> Any:
        async with self._outside() as http:
            return (await http.request(method, f"/{self.tenant}/dev{path}", json=body)).raise_for_status().json()

    async def phone(self, customer: str) -> list[dict[str, Any]]:
        """What the customer's phone has received, oldest first."""
        messages: list[dict[str, Any]] = (await self.dev("GET", f"/phone/{customer}"))["messages"]
        return messages

    async def try_bank(
        self, *, approval: str, body: Any, key: str, path: str = "/transaction", customer: str = ASHA, subject: str | None = None
    ) -> int:
        """Call the bank as somebody with the service's credential would; returns the status."""
        headers = {
            "Authorization": f"Bearer {self.ground.bench.credential.strip()}",
            "X-Subject-Token": subject or self.first.subjects.token(self.tenant, customer, "execute"),
            "X-Approval-Token": approval,
            "Idempotency-Key": key,
        }
        async with self._outside() as http:
            return (await http.post(f"/{self.tenant}{path}", json=body, headers=headers)).status_code

    async def call_bank(self, approval: Approval) -> int:
        """The call that this approval is for."""
        path = OPERATIONS[approval.arguments["action"]].path(approval.arguments)
        return await self.try_bank(approval=approval.token, body=approval.arguments, key=approval.proposal, path=path)

    def _outside(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=self.ground.bench.app), base_url="http://core")

    def books(self) -> Books:
        return read_books(self)
