"""Does a text speak to the system instead of to the bank? Signs are weighed, and what hides them is taken off first.

The screen lowers noise and tells staff. It never decides what a customer may do: that is the gate's, which takes no text at all.
"""

from __future__ import annotations

import base64
import binascii
import re

from agents.folding import fold_text
from agents.injection_signs import OF_OTHERS, STRONG, WEAK

#: What each weak sign counts; a story or a scenario is told in many harmless messages.
POINTS = {"story": 1}
USUAL_POINTS, ENOUGH, ENOUGH_OF_LONG = 2, 4, 5
#: A text longer than this says so much that two weak signs meet by chance.
LONG = 700
#: Hidden parts that are opened, and how much of each: more than any honest message has.
MAX_PARTS, MAX_PART = 4, 2000
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{24,2000}={0,2}")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}){12,1000}(?![0-9A-Fa-f])")
_BITS = re.compile(r"(?<![01])[01]{8}(?: [01]{8}){5,250}(?![01])")
_SPELLED = re.compile(r"(?<!\w)\w(?:[ .*_-]\w(?!\w)){5,200}")
_LEET_WORD = re.compile(r"\b(?=\w{0,20}[0134578@$])[a-z0134578@$]{3,20}\b")
#: "1" stands for i as often as for l.
_LEETS = (str.maketrans("0134578@$", "oieastbas"), str.maketrans("0134578@$", "oleastbas"))


def injection_signs(text: str, *, of_others: bool = False) -> tuple[str, ...]:
    """The signs that make `text` suspicious, by name; () when there are not enough of them. Linear in the length of the text.

    `of_others`: the text came from a tool (payee, memo, merchant, article, note), where telling anybody what to do is a sign too.
    """
    for view in _views(text):
        if found := _signs(view, of_others):
            return found
    return ()


def _signs(folded: str, of_others: bool) -> tuple[str, ...]:
    strong = [name for name, pattern in STRONG.items() if pattern.search(folded)]
    if of_others:
        strong += [name for name, pattern in OF_OTHERS.items() if pattern.search(folded)]
    if strong:
        return tuple(strong)
    weak = [name for name, pattern in WEAK.items() if pattern.search(folded)]
    if "asks" in weak and not {"secret", "disguise"}.intersection(weak):
        weak.remove("asks")  # people ask a bank for things all day
    points = sum(POINTS.get(name, USUAL_POINTS) for name in weak)
    return tuple(weak) if points >= (ENOUGH if len(folded) <= LONG else ENOUGH_OF_LONG) else ()


def _views(text: str) -> list[str]:
    """The folded text, and what it becomes when encodings, letters set apart and figures for letters are undone."""
    folded = fold_text(text).replace("’", "'")
    views = [folded]
    hidden = [fold_text(part) for part in _decoded(text)]
    if hidden:
        views.append("\n".join(hidden))
    if spelled := _SPELLED.findall(folded):
        views.append(
            _SPELLED.sub(lambda found: re.sub(r"[ .*_-]", "", found[0]), folded) if len(spelled) <= MAX_PARTS * 8 else ""
        )
    for table in _LEETS if _LEET_WORD.search(folded) else ():
        views.append(_LEET_WORD.sub(lambda found, to=table: _letters(found[0], to), folded))  # type: ignore[misc]
    return views


def _letters(word: str, table: dict[int, int]) -> str:
    """A word with its figures read as letters; figures alone stay."""
    return word.translate(table) if any(map(str.isalpha, word)) else word


def _decoded(text: str) -> list[str]:
    """Text inside base64, hexadecimal or binary, where it decodes to something that can be read."""
    parts: list[bytes] = []
    for match in _BASE64.findall(text)[:MAX_PARTS]:
        body = match.rstrip("=")
        try:
            parts.append(base64.b64decode(body[: len(body) // 4 * 4]))
        except (binascii.Error, ValueError):
            continue
    parts += [bytes.fromhex(match) for match in _HEX.findall(text)[:MAX_PARTS]]
    parts += [bytes(int(bits, 2) for bits in match.split()) for match in _BITS.findall(text)[:MAX_PARTS]]
    shown = [part.decode("utf-8", "ignore")[:MAX_PART] for part in parts]
    return [part for part in shown if part and sum(char.isprintable() for char in part) >= len(part) * 0.9]
