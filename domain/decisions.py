"""What the gate weighs and answers: facts, verdicts, obligations, decisions, declarations."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FactValue = bool | int | str
Verdict = Literal["approve", "step_up", "human", "deny"]
#: The strictest verdict wins.
SEVERITY: dict[str, int] = {"approve": 0, "step_up": 1, "human": 2, "deny": 3}


class Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(Value):
    """One thing known: name as in `docs/schemas/policy-case.json`, a scalar value, where it comes from and when it was true.

    `declared` marks an answer the customer gave to a fixed question; everything else is verified by a core system.
    """

    name: str
    value: FactValue
    source: str
    at: datetime
    declared: bool = False


class Declaration(Value):
    """A customer's answer to a fixed question, kept with the question and the session it was given in."""

    question: str
    option: str
    at: datetime
    auth_session: str


class Obligation(Value):
    """Something the bank owes after a decision: a deadline, a notice, an amount."""

    kind: str
    due: datetime | None = None
    amount_minor: int | None = None
    currency: str | None = None
    to: str
    rule: str
    derivation: tuple[str, ...] = ()


class Decision(Value):
    """What the gate says about one proposal, and everything needed to explain it later."""

    verdict: Verdict
    level: int | None = Field(default=None, description="AL asked for when verdict is step_up, 0-4")
    role: str | None = Field(default=None, description="who decides when verdict is human")
    four_eyes: bool = False
    rules: tuple[str, ...] = ()
    reasons: tuple[str, ...] = Field(default=(), description="for staff")
    customer_reason: str = Field(default="", description="stable reason key for the customer's reply, never free text")
    obligations: tuple[Obligation, ...] = ()
    facts_digest: str
    pack: str
    pack_digest: str
    decided_at: datetime


class PolicyCase(Value):
    """A case as `tellergate policy decide` reads it."""

    pack: str
    action: str
    arguments: dict[str, Any]
    facts: dict[str, FactValue]
    now: datetime
