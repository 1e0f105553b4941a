"""Balance, as documented: authenticate, fetch, holds and freezes, available against total, a related service; else a challenge."""

from __future__ import annotations

from langgraph.graph import END, START

from graphs.drawing import Flow, calls, new_flow, thinks, waits
from graphs.nodes import balance as nodes
from graphs.nodes.authentication import code_checker, code_sender, level_held, question_asker, read_security_answer
from graphs.nodes.endings import ENDED, add_endings

SCHEMA_VERSION = 1


def build_balance() -> Flow:
    """The picture of a balance enquiry; node names are contract, since paused conversations resume at them."""
    flow = new_flow()
    _authentication(flow)
    _challenge(flow)
    verdicts = {"approve": "format_balance", "step_up": "authenticate", "human": "hand_to_person", "deny": "not_disclosed"}
    calls(flow, "fetch_balances", nodes.fetch_balances, {"accounts": "check_holds", "none": "no_accounts"})
    thinks(flow, "check_holds", nodes.check_holds)
    calls(flow, "disclose", nodes.disclose, verdicts)
    thinks(flow, "format_balance", nodes.format_balance)
    thinks(flow, "available_vs_total", nodes.available_vs_total)
    thinks(flow, "offer_related", nodes.offer_related)
    thinks(flow, "no_accounts", nodes.no_accounts)
    thinks(flow, "not_disclosed", nodes.not_disclosed)
    thinks(flow, "hand_to_person", nodes.hand_to_person)
    flow.add_edge("check_holds", "disclose")
    flow.add_edge("format_balance", "available_vs_total")
    flow.add_edge("available_vs_total", "offer_related")
    for last in ("offer_related", "no_accounts", "not_disclosed", "hand_to_person"):
        flow.add_edge(last, END)
    add_endings(flow, "balance", "support")
    return flow


def _authentication(flow: Flow) -> None:
    sender = level_held(code_sender("authenticate", "disclose_balance", nodes.code_binding))
    levels = {"settled": "authenticated", "code_sent": "await_code", "signed_out": "signed_out"}
    codes = {"settled": "authenticated", "again": "await_code", "resend": "authenticate"}
    calls(flow, "authenticate", sender, levels)
    waits(flow, "await_code")
    thinks(flow, "check_code", code_checker(), codes | ENDED)
    thinks(flow, "authenticated", nodes.authenticated, {"yes": "fetch_balances", "no": "security_challenge"})
    thinks(flow, "signed_out", nodes.signed_out)
    flow.add_edge(START, "authenticate")
    flow.add_edge("await_code", "check_code")
    flow.add_edge("signed_out", END)


def _challenge(flow: Flow) -> None:
    sender = code_sender("send_challenge_code", "step_up", nodes.code_binding, "challenge_code")
    codes = {"settled": "challenge_passed", "again": "await_challenge_code", "resend": "send_challenge_code"}
    questions = {"asked": "await_answer", "impossible": "challenge_passed"}
    calls(flow, "security_challenge", question_asker("security_challenge"), questions)
    waits(flow, "await_answer")
    answers = {"given": "send_challenge_code", "code_known": "challenge_passed"}
    thinks(flow, "check_answer", read_security_answer, answers | ENDED)
    calls(flow, "send_challenge_code", sender, {"code_sent": "await_challenge_code", "no_code": "challenge_passed"})
    waits(flow, "await_challenge_code")
    thinks(flow, "check_challenge_code", code_checker("challenge_code"), codes | ENDED)
    thinks(flow, "challenge_passed", nodes.challenge_passed, {"yes": "fetch_balances", "no": "security_escalation"})
    thinks(flow, "security_escalation", nodes.security_escalation)
    flow.add_edge("await_answer", "check_answer")
    flow.add_edge("await_challenge_code", "check_challenge_code")
    flow.add_edge("security_escalation", END)
