"""Every reply in both languages, filled as flows fill it: what it must say is there, what it may never say is not, and it is in its language."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest

from agents.composer import Composer
from agents.replies import ReplyBook
from domain.conversation import Language, Say
from models.parsers.answers import read_answer
from models.scripted import ScriptedChatModel

HOUSE = Path(__file__).resolve().parents[3]
BOOK = ReplyBook.load(HOUSE / "graphs" / "replies")
#: As flows give them; a fact that is not named here reads as an amount.
FACTS = {
    "account": "savings account XX1234",
    "card": "debit card XX4321",
    "merchant": "“Mega Mart”",
    "until": "24 November 2026",
    "date": "24 November 2026",
    "reference": "DSP-4F2A91",
    "authority": "Cyber Cell Pune",
    "question": "In which city were you born?",
    "text": "Your dispute is registered.",
    "topic": "your balance",
}
#: Facts that are other people's or other languages' words in any reply.
FREE = {"question", "text", "topic", "account", "card", "until", "date", "authority", "payment", "merchant", "reference"}
LANGUAGES: tuple[Language, ...] = ("en", "hi")


class Clock:
    def monotonic(self) -> float:
        return 0.0


def _fillings(name: str) -> list[dict[str, str]]:
    """All facts, and each fact that may be missing left empty, one at a time."""
    reply = BOOK.get(name)
    names = reply.facts["en"] | reply.facts["hi"]
    full = {fact: FACTS.get(fact, "₹5,000.00") for fact in names}
    return [full, *(full | {fact: ""} for fact in names if fact not in reply.must)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BOOK.ids())
def test_a_reply_says_what_it_must_and_nothing_that_it_never_may(name: str, language: Language) -> None:
    reply = BOOK.get(name)

    for facts in _fillings(name):
        text = BOOK.render(Say(template=name, facts=facts), language)
        assert [fact for fact in reply.must if facts[fact] not in text] == []
        assert [pattern.pattern for pattern in reply.never if pattern.search(text)] == []
        assert not re.search(r"\{|\}|\bNone\b|\s[,.।]|\(\)|  ", text), "nothing is left over where a fact is missing"
        assert text[-1] in ".?!।)'" or facts.keys() & {"topic"} or ".topic_" in name or "enter_code" in name


@pytest.mark.parametrize("name", BOOK.ids())
def test_both_languages_need_the_same_facts(name: str) -> None:
    reply = BOOK.get(name)

    assert reply.facts["en"] == reply.facts["hi"]


@pytest.mark.parametrize("name", [name for name in BOOK.ids() if name != "conversation.unknown_language"])
def test_a_hindi_reply_is_in_hindi_and_an_english_one_in_english(name: str) -> None:
    facts = {fact: "" if fact in FREE else value for fact, value in _fillings(name)[0].items()}
    english, hindi = (BOOK.render(Say(template=name, facts=facts), language) for language in LANGUAGES)

    assert not re.search(r"[\u0900-\u097f]", english)
    if english.strip():
        words = re.findall(r"[A-Za-z]+", re.sub(r"'[^']*'", "", hindi))
        allowed = {"AI", "OTP", "KYC", "SIM", "PIN", "SMS", "RBI", "Tele", "MANAS", "DSP", "F"}
        assert set(words) <= allowed, "only abbreviations that everybody knows"
        assert re.search(r"[\u0900-\u097f]", hindi)
    numbers = [sorted(re.findall(r"\d+", text)) for text in (english, hindi)]
    assert numbers[0] == numbers[1] or name.endswith("ask_details_again"), "the same figures in both"


@pytest.mark.parametrize("name", BOOK.ids())
async def test_a_hindi_reply_is_its_template_whatever_the_mode(name: str) -> None:
    say = Say(template=name, facts=_fillings(name)[0])
    model = ScriptedChatModel(["Thanks for letting me know."])

    for mode in ("opening", "reword"):
        done = await Composer(BOOK, Clock(), model, mode).compose([say], language="hi", persona="general", budget_s=1.0)  # type: ignore[arg-type]
        assert (done.text, done.phrased_by) == (BOOK.render(say, "hi"), "template")

    assert model.asked == []


@pytest.mark.parametrize(("language", "word"), [("en", "human"), ("hi", "एजेंट")])
def test_the_first_reply_says_that_it_is_a_program_and_which_word_brings_a_person(language: Language, word: str) -> None:
    text = BOOK.render(Say(template="conversation.introduction"), language)

    assert "AI" in text
    assert f"'{word}'" in text
    assert (answer := read_answer(word)) is not None
    assert answer.kind == "human"


def test_every_word_that_a_reply_tells_to_write_is_understood() -> None:
    told = set(
        chain.from_iterable(
            re.findall(
                r"(?:write|or) '([^']+)'|'([^']+)' (?:लिख|for)",
                BOOK.render(Say(template=name, facts=_fillings(name)[0]), language),
            )
            for name in BOOK.ids()
            for language in LANGUAGES
        )
    )
    words = {word for pair in told for word in pair if word and "payment" not in word}

    assert {"human", "एजेंट", "cancel", "रद्द करें", "resend", "फिर से भेजें"} <= words
    assert [word for word in words if read_answer(word) is None] == []
