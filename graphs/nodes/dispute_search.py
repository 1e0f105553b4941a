"""Dispute, first half: what was said about the payment, what three checks say, and how much of the match may be told."""

from __future__ import annotations

import asyncio
from typing import Any

from langgraph.runtime import Runtime

from domain.actions import DiscloseTransactions
from domain.conversation import Answer, Ask, Say
from graphs import claims
from graphs.drawing import Update, count, counted
from graphs.nodes.authentication import AL3
from graphs.nodes.endings import answer_of, ended, handed
from graphs.nodes.gate import standing
from graphs.state import FlowPorts, FlowState
from graphs.wording import local_date, say

#: Times the customer is asked for one more fact before a code is sent or a person helps.
MAX_FACT_ASKS = 2
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
    return {"slots": added(state, answer), "branch": "told"}


def added(state: FlowState, answer: Answer) -> dict[str, Any]:
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


def code_binding(state: FlowState) -> dict[str, str]:
    return {"action": "open_dispute"}


async def signed_in(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Did the code lift the session to the level at which payments may be told?"""
    return {"branch": "yes" if runtime.context.level() >= AL3 else "no"}
