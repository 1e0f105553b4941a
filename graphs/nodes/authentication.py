"""Proofs of identity inside a flow: a one-time code, a security question. The checks happen at the bank; here only results are read.

No node here can raise a level: `ports.level()` is the signed-in session's, and only the bank's checks add to that.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from langgraph.runtime import Runtime

from domain.conversation import Answer, Ask, Say
from domain.errors import Conflict, NotFound, TooFast
from domain.ports import Challenge
from graphs.drawing import Calling, Thinking, Update, count, counted
from graphs.nodes.endings import answer_of, ended
from graphs.state import FlowPorts, FlowState
from graphs.wording import say

#: Two factors of different kinds, one of them fresh for this use.
AL3 = 3
#: Codes that one flow asks for at most at one place; the bank's own limit stands besides.
MAX_CODES = 3

Binding = Callable[[FlowState], dict[str, str]]


def code_sender(node: str, purpose: str, binding: Binding, key: str = "code") -> Calling:
    """Send a one-time code. Branches: `code_sent`, or `no_code` with the reason in the facts (`cooling`, `no_factor`, `no_sends`).

    What the code is for travels in `binding`; where it is for one exact action, its `digest` binds the proof to it.
    """

    async def send(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
        ports, bound = runtime.context, binding(state)
        if count(state, node) >= MAX_CODES:
            return {"facts": {key: "no_sends"}, "branch": "no_code"}
        try:
            challenge = await ports.identity.send_otp(purpose, bound)
        except Conflict as error:
            why = "cooling" if error.code == "otp_factor_cooling" else "no_factor"
            return {"facts": {key: why}, "branch": "no_code"}
        except TooFast:
            return {"facts": {key: "no_sends"}, "branch": "no_code"}
        prompt = Say(template="authentication.enter_code", facts={"sent_to": challenge.sent_to or "****"}, phrase=False)
        ask = secret_ask(challenge, prompt, ports.now(), bound.get("digest"))
        return {
            "facts": {key: "sent", "awaited": ask},
            "ask": ask,
            "say": [say("authentication.code_sent", {"sent_to": challenge.sent_to or "****"})],
            "visits": counted(state, node),
            "branch": "code_sent",
        }

    return send


def level_held(send: Calling, needed: int = AL3) -> Calling:
    """Send a code only where the session's level is too low. Branches: `settled` (nothing to wait for), `code_sent`, `signed_out`.

    A step-up to more than AL3 is bound to one action, so only a code for that action counts, whatever the session holds.
    """

    async def authenticate(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
        level, wanted = runtime.context.level(), int(state["slots"].get("level", needed))
        if level == 0:
            return {"branch": "signed_out"}
        if level >= wanted and wanted <= AL3:
            return {"branch": "settled"}
        sent = await send(state, runtime=runtime)
        return sent | {"branch": "settled"} if sent["branch"] == "no_code" else sent

    return authenticate


def secret_ask(challenge: Challenge, prompt: Say, now: datetime, digest: str | None = None) -> Update:
    """The wait for a secret, open exactly as long as the bank's challenge."""
    seconds = max(1, int((challenge.expires_at - now).total_seconds()))
    return Ask(
        kind="secret",
        slot=challenge.kind,
        prompt=prompt,
        purpose=challenge.kind,
        challenge=challenge.id,
        digest=digest,
        seconds=seconds,
    ).model_dump(mode="json")


def code_checker(key: str = "code", when_ended: str | None = None) -> Thinking:
    """Read how the code fared. Branches: `settled` (passed or failed, in the facts), `again`, `resend`, `cancelled`, `expired`.

    `when_ended` is the branch in place of the last two, where giving up the code does not give up the flow.
    """

    async def check(state: FlowState) -> Update:
        answer = answer_of(state)
        if end := ended(answer):
            return {"branch": when_ended or end}
        if answer.kind == "text" or answer.result == "expired":
            return {"branch": "resend"}
        if answer.result == "ok":
            return {"facts": {key: "passed"}, "branch": "settled"}
        if answer.result == "unavailable":
            return _again(state, say("authentication.check_unavailable"))
        if answer.result == "wrong" and (answer.tries_left or 0) > 0:
            return _again(state, say("authentication.code_wrong", {"tries_left": str(answer.tries_left)}))
        return {"facts": {key: "failed"}, "branch": "settled"}

    return check


def _again(state: FlowState, why: Update) -> Update:
    return {"ask": state["facts"]["awaited"], "say": [why], "branch": "again"}


def question_asker(node: str) -> Calling:
    """Put the bank's security question. Branches: `asked`, or `impossible` where there is none or the factor is cooling."""

    async def ask_question(state: FlowState, runtime: Runtime[FlowPorts]) -> Update:
        ports = runtime.context
        if state["facts"].get("code") in {"cooling", "no_factor"}:
            return {"branch": "impossible"}  # no fresh code can follow, so the question would be asked for nothing
        try:
            challenge = await ports.identity.ask_security_question()
        except (Conflict, NotFound, TooFast):
            return {"branch": "impossible"}
        prompt = Say(template="authentication.security_question", facts={"question": challenge.question or ""}, phrase=False)
        return {
            "ask": secret_ask(challenge, prompt, ports.now()),
            "say": [say("authentication.challenge")],
            "visits": counted(state, node),
            "branch": "asked",
        }

    return ask_question


async def read_security_answer(state: FlowState) -> Update:
    """Keep the result and go on to the code whatever it was, so that nobody learns which of the two was wrong.

    Branches: `given`, `code_known` (a code was proved in this flow already), `cancelled`, `expired`.
    """
    answer: Answer = answer_of(state)
    if end := ended(answer):
        return {"branch": end}
    known = state["facts"].get("code") == "passed"
    return {"facts": {"security_answer": answer.result or "wrong"}, "branch": "code_known" if known else "given"}


def both_proved(state: FlowState) -> bool:
    """A right answer and a right code, whichever node asked for the code."""
    facts = state["facts"]
    return facts.get("security_answer") == "ok" and "passed" in {facts.get("code"), facts.get("challenge_code")}


def not_proved_reason(state: FlowState) -> str:
    """Why a person has to help: `factor_cooling` may be told, anything else is only `authentication_failed`."""
    facts = state["facts"]
    return "factor_cooling" if "cooling" in {facts.get("code"), facts.get("challenge_code")} else "authentication_failed"
