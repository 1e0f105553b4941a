"""Where a verdict leads a proposal, and which proposals need the customer's own yes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa

from domain.actions import ACTIONS, Action
from domain.clock import to_micros
from domain.decisions import Decision, Fact, FactValue
from domain.proposals import Proposal, State
from runtime.storage.consents import Consent, related_consent, valid_consent
from runtime.storage.proposals import put_to_a_person_at

#: Actions that run only after the customer has said yes to their digest, when the assistant proposes them: all that move money or
#: change something, and cases with consequences. A card block protects at once and can be undone, a complaint and a report of fraud
#: are on record before anything is asked, a disclosure is what the customer asked for.
NEEDS_CONSENT = frozenset(name for name, kind in ACTIONS.items() if kind.effect in ("MONEY", "ACCOUNT")) - {"block_card"} | {
    "open_dispute",
    "raise_chargeback",
    "close_account",
}

#: Effects that can be undone at the core: the fact and the value that show it. A card that was unblocked can be blocked again.
_UNDONE: dict[str, tuple[str, FactValue]] = {
    "block_card": ("card_status", "active"),
    "open_complaint": ("complaint_open_same_ref", False),
    "close_account": ("closure_requested", False),
}


def can_be_undone(action: Action) -> bool:
    return str(action.arguments()["action"]) in _UNDONE


def effect_is_undone(action: Action, facts: Mapping[str, Fact]) -> bool:
    """Whether the core says that the effect which a succeeded proposal had is no longer there."""
    name, value = _UNDONE.get(str(action.arguments()["action"]), ("", ""))
    return name in facts and facts[name].value == value and type(facts[name].value) is type(value)


def covering_consent(connection: sa.Connection, proposal: Proposal, at: int) -> Consent | None:
    """The valid yes that covers this proposal: its own, or, for a provisional credit, the one to the dispute it is part of.

    Disputing a payment asks for its money back: a yes to the dispute covers the credit of the same payment, amount and
    currency by the same customer in the same conversation, and nothing else.
    """
    own = valid_consent(connection, proposal, at)
    if own is not None or proposal.action != "provisional_credit":
        return own
    same = {name: proposal.arguments[name] for name in ("transaction", "amount_minor", "currency")}
    return related_consent(connection, proposal, "open_dispute", same, at)


def consent_when_put_to_a_person(connection: sa.Connection, proposal: Proposal) -> Consent | None:
    """The yes that counted when the gate sent this to a person: a signature days later does not need the customer again."""
    at = put_to_a_person_at(connection, proposal.tenant, proposal.id)
    return None if at is None else covering_consent(connection, proposal, at)


def needs_consent(proposal: Proposal) -> bool:
    return proposal.proposer == "assistant" and proposal.action in NEEDS_CONSENT


def target_state(connection: sa.Connection | None, proposal: Proposal, decision: Decision) -> State:
    """The state this verdict leads to, given the answers on record (`connection` None: there can be none yet)."""
    if decision.verdict == "deny":
        return "refused"
    if decision.verdict == "human":
        return "awaiting_human"
    if decision.verdict == "step_up":
        return "awaiting_step_up"
    if not needs_consent(proposal):
        return "decided"
    at = to_micros(decision.decided_at)
    consent = None if connection is None else covering_consent(connection, proposal, at)
    return "awaiting_consent" if consent is None else "decided"


def placed(connection: sa.Connection, proposal: Proposal, effect: str, decision: Decision, person_life: timedelta) -> Proposal:
    """A fresh proposal in the state its first decision leads to; one that acts and waits for a person has longer to live."""
    state = target_state(connection, proposal, decision)
    change: dict[str, object] = {"state": state}
    if state == "awaiting_human" and effect != "READ":
        change["expires_at"] = decision.decided_at + person_life
    return proposal.model_copy(update=change)
