"""Personas, the supervisor, and what a person is told when they take over."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.composer import Composer
from agents.handover import handover_summary
from agents.personas import cast, persona
from agents.replies import ReplyBook
from agents.supervisor import choose_persona
from domain.conversation import Say
from domain.errors import Broken
from graphs.flows import FLOWS
from models.scripted import ScriptedChatModel


class Clock:
    def monotonic(self) -> float:
        return 0.0


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


GOOD = """version: 1
default: a
personas:
  a: {voice: kind, grammar: lead-general, tone: kind, talks_about: [any], hands_over: [asked], escalation: conservative}
  b: {voice: kind, grammar: lead-general, tone: kind, talks_about: [loan], hands_over: [asked], escalation: conservative}
supervisor: [{persona: b, flow: loan}]
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("default: a", "default: z", "unknown persona z"),
        ("{persona: b, flow", "{persona: z, flow", "unknown persona z"),
        ("flow: loan}]", "flow: dispute}]", "supervisor.0: b does not talk about dispute"),
        ("flow: loan}]", "flov: loan}]", "supervisor.0.flov"),
        ("talks_about: [any]", "talks_about: [loan]", "a.talks_about"),
        ("talks_about: [loan]", "talks_about: []", "personas.b.talks_about"),
        (
            "[asked], escalation: conservative}\nsup",
            "[bored], escalation: conservative}\nsup",
            "b.hands_over: unknown reason bored",
        ),
        (
            "lead-general, tone: kind, talks_about: [loan]",
            "lead-none, tone: kind, talks_about: [loan]",
            "b.grammar: no such file",
        ),
        ("lead-general, tone: kind, talks_about: [loan]", "read, tone: kind, talks_about: [loan]", "b.grammar: read has no"),
        ("escalation: conservative}\nsup", "escalation: never}\nsup", "personas.b.escalation"),
        ("tone: kind, talks_about: [loan]", "tone: kind, never_says: ['('], talks_about: [loan]", "personas.b.never_says.0"),
        ("version: 1", "version: [", "line "),
    ],
)
def test_a_wrong_personas_file_is_refused_with_the_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert GOOD.count(old) == 1
    file = tmp_path / "personas.yaml"
    file.write_text(GOOD)
    assert cast(file).default == "a"

    (broken := tmp_path / "broken.yaml").write_text(GOOD.replace(old, new))
    with pytest.raises(Broken) as refused:
        cast(broken)

    assert refused.value.code == "personas_invalid"
    assert said in refused.value.detail


def test_there_are_the_three_voices_and_each_flow_is_served_by_who_speaks_in_it() -> None:
    people = cast()

    assert set(people.personas) == {"general", "fraud", "advisory"}
    for flow in FLOWS:
        for suspicious in (None, True):
            for risk in (0, 10_000):
                named = choose_persona(flow, dispute_type="unauthorised", suspicious=suspicious, risk_bp=risk)
                assert people.personas[named].serves(flow), (flow, named)


def test_a_voice_that_may_not_talk_about_a_flow_leaves_it_to_the_general_one() -> None:
    assert choose_persona("loan", risk_bp=9000) == "general"
    assert choose_persona("investments") == "advisory"


async def test_an_advisor_never_recommends_whatever_the_model_says() -> None:
    book = ReplyBook.parse({"loan": "loan.told: {en: ['You asked about loans.'], hi: ['आपने ऋण के बारे में पूछा।'], opening: gladly}"})
    said = {}
    for name in ("advisory", "general"):
        composer = Composer(
            book, Clock(), ScriptedChatModel(["Of course, happy to help with this. You asked about better loans."]), "reword"
        )
        said[name] = await composer.compose([Say(template="loan.told")], language="en", persona=name, budget_s=1.0)

    assert {done.phrased_by for done in said.values()} == {"template"}
    assert "never" in said["advisory"].detail["problems"]
    assert "never" not in said["general"].detail["problems"]


def test_for_each_reason_that_a_voice_hands_over_for_a_person_is_told_what_helps() -> None:
    for persona_ in cast().personas.values():
        for reason in persona_.hands_over:
            assert handover_summary(reason=reason)["suggested"] != handover_summary(reason="no such reason")["suggested"]


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
