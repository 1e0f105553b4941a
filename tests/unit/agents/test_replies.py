"""The replies files: everything that can be wrong is found when they are loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.grounding import Ground, check
from agents.openings import opening_of
from agents.replies import ReplyBook
from domain.conversation import Language, Say
from domain.errors import Broken

REPLIES = Path(__file__).resolve().parents[3] / "graphs" / "replies"
GOOD = "balance.available: {en: ['You have {{ amount }}.'], hi: ['आपके पास {{ amount }} हैं।'], must: [amount]}"

WRONG = [
    ("balance.available: [", "line 2", "not YAML"),
    ("- a\n- b", "mapping of template ids", "a list"),
    ("other.available: {en: [a], hi: [b]}", "balance.<name>", "another flow's name"),
    ("balance.a: {en: [a]}", "no text in hi", "a language is missing"),
    ("balance.a: {en: [a], hi: [' ']}", "no text in hi", "an empty text"),
    ("balance.a: {en: [a], hi: [b], most: [x]}", "unknown key most", "a misspelt key"),
    ("balance.a: {en: ['{{ x }}'], hi: [b], must: [x]}", "must name x", "an obligation that one language does not meet"),
    ("balance.a: {en: ['{{ x'], hi: [b]}", "balance.a.en", "a broken template"),
    ("balance.a: {en: [a], hi: [b], never: ['(']}", "balance.a.never", "a broken pattern"),
    ("balance.a: {en: [a], hi: [b]}\nbalance.a: {en: [c], hi: [d]}", "given twice", "the same id twice"),
    ("balance.a: {en: [a], hi: [b], phrase: maybe}", "true or false", "a flag that is none"),
    ("balance.a: {en: [a], hi: [b], opening: jokes}", "one of sorry", "a kind of opening that is none"),
]


@pytest.mark.parametrize(("text", "said", "why"), WRONG, ids=[row[2] for row in WRONG])
def test_a_wrong_file_is_refused_with_file_and_reason(text: str, said: str, why: str) -> None:
    with pytest.raises(Broken) as refused:
        ReplyBook.parse({"balance": text})

    assert refused.value.code == "replies_invalid"
    assert "balance.yaml" in refused.value.detail
    assert said in refused.value.detail


def test_a_template_is_filled_with_its_facts() -> None:
    book = ReplyBook.parse({"balance": GOOD})

    assert book.render(Say(template="balance.available", facts={"amount": "₹5,000.00"}), "hi") == "आपके पास ₹5,000.00 हैं।"


def test_a_missing_fact_is_our_own_error_and_names_itself() -> None:
    book = ReplyBook.parse({"balance": GOOD})

    with pytest.raises(Broken, match="amount") as refused:
        book.render(Say(template="balance.available"), "en")

    assert refused.value.code == "reply_fact_missing"


def test_an_unknown_template_is_our_own_error() -> None:
    with pytest.raises(Broken) as refused:
        ReplyBook.parse({}).render(Say(template="balance.none"), "en")

    assert refused.value.code == "reply_unknown"


def test_a_fact_is_never_read_as_a_template_and_brings_no_lines_or_marks() -> None:
    book = ReplyBook.parse({"balance": GOOD})

    text = book.render(Say(template="balance.available", facts={"amount": "{{ 7 * 7 }}\n\u202e{% x %}"}), "en")

    assert text == "You have {{ 7 * 7 }} {% x %}."


def test_the_shipped_replies_load() -> None:
    assert "conversation.introduction" in ReplyBook.load(REPLIES)


def test_the_digest_changes_with_any_word() -> None:
    assert ReplyBook.parse({"balance": GOOD}).digest != ReplyBook.parse({"balance": GOOD.replace("You", "They")}).digest


@pytest.mark.parametrize("language", ["en", "hi"])
def test_every_shipped_template_passes_its_own_grounding_check(language: Language) -> None:
    book = ReplyBook.load(REPLIES)

    for name in book.ids():
        reply = book.get(name)
        facts = {
            fact: f"Zq{place}xx" for place, fact in enumerate(sorted(reply.facts["en"] | reply.facts["hi"] | set(reply.must)))
        }
        text = book.render(Say(template=name, facts=facts), language)
        assert check(text, [Ground(text, facts, reply.must, reply.never)], language) == (), name


def test_the_first_reply_says_that_it_is_a_program_and_how_to_reach_a_person() -> None:
    book = ReplyBook.load(REPLIES)

    text = book.render(Say(template="conversation.introduction"), "en")

    assert "AI" in text
    assert "human" in text
    assert not book.get("conversation.introduction").phrase


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("I'm sorry about this.", "sorry"),
        ("I’m sorry for the trouble.", "sorry"),
        ("Thank you for telling me.", "thanks"),
        ("Of course.", "gladly"),
        ("Sure, here it is.", "details"),
        ("I'm sorry, I could not find that payment.", None),
        ("Thank you, your dispute is registered.", None),
        ("Your balance is {{ amount }}.", None),
    ],
)
def test_only_a_mere_courtesy_is_an_opening(sentence: str, kind: str | None) -> None:
    assert opening_of(sentence) == kind
