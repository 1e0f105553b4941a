"""What the gate's answer means for a flow: one word for where a proposal stands."""

from __future__ import annotations

from typing import Literal

from domain.decisions import Obligation
from domain.proposals import Outcome

Standing = Literal["approve", "consent", "step_up", "human", "deny", "done", "checking", "failed"]
_STANDING: dict[str, Standing] = {
    "proposed": "human",  # frozen but not decided: nobody may act on it
    "decided": "approve",
    "awaiting_consent": "consent",
    "awaiting_step_up": "step_up",
    "awaiting_human": "human",
    "refused": "deny",
    "succeeded": "done",
    "executing": "checking",
    "unknown": "checking",
    "never_arrived": "checking",
    "frozen": "checking",
    "failed": "failed",
    "cancelled": "failed",
}
#: Where a proposal stands after its yes: to be run, or run already by a turn whose process died before it could answer.
AGREED: frozenset[Standing] = frozenset({"approve", "checking", "done"})


def standing(outcome: Outcome) -> Standing:
    """Where a proposal stands for the flow that made it; whatever is not clearly settled is being checked."""
    return _STANDING[outcome.state]


def reason_of(outcome: Outcome) -> str:
    """The stable reason for the customer, or `person_checks` where none is given."""
    return (outcome.decision.customer_reason if outcome.decision else "") or "person_checks"


def level_of(outcome: Outcome) -> int:
    """The level that a step-up asks for."""
    level = outcome.decision.level if outcome.decision else None
    return level if level is not None else 3


def obligation(outcome: Outcome, kind: str) -> Obligation | None:
    """The first obligation of this kind: the only source of deadlines and amounts that a customer is told."""
    owed = outcome.decision.obligations if outcome.decision else ()
    return next((each for each in owed if each.kind == kind), None)
