"""The supervisor: which persona speaks next, by flow and risk. Plain rules over what the bank knows, never over what a text asks for."""

from __future__ import annotations

from agents.personas import Rule, cast


def choose_persona(
    flow: str | None, *, dispute_type: str | None = None, suspicious: bool | None = None, risk_bp: int | None = None
) -> str:
    """The name of the persona for this turn; the first rule that fits wins, if its persona may talk about the flow.

    Args:
        flow: the active flow, None between flows.
        dispute_type: what is disputed, as declared by the customer.
        suspicious, risk_bp: the bank's own fraud assessment of the payment in question, 0–10,000 basis points.
    """
    people = cast()
    for rule in people.supervisor:
        if _fits(rule, flow, dispute_type, suspicious, risk_bp):
            return rule.persona if people.personas[rule.persona].serves(flow) else people.default
    return people.default


def _fits(rule: Rule, flow: str | None, dispute_type: str | None, suspicious: bool | None, risk_bp: int | None) -> bool:
    return (
        (rule.flow is None or rule.flow == flow)
        and (rule.suspicious is None or rule.suspicious == suspicious)
        and (not rule.dispute_type or dispute_type in rule.dispute_type)
        and (rule.min_risk_bp is None or (risk_bp is not None and risk_bp >= rule.min_risk_bp))
    )
