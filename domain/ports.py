"""The ports: what flows, doors and the turn need from storage, the core bank and the gate. `runtime` and `tools` implement them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from domain.actions import Action
from domain.conversation import Ask, Language, Say, Understanding
from domain.decisions import Decision, Declaration
from domain.proposals import Outcome, Proposal


class BankReads(Protocol):
    """Reads about the one customer this is bound to. Each returns plain JSON as `docs/openapi-bank.json` describes it.

    Raises NotFound for what the subject does not own, Unavailable when the bank does not answer.
    """

    async def profile(self) -> dict[str, Any]: ...
    async def balances(self) -> dict[str, Any]: ...
    async def transactions(
        self, *, since: date | None = None, until: date | None = None, amount_minor: int | None = None, limit: int = 50
    ) -> list[dict[str, Any]]: ...
    async def transaction(self, transaction: str) -> dict[str, Any]: ...
    async def cards(self) -> list[dict[str, Any]]: ...
    async def devices(self) -> list[dict[str, Any]]: ...
    async def logins(self) -> list[dict[str, Any]]: ...
    async def fraud(self, transaction: str) -> dict[str, Any]: ...
    async def disputes(self) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Challenge:
    """An OTP or security question put to the customer. `sent_to` is masked; `question` only for security answers."""

    id: str
    kind: Literal["otp", "security_answer"]
    expires_at: datetime
    sent_to: str | None = None
    question: str | None = None


class Identity(Protocol):
    """Identity checks at the bank, bound to this customer and session. Secrets pass through memory only."""

    async def send_otp(self, purpose: str, binding: dict[str, str]) -> Challenge:
        """Raises TooFast `otp_sends_used` (3 in 30 minutes), Conflict `otp_factor_cooling` (SIM changed under 24 h)."""
        ...

    async def ask_security_question(self) -> Challenge: ...


class Records(Protocol):
    """RECORD and NOTICE effects: keyed and audited, no approval; the bank resolves recipients, there is no free text."""

    async def note(self, key: str, kind: str, fields: dict[str, str]) -> None: ...
    async def notify(self, key: str, template: str, fields: dict[str, str]) -> None: ...
    async def alert_fraud(self, key: str, transaction: str, reason: str) -> None: ...


class Gate(Protocol):
    """The gate as a flow sees it, bound to customer, conversation, flow instance and auth session.

    A flow never sees an approval: it proposes, asks for consent, and has the frozen row executed by id.
    """

    async def propose(self, action: Action, *, node: str, visit: int, declarations: tuple[Declaration, ...] = ()) -> Outcome:
        """Freeze the row (id from flow instance, node, visit; the same call gives the same row) and decide on fresh facts."""
        ...

    async def decide(self, proposal: str) -> Outcome:
        """Decide again on fresh facts: after a step-up, or a time."""
        ...

    async def consent(self, proposal: str, *, digest: str, request: str, value: bool) -> Outcome:
        """Record the customer's yes or no to exactly this digest. Raises Conflict `consent_digest` for another digest."""
        ...

    async def execute(self, proposal: str) -> Outcome:
        """Mint an approval on fresh facts, have the executor send it once, compare the receipt. UNKNOWN is an outcome."""
        ...

    async def status(self, proposal: str) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Approval:
    """A minted token and the exact call it is for."""

    token: str
    proposal: str
    arguments: dict[str, Any]
    expires_at: datetime


class Authority(Protocol):
    """The only minter. It takes a proposal id and nothing else: it loads the row, gathers facts itself, and decides."""

    async def decide(self, tenant: str, proposal: str) -> Decision: ...

    async def mint(self, tenant: str, proposal: str) -> Approval:
        """Decide again on fresh facts, reserve limits, mint. Raises Conflict `not_approved` with the verdict otherwise."""
        ...


class ProposalStore(Protocol):
    async def load(self, tenant: str, proposal: str) -> Proposal:
        """Raises NotFound `proposal_not_found`."""
        ...


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What a reader may know: the time, the zone, what is awaited, which flow is on, how long it may take."""

    now: datetime
    zone: str
    language: Language
    expecting: Ask | None
    flow: str | None
    deadline_s: float


class Understander(Protocol):
    async def understand(self, text: str, context: ReadingContext) -> Understanding: ...


@dataclass(frozen=True, slots=True)
class Composed:
    """A checked reply text."""

    text: str
    phrased_by: Literal["model", "template"]
    detail: dict[str, Any] = field(default_factory=dict)


class ReplyComposer(Protocol):
    """Templates, optional phrasing by the model, grounding check. Always answers within its budget."""

    async def compose(
        self,
        says: list[Say],
        *,
        language: Language,
        persona: str,
        budget_s: float,
        on_sentence: Callable[[str], None] | None = None,
    ) -> Composed: ...

    def render(self, say: Say, language: Language) -> str:
        """The template's own words; also for prompts of requests."""
        ...
