"""Opening sentences: the courtesy a reply may begin with, the one part that even the smallest model may choose the words of."""

from __future__ import annotations

import re
from typing import Literal

Opening = Literal["sorry", "thanks", "gladly", "details", "ask"]

#: A first sentence that is nothing but a courtesy. Only what matches in full is one; any other first sentence says something.
_COURTESY: tuple[tuple[Opening, re.Pattern[str]], ...] = (
    (
        "sorry",
        re.compile(
            r"(?:I'm|I am|We're|We are) (?:really |so |very )?sorry(?:,? (?:about|for) (?:this|that|the (?:trouble|inconvenience|worry|wait))"
            r"| to hear (?:this|that|about this|about that)| (?:this|that this) happened)?"
            r"(?:,? (?:and )?(?:I'm|I am|we're|we are) here to help)?[.!]|I understand how (?:worrying|upsetting|unsettling) this (?:is|must be|can be)[.!]"
        ),
    ),
    (
        "thanks",
        re.compile(
            r"(?:Thank you|Thanks|Many thanks)(?: very much)?(?:,? (?:that helps|that is helpful)"
            r"| for (?:telling (?:me|us)|letting (?:me|us) know|sharing this|your message|your patience|the details|explaining(?: this)?|reporting this)"
            r"(?: about this)?)?[.!]"
        ),
    ),
    (
        "details",
        re.compile(r"(?:Of course|Sure|Certainly|Gladly)?,? ?[Hh]ere (?:it is|you go|are the details|is what I see)[.:!]"),
    ),
    (
        "gladly",
        re.compile(
            r"(?:Of course|Sure|Certainly|Gladly|With pleasure)(?:,? (?:I'm|I am|I'll|I'd be)? ?(?:happy|glad)? ?(?:to )?help(?: you)?"
            r"(?: with (?:this|that))?|,? let's (?:look at (?:it|this)|take a look)(?: together)?)?[.!]"
        ),
    ),
    (
        "ask",
        re.compile(
            r"(?:To help you,? )?I (?:just )?(?:need|have) (?:a little more|one more detail|one (?:short |quick )?question)[.!]"
        ),
    ),
)


def opening_of(sentence: str) -> Opening | None:
    """Which kind of courtesy a template's first sentence is, or None when it says anything besides."""
    text = sentence.strip().replace("’", "'")
    return next((kind for kind, pattern in _COURTESY if pattern.fullmatch(text)), None)
