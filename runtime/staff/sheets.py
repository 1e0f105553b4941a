"""What a person reads before signing: values of the record, facts with their sources, rules and their reasons. Never a model's words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from domain.canonical import digest_of
from domain.clock import from_micros
from domain.decisions import Decision, Fact
from domain.proposals import Proposal
from runtime.storage.sign_offs import SignOff, role_of


def shown_digest(proposal: Proposal, decision: Decision) -> str:
    """Hex SHA-256 over the proposal and over what the gate says of it: what a sign-off names, so that nobody signs blindly."""
    said = [decision.verdict, decision.role, decision.four_eyes, sorted(decision.rules), decision.pack_digest]
    return digest_of({"proposal": proposal.digest(), "decision": said})


def reason_digest(reason: str) -> str:
    """The audit trail commits to a reason without holding it: it may name a customer."""
    return hashlib.sha256(reason.encode()).hexdigest()


def sheet(
    proposal: Proposal,
    decision: Decision | None,
    signed: Sequence[SignOff],
    *,
    facts: Mapping[str, Fact] | None = None,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """One proposal as a person reads it. With `facts`, also those and how they differ from `before`, the last decision's."""
    told: dict[str, Any] = {
        "proposal": proposal.id,
        "state": proposal.state,
        "action": proposal.action,
        "arguments": proposal.arguments,
        "customer": proposal.customer,
        "conversation": proposal.conversation,
        "proposer": proposal.proposer,
        "origin": proposal.origin,
        "created_at": proposal.created_at.isoformat(),
        "expires_at": proposal.expires_at.isoformat(),
        "sign_offs": [_signed(each) for each in signed],
    }
    if decision is not None:
        told |= {
            "verdict": decision.verdict,
            "role": role_of(decision) if decision.verdict == "human" else None,
            "four_eyes": decision.four_eyes,
            "rules": list(decision.rules),
            "reasons": list(decision.reasons),
            "pack": decision.pack,
            "decided_at": decision.decided_at.isoformat(),
        }
    if facts is not None:
        told["facts"] = {name: _fact(fact) for name, fact in sorted(facts.items())}
        told["differences"] = _differences(before or {}, facts)
    return told


def _signed(each: SignOff) -> dict[str, Any]:
    at = from_micros(each.at).isoformat()
    return {"by": each.staff, "role": each.role, "value": each.value, "reason": each.reason, "at": at}


def _fact(fact: Fact) -> dict[str, Any]:
    return {"value": fact.value, "source": fact.source, "at": fact.at.isoformat(), "declared": fact.declared}


def _differences(before: Mapping[str, Any], facts: Mapping[str, Fact]) -> list[dict[str, Any]]:
    """Facts that changed since the decision on record; None where one was, or is, not known."""
    now = {name: fact.value for name, fact in facts.items()}
    return [
        {"fact": name, "was": before.get(name), "now": now.get(name)}
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]
