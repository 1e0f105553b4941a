"""Of hundreds of false wordings none gets out, and of the true ones nearly all do; the cases are data, in parts written one after the other."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from agents.grounding import check
from agents.replies import ReplyBook
from agents.voice_cases import ACCEPTED_LIMIT, VoiceCase, load_cases, measure_check
from domain.errors import BadInput

HOUSE = Path(__file__).resolve().parents[3]
FOLDER = HOUSE / "tests" / "data" / "voice"
BOOK = ReplyBook.load(HOUSE / "graphs" / "replies")
CASES = load_cases(FOLDER, BOOK)
FALSE = [case for case in CASES if case.wrong is not None]
TRUE = [case for case in CASES if case.wrong is None]


class Clock:
    def monotonic(self) -> float:
        return 0.0


def test_there_are_enough_cases_and_each_is_another_text() -> None:
    assert len(TRUE) >= 200
    assert len(FALSE) >= 200
    assert [text for text, count in Counter(case.text for case in CASES).items() if count > 1] == []
    assert all(sum(case.part == "third" for case in some) >= 60 for some in (TRUE, FALSE))


@pytest.mark.parametrize("template", sorted({case.template for case in FALSE}))
def test_no_false_wording_gets_out(template: str) -> None:
    out = [case.wrong for case in FALSE if case.template == template and not check(case.text, case.grounds, "en")]

    assert out == []


@pytest.mark.parametrize("template", sorted({case.template for case in CASES}))
def test_the_template_itself_always_may(template: str) -> None:
    case = next(case for case in CASES if case.template == template)

    assert check("\n".join(ground.text for ground in case.grounds), case.grounds, "en") == ()


def _share(cases: list[VoiceCase]) -> float:
    return sum(not check(case.text, case.grounds, "en") for case in cases) / len(cases)


def test_nine_of_ten_true_paraphrases_are_accepted() -> None:
    assert _share(TRUE) >= ACCEPTED_LIMIT
    assert _share([case for case in TRUE if case.phrased]) >= ACCEPTED_LIMIT, "of the replies that a model may word"


def test_a_paraphrase_that_is_accepted_is_accepted_sentence_by_sentence_too() -> None:
    """As the composer hears it: each sentence goes out before the next is there."""
    for case in TRUE:
        if not check(case.text, case.grounds, "en"):
            spoken = [part for part in re.split(r"(?<=[.!?])\s+", case.text) if part]
            assert [part for part in spoken if check(part, case.grounds, "en", whole=False)] == []


def test_the_figures_of_the_bench_are_those_of_the_check() -> None:
    some = [*[case for case in TRUE if case.template == "balance.available"][:5], *FALSE[:5]]
    found = measure_check(some, Clock())

    assert found["ok"]
    assert (found["true"], found["false"], found["let_out"]) == (5, 5, 0)

    lies = [VoiceCase("x", case.template, case.grounds[0].text, case.grounds, "said to be wrong", True) for case in FALSE[:1]]
    assert not measure_check(lies, Clock())["ok"], "a wording that gets out fails the bench"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("first: [{says: [{template: balance.available}], texts: [1]}]", "a text that is none"),
        ("first: [{says: [{template: balance.available}], lines: []}]", "an unknown key"),
        ("first: [", "not YAML"),
        ("- first", "a list"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "paraphrases.yaml").write_text(text)
    (tmp_path / "adversarial.yaml").write_text("{}")

    with pytest.raises(BadInput, match="paraphrases.yaml") as refused:
        load_cases(tmp_path, BOOK)

    assert refused.value.code == "cases_invalid", why


#: One word for another that turns what a reply says.
TURNED = {
    "not": ("",),
    "no": ("any",),
    "cannot": ("can",),
    "can": ("cannot", "must"),
    "may": ("must", "will", "cannot"),
    "has": ("had", "will have"),
    "is": ("will be", "may be", "is not"),
    "until": ("from", "after"),
    "to": ("from",),
    "Your": ("My", "Their"),
    "your": ("my", "their"),
    "I": ("You", "Nobody"),
    "you": ("they", "nobody"),
    "nothing": ("everything",),
    "Nothing": ("Everything",),
    "if": ("unless",),
    "If": ("Unless",),
    "while": ("until",),
    "will": ("may", "will not"),
}


def _turned() -> list[tuple[str, str, VoiceCase]]:
    found = []
    for case in {case.template: case for case in CASES if case.phrased and len(case.grounds) == 1}.values():
        words = case.grounds[0].text.split(" ")
        for place, word in enumerate(words):
            for other in TURNED.get(word, ()):
                text = " ".join(filter(None, [*words[:place], other, *words[place + 1 :]]))
                found.append((f"{case.template}: {word} → {other}", text, case))
    return found


def test_one_word_that_turns_what_a_reply_says_keeps_it_in() -> None:
    turned = _turned()

    assert len(turned) > 100
    assert [name for name, text, case in turned if not check(text, case.grounds, "en")] == []
