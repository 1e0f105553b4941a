"""A reply is its template, unless a model worded it and the wording passed the check."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.composer import MIN_PHRASE_S, Composer, Mode
from agents.fact_grammar import fact_grammar, literals
from agents.grounding import Ground, check
from agents.openings import Opening
from agents.personas import cast
from agents.prompt_files import compile_grammars, every_grammar, grammar, grammar_rules, prompt_file, rule_names
from agents.replies import ReplyBook
from domain.conversation import Say
from domain.errors import BadInput, Broken, Unavailable
from models.scripted import Answer, ScriptedChatModel, Slow

BOOK = ReplyBook.parse(
    {
        "dispute": """
dispute.registered:
  en: ["Thank you for telling me. Your dispute {{ reference }} for {{ amount }} is registered."]
  hi: ["धन्यवाद। {{ amount }} के लिए आपका विवाद {{ reference }} दर्ज हो गया है।"]
  must: [reference, amount]
dispute.credited:
  en: ["{{ amount }} is in your account while we look into it."]
  hi: ["जाँच के दौरान {{ amount }} आपके खाते में हैं।"]
dispute.found:
  en: ["I found {{ amount }}."]
  hi: ["{{ amount }} मिला।"]
  opening: details
dispute.fixed:
  en: ["Sure. This stays word for word."]
  hi: ["यह ऐसे ही रहता है।"]
  phrase: false
"""
    }
)
REGISTERED = Say(template="dispute.registered", facts={"reference": "DSP-1", "amount": "₹5,000.00"})
CREDITED = Say(template="dispute.credited", facts={"amount": "₹5,000.00"})
TEMPLATE = "Thank you for telling me. Your dispute DSP-1 for ₹5,000.00 is registered."


class Clock:
    def monotonic(self) -> float:
        return 0.0


def composer(model: ScriptedChatModel | None, mode: Mode = "opening") -> Composer:
    return Composer(BOOK, Clock(), model, mode)


async def compose(
    model: ScriptedChatModel | None, *says: Say, mode: Mode = "opening", language: str = "en", budget_s: float = 1.0
):  # type: ignore[no-untyped-def]
    heard: list[str] = []
    done = await composer(model, mode).compose(
        list(says or (REGISTERED,)), language=language, persona="general", budget_s=budget_s, on_sentence=heard.append
    )
    return done, heard


async def test_without_a_model_the_template_is_the_reply_and_no_delta_is_sent() -> None:
    done, heard = await compose(None)

    assert (done.text, done.phrased_by, done.detail["reason"], heard) == (TEMPLATE, "template", "no_model", [])


async def test_an_opening_that_the_model_chose_takes_the_templates_place() -> None:
    done, heard = await compose(ScriptedChatModel(["Thanks for letting me know."]))

    assert done.text == "Thanks for letting me know. Your dispute DSP-1 for ₹5,000.00 is registered."
    assert done.phrased_by == "model"
    assert done.detail["accepted"]
    assert done.detail["prompt"].startswith("lead@1:")
    assert "".join(heard) == done.text


async def test_an_opening_may_be_put_before_a_text_that_has_none() -> None:
    found = Say(template="dispute.found", facts={"amount": "₹5,000.00"})

    done, _ = await compose(ScriptedChatModel(["Sure, here is what I see."]), found)
    plain, _ = await compose(None, found)

    assert done.text == "Sure, here is what I see. I found ₹5,000.00."
    assert plain.text == "I found ₹5,000.00."


async def test_only_the_opening_is_asked_for_and_its_grammar_fits_the_kind_and_the_persona() -> None:
    model = ScriptedChatModel(["Thanks for letting me know."])

    await compose(model)

    asked = model.asked[0]
    assert asked.grammar == grammar("lead-general", "thanks")
    assert "5,000" not in asked.prompt.user
    assert "DSP" not in asked.prompt.user


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("I have refunded ₹5,000.00.", "rejected"),
        ("Thank you, Vikram.", "rejected"),
        ("", "rejected"),
        (Unavailable("model_unavailable"), "model_unavailable"),
        (Unavailable("model_busy"), "model_busy"),
        (BadInput("grammar_invalid"), "grammar_invalid"),
        (Slow("Thanks for letting me know.", 1.0), "model_timeout"),
    ],
)
async def test_whatever_goes_wrong_the_template_is_the_reply(answer: Answer, reason: str) -> None:
    done, heard = await compose(ScriptedChatModel([answer]), budget_s=MIN_PHRASE_S)

    assert (done.text, done.phrased_by) == (TEMPLATE, "template")
    assert done.detail["reason"] == reason
    assert heard == []


async def test_a_late_model_is_cut_off_at_the_budget() -> None:
    class Deaf(ScriptedChatModel):
        async def complete(self, *args: object, **kwargs: object):  # type: ignore[no-untyped-def, override]
            await asyncio.sleep(30)

    started = asyncio.get_running_loop().time()
    done, _ = await compose(Deaf(), budget_s=0.1)

    assert done.phrased_by == "template"
    assert asyncio.get_running_loop().time() - started < 1.0


async def test_hindi_is_a_template() -> None:
    model = ScriptedChatModel(["Thanks for letting me know."])

    done, _ = await compose(model, language="hi")

    assert done.text.startswith("धन्यवाद।")
    assert model.asked == []


async def test_what_is_to_stay_word_for_word_is_never_shown_to_a_model() -> None:
    model = ScriptedChatModel(["Certainly, I'm happy to help."])

    for say in (Say(template="dispute.fixed"), REGISTERED.model_copy(update={"phrase": False}), CREDITED):
        done, _ = await compose(model, say)
        assert done.phrased_by == "template"

    assert model.asked == []


async def test_several_things_are_one_reply_and_deltas_add_up_to_it() -> None:
    done, heard = await compose(
        ScriptedChatModel(["Many thanks, that helps."]), CREDITED, REGISTERED, Say(template="dispute.fixed")
    )

    assert done.text == (
        "₹5,000.00 is in your account while we look into it.\n\n"
        "Many thanks, that helps. Your dispute DSP-1 for ₹5,000.00 is registered.\n\nSure. This stays word for word."
    )
    assert "".join(heard) == done.text


async def test_a_rewording_goes_out_sentence_by_sentence() -> None:
    text = "Thank you for telling us about this. Your dispute DSP-1 for ₹5,000.00 is now registered."

    done, heard = await compose(ScriptedChatModel([text]), mode="reword")

    assert (done.text, done.phrased_by) == (text, "model")
    assert heard == ["Thank you for telling us about this. ", "Your dispute DSP-1 for ₹5,000.00 is now registered. "]


async def test_a_sentence_that_fails_ends_the_rewording_and_what_follows_is_not_told() -> None:
    text = "Thank you for telling us. I have refunded ₹5,000.00. Your dispute DSP-1 for ₹5,000.00 is registered."

    done, heard = await compose(ScriptedChatModel([text]), mode="reword")

    assert (done.text, done.phrased_by) == (TEMPLATE, "template")
    assert heard == ["Thank you for telling us. "]
    assert "claim" in done.detail["problems"]


async def test_a_rewording_that_loses_an_obligation_is_not_used() -> None:
    done, _ = await compose(
        ScriptedChatModel(["Thank you for telling us. Your dispute for ₹5,000.00 is registered."]), mode="reword"
    )

    assert done.phrased_by == "template"
    assert "lost" in done.detail["problems"]


async def test_a_rewording_that_was_cut_short_is_not_used() -> None:
    done, _ = await compose(ScriptedChatModel(["DSP-1 ₹5,000.00 " + "please " * 250]), mode="reword")

    assert done.phrased_by == "template"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120), st.sampled_from(["opening", "reword"]))
def test_whatever_a_model_returns_no_figure_but_the_facts_gets_out(answer: str, mode: Mode) -> None:
    done, heard = asyncio.run(compose(ScriptedChatModel([answer]), mode=mode))

    for text in (done.text, "".join(heard)):
        assert not re.search(r"\d", text.replace("DSP-1", "").replace("₹5,000.00", "").replace("₹5,000", ""))


# ── grammars and prompts ──────────────────────────────────────────────────────────────────────────────────────────────


def _sentences(rules: dict[str, str], name: str) -> list[str]:
    """Every sentence of a finite grammar rule: alternatives of quoted texts and rule names."""
    found: list[str] = []
    for choice in re.split(r"\s\|\s", rules[name]):
        parts = re.findall(r'"([^"]*)"|([a-z][a-z-]*)', choice)
        options = [[text] if not rule else _sentences(rules, rule) for text, rule in parts]
        found += ["".join(pick) for pick in itertools.product(*options)]
    return found


def _openings() -> Iterator[tuple[str, Opening, str]]:
    for file in {persona.grammar for persona in cast().personas.values()}:
        rules = dict(line.split(" ::= ", 1) for line in grammar_rules(file).splitlines())
        for kind in Opening.__args__:  # type: ignore[attr-defined]
            for sentence in _sentences(rules, kind):
                yield file, kind, sentence


def test_every_opening_that_a_grammar_allows_passes_the_check_by_itself() -> None:
    ground = [Ground("Here is a text.")]
    seen = 0

    for file, kind, sentence in _openings():
        asks = kind == "ask" and "question" in sentence
        assert check(sentence, ground, "en", whole=False) == (), (file, kind, sentence)
        assert sentence.endswith("."), sentence
        assert not asks or "?" not in sentence
        seen += 1

    assert seen > 500


def test_every_persona_has_every_kind_of_opening() -> None:
    for persona in cast().personas.values():
        assert set(Opening.__args__) <= set(rule_names(persona.grammar))  # type: ignore[attr-defined]


def test_prompt_files_are_versioned_and_their_own_examples_pass_the_check() -> None:
    lead = prompt_file("lead")

    assert re.fullmatch(r"lead@\d+:[0-9a-f]{12}", lead.label)
    assert all(check(shot.assistant, [Ground("Here is a text.")], "en", whole=False) == () for shot in lead.shots)
    assert prompt_file("reword").shots


async def test_every_grammar_file_is_compiled_at_start() -> None:
    model = ScriptedChatModel(["yes"] * 10)

    count = await compile_grammars(model)

    assert count == len({name.split(":")[0] for name in every_grammar()}) == len(model.asked)


async def test_a_grammar_that_does_not_compile_stops_the_start() -> None:
    with pytest.raises(Broken, match="grammar_invalid"):
        await compile_grammars(ScriptedChatModel([BadInput("grammar_invalid")] * 40))


def test_the_grammar_of_a_reply_holds_its_facts_in_order_and_no_other_figure() -> None:
    text = "Your dispute DSP-1 for ₹5,000.00 at “Mega” is registered, Asha."

    assert literals(text, ["Asha"]) == [" DSP-1", " ₹5,000.00", " “Mega”", " Asha"]
    assert fact_grammar(text, ["Asha"]).count("gap") == 6
    assert not re.search(r"\d", fact_grammar(text, ["Asha"]).split("gap ::=")[1].replace("{0,120}", ""))
