"""A proposal and the legal states it passes through, from frozen row to compared receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from domain.canonical import digest_of
from domain.decisions import Decision
from domain.errors import Conflict

Proposer = Literal["assistant", "staff", "sop", "job"]
Origin = Literal["bank_system", "case", "staff", "text"]
State = Literal[
    "proposed",  # frozen row, nothing decided
    "decided",  # verdict approve, no consent needed or consent given
    "awaiting_consent",  # verdict approve, the customer has to say yes to the digest
    "awaiting_step_up",  # verdict step_up
    "awaiting_human",  # verdict human
    "executing",  # approval minted, call may be on its way
    "unknown",  # sent, no answer: reconciled by key, never retried blindly
    "succeeded",  # receipt compared and equal
    "failed",  # the core refused; nothing happened
    "never_arrived",  # asked after approval expiry, the core has nothing: a retry is a new approval
    "frozen",  # receipt differs, or UNKNOWN for too long: a person, an alarm
    "refused",  # verdict deny
    "cancelled",  # the customer or a person said no, or the proposal expired before it ran
]
OPEN: frozenset[str] = frozenset(
    {
        "proposed",
        "decided",
        "awaiting_consent",
        "awaiting_step_up",
        "awaiting_human",
        "executing",
        "unknown",
        "frozen",
        "never_arrived",
    }
)
TRANSITIONS: dict[str, frozenset[str]] = {
    "proposed": frozenset({"decided", "awaiting_consent", "awaiting_step_up", "awaiting_human", "refused", "cancelled"}),
    "awaiting_step_up": frozenset({"decided", "awaiting_consent", "awaiting_step_up", "awaiting_human", "refused", "cancelled"}),
    "awaiting_consent": frozenset({"decided", "awaiting_step_up", "awaiting_human", "refused", "cancelled"}),
    "awaiting_human": frozenset({"decided", "refused", "cancelled"}),
    "decided": frozenset({"executing", "awaiting_step_up", "awaiting_human", "refused", "cancelled", "succeeded"}),
    "executing": frozenset({"succeeded", "failed", "unknown", "frozen"}),
    "unknown": frozenset({"succeeded", "failed", "never_arrived", "frozen"}),
    "never_arrived": frozenset({"executing", "refused", "awaiting_step_up", "awaiting_human", "cancelled"}),
    "frozen": frozenset({"succeeded", "failed", "never_arrived"}),
    "succeeded": frozenset(),
    "failed": frozenset(),
    "refused": frozenset(),
    "cancelled": frozenset(),
}


def require_transition(current: str, target: str) -> None:
    """Raise Conflict `proposal_state` unless `current` → `target` is legal."""
    if target not in TRANSITIONS[current]:
        raise Conflict("proposal_state", f"{current} cannot become {target}")


class Proposal(BaseModel):
    """A stored intent. `id` is the idempotency key all the way into the core bank."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tenant: str
    id: str
    action: str
    arguments: dict[str, Any]
    effect_key: str
    customer: str
    conversation: str | None
    flow_instance: str | None
    proposer: Proposer
    origin: Origin
    state: State
    created_at: datetime
    expires_at: datetime
    decision: Decision | None = None
    receipt: dict[str, Any] | None = None

    def digest(self) -> str:
        """What the customer is shown and says yes to."""
        return consent_digest(self.tenant, self.id, self.arguments, self.customer)


def consent_digest(tenant: str, proposal: str, arguments: dict[str, Any], customer: str) -> str:
    """Hex SHA-256 over exactly the action, its arguments, the proposal and the customer."""
    return digest_of({"tenant": tenant, "proposal": proposal, "arguments": arguments, "customer": customer})


class Outcome(BaseModel):
    """What a caller of the gate learns: the proposal's state, its decision, and the receipt once there is one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    proposal: str
    state: State
    decision: Decision | None
    digest: str
    receipt: dict[str, Any] | None = None
    failure: str | None = None
