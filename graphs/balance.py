"""Balance, as documented: authenticate, fetch, holds and freezes, available against total, a related service; else a challenge."""

from __future__ import annotations

from langgraph.graph import END, START

from graphs.drawing import Flow, calls, decides, new_flow, thinks, waits
from graphs.nodes import balance as nodes
from graphs.nodes.authentication import code_checker, code_sender, level_held, question_asker, read_security_answer
from graphs.nodes.endings import ENDED, add_endings

SCHEMA_VERSION = 1


def build_balance() -> Flow:
    """The picture of a balance enquiry; node names are contract, since paused conversations resume at them."""
    flow = new_flow()
    _authentication(flow)
    _challenge(flow)
    calls(flow, "fetch_balances", nodes.fetch_balances)
    thinks(flow, "check_holds", nodes.check_holds)
    calls(flow, "disclose", nodes.disclose)
    for name, body in (
        ("format_balance", nodes.format_balance),
        ("available_vs_total", nodes.available_vs_total),
        ("offer_related", nodes.offer_related),
        ("no_accounts", nodes.no_accounts),
        ("not_disclosed", nodes.not_disclosed),
        ("hand_to_person", nodes.hand_to_person),
    ):
        thinks(flow, name, body)
    decides(flow, "fetch_balances", {"accounts": "check_holds", "none": "no_accounts"})
    flow.add_edge("check_holds", "disclose")
    verdicts = {"approve": "format_balance", "step_up": "authenticate", "human": "hand_to_person", "deny": "not_disclosed"}
    decides(flow, "disclose", verdicts)
    flow.add_edge("format_balance", "available_vs_total")
    flow.add_edge("available_vs_total", "offer_related")
    for last in ("offer_related", "no_accounts", "not_disclosed", "hand_to_person"):
        flow.add_edge(last, END)
    add_endings(flow, "balance", "support")
    return flow


def _authentication(flow: Flow) -> None:
    calls(flow, "authenticate", level_held(code_sender("authenticate", "disclose_balance", nodes.code_binding)))
    waits(flow, "await_code")
    thinks(flow, "check_code", code_checker())
    thinks(flow, "authenticated", nodes.authenticated)
    thinks(flow, "signed_out", nodes.signed_out)
    flow.add_edge(START, "authenticate")
    levels = {"settled": "authenticated", "code_sent": "await_code", "signed_out": "signed_out"}
    decides(flow, "authenticate", levels)
    flow.add_edge("await_code", "check_code")
    decides(flow, "check_code", {"settled": "authenticated", "again": "await_code", "resend": "authenticate"} | ENDED)
    decides(flow, "authenticated", {"yes": "fetch_balances", "no": "security_challenge"})
    flow.add_edge("signed_out", END)


def _challenge(flow: Flow) -> None:
    sender = code_sender("send_challenge_code", "security_challenge", nodes.code_binding, "challenge_code")
    calls(flow, "security_challenge", question_asker("security_challenge"))
    waits(flow, "await_answer")
    thinks(flow, "check_answer", read_security_answer)
    calls(flow, "send_challenge_code", sender)
    waits(flow, "await_challenge_code")
    thinks(flow, "check_challenge_code", code_checker("challenge_code"))
    thinks(flow, "challenge_passed", nodes.challenge_passed)
    thinks(flow, "security_escalation", nodes.security_escalation)
    decides(flow, "security_challenge", {"asked": "await_answer", "impossible": "challenge_passed"})
    flow.add_edge("await_answer", "check_answer")
    decides(flow, "check_answer", {"given": "send_challenge_code", "code_known": "challenge_passed"} | ENDED)
    decides(flow, "send_challenge_code", {"code_sent": "await_challenge_code", "no_code": "challenge_passed"})
    flow.add_edge("await_challenge_code", "check_challenge_code")
    codes = {"settled": "challenge_passed", "again": "await_challenge_code", "resend": "send_challenge_code"}
    decides(flow, "check_challenge_code", codes | ENDED)
    decides(flow, "challenge_passed", {"yes": "fetch_balances", "no": "security_escalation"})
    flow.add_edge("security_escalation", END)
