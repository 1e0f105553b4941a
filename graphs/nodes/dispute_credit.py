"""Dispute, the end: provisional credit through the gate, the case file and the notices, and what happens next by when."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from langgraph.runtime import Runtime

from domain.actions import ProvisionalCredit
from domain.conversation import Ask, Say
from domain.errors import Conflict, TellergateError
from domain.ids import derived_id
from domain.proposals import Outcome
from graphs.drawing import Update, count, counted
from graphs.nodes.dispute_register import CONFIRM_SECONDS, owed_by
from graphs.nodes.endings import answer_of, ended, handed
from graphs.nodes.gate import AGREED, reason_of, standing
from graphs.state import FlowPorts, FlowState
from graphs.wording import day, local_date, money, say

CREDIT = "provisional_credit"
#: Kinds of dispute for which money may be given back at once; whether it is, the gate says.
CREDITABLE = frozenset({"unauthorised", "duplicate", "failed_transfer"})
#: Deadlines that a customer is told, in this order, and the words for each.
DEADLINES = (
    ("shadow_reversal", "dispute.credit_by"),
    ("decide_liability", "dispute.decided_by"),
    ("ombudsman_from", "dispute.ombudsman"),
)


def credit_binding(state: FlowState) -> dict[str, str]:
    """The code for a credit names its amount and is bound to exactly this proposal."""
    credit, dispute = state["facts"]["credit"], state["facts"]["dispute"]
    return {
        "action": CREDIT,
        "amount_minor": str(dispute["amount_minor"]),
        "currency": dispute["currency"],
        "proposal": credit["proposal"],
        "digest": credit["digest"],
    }


async def provisional_credit(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Propose the credit of the disputed amount. Branches: `approve`, `consent`, `step_up`, `told`."""
    gate, dispute = runtime.context.gate, state["facts"]["dispute"]
    if dispute["dispute_type"] not in CREDITABLE:
        return {"facts": {"credit": None}, "branch": "told"}
    action = ProvisionalCredit(
        account=dispute["account"],
        transaction=dispute["transaction"],
        dispute=state["facts"]["number"],
        amount_minor=dispute["amount_minor"],
        currency=dispute["currency"],
    )
    outcome = await gate.propose(action, node=CREDIT, visit=count(state, CREDIT))
    return {"visits": counted(state, CREDIT)} | _after_decision(outcome, may_step_up=True)


async def decide_credit(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Decide again on the same frozen proposal, after a proof or a yes. Branches as above without another step-up."""
    outcome = await runtime.context.gate.decide(state["facts"]["credit"]["proposal"])
    return _after_decision(outcome, may_step_up=False)


def _after_decision(outcome: Outcome, *, may_step_up: bool) -> Update:
    place = standing(outcome)
    credit = {"proposal": outcome.proposal, "digest": outcome.digest, "place": place, "reason": reason_of(outcome)}
    facts: dict[str, Any] = {"credit": credit, "credit_owed": owed_by(outcome)}
    if place in {"approve", "consent"}:
        return {"facts": facts, "branch": place}
    if place == "checking":  # sent by a turn whose process died: executing settles it, and sends nothing twice
        return {"facts": facts, "branch": "approve"}
    if place == "step_up" and may_step_up:
        return {"facts": facts, "say": [say("dispute.credit_needs_code")], "branch": "step_up"}
    return {"facts": facts, "branch": "told"}


async def ask_credit_consent(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Only where the yes to the dispute does not cover the credit."""
    credit, dispute = state["facts"]["credit"], state["facts"]["dispute"]
    ask = Ask(
        kind="confirm",
        slot="credit_consent",
        prompt=Say(
            template="dispute.confirm_credit",
            facts={"amount": money(dispute["amount_minor"], dispute["currency"])},
            must=("amount",),
            phrase=False,
        ),
        proposal=credit["proposal"],
        digest=credit["digest"],
        seconds=CONFIRM_SECONDS,
    ).model_dump(mode="json")
    return {"ask": ask, "say": [say("dispute.ask_credit")]}


async def read_credit_consent(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Branches: `yes`, `left` (no, another answer, or none in time: the dispute stands, the credit is left to an officer)."""
    answer, proposal = answer_of(state), state["facts"]["credit"]["proposal"]
    if ended(answer) or answer.kind != "confirm" or not answer.value:
        return {"branch": "left"}
    try:
        outcome = await runtime.context.gate.consent(
            proposal, digest=answer.digest or "", request=answer.request or "", value=True
        )
    except Conflict:
        return {"branch": "left"}
    return {"branch": "yes" if standing(outcome) in AGREED else "left"}


async def credit_left(state: FlowState) -> Update:
    """No proof or no yes: nothing is credited now, which says nothing about the dispute itself."""
    credit = (state["facts"].get("credit") or {}) | {"place": "left"}
    return {"facts": {"credit": credit}}


async def credit_account(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Have the approved credit posted, once; whatever is not a compared receipt is not told as done."""
    outcome = await runtime.context.gate.execute(state["facts"]["credit"]["proposal"])
    return {"facts": {"credit": state["facts"]["credit"] | {"place": standing(outcome), "reason": reason_of(outcome)}}}


async def credit_unknown(state: FlowState) -> Update:
    """The call broke off: it may have arrived. The record is reconciled; a person makes sure in any case."""
    credit = state["facts"]["credit"] | {"place": "checking"}
    return {"facts": {"credit": credit, "person": "credit_not_confirmed"}}


async def tell_credit(state: FlowState) -> Update:
    """What became of the credit, truthfully."""
    credit, dispute = state["facts"].get("credit"), state["facts"]["dispute"]
    if not credit:
        return {}
    amount = {"amount": money(dispute["amount_minor"], dispute["currency"])}
    if credit["place"] == "done":
        return {"say": [say("dispute.credited", amount, must=("amount",))], "facts": {"credited": True}}
    if credit["place"] == "deny":
        done_before = credit["reason"] == "already_done"
        return {"say": [say("dispute.credit_before" if done_before else "dispute.credit_refused")]}
    if credit["place"] == "checking":
        return {"say": [say("dispute.credit_checking", amount, must=("amount",))]}
    return {"say": [say("dispute.credit_officer")]}


async def update_crm_and_notify(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """Note the case and have the bank write to the customer. The dispute stands even where this fails, so a failure is only kept."""
    ports, facts = runtime.context, state["facts"]
    number, dispute = str(facts["number"]), facts["dispute"]
    amount = {"amount_minor": str(dispute["amount_minor"]), "currency": str(dispute["currency"])}
    due = next((each for each in _owed(state) if each["kind"] == "decide_liability" and each["due"]), None)
    until = {"due": local_date(due["due"], ports.zone).isoformat()} if due else {}
    fields = {"dispute": number, "transaction": str(dispute["transaction"]), "type": str(dispute["dispute_type"])} | amount
    told = {"dispute": number, "transaction": str(dispute["transaction"])} | until
    sent = [
        _sent(ports.records.note(_key(ports, "note"), "dispute_opened", fields)),
        _sent(ports.records.notify(_key(ports, "opened"), "dispute_opened", told)),
    ]
    if facts.get("credited"):
        sent.append(_sent(ports.records.notify(_key(ports, "credited"), CREDIT, {"dispute": number} | amount)))
    noted, notified, *_ = await asyncio.gather(*sent)
    return {"facts": {"noted": noted, "notified": notified}}


async def _sent(sending: Any) -> bool:
    try:
        await sending
    except TellergateError:
        return False
    return True


def _key(ports: FlowPorts, what: str) -> str:
    return derived_id("rec", ports.flow_instance, what)


def _owed(state: FlowState) -> list[dict[str, Any]]:
    facts = state["facts"]
    return [*(facts.get("credit_owed") or []), *(facts.get("owed") or [])]


async def close(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
    """What happens next: deadlines from obligations only, the helpline, the notice that went out; a person where one is due."""
    ports, facts = runtime.context, state["facts"]
    owed, says = _owed(state), []
    for kind, words in DEADLINES:
        due = next((each["due"] for each in owed if each["kind"] == kind and each["due"]), None)
        if due and not (kind == "shadow_reversal" and facts.get("credited")):
            date = day(local_date(datetime.fromisoformat(due), ports.zone), ports.language)
            says.append(say(words, {"date": date}, must=("date",)))
    if any(each["kind"] == "advise_helpline" for each in owed):
        says.append(say("dispute.helpline", {"number": "1930"}, must=("number",)))
    if facts.get("notified"):
        says.append(say("dispute.notified"))
    update: Update = {"say": says, "outcome": "registered"}
    person = facts.get("person") or ("fraud_alert_failed" if facts.get("failed_node") == "raise_fraud_alert" else None)
    if person:
        words = str(facts["number"])
        return {"say": [*says, say("dispute.person_follows")]} | handed(person, "fraud", state, reference=words)
    return update
