"""How much of a model's wording is accepted can be seen where metrics are."""

from __future__ import annotations

from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from agents.composer import Composer
from agents.replies import ReplyBook
from domain.conversation import Say
from models.scripted import ScriptedChatModel
from persistence.database import Database
from runtime.wording_metrics import WordingMetrics
from tests.support.keys import bound
from tests.support.turn_house import TurnHouse

BOOK = ReplyBook.parse({"a": "a.b: {en: ['Thank you. Your card XX1 is there.'], hi: ['आपका कार्ड।']}"})


class Clock:
    def monotonic(self) -> float:
        return 0.0


async def _count(metrics: WordingMetrics, answer: str, language: str = "en") -> None:
    composer = Composer(BOOK, Clock(), ScriptedChatModel([answer]))
    done = await composer.compose([Say(template="a.b")], language=language, persona="general", budget_s=1.0)  # type: ignore[arg-type]
    metrics.count("general", done.detail)


async def test_the_share_is_of_those_that_a_model_was_asked_for() -> None:
    registry = CollectorRegistry()
    metrics = WordingMetrics(registry)

    for answer in ("Thanks for letting me know.", "Many thanks, that helps.", "I have refunded ₹5,000.00."):
        await _count(metrics, answer)
    await _count(metrics, "", language="hi")
    metrics.count("general", {})

    shown = generate_latest(registry).decode()
    assert 'tellergate_wordings_total{mode="opening",outcome="accepted",persona="general"} 2.0' in shown
    assert 'tellergate_wordings_total{mode="opening",outcome="rejected",persona="general"} 1.0' in shown
    assert 'tellergate_wordings_total{mode="opening",outcome="language",persona="general"} 1.0' in shown
    assert 'tellergate_wording_accepted_share{mode="opening"} 0.66' in shown
    assert 'tellergate_wording_seconds_count{mode="opening"} 3.0' in shown
    assert "refunded" not in shown, "no words of a model"


async def test_each_stored_turn_is_counted_once(tmp_path: Path) -> None:
    house = TurnHouse(Database(f"sqlite:///{tmp_path / 'a.sqlite'}", bound=bound()))
    counted: list[str] = []
    house.runner.tell_wordings(lambda persona, phrasing: counted.append(f"{persona} {phrasing.get('reason')}"))
    house.conversation()

    await house.say("hello")
    await house.settled()

    assert len(counted) == 1
    assert counted[0].startswith("general ")
