"""Block a card: protective, so nothing but the choice of the card stands between the wish and the block."""

from __future__ import annotations

import re
from typing import Any, Literal

from langgraph.runtime import Runtime

from domain.actions import BlockCard
from domain.conversation import Ask, Language, Say
from domain.frames import Option
from graphs.drawing import Update, count, counted
from graphs.grounded import Thing, cards_meant
from graphs.nodes.endings import answer_of, ended, handed
from graphs.nodes.gate import standing
from graphs.state import FlowPorts, FlowState
from graphs.wording import say

BLOCK = "block_cards"
#: Cards blocked in one go at most; the gate's own throttle stands besides.
MAX_CARDS = 3
ALL: dict[Language, str] = {"en": "All of them", "hi": "सभी"}
KINDS: dict[str, dict[Language, str]] = {
    "debit": {"en": "debit card", "hi": "डेबिट कार्ड"},
    "credit": {"en": "credit card", "hi": "क्रेडिट कार्ड"},
    "prepaid": {"en": "prepaid card", "hi": "प्रीपेड कार्ड"},
}
#: A card in one of these states cannot be paid with.
BLOCKED = frozenset({"blocked_own", "blocked_bank", "hotlisted"})
_LOST = re.compile(r"lost|misplac|can.?t find|kho|gum|खो|गुम", re.IGNORECASE)
_STOLEN = re.compile(r"stole|snatch|theft|chori|चोरी|छीन", re.IGNORECASE)
Reason = Literal["lost", "stolen", "customer_request"]


def label(card: Thing, language: Language) -> str:
    """`debit card XX4455`."""
    kind = KINDS.get(card["kind"], {"en": "card", "hi": "कार्ड"})[language]
    return f"{kind} {card['number_masked']}"


async def find_cards(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """The customer's cards that still work, narrowed by what was said. Branches: `clear`, `several`, `already`, `none`.

    A card that was named and is not there is never taken for another one: then every working card is offered.
    """
    held, slots = await runtime.context.bank.cards(), state["slots"]
    claim, words = slots.get("claim", {}), str(slots.get("words", ""))
    working = [card for card in held if card["status"] == "active"]
    meant = cards_meant(working, claim, words)
    blocked = cards_meant([card for card in held if card["status"] in BLOCKED], claim, words)
    already = blocked.one if meant.missed or not working else None
    cards = [{key: card[key] for key in ("id", "kind", "number_masked")} for card in meant.things or working]
    facts = {
        "cards": cards,
        "chosen": [card["id"] for card in cards],
        "missed": meant.missed,
        "already": label(already, runtime.context.language) if already else "",
    }
    if already:
        return {"facts": facts, "branch": "already"}
    clear = len(cards) == 1 and not meant.missed
    return {"facts": facts, "branch": "none" if not cards else "clear" if clear else "several"}


async def already_blocked(state: FlowState) -> Update:
    """The card that was named cannot be paid with as it is; no other one is touched."""
    return {"say": [say("block_card.already", {"card": state["facts"]["already"]}, must=("card",))], "outcome": "already_blocked"}


async def no_card(state: FlowState) -> Update:
    return {"say": [say("block_card.none")], "outcome": "none"}


async def ask_which(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    language, cards = runtime.context.language, state["facts"]["cards"]
    options = [Option(value=card["id"], title=label(card, language)) for card in cards]
    options += [Option(value="all", title=ALL[language])] if 1 < len(cards) <= MAX_CARDS else []
    ask = Ask(kind="choice", slot="card", prompt=Say(template="block_card.which", phrase=False), options=tuple(options))
    return {"ask": ask.model_dump(mode="json"), "say": [_why_asked(state)]}


def _why_asked(state: FlowState) -> dict[str, Any]:
    missed = state["facts"].get("missed")
    if missed == "last4":
        return say("block_card.no_such_digits", {"last4": str(state["slots"]["claim"]["last4"])}, must=("last4",))
    return say("block_card.no_such_kind" if missed else "block_card.several")


async def read_which(state: FlowState) -> Update:
    """Branches: `chosen`, `other` (said in words: narrowed and asked again), `cancelled`, `expired`."""
    answer = answer_of(state)
    if end := ended(answer):
        return {"branch": end}
    if answer.kind == "choice":
        every = [card["id"] for card in state["facts"]["cards"]]
        return {"facts": {"chosen": every if answer.value == "all" else [answer.value]}, "branch": "chosen"}
    return {"slots": {"claim": {**state["slots"].get("claim", {}), **answer.slots}}, "branch": "other"}


async def block_cards(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Block what was chosen, each once. Branches: `blocked` when every block is certain, else `not_blocked`."""
    ports, chosen, visit = runtime.context, state["facts"]["chosen"], count(state, BLOCK)
    reason, done = _reason(str(state["slots"].get("words", ""))), []
    for place, card in enumerate(chosen[:MAX_CARDS]):
        outcome = await ports.gate.propose(BlockCard(card=card, reason=reason), node=BLOCK, visit=visit + place)
        if standing(outcome) in {"approve", "checking"}:
            outcome = await ports.gate.execute(outcome.proposal)
        if standing(outcome) == "done":
            done.append(card)
    says = [
        say("block_card.blocked", {"card": label(card, ports.language)}, must=("card",))
        for card in state["facts"]["cards"]
        if card["id"] in done
    ]
    branch = "blocked" if len(done) == len(chosen) else "not_blocked"
    return {"say": says, "visits": {BLOCK: visit + len(chosen)} if chosen else counted(state, BLOCK), "branch": branch}


def _reason(words: str) -> Reason:
    return "stolen" if _STOLEN.search(words) else "lost" if _LOST.search(words) else "customer_request"


async def after_block(state: FlowState) -> Update:
    return {"say": [say("block_card.undo")], "outcome": "blocked"}


async def not_blocked(state: FlowState) -> Update:
    """Not certain: said so, and a person sees to it now."""
    return {"say": [say("block_card.not_certain")], **handed("card_not_blocked", "fraud", state)}
