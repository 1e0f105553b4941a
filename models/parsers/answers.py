"""Short answers: yes, no, cancel, repeat, a person please — in English, Hindi and Hinglish.

Only a message that is nothing but such an answer counts as one; a word of it inside a sentence does not. What begins with yes or no and
goes on is reported with the rest, so that "no, the other one" is read as the correction that it is. A slip of the hand ("cancle",
"yesss") is forgiven where the words are known and few; a call for a person, and any *no*, has to be spelt out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import OSA

from models.parsers.answer_words import AFFIRM, CANCEL, DENY, HUMAN, REPEAT
from models.parsers.text import fold

AnswerKind = Literal["affirm", "deny", "cancel", "repeat", "human"]

#: Words that add politeness or haste and change nothing.
_FILLERS = frozenset(
    fold(
        "please pls plz plzz kindly sir madam maam ma'am mam bhai bhaiya ji now just oh hey so um uh hmm wait everything quickly fast कृपया सर मैडम भाई भैया "
        "अभी abhi na yaar zara ज़रा jaldi जल्दी"
    ).split()
)
_PHRASES: tuple[tuple[AnswerKind, tuple[str, ...]], ...] = (
    ("affirm", AFFIRM),
    ("deny", DENY),
    ("cancel", CANCEL),
    ("repeat", REPEAT),
    ("human", HUMAN),
)
_KINDS: dict[str, AnswerKind] = {fold(phrase): kind for kind, phrases in _PHRASES for phrase in phrases}
#: Whole messages that would pass for an answer and are none: an hour, a laugh.
_NO_ANSWERS = frozenset({"right now", "ha ha", "ha ha ha"})
_MARKS = re.compile(r"[.,!?;:।…\"()*_~-]+")
_LEAD = re.compile(r"^(?P<lead>[^,.;!।]{1,24}?)\s*[,.;!।]\s*(?P<rest>.+)$")
_MAX_CHARS = 120
#: Yes and no that may stand before more without a comma, and the words that show that more follows.
_YES = frozenset(map(fold, ("yes", "y", "yeah", "yep", "ya", "yup", "ok", "okay", "haan", "han", "ji haan", "haan ji", "sure", "correct", "sahi hai", "theek hai",
                            "thik hai", "हां", "जी हां", "हां जी", "ठीक है", "सही है")))  # fmt: skip
_NO = frozenset(
    map(fold, ("no", "nope", "nah", "no no", "nahi", "nahin", "nhi", "nai", "ji nahi", "नहीं", "नही", "जी नहीं", "wrong", "galat"))
)
_THEN = frozenset(
    map(fold, ("but", "and", "also", "however", "though", "par", "lekin", "magar", "aur", "पर", "लेकिन", "मगर", "और"))
)
_OTHER_ONE = frozenset(
    map(
        fold,
        (
            "the",
            "it",
            "that",
            "this",
            "i",
            "rs",
            "woh",
            "wo",
            "ye",
            "yeh",
            "us",
            "dusra",
            "doosra",
            "वो",
            "वह",
            "यह",
            "ये",
            "दूसरा",
        ),
    )
)
_MOST_LEADING = 2
#: A slip is forgiven in words of so many letters; shorter ones are a letter away from too much else ("eight", "right").
_LONG_WORD = 6
_VOCABULARY = frozenset(
    word for phrase, kind in _KINDS.items() if kind != "human" for word in phrase.split() if len(word) >= _LONG_WORD
)
#: Words that are a letter away from one of those and mean something else.
_OWN_WORDS = frozenset("forgot forgets cancer resent repeal changes charged conform parson pardons".split())  # noqa: SIM905 - read as a list of words
#: Skin colours and the mark that asks for a coloured picture.
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
_RUN = re.compile(r"(.)\1+")
_MOST_WORDS = 8


def _squeezed(text: str) -> str:
    """Letters that were held down count once: "yesss", "haaaan"."""
    return _RUN.sub(r"\1", text)


def _squeezed_kinds() -> dict[str, AnswerKind]:
    kinds: dict[str, set[AnswerKind]] = {}
    for phrase, kind in _KINDS.items():
        kinds.setdefault(_squeezed(phrase), set()).add(kind)
    return {phrase: found.pop() for phrase, found in kinds.items() if len(found) == 1}


_SQUEEZED = _squeezed_kinds()


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """A yes, no, or the like. `rest` is what follows a leading yes or no, empty when the answer is all there is."""

    kind: AnswerKind
    rest: str = ""


def read_answer(text: str) -> ShortAnswer | None:
    """The short answer that a message is, or begins with; None for anything else."""
    folded = fold(_SKIN.sub("", text[: _MAX_CHARS + 1]))
    if not folded or len(folded) > _MAX_CHARS:
        return None
    if (kind := _kind(folded)) is not None:
        return ShortAnswer(kind)
    lead = _LEAD.match(folded)
    if lead is not None and (kind := _kind(lead["lead"])) in ("affirm", "deny"):
        following = _kind(lead["rest"])
        if following is not None and (following == kind or following in ("cancel", "repeat", "human")):
            return ShortAnswer(following)
        return ShortAnswer(kind, _without_then(lead["rest"]))
    return _leading(folded)


def _without_then(rest: str) -> str:
    first, _, more = rest.partition(" ")
    return more if first in _THEN and more else rest


def _leading(folded: str) -> ShortAnswer | None:
    """ "Yes but …", "no the other one", "nahi 450 wala": a yes or no and more, without a comma."""
    words = folded.split()
    for count in range(_MOST_LEADING, 0, -1):
        lead, rest = " ".join(words[:count]), words[count:]
        if len(rest) < 2 or (lead not in _YES and lead not in _NO):
            continue
        kind: AnswerKind = "affirm" if lead in _YES else "deny"
        if rest[0] in _THEN:
            return ShortAnswer(kind, " ".join(rest[1:]))
        if rest[0][0].isdigit() or rest[0][0] == "₹" or (lead in _NO and rest[0] in _OTHER_ONE):
            return ShortAnswer(kind, " ".join(rest))
    return None


def _kind(folded: str) -> AnswerKind | None:
    bare = " ".join(_MARKS.sub(" ", folded).split())
    if bare in _NO_ANSWERS:
        return None
    if bare in _KINDS:
        return _KINDS[bare]
    kept = [word for word in bare.split() if word not in _FILLERS]
    if not kept or len(kept) > _MOST_WORDS:
        return None
    if (kind := _whole(kept)) is not None:
        return kind
    # "ok cancel", "no agent please": what follows the first word is what is meant.
    following = _KINDS.get(" ".join(kept[1:])) if kept[0] in _KINDS else None
    return following if following in ("cancel", "repeat", "human") else _spelt(kept)


def _whole(words: list[str]) -> AnswerKind | None:
    """One phrase, or several that all mean the same: "yes yes do it"."""
    phrase = " ".join(words)
    if phrase in _KINDS:
        return _KINDS[phrase]
    kinds: set[AnswerKind] = set()
    while words:
        taken = next((count for count in range(len(words), 0, -1) if " ".join(words[:count]) in _KINDS), 0)
        if not taken:
            return None
        kinds.add(_KINDS[" ".join(words[:taken])])
        words = words[taken:]
    return kinds.pop() if len(kinds) == 1 else None


def _spelt(words: list[str]) -> AnswerKind | None:
    """The answer behind letters held down, or behind one slip in a long word."""
    phrase = " ".join(words)
    if (kind := _SQUEEZED.get(_squeezed(phrase))) is not None and kind != "human":
        return kind
    mended = " ".join(map(_mended, words))
    kind = _KINDS.get(mended) if mended != phrase else None
    return kind if kind != "human" else None


def _mended(word: str) -> str:
    if len(word) < _LONG_WORD - 1 or word in _VOCABULARY or word in _OWN_WORDS or any(map(str.isdigit, word)):
        return word
    near = [known for known in _VOCABULARY if known[0] == word[0] and OSA.distance(word, known, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else word
