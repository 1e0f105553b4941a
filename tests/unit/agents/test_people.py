"""Personas, the supervisor, and what a person is told when they take over."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.handover import handover_summary
from agents.personas import cast, persona
from agents.supervisor import choose_persona
from domain.errors import Broken


@pytest.mark.parametrize(
    ("given", "expected", "why"),
    [
        ({"flow": None}, "general", "between flows"),
        ({"flow": "balance"}, "general", "an everyday question"),
        ({"flow": "dispute", "dispute_type": "duplicate"}, "general", "a mistake, not a crime"),
        ({"flow": "dispute", "dispute_type": "unauthorised"}, "fraud", "somebody else paid"),
        ({"flow": "dispute", "suspicious": True}, "fraud", "the bank's own suspicion"),
        ({"flow": "balance", "risk_bp": 6000}, "fraud", "risk counts in any flow"),
        ({"flow": "balance", "risk_bp": 5999}, "general", "just below"),
        ({"flow": "block_card"}, "fraud", "a card is to be blocked"),
    ],
)
def test_the_supervisor_picks_by_flow_and_risk(given: dict[str, object], expected: str, why: str) -> None:
    assert choose_persona(**given) == expected, why  # type: ignore[arg-type]


def test_an_unknown_persona_speaks_as_the_default_one() -> None:
    assert persona("nobody") == persona(cast().default)


def test_a_rule_for_a_persona_that_is_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "personas.yaml"
    file.write_text("version: 1\ndefault: a\npersonas: {}\nsupervisor: []\n")

    with pytest.raises(Broken) as refused:
        cast(file)

    assert refused.value.code == "personas_invalid"


def test_a_person_learns_why_where_what_is_known_and_what_was_promised() -> None:
    summary = handover_summary(
        reason="authentication_failed",
        flow="dispute",
        known={"amount": "₹5,000.00", "merchant": "", "reference": None},
        promised=["dispute.registered", "dispute.registered"],
        open_question="dispute.which_payment",
        last_message="x" * 1000,
    )

    assert summary["reason"] == "authentication_failed"
    assert summary["amount"] == "₹5,000.00"
    assert "merchant" not in summary
    assert summary["promised"] == "dispute.registered"
    assert len(summary["last_message"]) <= 240
    assert "which proof" in summary["suggested"]
