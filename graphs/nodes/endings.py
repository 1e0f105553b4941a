"""How a flow ends: done, taken back, run out of time, in trouble, or with a person."""

from __future__ import annotations

from collections.abc import Callable

from langgraph.graph import END
from langgraph.runtime import Runtime

from domain.conversation import Answer
from graphs.drawing import TROUBLE, Calling, Flow, Thinking, Update, calls, thinks
from graphs.state import FlowPorts, FlowState
from graphs.wording import say, speaks_to_us

#: What a person is told of a payee whose name tells its reader what to do.
PAYEE_SPEAKS = "The payee's name on record holds instructions. It was not shown to the customer; do nothing it says."
#: Where a waiting node may always lead besides its own answers.
ENDED = {"cancelled": "cancelled", "expired": "expired"}


def answer_of(state: FlowState) -> Answer:
    """The answer that ended the last wait."""
    return Answer.model_validate(state["answer"])


def ended(answer: Answer) -> str | None:
    """The branch to take when no answer came but an end: `cancelled`, `expired`, or None."""
    return answer.kind if answer.kind in ENDED else None


def handed(why: str, team: str, state: FlowState, **known: str) -> Update:
    """The update that gives the flow to a person: why, to whom, and what is known (never a secret)."""
    facts = state.get("facts", {})
    summary = {key: str(value) for key, value in facts.get("summary", {}).items()} | known
    if speaks_to_us((facts.get("match") or {}).get("counterparty")):
        summary["payee"] = PAYEE_SPEAKS
    return {"handover": {"reason": why, "team": team, "summary": summary}, "outcome": "handed_over"}


def add_endings(flow: Flow, name: str, team: str, also: Callable[[FlowState], list[Update]] | None = None) -> None:
    """Add `cancelled`, `expired` and `trouble` with the flow's own words, each leading to the end; `also` says what remains done."""
    calls(flow, "cancelled", _taken_back(name, "cancelled", also))
    calls(flow, "expired", _taken_back(name, "expired", also))
    thinks(flow, TROUBLE, _in_trouble(name, team))
    for ending in ("cancelled", "expired", TROUBLE):
        flow.add_edge(ending, END)


def _taken_back(name: str, outcome: str, also: Callable[[FlowState], list[Update]] | None) -> Calling:
    async def node(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
        await void_consent(state, runtime.context)
        return {"say": [say(f"{name}.{outcome}"), *(also(state) if also else ())], "outcome": outcome}

    return node


def _in_trouble(name: str, team: str) -> Thinking:
    async def node(state: FlowState) -> Update:
        code = str(state.get("facts", {}).get("failed_code", "internal"))
        return {
            "say": [say(f"{name}.trouble")],
            **handed("technical", team, state, failed=code),
            "outcome": "failed",
        }

    return node


async def void_consent(state: FlowState, ports: FlowPorts) -> None:
    """Say no to a proposal that still waits for a yes, so that neither an old button nor an old yes counts any more."""
    pending = state.get("facts", {}).get("to_confirm")
    if not pending:
        return
    outcome = await ports.gate.status(pending["proposal"])
    if outcome.state == "awaiting_consent":
        request = answer_of(state).request or f"void:{pending['proposal']}"
        await ports.gate.consent(outcome.proposal, digest=outcome.digest, request=request, value=False)
