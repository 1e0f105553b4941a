"""Where passwords are, and the typed answer to a security question: secrets of words rather than digits.

They have no checksum and no length: they are known by the words around them and by how they look, or by what the conversation awaits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.finders import SEAM, Hit, Scan, any_of
from agents.folding import fold_text
from agents.identifiers import is_upi

_NAME = (
    r"\b(?:pas{1,2} ?w(?:or|ar|ro|r|o|ir)?ds?|passwd|pswd|pwd|pw|pass ?phrase)\b"
    rf"|{any_of('पासवर्ड', 'पास वर्ड')}"
)
_PASSWORD = re.compile(
    rf"(?:{_NAME}|\bpass(?=\s?[:=-]))(?P<link>(?:\s*(?:[:=]|-\s|-(?=\S{{0,30}}\d))|\s+(?:(?:is|was|hai|are|to|tha|set to|changed to|rakha tha|ye raha)\b|"
    rf"{any_of('है')})|\s+(?:for|of)\s+(?:my|the)\s+(?:\w{{1,15}}\s+){{1,3}}is\b){{0,2}})[\s\"'“”‘’`]{{0,4}}(?P<value>[^\s\"“”`{SEAM}]{{3,64}})"
)
_QUOTED = re.compile(rf"(?:{_NAME})[^\"“\n{SEAM}]{{0,24}}[\"“](?P<value>[^\"“”\n{SEAM}]{{3,64}})[\"”]")
#: "pass" alone is "near" in Hindi; it names a password only beside a word that looks like one.
_LOOSE_NAME = re.compile(rf"{_NAME}|\bpass\b")
#: Characters on each side of the name in which such a word is looked for.
_AFTER, _BEFORE = 64, 48
_TOKEN = re.compile(rf"[^\s{SEAM}\[\]\"“”`]{{5,64}}")
_SIGNS = frozenset("@#$%&*_!~^+")
#: What mixes letters and digits without being a password: 24x7, 15th, TKT-2026-000123, iphone13 is let through rather than a password.
_NO_PASSWORD = re.compile(
    r"\d+[a-z]{1,5}|[a-z]{2,5}-?\d+(?:-\d+)+|x{2,}\d+|rs\.?[\d,.]+|https?:.*|www\..*|.*\.(?:com|in|org|pdf|net|example)|₹.*|[\d/,.:-]+"
)
_USER_NAME = re.compile(
    rf"(?:\b(?:id|user|users?name|login|email|mail|{any_of('आईडी', 'यूज़र', 'यूजर')})(?: is| hai)?)[\s:=-]{{1,3}}$"
)
_REACH = 20
_IS_AFTER = re.compile(rf"\s(?:hai|tha)\b|\s(?:{any_of('है', 'था')})(?:\s|$)")
_NOT_A_PASSWORD = frozenset(
    fold_text(
        "not wrong incorrect working expired blocked locked invalid reset showing asking forgotten forgot correct right same changed being "
        "saying the my a an too very still no rejected required safe weak strong compromised stolen leaked hacked unknown gone accepted "
        "also so again and or but for from with your their this that what why how page link field option problem issue error change "
        "expire block lock yaad bhula purana naya hack chori chahiye band bata batao bheja bhejo diya daal dala dalo kaha kaun konsa kisi "
        "wahi yahi kuch rakha nhi dono sabka mera meri protected needed both fine okay manager policy box screen set "
        "hai nahi nahin galat bhul bhool gaya gayi kya kaise karna karo sahi "
        "है नहीं गलत भूल गया क्या कैसे बदलना रीसेट काम वही यही पता याद"
    ).split()
)


def find_passwords(found: Scan) -> Iterator[Hit]:
    """What follows "my password is", what stands in quotes after it, and any word beside the name that looks like a password."""
    yield from _linked(found)
    for match in _QUOTED.finditer(found.text):
        yield _hit(found, *match.span("value"))
    for name in _LOOSE_NAME.finditer(found.text):
        for start, end in _beside(found.text, name):
            token = found.text[start:end]
            raw = found.folded.source[slice(*found.folded.span(start, end))]
            named = _USER_NAME.search(found.text[max(0, start - _REACH) : start])
            if not named and _looks_like_one(token, raw):
                yield _hit(found, start, end)


def _hit(found: Scan, start: int, end: int) -> Hit:
    return Hit("password", start, end, found.folded.source[slice(*found.folded.span(start, end))])


def _linked(found: Scan) -> Iterator[Hit]:
    text = found.text
    for match in _PASSWORD.finditer(text):
        link, value = match.group("link").strip(), match.group("value").rstrip(".,;!?)।'’")
        start = match.start("value")
        end = start + len(value)
        raw = found.folded.source[slice(*found.folded.span(start, end))] if value else ""
        dated = not link and any(left <= start and end <= right for left, right in found.plain)
        if dated or value in _NOT_A_PASSWORD or len(value) < 3 or value.startswith("["):
            continue
        odd = any(not char.isalpha() for char in value.replace("'", "")) or raw[1:] != raw[1:].lower()
        ends = not text[end:].strip(" .,;!?'\"") or text[end : end + 1] in ".,;!"
        looks = odd and (link or any(map(str.isdigit, value)))
        if looks or (link and (ends or link[-1] in ":=")) or _IS_AFTER.match(text, end):
            yield Hit("password", start, end, raw)


def _beside(text: str, name: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The words on each side of a name, without the punctuation around them."""
    before = text.rfind(SEAM, 0, name.start()) + 1
    sides = (
        (max(before, name.start() - _BEFORE), name.start()),
        (name.end(), min(len(text), name.end() + _AFTER, *(at for at in [text.find(SEAM, name.end())] if at >= 0))),
    )
    for left, right in sides:
        # A word that the edge of the window cuts would be taken in part.
        while left and left < right and not text[left - 1].isspace():
            left += 1
        while right < len(text) and right > left and not text[right].isspace() and right - name.end() < _AFTER + 64:
            right += 1
        for match in _TOKEN.finditer(text, left, right):
            token = match.group()
            lead = len(token) - len(token.lstrip("('‘,.:;=-"))
            yield match.start() + lead, match.start() + len(token.rstrip(".,;!?)।'’"))


def _looks_like_one(token: str, raw: str) -> bool:
    """Letters with digits or signs among them, and no reference, address, size or amount."""
    letters, digits = sum(map(str.isalpha, token)), sum(map(str.isdigit, token))
    if len(token) < 5 or not letters or _NO_PASSWORD.fullmatch(token) or (is_upi(token) and not raw[0].isupper()):
        return False
    signs = any(char in _SIGNS for char in token[1:])
    return (digits > 0 and letters >= 2) or (signs and letters >= 3 and raw != raw.lower())


_NOT_AN_ANSWER = re.compile(
    r"\b(?:cancel|stop|help|human|agent|person|representative|why|what|which|how|when|who|dont|don't|do not|cannot|can't|skip|forgot|forget|"
    rf"forgotten|yes|no|hello|hi|thanks|repeat|again|nahi|nahin|pata|kyu|kyun|kya|kaise|madad)\b|\?|{any_of('रद्द', 'मदद', 'नहीं', 'क्या', 'क्यों', 'कैसे', 'एजेंट', 'इंसान')}"
)


def find_security_answer(found: Scan) -> Iterator[Hit]:
    """While a security answer is awaited: a short message that is neither a question nor a wish is the answer."""
    stripped = found.text.strip()
    if stripped and len(stripped) <= 60 and len(stripped.split()) <= 6 and not _NOT_AN_ANSWER.search(stripped):
        start = found.text.index(stripped)
        end = start + len(stripped)
        yield Hit("security_answer", start, end, found.folded.source[slice(*found.folded.span(start, end))])
