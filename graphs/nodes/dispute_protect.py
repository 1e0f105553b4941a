"""Dispute, the middle: stop misuse at once, ask what is missing, and make sure who is asking when the device is unknown."""

from __future__ import annotations

from langgraph.runtime import Runtime

from domain.actions import BlockCard
from domain.conversation import Ask, Language, Say
from domain.frames import Option
from domain.ids import derived_id
from graphs import claims
from graphs.drawing import Update, count, counted
from graphs.nodes.authentication import both_proved, not_proved_reason
from graphs.nodes.endings import answer_of, ended, handed
from graphs.nodes.gate import standing
from graphs.state import FlowPorts, FlowState
from graphs.wording import say

BLOCK = "block_card"
TYPES: dict[str, dict[Language, str]] = {
    "unauthorised": {"en": "I did not make it", "hi": "यह मैंने नहीं किया"},
    "duplicate": {"en": "I was charged twice", "hi": "दो बार पैसे कटे"},
    "wrong_amount": {"en": "The amount is wrong", "hi": "राशि ग़लत है"},
    "not_received": {"en": "I did not get what I paid for", "hi": "सामान या सेवा नहीं मिली"},
    "failed_transfer": {"en": "The payment failed, but money was taken", "hi": "भुगतान असफल, पर पैसे कट गए"},
    "subscription": {"en": "A subscription I cancelled", "hi": "बंद की हुई सदस्यता"},
    "wrong_payee": {"en": "I paid the wrong person", "hi": "ग़लत व्यक्ति को भेज दिया"},
}


def type_of(state: FlowState) -> str | None:
    kind = state["slots"].get("claim", {}).get("dispute_type")
    return kind if kind in TYPES else None


async def suspicious(state: FlowState) -> Update:
    """Does the bank's own assessment call this payment suspicious? Nothing the customer says decides that."""
    return {"branch": "yes" if (state["facts"].get("fraud") or {}).get("suspicious") else "no"}


async def block_card(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Block the card of the payment at once. Branches: `done` (or there is no card), `not_blocked`."""
    gate, match = runtime.context.gate, state["facts"]["match"]
    card = match.get("card")
    if not card:
        return {"branch": "done"}
    visit = count(state, BLOCK)
    outcome = await gate.propose(BlockCard(card=card, reason="suspected_fraud"), node=BLOCK, visit=visit)
    if standing(outcome) in {"approve", "checking"}:
        outcome = await gate.execute(outcome.proposal)
    if standing(outcome) != "done":
        return {"branch": "not_blocked", "visits": counted(state, BLOCK)}
    masked = f"XX{match['card_last4']}" if match.get("card_last4") else ""
    told = say("dispute.card_blocked", {"card": masked}, must=("card",) if masked else ())
    return {"say": [told], "slots": {"blocked": True}, "visits": counted(state, BLOCK), "branch": "done"}


async def card_not_blocked(state: FlowState) -> Update:
    """The block is not certain: said so, and the fraud team is asked to see to it."""
    return {"say": [say("dispute.card_not_blocked")], "facts": {"person": "card_not_blocked"}}


async def raise_fraud_alert(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    ports, payment = runtime.context, state["facts"]["match"]["id"]
    key = derived_id("alr", ports.flow_instance, payment)
    await ports.records.alert_fraud(key, payment, "suspicious_payment")
    return {"say": [say("dispute.fraud_alert")], "slots": {"alerted": payment}}


async def request_info(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """What is still missing: what is wrong with the payment. Branches: `ask`, `complete`."""
    if type_of(state):
        return {"branch": "complete"}
    language = runtime.context.language
    options = tuple(Option(value=kind, title=titles[language]) for kind, titles in TYPES.items())
    ask = Ask(kind="choice", slot="dispute_type", prompt=Say(template="dispute.what_is_wrong", phrase=False), options=options)
    return {"ask": ask.model_dump(mode="json"), "say": [say("dispute.one_question")], "branch": "ask"}


async def read_info(state: FlowState) -> Update:
    """Branches: `answered`, `correction` (another payment is meant), `cancelled`, `expired`."""
    answer = answer_of(state)
    if end := ended(answer):
        return {"branch": end}
    claim = state["slots"].get("claim", {})
    if answer.kind == "choice":
        return {"slots": {"claim": {**claim, "dispute_type": answer.value}}, "branch": "answered"}
    told = claims.claim_from(answer.slots)
    if answer.meant == "correct" or any(name in told for name in claims.SINGLING):
        return {"branch": "correction"}
    return {"slots": {"claim": {**claim, **told}}, "branch": "answered"}


async def known_device(state: FlowState) -> Update:
    """Was the payment made from a device the customer has registered, or from none at all? Doubt is a no.

    Proofs given earlier in this very dispute count on, so that a correction does not ask for them again.
    """
    fraud, device = state["facts"].get("fraud") or {}, state["facts"]["match"].get("device")
    known = fraud.get("known_device")
    if known is None:
        known = not device or device in state["facts"]["devices"]
    return {"branch": "yes" if known or both_proved(state) else "no"}


async def security_passed(state: FlowState) -> Update:
    return {"branch": "yes" if both_proved(state) else "no"}


async def security_escalation(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """The fraud team takes the report on; which proof was missing is not told, a cooling SIM is."""
    reason = not_proved_reason(state)
    words = "authentication.escalated_cooling" if reason == "factor_cooling" else "authentication.escalated"
    payment = claims.in_own_words(state["slots"].get("claim", {}), runtime.context.language)
    return {"say": [say(words)], **handed(reason, "fraud", state, payment=payment, type=type_of(state) or "")}


async def standard_dispute(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Set the dispute down as it will be registered, and what a person would need to know of it."""
    match = state["facts"]["match"]
    dispute = {
        "transaction": match["id"],
        "account": match["account"],
        "dispute_type": type_of(state),
        "amount_minor": abs(int(match["amount_minor"])),
        "currency": match["currency"],
    }
    words = claims.in_own_words(state["slots"].get("claim", {}), runtime.context.language)
    summary = {"payment": words, "transaction": match["id"], "type": str(dispute["dispute_type"])}
    return {"facts": {"dispute": dispute, "summary": summary}, "milestone": "standard_dispute"}
