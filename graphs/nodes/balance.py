"""Balance: read the accounts, let the gate say which may be told, tell available against total, holds and freezes as allowed."""

from __future__ import annotations

import asyncio
from typing import Any

from langgraph.runtime import Runtime

from domain.actions import DiscloseBalance
from domain.conversation import Language
from domain.frames import QuickReply
from graphs.accounts import account_card, account_label, freeze_says, hold_says, is_consistent
from graphs.drawing import Update, count, counted
from graphs.grounded import accounts_meant
from graphs.nodes.authentication import AL3, both_proved, not_proved_reason
from graphs.nodes.endings import handed
from graphs.nodes.gate import level_of, reason_of, standing
from graphs.state import FlowPorts, FlowState
from graphs.wording import money, say

#: Accounts spoken of in words; more are shown as cards only.
SPOKEN_ACCOUNTS = 4
#: Step-ups that one balance asks for before a person takes over.
MAX_STEP_UPS = 1
DISCLOSE = "disclose"
REPORT_PAYMENT: dict[Language, QuickReply] = {
    "en": QuickReply(title="Report a payment", text="I want to report a payment I did not make"),
    "hi": QuickReply(title="भुगतान की शिकायत", text="मुझे एक भुगतान की शिकायत करनी है जो मैंने नहीं किया"),
}


def code_binding(state: FlowState) -> dict[str, str]:
    """A code for a balance is for the balance only; after a step-up it is bound to that very disclosure."""
    stepped: dict[str, Any] = state["slots"].get("step_up") or {}
    bound = {"action": "disclose_balance"}
    return bound | {"proposal": stepped["proposal"], "digest": stepped["digest"]} if stepped else bound


async def authenticated(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Is the customer who they say? `yes` only by the session's own level, or by the code bound to this disclosure."""
    needed = int(state["slots"].get("level", AL3))
    reached = runtime.context.level() >= min(needed, AL3) and (needed <= AL3 or state["facts"].get("code") == "passed")
    return {"branch": "yes" if reached else "no"}


async def challenge_passed(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    passed = both_proved(state) and runtime.context.level() >= AL3
    return {"branch": "yes" if passed else "no"}


async def security_escalation(state: FlowState) -> Update:
    """A person takes over. Only a cooling SIM is told as the reason; which proof was wrong never is."""
    reason = not_proved_reason(state)
    words = "authentication.escalated_cooling" if reason == "factor_cooling" else "authentication.escalated"
    return {"say": [say(words)], **handed(reason, "security", state, wish="balance")}


async def signed_out(state: FlowState) -> Update:
    return {"say": [say("authentication.signed_out")], "outcome": "signed_out"}


async def fetch_balances(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """All own accounts in one call, now; nothing is told before the gate has said so."""
    found = await runtime.context.bank.balances()
    accounts: list[dict[str, Any]] = [item for item in found["balances"] if item["status"] != "closed"]
    return {"facts": {"accounts": accounts}, "branch": "accounts" if accounts else "none"}


async def no_accounts(state: FlowState) -> Update:
    return {"say": [say("balance.no_accounts")], "outcome": "no_accounts"}


async def check_holds(state: FlowState) -> Update:
    """Pick the accounts asked about, and work out what lowers what can be used: holds, liens, freezes."""
    accounts, claim = state["facts"]["accounts"], state["slots"].get("claim", {})
    meant = accounts_meant(accounts, claim)
    chosen = meant.things or accounts
    return {"facts": {"chosen": [item["account"] for item in chosen], "missed": meant.missed}, "milestone": "check_holds"}


async def disclose(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Ask the gate about exactly these accounts. Where not all may be told, each is asked for alone and the rest withheld."""
    gate, chosen, visit = runtime.context.gate, tuple(state["facts"]["chosen"]), count(state, DISCLOSE)
    stepped = state["slots"].get("step_up")
    if stepped:
        outcome = await gate.decide(stepped["proposal"])
    else:
        outcome = await gate.propose(DiscloseBalance(accounts=chosen), node=DISCLOSE, visit=visit)
    place = standing(outcome)
    update: Update = {"visits": counted(state, DISCLOSE), "facts": {"told": list(chosen), "reason": reason_of(outcome)}}
    if place in {"approve", "done"}:
        await gate.execute(outcome.proposal)  # a disclosure moves nothing: this puts it on record with the turn
        return update | {"branch": "approve"}
    if place == "step_up" and count(state, DISCLOSE) < MAX_STEP_UPS:
        bound = {"proposal": outcome.proposal, "digest": outcome.digest}
        return update | {"slots": {"level": level_of(outcome), "step_up": bound}, "branch": "step_up"}
    if place in {"human", "deny"} and len(chosen) > 1:
        return await _one_by_one(state, runtime.context, chosen, update)
    return update | {"branch": "deny" if place == "deny" else "human"}


async def _one_by_one(state: FlowState, ports: FlowPorts, chosen: tuple[str, ...], update: Update) -> Update:
    visit = count(state, DISCLOSE) + 1
    outcomes = await asyncio.gather(
        *(
            ports.gate.propose(DiscloseBalance(accounts=(account,)), node=DISCLOSE, visit=visit + place)
            for place, account in enumerate(chosen)
        )
    )
    told = [account for account, outcome in zip(chosen, outcomes, strict=True) if standing(outcome) in {"approve", "done"}]
    withheld = {account: reason_of(outcome) for account, outcome in zip(chosen, outcomes, strict=True) if account not in told}
    await asyncio.gather(*(ports.gate.execute(each.proposal) for each in outcomes if standing(each) == "approve"))
    facts = update["facts"] | {"told": told, "withheld": withheld}
    branch = "approve" if told else "deny" if all(standing(each) == "deny" for each in outcomes) else "human"
    return update | {"facts": facts, "branch": branch, "visits": {DISCLOSE: visit + len(chosen)}}


async def not_disclosed(state: FlowState) -> Update:
    """The gate said no: the reason that may be told, and nothing of the balance."""
    reason = state["facts"]["reason"]
    words = "balance.refused_review" if reason == "under_review" else "balance.refused"
    return {"say": [say(words)], "outcome": "refused"}


async def hand_to_person(state: FlowState) -> Update:
    """The gate wants a person for these accounts (a minor's, a deceased's, under review)."""
    words = "balance.papers_needed" if state["facts"]["reason"] == "papers_needed" else "balance.person_needed"
    return {"say": [say(words)], **handed("gate_human", "support", state, wish="balance")}


def _told(state: FlowState) -> list[dict[str, Any]]:
    told = set(state["facts"]["told"])
    return [item for item in state["facts"]["accounts"] if item["account"] in told]


async def format_balance(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """One line an account with what can be used now; a card each where there is more than one or something to explain."""
    language, told, facts = runtime.context.language, _told(state), state["facts"]
    says: list[Update] = []
    if facts.get("missed") == "last4":
        says.append(say("balance.no_such_account", {"last4": str(state["slots"]["claim"]["last4"])}))
    elif facts.get("missed"):
        says.append(say("balance.no_account_of_kind"))
    cards = tuple(account_card(item, language) for item in told)
    for place, item in enumerate(told[:SPOKEN_ACCOUNTS]):
        shown = cards if place == 0 else ()
        facts_of = {"account": account_label(item, language), "available": money(item["available_minor"], item["currency"])}
        says.append(say("balance.available", facts_of, must=("account", "available"), cards=shown))
    if len(told) > SPOKEN_ACCOUNTS:
        says.append(say("balance.more_on_cards", {"count": str(len(told) - SPOKEN_ACCOUNTS)}))
    withheld = set(facts.get("withheld") or {})
    for item in facts["accounts"]:
        if item["account"] in withheld:
            says.append(say("balance.withheld", {"account": account_label(item, language)}, must=("account",)))
    return {"say": says}


async def available_vs_total(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Why available and total differ, hold by hold and freeze by freeze, each only as far as it may be told."""
    ports, says = runtime.context, []
    for item in _told(state):
        if item["ledger_minor"] != item["available_minor"] and is_consistent(item):
            total = money(item["ledger_minor"], item["currency"])
            told = {"account": account_label(item, ports.language), "total": total}
            says.append(say("balance.total", told, must=("total",)))
        says += hold_says(item, ports.zone, ports.language)
        says += freeze_says(item, ports.language)
    return {"say": says, "facts": {"explained": bool(says)}}


async def offer_related(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """One related service, once in a conversation, and not where something weighs on the customer."""
    frozen = any(item["freezes"] for item in _told(state))
    if state["slots"].get("offered") or frozen:
        return {"outcome": "told"}
    quick = REPORT_PAYMENT[runtime.context.language]
    return {"say": [say("balance.offer", quick=(quick,))], "slots": {"offered": True}, "outcome": "told"}
