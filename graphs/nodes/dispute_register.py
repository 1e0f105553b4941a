"""Dispute, second half: validate, show what will be registered, take the yes, register, and give the number."""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime

from domain.actions import OpenDispute
from domain.conversation import Ask, Language, Say
from domain.errors import Conflict
from domain.proposals import Outcome
from graphs import claims
from graphs.drawing import Update, count, counted
from graphs.nodes.authentication import AL3
from graphs.nodes.dispute_protect import TYPES
from graphs.nodes.endings import answer_of, ended, handed, void_consent
from graphs.nodes.gate import AGREED, reason_of, standing
from graphs.state import FlowPorts, FlowState
from graphs.wording import say

VALIDATE = "validate_details"
#: A yes counts this long at the gate.
CONFIRM_SECONDS = 600
_ROWS: dict[Language, tuple[str, str, str]] = {
    "en": ("Payment", "Amount", "What is wrong"),
    "hi": ("भुगतान", "राशि", "क्या ग़लत है"),
}


def owed_by(outcome: Outcome) -> list[dict[str, Any]]:
    """Obligations as plain values: the only dates and amounts a customer is promised."""
    owed = outcome.decision.obligations if outcome.decision else ()
    return [each.model_dump(mode="json", include={"kind", "due", "amount_minor", "currency"}) for each in owed]


async def validate_details(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Read the payment once more, freeze exactly this dispute, and let the gate decide about it.

    Branches: `valid`, `already_back`, `existing`, `checking`, `refused`, `person`.
    """
    ports, dispute = runtime.context, state["facts"]["dispute"]
    payment = await ports.bank.transaction(dispute["transaction"])
    if payment["status"] == "reversed" and ports.level() >= AL3:
        return {"branch": "already_back"}
    action = OpenDispute(
        transaction=dispute["transaction"],
        dispute_type=dispute["dispute_type"],
        amount_minor=dispute["amount_minor"],
        currency=dispute["currency"],
    )
    outcome = await ports.gate.propose(action, node=VALIDATE, visit=count(state, VALIDATE))
    return {"visits": counted(state, VALIDATE)} | _after_proposal(state, ports, outcome)


def _after_proposal(state: FlowState, ports: FlowPorts, outcome: Outcome) -> Update:
    facts: dict[str, Any] = {"reason": reason_of(outcome), "owed": owed_by(outcome)}
    place = standing(outcome)
    if place in {"consent", "approve"}:
        ask = _confirm(state, ports, outcome)
        facts["to_confirm"] = {"proposal": outcome.proposal, "digest": outcome.digest, "ask": ask}
        return {"facts": facts, "ask": ask, "say": [say("dispute.please_confirm")], "branch": "valid"}
    if place == "done":
        facts["number"] = (outcome.receipt or {}).get("dispute")
        return {"facts": facts, "branch": "existing" if facts["number"] else "person"}
    return {"facts": facts, "branch": {"checking": "checking", "deny": "refused"}.get(place, "person")}


def _confirm(state: FlowState, ports: FlowPorts, outcome: Outcome) -> Update:
    """What the yes is to. Below the telling level the payment stands there as the customer described it."""
    dispute, match, claim = state["facts"]["dispute"], state["facts"]["match"], state["slots"].get("claim", {})
    payment, amount, wrong = _ROWS[ports.language]
    described, detail = claims.described(match, (match,), ports.zone, ports.language)
    if state["facts"].get("own_words"):
        described, detail = claims.in_own_words(claim, ports.language), ""
    rows = [(payment, f"{described} {detail}".strip()), (wrong, TYPES[dispute["dispute_type"]][ports.language])]
    return Ask(
        kind="confirm",
        slot="consent",
        prompt=Say(template="dispute.confirm", phrase=False),
        rows=tuple(rows),
        proposal=outcome.proposal,
        digest=outcome.digest,
        seconds=CONFIRM_SECONDS,
    ).model_dump(mode="json")


async def already_back(state: FlowState) -> Update:
    return {"say": [say("dispute.already_back")], "outcome": "already_back"}


async def not_opened(state: FlowState) -> Update:
    """The gate said no to registering: only the reason that may be told, and a person who can look at it."""
    return {"say": [say("dispute.not_opened")], **handed("gate_deny", "fraud", state, reason=state["facts"]["reason"])}


async def officer_opens(state: FlowState) -> Update:
    return {"say": [say("dispute.officer_opens")], **handed("gate_human", "disputes", state, reason=state["facts"]["reason"])}


async def read_consent(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Put the yes or no on record for exactly the digest that was shown.

    Branches: `yes`, `no`, `void` (the yes is to something else or came too late: shown again), `correction`, `cancelled`, `expired`.
    """
    answer, pending = answer_of(state), state["facts"]["to_confirm"]
    if end := ended(answer):
        return {"branch": end}
    if answer.kind != "confirm":
        return {"branch": "correction"}
    try:
        outcome = await runtime.context.gate.consent(
            pending["proposal"], digest=answer.digest or "", request=answer.request or "", value=bool(answer.value)
        )
    except Conflict:
        return {"say": [say("dispute.confirm_again")], "branch": "void"}
    if not answer.value:
        return {"facts": {"to_confirm": None}, "branch": "no"}
    if standing(outcome) not in AGREED:
        return {"say": [say("dispute.confirm_again")], "branch": "void"}
    return {"slots": {"agreed": pending["proposal"]}, "facts": {"to_confirm": None}, "branch": "yes"}


async def withdrawn(state: FlowState) -> Update:
    return {"say": [say("dispute.not_registered"), *still_blocked(state)], "outcome": "withdrawn"}


def still_blocked(state: FlowState) -> list[Update]:
    """A card blocked on suspicion stays blocked, whatever becomes of the dispute: the customer has to know."""
    return [say("dispute.card_stays_blocked")] if state["slots"].get("blocked") else []


async def void_and_show_again(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Decline the frozen proposal that nobody can agree to any more; the next visit freezes a fresh one."""
    await void_consent(state, runtime.context)
    return {"facts": {"to_confirm": None}}


async def dispute_reference(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Have the agreed dispute registered, once. Branches: `registered`, `checking`, `failed`."""
    return _after_execution(await runtime.context.gate.execute(state["slots"]["agreed"]))


async def ask_status(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """No clear answer to the execution: ask the record where it stands. Branches: those above, and `not_sent`."""
    outcome = await runtime.context.gate.status(state["slots"]["agreed"])
    if standing(outcome) in {"approve", "consent"}:
        return {"branch": "not_sent"}
    return _after_execution(outcome)


def _after_execution(outcome: Outcome) -> Update:
    place, number = standing(outcome), (outcome.receipt or {}).get("dispute")
    if place == "done" and number:
        told = say("dispute.registered", {"reference": str(number)}, must=("reference",))
        return {"slots": {"number": number}, "facts": {"number": number}, "say": [told], "branch": "registered"}
    return {"branch": "checking" if place in {"checking", "done"} else "failed"}


async def being_checked(state: FlowState) -> Update:
    """Sent and not answered: said so. It is reconciled by its key, so the customer need not, and must not, repeat it."""
    return {"say": [say("dispute.being_checked")], "outcome": "being_checked"}


async def not_registered_here(state: FlowState) -> Update:
    """The core refused a dispute that the gate had approved: a person registers it."""
    return {"say": [say("dispute.officer_opens")], **handed("core_refused", "disputes", state)}
