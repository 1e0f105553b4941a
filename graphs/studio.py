"""The graphs as LangGraph Studio opens them (`langgraph.json`): compiled, with stand-ins for the bank, so that they run by themselves.

Nothing of the service is behind them: one made-up customer with one account, one card and one payment. A flow is started with
`{"slots": {"claim": {"amount_minor": 500000, "merchant": "Demo Mart"}}}`; a wait is answered with an `Answer`, for example
`{"kind": "choice", "value": "yes"}`. The conversation graph is for looking at: a turn needs a running service.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from langgraph.graph.state import CompiledStateGraph

from domain.actions import Action
from domain.conversation import Language
from domain.decisions import Decision, Declaration
from domain.ids import derived_id
from domain.ports import Challenge
from domain.proposals import Outcome, State, consent_digest
from graphs.conversation import build_conversation
from graphs.drawing import Flow
from graphs.flows import FLOWS
from graphs.state import FlowPorts

#: The stand-ins' own day: nothing here follows a clock.
NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
_PAYMENT: dict[str, Any] = {
    "id": "T1", "account": "A1", "card": "K1", "card_last4": "4455", "at": (NOW - timedelta(days=1)).isoformat(),
    "value_date": "2026-11-21", "amount_minor": -500_000, "currency": "INR", "kind": "purchase", "rail": "card_ecom",
    "counterparty": "Demo Mart", "status": "posted", "reference": "RRN1", "device": "D1", "location": "Pune", "dispute": None,
    "reversal_of": None,
}  # fmt: skip
_ACCOUNT: dict[str, Any] = {
    "account": "A1", "number_masked": "XX1234", "type": "savings", "product": "Everyday", "currency": "INR",
    "ledger_minor": 5_000_000, "held_minor": 0, "lien_minor": 0, "credit_limit_minor": 0, "available_minor": 5_000_000,
    "status": "active", "ownership": "sole", "holds": [], "freezes": [], "as_of": NOW.isoformat(),
}  # fmt: skip


class DemoBank:
    """Reads, codes, notes and notices of the made-up customer; all calls succeed."""

    async def profile(self) -> dict[str, Any]:
        return {"name": "Asha Demo"}

    async def balances(self) -> dict[str, Any]:
        return {"as_of": NOW.isoformat(), "balances": [_ACCOUNT]}

    async def transactions(
        self, *, since: date | None = None, until: date | None = None, amount_minor: int | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        return [_PAYMENT]

    async def transaction(self, transaction: str) -> dict[str, Any]:
        return _PAYMENT

    async def cards(self) -> list[dict[str, Any]]:
        return [{"id": "K1", "kind": "debit", "number_masked": "XX4455", "status": "active"}]

    async def devices(self) -> list[dict[str, Any]]:
        return [{"id": "D1"}]

    async def logins(self) -> list[dict[str, Any]]:
        return []

    async def fraud(self, transaction: str) -> dict[str, Any]:
        return {"transaction": transaction, "suspicious": False, "known_device": True, "score_bp": 100}

    async def disputes(self) -> list[dict[str, Any]]:
        return []

    async def send_otp(self, purpose: str, binding: dict[str, str]) -> Challenge:
        return Challenge("otp_1", "otp", NOW + timedelta(minutes=5), sent_to="XXXXXX0000")

    async def ask_security_question(self) -> Challenge:
        return Challenge("qst_1", "security_answer", NOW + timedelta(minutes=5), question="Your first school?")

    async def note(self, key: str, kind: str, fields: dict[str, str]) -> None:
        return None

    async def notify(self, key: str, template: str, fields: dict[str, str]) -> None:
        return None

    async def alert_fraud(self, key: str, transaction: str, reason: str) -> None:
        return None


class DemoGate:
    """A gate that approves what it is asked, wants a yes to a dispute, and moves nothing."""

    def __init__(self) -> None:
        self._outcomes: dict[str, tuple[Action, Outcome]] = {}

    async def propose(self, action: Action, *, node: str, visit: int, declarations: tuple[Declaration, ...] = ()) -> Outcome:
        proposal = derived_id("prp", "studio", node, str(visit))
        state: State = "awaiting_consent" if action.arguments()["action"] == "open_dispute" else "decided"
        outcome = Outcome(
            proposal=proposal,
            state=state,
            decision=Decision(verdict="approve", facts_digest="-", pack="studio", pack_digest="-", decided_at=NOW),
            digest=consent_digest("studio", proposal, action.arguments(), "C001"),
        )
        self._outcomes.setdefault(proposal, (action, outcome))
        return self._outcomes[proposal][1]

    async def decide(self, proposal: str) -> Outcome:
        return self._outcomes[proposal][1]

    async def consent(self, proposal: str, *, digest: str, request: str, value: bool) -> Outcome:
        return self._moved(proposal, "decided" if value else "cancelled")

    async def execute(self, proposal: str) -> Outcome:
        return self._moved(proposal, "succeeded")

    async def status(self, proposal: str) -> Outcome:
        return self._outcomes[proposal][1]

    def _moved(self, proposal: str, state: State) -> Outcome:
        action, outcome = self._outcomes[proposal]
        receipt = action.arguments() | {"dispute": "DSP-DEMO-1"} if state == "succeeded" else None
        self._outcomes[proposal] = (action, outcome.model_copy(update={"state": state, "receipt": receipt}))
        return self._outcomes[proposal][1]


def demo_ports(gate: DemoGate, language: Language = "en") -> FlowPorts:
    """Ports of the made-up customer, signed in with two factors."""
    bank = DemoBank()
    return FlowPorts(
        bank=bank,
        identity=bank,
        gate=gate,
        records=bank,
        now=lambda: NOW,
        zone="Asia/Kolkata",
        language=language,
        customer="C001",
        customer_name="Asha Demo",
        conversation="studio",
        flow_instance="studio",
        level=lambda: 3,
    )


class WithDemoPorts(CompiledStateGraph[Any, Any, Any, Any]):
    """A flow that brings its stand-ins along wherever the caller gives no ports of its own."""

    demo: FlowPorts

    async def astream(self, input: Any, config: Any = None, *, context: Any = None, **options: Any) -> AsyncIterator[Any]:
        async for part in super().astream(input, config, context=context or self.demo, **options):
            yield part


def _opened(build: Callable[[], Flow]) -> CompiledStateGraph[Any, Any, Any, Any]:
    compiled: Any = build().compile()
    compiled.__class__ = WithDemoPorts  # the same graph in every respect but the ports: `compile` offers no other way in
    compiled.demo = demo_ports(DemoGate())
    opened: CompiledStateGraph[Any, Any, Any, Any] = compiled
    return opened


def balance() -> CompiledStateGraph[Any, Any, Any, Any]:
    return _opened(FLOWS["balance"].build)


def dispute() -> CompiledStateGraph[Any, Any, Any, Any]:
    return _opened(FLOWS["dispute"].build)


def block_card() -> CompiledStateGraph[Any, Any, Any, Any]:
    return _opened(FLOWS["block_card"].build)


def conversation() -> CompiledStateGraph[Any, Any, Any, Any]:
    compiled: Any = build_conversation().compile()
    drawn: CompiledStateGraph[Any, Any, Any, Any] = compiled
    return drawn
