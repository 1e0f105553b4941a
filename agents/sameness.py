"""Two wordings brought to one form before they are compared: contractions written out, equal phrases made one, courtesies taken out.

What may count as the same is data (`sameness.yaml`). It is English only: a Hindi reply is its template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from agents.wordlists import wording

_LIKE = re.IGNORECASE
#: Contractions, longest first; what is left of 's is a possessive.
_LONG: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(short, _LIKE), long)
    for short, long in (
        (r"\bcan(?:'t|not)\b", "can not"),
        (r"\bwon't\b", "will not"),
        (r"\bshan't\b", "shall not"),
        (r"\b(\w+)n't\b", r"\1 not"),
        (r"\blet's\b", "let us"),
        (r"\b(it|that|there|here|what|who|he|she|how|where|which)'s\b", r"\1 is"),
        (r"'m\b", " am"),
        (r"'re\b", " are"),
        (r"'ve\b", " have"),
        (r"'ll\b", " will"),
        (r"'d\b", " would"),
    )
)


@dataclass(frozen=True, slots=True)
class Sameness:
    """The lists of `sameness.yaml`, compiled."""

    courtesies: re.Pattern[str]
    same: tuple[tuple[re.Pattern[str], str], ...]
    stems: Mapping[str, str]
    glue: frozenset[str]
    connectors: frozenset[str]
    stating: frozenset[str]
    droppable: frozenset[str]
    addable: frozenset[str]
    unmarked: frozenset[str]
    clause: re.Pattern[str]
    moods: Mapping[str, str]
    conditions: Mapping[str, str]
    negators: frozenset[str]
    acts: frozenset[str]
    verbs: frozenset[str]
    events: frozenset[str]
    agents: frozenset[str]


@cache
def sameness() -> Sameness:
    """The lists, read once."""
    data = yaml.safe_load((Path(__file__).parent / "sameness.yaml").read_text(encoding="utf-8"))
    kind = "|".join(f"(?:{one.format(**data['parts'])})" for one in data["courtesies"])
    stems = {form: word for word, forms in data["forms"].items() for form in forms}
    acts = frozenset(_regular(stems.get(form, form)) for form in wording().lemma if form not in data["not_acts"])
    return Sameness(
        courtesies=re.compile(
            rf"(?:^|(?<=[.!?;,:]\s)|(?<=\band\s)|(?<=\bbut\s))(?:{kind})(?=\s*(?:$|[.!?;,:\n]|(?:and|but|that)\b))", _LIKE
        ),
        same=tuple((re.compile(rf"\b(?:{pattern})(?!\w)", _LIKE), put) for put, pattern in data["same"]),
        stems=stems,
        glue=frozenset(data["glue"].split()),
        connectors=frozenset(data["connectors"]),
        stating=frozenset(data["stating"]),
        droppable=frozenset(_regular(one) for one in data["droppable"]),
        unmarked=frozenset(_regular(one) for one in data["unmarked"]),
        addable=frozenset(_regular(one) for one in data["addable"]),
        clause=re.compile(data["clause"]),
        moods={word: mood for mood, words in data["moods"].items() for word in words},
        conditions={word: kind for kind, words in data["conditions"].items() for word in words},
        negators=frozenset(data["negators"]),
        acts=acts,
        verbs=frozenset(_regular(word) for word in data["verbs"].split()) | acts,
        events=frozenset(_regular(word) for word in data["events"].split()),
        agents=frozenset(data["agents"].split()),
    )


_ENDINGS = (("ied", "y"), ("ies", "y"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", ""), ("ly", ""))


def _regular(word: str) -> str:
    """The word without its ending: registers, registered, registering → register. Not a dictionary: equal words get equal stems."""
    for ending, put in _ENDINGS:
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= 3 and not (ending == "s" and rest.endswith("s")):
            word = rest + put
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


@lru_cache(maxsize=4096)
def root(word: str) -> str:
    """One form for all forms of a word: held → hold, changed → chang."""
    return _regular(sameness().stems.get(word, word))


@lru_cache(maxsize=64)
def one_form(text: str) -> str:
    """`text` with contractions written out, equal phrases as one, and without courtesies. Capitals of what is left stay."""
    lists = sameness()
    text = re.sub(r"[’`]", "'", text)
    for short, long in _LONG:
        text = short.sub(long, text)
    text = _bare(text)
    for pattern, put in lists.same:
        text = pattern.sub(put, text)
    return _bare(text)


def _bare(text: str) -> str:
    """Courtesies out, until none is left: "Of course, I'm happy to help." holds two."""
    for _ in range(4):
        left = sameness().courtesies.sub("", text)
        left = re.sub(r"^[\s,;:.!]+|(?<=[.!?\n])[\s,;:.!]*[,;:.!](?=\s)", " ", left).strip()
        if left == text:
            return text
        text = left
    return text
