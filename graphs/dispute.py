"""Dispute, as documented: three checks side by side, found? suspicious? known device? — then validate, register, tell."""

from __future__ import annotations

from langgraph.graph import END, START

from graphs.drawing import EXECUTE_SECONDS, Flow, calls, new_flow, thinks, waits
from graphs.nodes import dispute_choose as choose
from graphs.nodes import dispute_credit as credit
from graphs.nodes import dispute_protect as protect
from graphs.nodes import dispute_register as register
from graphs.nodes import dispute_search as search
from graphs.nodes.authentication import code_checker, code_sender, question_asker, read_security_answer
from graphs.nodes.endings import ENDED, add_endings

SCHEMA_VERSION = 1


def build_dispute() -> Flow:
    """The picture of a dispute; node names are contract, since paused conversations resume at them."""
    flow = new_flow()
    _claim(flow)
    _checks(flow)
    _which(flow)
    _this_one(flow)
    _protect(flow)
    _security(flow)
    _validate(flow)
    _register(flow)
    _credit(flow)
    _tell(flow)
    add_endings(flow, "dispute", "fraud", also=register.still_blocked)
    return flow


def _claim(flow: Flow) -> None:
    thinks(flow, "read_claim", search.read_claim, {"enough": "analyse", "more": "ask_details", "lost": "hand_to_person"})
    thinks(flow, "ask_details", search.ask_details)
    waits(flow, "await_details")
    thinks(flow, "read_details", search.read_details, {"told": "read_claim"} | ENDED)
    thinks(flow, "hand_to_person", search.hand_to_person)
    flow.add_edge(START, "read_claim")
    flow.add_edge("ask_details", "await_details")
    flow.add_edge("await_details", "read_details")
    flow.add_edge("hand_to_person", END)


def _checks(flow: Flow) -> None:
    thinks(flow, "analyse", search.analyse)
    for name, check in (
        ("check_history", search.check_history),
        ("check_transaction", search.check_transaction),
        ("check_device", search.check_device),
    ):
        # The three meet in match_claim; one that failed is told there, so that its siblings cannot go on without it.
        calls(flow, name, check, failing="match_claim", drawn=False)
        flow.add_edge("analyse", name)
        flow.add_edge(name, "match_claim")
    matches = {"settled": "found", "ask_which": "ask_which", "ask_fact": "ask_fact", "step_up": "send_code", "failed": "trouble"}
    calls(flow, "match_claim", search.match_claim, matches, drawn=False)


def _which(flow: Flow) -> None:
    sender = code_sender("send_code", "disclose_transactions", search.code_binding)
    codes = {"settled": "signed_in", "again": "await_code", "resend": "send_code"}
    thinks(flow, "ask_fact", search.ask_fact)
    flow.add_edge("ask_fact", "await_details")
    thinks(flow, "ask_which", choose.ask_which)
    waits(flow, "await_which")
    thinks(flow, "read_which", choose.read_which, {"chosen": "analyse", "other": "read_claim"} | ENDED)
    flow.add_edge("ask_which", "await_which")
    flow.add_edge("await_which", "read_which")
    calls(flow, "send_code", sender, {"code_sent": "await_code", "no_code": "security_escalation"})
    waits(flow, "await_code")
    thinks(flow, "check_code", code_checker(), codes | ENDED)
    thinks(flow, "signed_in", search.signed_in, {"yes": "analyse", "no": "security_escalation"})
    flow.add_edge("await_code", "check_code")


def _this_one(flow: Flow) -> None:
    thinks(flow, "found", choose.found, {"yes": "confirm_payment", "no": "fraud_team"})
    thinks(flow, "fraud_team", choose.fraud_team)
    thinks(flow, "confirm_payment", choose.confirm_payment, {"ask": "await_payment", "known": "already_disputed"})
    waits(flow, "await_payment")
    thinks(flow, "read_payment", choose.read_payment, {"yes": "already_disputed", "other": "read_claim"} | ENDED)
    thinks(flow, "already_disputed", choose.already_disputed, {"yes": "tell_existing", "no": "suspicious"})
    thinks(flow, "tell_existing", choose.tell_existing)
    calls(flow, "correct", choose.correct)
    flow.add_edge("fraud_team", END)
    flow.add_edge("await_payment", "read_payment")
    flow.add_edge("tell_existing", END)
    flow.add_edge("correct", "read_claim")


def _protect(flow: Flow) -> None:
    blocks = {"done": "raise_fraud_alert", "not_blocked": "card_not_blocked"}
    thinks(flow, "suspicious", protect.suspicious, {"yes": "block_card", "no": "request_info"})
    calls(flow, "block_card", protect.block_card, blocks, seconds=EXECUTE_SECONDS, failing="card_not_blocked", drawn=False)
    thinks(flow, "card_not_blocked", protect.card_not_blocked)
    calls(flow, "raise_fraud_alert", protect.raise_fraud_alert, failing="request_info", drawn=False)
    thinks(flow, "request_info", protect.request_info, {"ask": "await_info", "complete": "known_device"})
    waits(flow, "await_info")
    thinks(flow, "read_info", protect.read_info, {"answered": "request_info", "correction": "correct"} | ENDED)
    thinks(flow, "known_device", protect.known_device, {"yes": "standard_dispute", "no": "security_check"})
    flow.add_edge("card_not_blocked", "raise_fraud_alert")
    flow.add_edge("raise_fraud_alert", "request_info")
    flow.add_edge("await_info", "read_info")


def _security(flow: Flow) -> None:
    sender = code_sender("send_security_code", "open_dispute", search.code_binding, "challenge_code")
    questions = {"asked": "await_security_answer", "impossible": "security_passed"}
    answers = {"given": "send_security_code", "code_known": "security_passed"}
    codes = {"settled": "security_passed", "again": "await_security_code", "resend": "send_security_code"}
    calls(flow, "security_check", question_asker("security_check"), questions)
    waits(flow, "await_security_answer")
    thinks(flow, "read_security_answer", read_security_answer, answers | ENDED)
    calls(flow, "send_security_code", sender, {"code_sent": "await_security_code", "no_code": "security_passed"})
    waits(flow, "await_security_code")
    thinks(flow, "check_security_code", code_checker("challenge_code"), codes | ENDED)
    thinks(flow, "security_passed", protect.security_passed, {"yes": "standard_dispute", "no": "security_escalation"})
    thinks(flow, "security_escalation", protect.security_escalation)
    flow.add_edge("await_security_answer", "read_security_answer")
    flow.add_edge("await_security_code", "check_security_code")
    flow.add_edge("security_escalation", END)


def _validate(flow: Flow) -> None:
    validity = {
        "valid": "await_consent",
        "already_back": "already_back",
        "existing": "tell_existing",
        "checking": "being_checked",
    }
    answers = {"yes": "dispute_reference", "no": "withdrawn", "void": "void_consent", "correction": "correct"}
    thinks(flow, "standard_dispute", protect.standard_dispute)
    calls(flow, "validate_details", register.validate_details, validity | {"refused": "not_opened", "person": "officer_opens"})
    waits(flow, "await_consent")
    calls(flow, "read_consent", register.read_consent, answers | ENDED)
    calls(flow, "void_consent", register.void_and_show_again)
    flow.add_edge("standard_dispute", "validate_details")
    flow.add_edge("await_consent", "read_consent")
    flow.add_edge("void_consent", "validate_details")


def _register(flow: Flow) -> None:
    ends = {"registered": "provisional_credit", "checking": "being_checked", "failed": "not_registered_here"}
    calls(flow, "dispute_reference", register.dispute_reference, ends, seconds=EXECUTE_SECONDS, failing="ask_status")
    calls(flow, "ask_status", register.ask_status, ends | {"not_sent": "trouble"}, failing="being_checked", drawn=False)
    for name, ending in (
        ("already_back", register.already_back),
        ("not_opened", register.not_opened),
        ("officer_opens", register.officer_opens),
        ("withdrawn", register.withdrawn),
        ("being_checked", register.being_checked),
        ("not_registered_here", register.not_registered_here),
    ):
        thinks(flow, name, ending)
        flow.add_edge(name, END)


def _credit(flow: Flow) -> None:
    sender = code_sender("send_credit_code", "provisional_credit", credit.credit_binding)
    verdicts = {"approve": "credit_account", "consent": "ask_credit_consent", "told": "tell_credit"}
    proposed = verdicts | {"step_up": "send_credit_code"}
    codes = {"settled": "decide_credit", "again": "await_credit_code", "resend": "send_credit_code", "left": "credit_left"}
    calls(flow, "provisional_credit", credit.provisional_credit, proposed, failing="credit_left")
    thinks(flow, "ask_credit_consent", credit.ask_credit_consent)
    waits(flow, "await_credit_consent")
    agreed = {"yes": "credit_account", "left": "credit_left"}
    calls(flow, "read_credit_consent", credit.read_credit_consent, agreed, failing="credit_left", drawn=False)
    sent = {"code_sent": "await_credit_code", "no_code": "credit_left"}
    calls(flow, "send_credit_code", sender, sent, failing="credit_left", drawn=False)
    waits(flow, "await_credit_code")
    thinks(flow, "check_credit_code", code_checker(when_ended="left"), codes)
    calls(flow, "decide_credit", credit.decide_credit, verdicts, failing="credit_left")
    flow.add_edge("ask_credit_consent", "await_credit_consent")
    flow.add_edge("await_credit_consent", "read_credit_consent")
    flow.add_edge("await_credit_code", "check_credit_code")


def _tell(flow: Flow) -> None:
    calls(flow, "credit_account", credit.credit_account, seconds=EXECUTE_SECONDS, failing="credit_unknown")
    thinks(flow, "credit_unknown", credit.credit_unknown)
    thinks(flow, "credit_left", credit.credit_left)
    thinks(flow, "tell_credit", credit.tell_credit)
    calls(flow, "update_crm_and_notify", credit.update_crm_and_notify, failing="close", drawn=False)
    thinks(flow, "close", credit.close)
    for before in ("credit_account", "credit_unknown", "credit_left"):
        flow.add_edge(before, "tell_credit")
    flow.add_edge("tell_credit", "update_crm_and_notify")
    flow.add_edge("update_crm_and_notify", "close")
    flow.add_edge("close", END)
