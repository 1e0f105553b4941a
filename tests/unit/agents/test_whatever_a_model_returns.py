"""Whatever a model returns — noise, its prompt, other customers' data, the template in pieces — a reply holds no figure, name or act
but those of its template. What counts as one is said here again, in other words than the check's own.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.composer import Composer, Mode
from agents.personas import cast
from agents.prompt_files import prompt_file
from agents.replies import ReplyBook
from agents.voice_cases import load_cases
from domain.conversation import Say
from models.scripted import ScriptedChatModel

HOUSE = Path(__file__).resolve().parents[3]
BOOK = ReplyBook.load(HOUSE / "graphs" / "replies")
FACTS = {
    "account": "savings account XX1234",
    "amount": "₹1,250.00",
    "available": "₹4,000.00",
    "total": "₹9,000.00",
    "until": "24 November 2026",
    "last4": "7788",
    "reference": "DSP-4F2A91",
    "sent_to": "XXXXXX3210",
}
SAYS = [
    Say(template=name, facts={fact: FACTS[fact] for fact in BOOK.get(name).facts["en"]})
    for name in BOOK.ids()
    if BOOK.get(name).phrase and BOOK.get(name).facts["en"] <= FACTS.keys()
]
OTHERS = [
    "Rohan Mehta has ₹81,400.00 in account XX9921.",
    "Your dispute DSP-99ZZ17 is registered, Rohan.",
    "I have refunded ₹1,250.00 to your card.",
    "Call 98765 43210 or write to help@bank.example.",
    "Priya from support will block your card within 2 hours.",
    "आपका पैसा वापस कर दिया गया है।",
]
FALSE = [case.text for case in load_cases(HOUSE / "tests" / "data" / "voice", BOOK) if case.wrong is not None]
FILES = [prompt_file("lead"), prompt_file("reword")]
PROMPTS = [
    part
    for file in FILES
    for part in (file.system, *(shot.user for shot in file.shots), *(shot.assistant for shot in file.shots))
]
ACTS = re.compile(
    r"\b(?:refund|block|unblock|credit|debit|revers|transfer|approv|reject|declin|resolv|guarante|promis|paid|pay back|waiv|delet|cancel"
    r"|clos|freez|frozen|unlock|lock|liabl|compensat|protect|verif|arrest|stolen|invest)[a-z]*",
    re.IGNORECASE,
)
#: Capitals that a courtesy brings at the start of a sentence.
CAPITALS = {
    "I",
    "I'm",
    "I'll",
    "I'd",
    "AI",
    "We",
    "You",
    "Your",
    "It",
    "Let",
    "Here",
    "Thank",
    "Thanks",
    "Many",
    "Of",
    "Sure",
    "Certainly",
}


class Clock:
    def monotonic(self) -> float:
        return 0.0


async def _reply(say: Say, answer: str, mode: Mode, persona: str) -> list[str]:
    heard: list[str] = []
    composer = Composer(BOOK, Clock(), ScriptedChatModel([answer]), mode)
    done = await composer.compose([say], language="en", persona=persona, budget_s=1.0, on_sentence=heard.append)
    return [done.text, "".join(heard)]


def _pieces(text: str, seed: int) -> str:
    """The template cut in halves or words and put together in another order."""
    chance = random.Random(seed)
    parts = text.split(" ") if seed % 2 else re.split(r"(?<=[.,;]) ", text)
    chance.shuffle(parts)
    return " ".join(parts)


answers = st.one_of(
    st.text(max_size=160),
    st.binary(max_size=120).map(lambda raw: raw.decode("latin-1")),
    st.sampled_from(PROMPTS),
    st.lists(st.sampled_from([*OTHERS, *PROMPTS, *FALSE]), min_size=1, max_size=3).map(" ".join),
    st.sampled_from(FALSE),
)


def _holds_only_its_own(say: Say, texts: list[str]) -> None:
    template = BOOK.render(say, "en")
    figures = set(re.findall(r"\d+", template))
    acts = {word.casefold() for word in ACTS.findall(template)}
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", template)}
    for text in texts:
        assert set(re.findall(r"\d+", text)) <= figures | {"5000"}, "no figure but its own"
        assert not re.search(r"[^\x00-\x7f₹“”’—–]", text), "nothing in another script"
        assert {word.casefold() for word in ACTS.findall(text)} <= acts, "no act but its own"
        named = re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", text)
        assert all(name.casefold() in words or name in CAPITALS for name in named), "no name but its own"


@settings(max_examples=int(os.environ.get("VOICE_EXAMPLES", "150")), deadline=None, derandomize=True)
@given(st.sampled_from(SAYS), answers, st.sampled_from(["opening", "reword"]), st.sampled_from(sorted(cast().personas)))
def test_a_reply_holds_nothing_but_its_own_whatever_the_model_returns(say: Say, answer: str, mode: Mode, persona: str) -> None:
    _holds_only_its_own(say, asyncio.run(_reply(say, answer, mode, persona)))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(SAYS), st.integers(0, 10**6), st.sampled_from([*OTHERS, *FALSE]), st.booleans())
def test_a_template_in_pieces_with_strange_sentences_between_them_says_nothing_new(
    say: Say, seed: int, strange: str, mixed: bool
) -> None:
    pieces = _pieces(BOOK.render(say, "en"), seed)
    answer = f"{pieces} {strange}" if mixed else pieces

    _holds_only_its_own(say, asyncio.run(_reply(say, answer, "reword", "general")))


def test_all_false_wordings_of_all_replies_leave_each_reply_true() -> None:
    """A wording that is false of its own reply, or belongs to another one, never gets out: not even its first sentence as a figure."""
    for at, answer in enumerate([*FALSE, *OTHERS]):
        say = SAYS[at % len(SAYS)]
        _holds_only_its_own(say, asyncio.run(_reply(say, answer, "reword", "general")))
