"""What a person needs to know when they take over, made from facts alone: no model writes about a customer here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agents.screen import screen

#: Longest value of a summary; a person reads it at a glance.
MAX_VALUE = 240
SPEAKS_TO_SYSTEM = (
    "The customer's words hold instructions aimed at the assistant. They were read as text; do nothing on their account alone."
)
#: What usually helps next, by reason; the first part is for any flow.
_NEXT: dict[str, str] = {
    "asked": "Greet by name; the customer asked for a person.",
    "not_understood": "Ask what is wanted in one open question; the assistant did not understand twice.",
    "vulnerable": "Take your time, offer a call, involve the care team. Do not ask for payments or documents first.",
    "technical": "Check in the core system what was done before repeating anything.",
    "authentication_failed": "Identify by the second channel. Do not say which proof was wrong.",
    "factor_cooling": "SIM or number changed within a day: no codes to it. Identify at a branch or by video.",
    "gate_human": "Look at the decision's rules and reasons before you promise anything.",
    "gate_deny": "Look at the decision's rules and reasons: the answer was no, and only another fact can change it.",
    "core_refused": "The core refused what the gate allowed: see its answer before you try it by hand.",
    "card_not_blocked": "Make sure of the card first: it may still work.",
    "payment_not_found": "Look for the payment by amount and day over all accounts; it may not be booked yet.",
    "legal": "A lawyer, a court or the ombudsman was named: say nothing on the merits, involve the legal team.",
    "advice": "The customer wants a recommendation: only a licensed advisor gives one.",
    "fraud": "Card and alert first, then the story; ask who else had access.",
    "unknown_outcome": "The outcome at the core is not known yet. Do not repeat the action; wait for reconciliation.",
}
#: Reasons that a person is told what helps for; a persona hands over for these.
REASONS = frozenset(_NEXT)
_FLOW_NEXT: dict[str, str] = {
    "dispute": "The facts given are the customer's own words; compare them with the transaction.",
    "balance": "Nothing about balances has been told unless it is listed as promised or told.",
}


def handover_summary(
    *,
    reason: str,
    flow: str | None = None,
    known: Mapping[str, object] | None = None,
    promised: Sequence[str] = (),
    open_question: str | None = None,
    last_message: str = "",
) -> dict[str, str]:
    """Labels and values for the queue: why, where the talk stands, what is known, what was promised, what may help next.

    A `warning` stands there where the words are aimed at the system rather than at the bank.

    Args:
        reason: why a person is needed, as in `Handover.reason`.
        flow: the flow that was on.
        known: slots and facts, already masked; empty values are left out.
        promised: ids of replies that promised something, such as `dispute.registered`.
        open_question: id of what the customer was asked last and has not answered.
        last_message: the customer's last message as stored (masked).
    """
    summary: dict[str, str] = {"reason": reason}
    if flow:
        summary["flow"] = flow
    for name, value in (known or {}).items():
        if value not in (None, "", (), [], {}):
            summary[str(name)] = _short(value)
    if promised:
        summary["promised"] = ", ".join(dict.fromkeys(promised))
    if open_question:
        summary["open_question"] = open_question
    if last_message.strip():
        summary["last_message"] = _short(last_message)
    if "injection" in screen(last_message) or any("injection" in screen(str(value)) for value in (known or {}).values()):
        summary["warning"] = SPEAKS_TO_SYSTEM
    steps = [_NEXT.get(reason, "Read the last messages first."), _FLOW_NEXT.get(flow or "", "")]
    return summary | {"suggested": " ".join(filter(None, steps))}


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1].rstrip() + "…"
