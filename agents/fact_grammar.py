"""A grammar of one reply: its facts stand in it word for word and in order, and the free text between them can hold no figure.

A model that rewords under it can neither lose a fact nor invent a number; what it says in words is still checked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

#: Anything with a digit in it, with its sign, and what stands in quotes.
_FIGURE = re.compile(r"“[^”]*”|[₹$€£]?(?:[A-Za-z]{1,12}-?)?\d[\w,./:%-]*(?<![,./:-])")
#: Free characters before, between and after facts: enough for a sentence.
FREE = 120
_GAP = f"gap ::= [a-zA-Z ,.'!-]{{0,{FREE}}}\n"


def literals(text: str, facts: Iterable[str]) -> list[str]:
    """The stretches of `text` that a wording has to keep, in order: figures, quotes, and the values of facts."""
    spans = [match.span() for match in _FIGURE.finditer(text)]
    for fact in facts:
        if len(fact) > 1:
            spans += [match.span() for match in re.finditer(re.escape(fact), text)]
    merged: list[list[int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return [(" " if text[start - 1 : start] == " " else "") + text[start:end] for start, end in merged]


def fact_grammar(text: str, facts: Iterable[str]) -> str:
    """GBNF for rewordings of `text`."""
    last = '"?"' if text.rstrip().endswith("?") else '"."'
    parts = ["[A-Z]", "gap"]
    for literal in literals(text, facts):
        parts += [json.dumps(literal, ensure_ascii=False), "gap"]
    return f"root ::= {' '.join(parts)} {last}\n{_GAP}"
