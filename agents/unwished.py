"""Wishes that are named only to say that they are not wished: "don't block my card", "card block mat karo", "बैलेंस नहीं चाहिए".

English says so before the wish, Hindi behind it; both are looked for within the part of the sentence that the wish stands in, so that
"don't block it, just tell me the balance" denies one wish and keeps the other.
"""

from __future__ import annotations

import re

from models.parsers.text import LETTER, fold

_EDGE = rf"(?<![{LETTER}])"


def _hindi(*words: str) -> str:
    return "|".join(fold(word) for word in words)


#: Where one part of a sentence ends and another meaning may begin.
PART = re.compile(
    rf",(?!\d)|(?<![{LETTER}])(?:but|just|only|bas|sirf|balki|lekin|magar|{_hindi('बस', 'सिर्फ', 'बल्कि', 'लेकिन', 'मगर')})(?![{LETTER}])"
)
_WANT = re.compile(
    _EDGE
    + r"(?:do ?n[o']?t|do not|no longer|not|no need to|without|never mind (?:the|about)|rather than|instead of|never) (?:\w+ ){0,2}?"
    r"(?:want|need|wish|asking|looking|talking|interested|have to|require|asked|told|said|wanted|(?:think|believe) (?:you|we|it) (?:should|need|have|must))(?: you)?(?: to| for| about)?\b"
)
#: Directly before what is not wished.
_DIRECTLY = re.compile(
    _EDGE + r"(?:do ?n[o']?t|do not|no need to|no need of|not|never|without|instead of|please no) (?:\w+ ){0,2}$"
)
_BEHIND = re.compile(
    _EDGE
    + rf"(?:(?:nahi|nahin|nhi|mat|na|{_hindi('नहीं', 'मत', 'न')}) (?:chahiye|chahta|chahti|kar(?:na|o|iye|ni|wana|wani|wao|do|dena|ein?)\b|kijiye|kijiyega|bata\w*|dikha\w*|"
    rf"puchh?\w*|pooch\w*|{_hindi('चाहिए', 'चाहता', 'चाहती', 'करना', 'करो', 'करें', 'करनी', 'करवाना', 'करवानी', 'कीजिए', 'कीजिएगा', 'करिए', 'बताओ', 'बताइए', 'दिखाओ', 'पूछ')})"
    rf"|(?:karna|karni|karwana|karne|chahiye|block|band|{_hindi('करना', 'करनी', 'करवाना')}) (?:nahi|nahin|mat|{_hindi('नहीं', 'मत')})"
    rf"|(?:zarurat|jarurat|zaroorat|jaroorat|{_hindi('ज़रूरत', 'आवश्यकता')}) (?:nahi|nahin|nhi|{_hindi('नहीं')})"
    r"|(?:is |was )?(?:not|n't) (?:needed|required|necessary|wanted|what i (?:want|need|asked)))"
)
#: Verbs that ask for something to be done; only before these does a bare "don't" deny: "I don't see my balance" does not.
_DOING = {
    "balance": re.compile(r"(?:tell|show|give|display|check|fetch|need|want)\b"),
    "dispute": re.compile(r"disput|charge ?back|raise|report"),
}


def part_of(plain: str, start: int, end: int) -> tuple[int, int]:
    """The part of a folded clause that the characters start..end stand in."""
    edges = [match.span() for match in PART.finditer(plain)]
    return max((edge[1] for edge in edges if edge[1] <= start), default=0), min(
        (edge[0] for edge in edges if edge[0] >= end), default=len(plain)
    )


def is_denied(plain: str, match: re.Match[str], intent: str) -> bool:
    """Whether the wish that `match` found in a folded clause is said to be unwanted."""
    first, last = part_of(plain, match.start(), match.end())
    if _WANT.search(plain, first, match.end()) or _BEHIND.search(plain, match.start(), last):
        return True
    doing = _DOING.get(intent)
    return (doing is None or doing.match(match.group()) is not None) and _DIRECTLY.search(
        plain[first : match.start()]
    ) is not None


def says_not_to(text: str) -> bool:
    """Whether anything at all in a message is said to be unwanted: then no reader that cannot tell what may start anything."""
    plain = fold(text)
    return bool(
        _WANT.search(plain) or _BEHIND.search(plain) or re.search(r"(?:^|please |pls )(?:do not|don'?t|never) [a-z]", plain)
    )
