"""Dispute, still the first half: the customer's word that it is that payment, or another one, or none of them."""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime

from domain.conversation import Answer, Ask, Language, Say
from domain.frames import Option
from graphs import claims
from graphs.drawing import Update
from graphs.nodes.dispute_search import MAX_WORDS, added
from graphs.nodes.endings import answer_of, ended, handed, void_consent
from graphs.state import FlowPorts, FlowState
from graphs.wording import say

YES_NO: dict[Language, tuple[str, str]] = {"en": ("Yes, this one", "No, another one"), "hi": ("हाँ, यही", "नहीं, दूसरा")}
NONE_OF_THESE: dict[Language, str] = {"en": "None of these", "hi": "इनमें से कोई नहीं"}


async def ask_which(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Offer the payments that fit; only reached where the gate lets them be told."""
    ports, wanted = runtime.context, set(state["facts"]["choices"])
    shown = tuple(each for each in state["facts"]["fits"]["payments"] if each["id"] in wanted)
    options = []
    for payment in shown:
        title, detail = claims.described(payment, shown, ports.zone, ports.language)
        options.append(Option(value=payment["id"], title=title, detail=detail))
    options.append(Option(value="none", title=NONE_OF_THESE[ports.language]))
    prompt = Say(template="dispute.which_payment", phrase=False)
    ask = Ask(kind="choice", slot="transaction", prompt=prompt, options=tuple(options))
    return {"ask": ask.model_dump(mode="json"), "say": [say("dispute.several_found")]}


async def read_which(state: FlowState) -> Update:
    """Branches: `chosen`, `other` (none of them, or told otherwise), `cancelled`, `expired`."""
    answer = answer_of(state)
    if end := ended(answer):
        return {"branch": end}
    if answer.kind == "choice" and answer.value != "none":
        return {"slots": {"transaction": answer.value, "confirmed": answer.value}, "branch": "chosen"}
    if answer.kind == "choice":
        rejected = [*state["slots"].get("rejected", ()), *state["facts"]["choices"]]
        return {"slots": {"rejected": rejected}, "branch": "other"}
    return {"slots": added(state, answer), "branch": "other"}


async def found(state: FlowState) -> Update:
    return {"branch": "yes" if state["facts"].get("match") else "no"}


async def fraud_team(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """No such payment: said so, and the fraud team takes the report with what the customer told."""
    words = claims.in_own_words(state["slots"].get("claim", {}), runtime.context.language)
    return {"say": [say("dispute.not_found")], **handed("payment_not_found", "fraud", state, payment=words)}


async def confirm_payment(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Show the one payment for a yes: in the customer's own words below the telling level. Branches: `ask`, `known`."""
    match, slots, ports = state["facts"]["match"], state["slots"], runtime.context
    if slots.get("confirmed") == match["id"]:
        return {"branch": "known"}
    if state["facts"].get("own_words"):
        described = claims.in_own_words(slots["claim"], ports.language)
    else:
        title, detail = claims.described(match, (match,), ports.zone, ports.language)
        described = f"{title} {detail}".strip()
    yes, other = YES_NO[ports.language]
    prompt = Say(template="dispute.is_it_this", facts={"payment": described}, must=("payment",), phrase=False)
    options = (Option(value="yes", title=yes), Option(value="other", title=other))
    ask = Ask(kind="choice", slot="confirmed", prompt=prompt, options=options).model_dump(mode="json")
    return {"ask": ask, "say": [say("dispute.found_one")], "branch": "ask"}


async def read_payment(state: FlowState) -> Update:
    """Branches: `yes`, `other` (not that one, or more was said about it: looked for again), `cancelled`, `expired`."""
    answer, match = answer_of(state), state["facts"]["match"]
    if end := ended(answer):
        return {"branch": end}
    if answer.kind == "choice" and answer.value == "yes":
        confirmed = {"transaction": match["id"], "confirmed": match["id"]}
        return {"slots": confirmed, "milestone": "confirm_payment", "branch": "yes"}
    if answer.kind == "text" and answer.meant not in {"deny", "correct"}:
        return {"slots": added(state, answer), "branch": "other"}
    return {"slots": _not_that_one(state, answer, match["id"]), "branch": "other"}


async def correct(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """`No, the other one`: an earlier yes is void, the frozen proposal is declined, and the search begins again."""
    answer = answer_of(state)
    await void_consent(state, runtime.context)
    slots = _not_that_one(state, answer, str(state["slots"].get("transaction") or ""))
    told = [say("dispute.corrected")] if "transaction" in slots else []
    return {"slots": slots, "facts": {"to_confirm": None}, "say": told}


def _not_that_one(state: FlowState, answer: Answer, rejected: str) -> dict[str, Any]:
    """Slots after `not that one`: another amount or merchant begins a new claim, anything else narrows the old one.

    Where only something else was put right (what is wrong with the payment), the payment stays the one it was.
    """
    told, old = claims.claim_from(answer.slots), state["slots"].get("claim", {})
    if told and not any(name in told for name in claims.SINGLING):
        return {"claim": {**old, **told}}
    anew = "amount_minor" in told or "merchant" in told
    kept = {name: value for name, value in old.items() if name not in claims.SINGLING} if anew else old
    left_out = {rejected} if anew else {*state["slots"].get("rejected", ()), rejected}
    return {
        "claim": {**kept, **told},
        "words": str(answer.value or "")[:MAX_WORDS] if told else "",
        "rejected": sorted(left_out - {""}),
        "firm": not told,
        "transaction": None,
        "confirmed": None,
    }


async def already_disputed(state: FlowState) -> Update:
    """Is a dispute of this very payment on record?"""
    match = state["facts"]["match"]
    number = state["facts"]["disputes"].get(match["id"]) or match.get("dispute")
    return {"facts": {"number": number}, "branch": "yes" if number else "no"}


async def tell_existing(state: FlowState) -> Update:
    """The number that was given before, again."""
    number = str(state["facts"]["number"])
    return {"say": [say("dispute.already_registered", {"reference": number}, must=("reference",))], "outcome": "existing"}
