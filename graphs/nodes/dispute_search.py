"""Dispute, first half: which payment is meant, what three checks say about it, and the customer's word that it is that one."""

from __future__ import annotations

import asyncio
from typing import Any

from langgraph.runtime import Runtime

from domain.actions import DiscloseTransactions
from domain.conversation import Answer, Ask, Language, Say
from domain.frames import Option
from graphs import claims
from graphs.drawing import Update, count, counted
from graphs.nodes.authentication import AL3
from graphs.nodes.endings import answer_of, ended, handed, void_consent
from graphs.nodes.gate import standing
from graphs.state import FlowPorts, FlowState
from graphs.wording import local_date, say

#: Times the customer is asked for one more fact before a code is sent or a person helps.
MAX_FACT_ASKS = 2
YES_NO: dict[Language, tuple[str, str]] = {"en": ("Yes, this one", "No, another one"), "hi": ("हाँ, यही", "नहीं, दूसरा")}
NONE_OF_THESE: dict[Language, str] = {"en": "None of these", "hi": "इनमें से कोई नहीं"}
#: A text wait stays open for a day; silence ends it.
TEXT_SECONDS = 24 * 3600
#: Characters of the customer's (masked) words that are kept to look for a merchant's name in.
MAX_WORDS = 400
#: Payments that fit, kept between waits; more are too many to choose from anyway.
MAX_FITS = 12
KEPT = (
    "id", "account", "card", "card_last4", "at", "value_date", "amount_minor", "currency", "kind", "rail", "counterparty", "status",
    "reference", "device", "location", "dispute", "reversal_of",
)  # fmt: skip


async def read_claim(state: FlowState) -> Update:
    """Take in what the customer said about the payment. Branches: `enough` to look for it, `more` is asked for, `lost`."""
    if claims.enough(state["slots"].get("claim", {})) or state["slots"].get("transaction"):
        return {"branch": "enough"}
    return {"branch": "lost" if count(state, "ask_details") >= MAX_FACT_ASKS else "more"}


async def hand_to_person(state: FlowState) -> Update:
    """It never became clear which payment is meant: a person asks."""
    return {"say": [say("dispute.person_asks")], **handed("not_understood", "fraud", state)}


async def ask_details(state: FlowState) -> Update:
    """Ask for what singles out a payment."""
    again = count(state, "ask_details") > 0
    prompt = Say(template="dispute.ask_details_again" if again else "dispute.ask_details")
    ask = Ask(kind="text", slot="claim", prompt=prompt, seconds=TEXT_SECONDS).model_dump(mode="json")
    return {"ask": ask, "visits": counted(state, "ask_details")}


async def read_details(state: FlowState) -> Update:
    """Add the answer to the claim. Branches: `told`, `cancelled`, `expired`."""
    answer = answer_of(state)
    if end := ended(answer):
        return {"branch": end}
    return {"slots": _added(state, answer), "branch": "told"}


def _added(state: FlowState, answer: Answer) -> dict[str, Any]:
    """Slots with the answer's facts added; a few bare words in answer to us are taken as the name of the merchant."""
    text, told = str(answer.value or ""), claims.claim_from(answer.slots)
    if not told and answer.meant == "other" and claims.is_name(text):
        told = {"merchant": text.strip()}
    words = f"{state['slots'].get('words', '')} {text}"[-MAX_WORDS:]
    return {"claim": {**state["slots"].get("claim", {}), **told}, "words": words}


async def analyse(state: FlowState) -> Update:
    """Begin the checks afresh: nothing that an earlier look found may decide about another payment."""
    fresh = dict.fromkeys(("fits", "disputes", "looked_at", "fraud", "devices", "match", "own_words", "failed_code"))
    return {"facts": fresh, "milestone": "analyse"}


async def check_history(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Account history: the payments of the time in question, and the disputes already on record."""
    ports = runtime.context
    history, disputes = await asyncio.gather(_payments(state, ports), ports.bank.disputes())
    fit = _fit(state, history, ports.zone)
    fits = {"payments": [_kept(each) for each in fit.payments[:MAX_FITS]], "facts": fit.facts}
    accounts = sorted({each["account"] for each in history})[:50]
    numbers = {each["transaction"]: each["reference"] for each in disputes}
    return {"facts": {"fits": fits, "accounts": accounts, "disputes": numbers}}


async def check_transaction(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Transaction details: the bank's own assessment of the payment, once it is clear which one."""
    ports = runtime.context
    chosen = state["slots"].get("transaction")
    if chosen:
        payment, fraud = await asyncio.gather(ports.bank.transaction(chosen), ports.bank.fraud(chosen))
        return {"facts": {"looked_at": _kept(payment), "fraud": fraud}}
    fit = _fit(state, await _payments(state, ports), ports.zone)
    if len(fit.payments) != 1:
        return {"facts": {"looked_at": None, "fraud": None}}
    return {"facts": {"looked_at": _kept(fit.payments[0]), "fraud": await ports.bank.fraud(fit.payments[0]["id"])}}


async def check_device(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Device and location: the devices the customer has registered."""
    return {"facts": {"devices": [each["id"] for each in await runtime.context.bank.devices()]}}


async def _payments(state: FlowState, ports: FlowPorts) -> list[dict[str, Any]]:
    claim = state["slots"].get("claim", {})
    since, until = claims.window(claim, local_date(ports.now(), ports.zone))
    amount = claim.get("amount_minor")
    size = abs(int(amount)) if amount else None
    return await ports.bank.transactions(since=since, until=until, amount_minor=size, limit=200)


def _kept(payment: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a payment between waits: remarks and payees are others' words and of no use here."""
    return {name: payment.get(name) for name in KEPT}


def _fit(state: FlowState, history: list[dict[str, Any]], zone: str) -> claims.Fit:
    slots = state["slots"]
    claim = dict(slots.get("claim", {}))
    if "merchant" not in claim and (word := claims.named_in(str(slots.get("words", "")), history)):
        claim["merchant"] = word
    rejected = tuple(slots.get("rejected", ()))
    fit = claims.fitting(claim, history, zone, rejected)
    # Somebody who names facts again may well mean the payment just passed over; without new facts a no stays a no.
    return fit if fit.payments or slots.get("firm", True) else claims.fitting(claim, history, zone)


async def match_claim(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """One payment, several or none: what may be said about that depends on the level, so that matching discloses nothing.

    Branches: `settled` (one, or surely none), `ask_which`, `ask_fact`, `step_up`, `failed`.
    """
    facts, ports = state["facts"], runtime.context
    if facts.get("failed_code"):
        return {"branch": "failed"}
    if state["slots"].get("transaction"):
        return {"facts": {"match": facts["looked_at"]}, "branch": "settled"}
    fit = claims.Fit(tuple(facts["fits"]["payments"]), facts["fits"]["facts"])
    # After `not that one`, confirming the next in the same words would tell that there is a next one.
    confirms = len(fit.payments) == 1 and fit.facts >= claims.CONFIRMING_FACTS and not state["slots"].get("rejected")
    if confirms and ports.level() < AL3:
        return {"facts": {"match": fit.payments[0], "own_words": True}, "branch": "settled"}
    if await _may_tell(state, ports):
        return _tell(fit) | {"visits": counted(state, "match_claim")}
    if confirms:
        told = {"match": fit.payments[0], "own_words": True}
        return {"facts": told, "branch": "settled", "visits": counted(state, "match_claim")}
    return {"branch": "ask_fact" if _facts_left(state) else "step_up", "visits": counted(state, "match_claim")}


def _tell(fit: claims.Fit) -> Update:
    if len(fit.payments) == 1:
        return {"facts": {"match": fit.payments[0], "own_words": False}, "branch": "settled"}
    if not fit.payments:
        return {"facts": {"match": None}, "branch": "settled"}
    return {"facts": {"choices": [each["id"] for each in fit.payments[: claims.MAX_CHOICES]]}, "branch": "ask_which"}


def _facts_left(state: FlowState) -> bool:
    claim = state["slots"].get("claim", {})
    missing = [name for name in ("amount_minor", "merchant", "date") if name not in claim]
    return bool(missing) and count(state, "ask_fact") < MAX_FACT_ASKS


async def _may_tell(state: FlowState, ports: FlowPorts) -> bool:
    """Does the gate let payments of these accounts be told to this session now?"""
    accounts = tuple(state["facts"]["accounts"]) or await _own_accounts(ports)
    action = DiscloseTransactions(accounts=accounts)
    outcome = await ports.gate.propose(action, node="match_claim", visit=count(state, "match_claim"))
    if standing(outcome) == "approve":
        outcome = await ports.gate.execute(outcome.proposal)
    return standing(outcome) in {"approve", "done"}


async def _own_accounts(ports: FlowPorts) -> tuple[str, ...]:
    return tuple(item["account"] for item in (await ports.bank.balances())["balances"])[:50]


async def ask_fact(state: FlowState) -> Update:
    """One more fact, asked in the same words whether none fits or several do."""
    claim = state["slots"].get("claim", {})
    missing = next(name for name in ("amount_minor", "merchant", "date") if name not in claim)
    prompt = Say(template=f"dispute.ask_{missing.removesuffix('_minor')}")
    ask = Ask(kind="text", slot=missing, prompt=prompt, seconds=TEXT_SECONDS).model_dump(mode="json")
    return {"ask": ask, "say": [say("dispute.one_more_fact")], "visits": counted(state, "ask_fact")}


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
    return {"slots": _added(state, answer), "branch": "other"}


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
        return {"slots": _added(state, answer), "branch": "other"}
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


def code_binding(state: FlowState) -> dict[str, str]:
    return {"action": "open_dispute"}


async def signed_in(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Did the code lift the session to the level at which payments may be told?"""
    return {"branch": "yes" if runtime.context.level() >= AL3 else "no"}
