"""Where the short secrets are: one-time passwords, CVV, PIN, passwords, and a typed answer to a security question.

They have no checksum: they are known by the words around them, or by what the conversation is waiting for.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from agents.finders import SEAM, Hit, Kind, Scan, any_of
from agents.folding import Atom, fold_text

OTP_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Code:
    """A short code known by its name: how it is called, and how many digits it has."""

    kind: Kind
    name: re.Pattern[str]
    sizes: frozenset[int]
    #: size that is believed right before the name without a linking word ("482913 otp"); 0 for never
    bare: int


CODES = (
    Code(
        "otp",
        re.compile(
            r"\b(?:otps?|o\.t\.p\.?|one[ -]time[ -](?:password|passcode|pin|code)|verification code|authentication code|passcode)\b"
            rf"|{any_of('ओटीपी', 'ओ टी पी', 'ओ.टी.पी')}"
        ),
        frozenset({4, 5, 6, 7, 8}),
        6,
    ),
    Code(
        "cvv",
        re.compile(
            rf"\b(?:cvv2?|cvc2?|cvn|csc|c\.v\.v\.?|security code|card verification(?: value| code)?)\b|{any_of('सीवीवी')}"
        ),
        frozenset({3, 4}),
        3,
    ),
    Code("pin", re.compile(rf"\b(?:[mt]?-?pins?)\b|{any_of('पिन')}"), frozenset({4, 5, 6}), 0),
)
#: Words that may stand between a code's name and its digits; anything else means that the digits are about something else.
_LINKS = frozenset(
    fold_text(
        "is was it its are no number num code my your mera meri mere the this that here i he she they told gave given shared entered "
        "enter typed sent got received him her them as which hai h he ye yeh yah wo woh ko ka ki ke tha thi aaya aya aayi mila mili bola "
        "diya di bataya batayi of for on card atm upi debit credit account mobile bank with please pls check use verify one current old "
        "new say says said came come mine s just and ending xx xxx xxxx txn transaction payment rs inr to a changed set from "
        "है हैं था थी यह ये वह मेरा मेरी नंबर आया मिला दिया बताया का की को से"
    ).split()
)
#: The word right before the digits that shows they are something else: "otp for 5000", "otp for card ending 1234".
_NOT_LAST = frozenset({"of", "for", "with", "on", "and", "ending", "xx", "xxx", "xxxx", "a", "from"})
_WORD = re.compile(r"[^\s\d,.:;=\-–—>#()\"'’!*|/?]+")
_MAX_LINK = 60
#: How many groups of digits after a name are looked at: a pasted OTP message names a card or an amount first.
_MAX_GROUPS = 3

#: "… OTP for your payment at X is 482913", as the bank's own message says it
_STATED = re.compile(rf"(?:\bis|\bhai|{any_of('है')}|:)\s*$")
_ABOUT_MONEY = re.compile(rf"\b(?:amount|balance|rs|rupees|paid|lost)\b|{any_of('राशि')}|{SEAM}")
_MAX_STATED = 90
_IS_AFTER = re.compile(rf"\s{{0,2}}(?:hai|h|tha|thi)\b|\s{{0,2}}(?:{any_of('है', 'था', 'थी')})")
_Place = tuple[list[Atom], int]


def _links(gap: str, *, any_last: bool = False) -> bool:
    if SEAM in gap:
        return False
    words: list[str] = _WORD.findall(gap)
    return all(word in _LINKS for word in words) and (any_last or not words or words[-1] not in _NOT_LAST)


def _close(gap: str) -> bool:
    return len(gap) <= 2 and not gap.strip(" -.")


def _code_from(found: Scan, place: _Place, sizes: frozenset[int]) -> tuple[int, str] | None:
    """Where the code that starts at this group ends, and its digits; close groups are one ("482 913", "4 8 2 9 1 3")."""
    chain, first = place
    digits, best = "", None
    for index in range(first, len(chain)):
        if index > first and not _close(found.text[chain[index - 1].end : chain[index].start]):
            break
        digits += chain[index].digits
        if len(digits) > max(sizes):
            break
        if len(digits) in sizes:
            best = (chain[index].end, digits)
    return best


def _whole_chain(found: Scan, chain: list[Atom], sizes: frozenset[int]) -> tuple[int, str] | None:
    """The code that the whole chain is; a longer number is none."""
    joined = _code_from(found, (chain, 0), sizes)
    return joined if joined and joined[0] == chain[-1].end else None


def _code_before(found: Scan, place: _Place, code: Code) -> Hit | None:
    """The code that ends with this group, the last of its chain."""
    chain, first = place
    if first != len(chain) - 1:
        return None
    end, digits = chain[first].end, chain[first].digits
    while first > 0 and len(digits) + len(chain[first - 1].digits) <= max(code.sizes):
        if not _close(found.text[chain[first - 1].end : chain[first].start]):
            break
        first -= 1
        digits = chain[first].digits + digits
    return Hit(code.kind, chain[first].start, end, digits) if len(digits) in code.sizes else None


def find_codes(found: Scan) -> Iterator[Hit]:
    """OTP, CVV and PIN by the words around them."""
    places: list[_Place] = [(chain, index) for chain in found.chains for index in range(len(chain))]
    starts = [chain[index].start for chain, index in places]
    ends = [chain[index].end for chain, index in places]
    for code in CODES:
        for name in code.name.finditer(found.text):
            after = bisect_left(starts, name.end())
            if hit := _after_name(found, places[after : after + _MAX_GROUPS], name, code):
                yield hit
            before = bisect_right(ends, name.start()) - 1
            if before >= 0 and (hit := _before_name(found, places[before], name, code)):
                yield hit


def _after_name(found: Scan, places: list[_Place], name: re.Match[str], code: Code) -> Hit | None:
    postal = code.kind == "pin" and re.match(r"[ -]?codes?\b", found.text[name.end() : name.end() + 7])
    for chain, index in places:
        atom = chain[index]
        gap = found.bare[name.end() : atom.start]
        if len(gap) > _MAX_STATED:
            return None
        joined = _code_from(found, (chain, index), code.sizes)
        if found.is_plain(atom) or not joined or (postal and len(joined[1]) == 6):
            continue
        stated = code.kind == "otp" and len(joined[1]) == OTP_DIGITS and _STATED.search(gap) and not _ABOUT_MONEY.search(gap)
        if stated or (len(gap) <= _MAX_LINK and _links(gap)):
            return Hit(code.kind, atom.start, *joined)
    return None


def _before_name(found: Scan, place: _Place, name: re.Match[str], code: Code) -> Hit | None:
    """ "482913 is my otp", "123 cvv"."""
    chain, index = place
    gap = found.bare[chain[index].end : name.start()]
    if len(gap) > _MAX_LINK or found.is_plain(chain[index]) or (hit := _code_before(found, place, code)) is None:
        return None
    if _WORD.search(gap) or _IS_AFTER.match(found.text, name.end()):
        return hit if _links(gap, any_last=True) else None
    return hit if len(hit.value) == code.bare and len(gap) <= 3 and SEAM not in gap else None


#: "my cvv is" as a whole message: the digits come in the next one.
_NAME_LAST = re.compile(rf"^[\s\w']{{0,20}}$|(?:\bis|\bhai|{any_of('है')}|[:=\-])\s*$")
_ASKS = re.compile(rf"\b(?:not|no|n't|where|resend|again|why|how|nahi|nahin|get)\b|\?|{any_of('नहीं', 'कहाँ', 'कब')}")


def find_announced_code(found: Scan, previous: str) -> Iterator[Hit]:
    """A message of digits alone after one that ended by naming a code."""
    if len(found.chains) != 1 or _WORD.search(found.text.replace(SEAM, " ")):
        return
    for code in CODES:
        *_, name = [None, *code.name.finditer(previous)]
        if name is None or len(previous) > 80 or _ASKS.search(previous) or not _NAME_LAST.search(previous[name.end() :]):
            continue
        if joined := _whole_chain(found, found.chains[0], code.sizes):
            yield Hit(code.kind, found.chains[0][0].start, *joined)
            return


def find_awaited_otp(found: Scan) -> Iterator[Hit]:
    """While an OTP is awaited: six digits anywhere, or a message of 4 to 8 digits and nothing else."""
    alone = not _WORD.search(found.text)
    for chain in found.chains:
        for index in range(len(chain)):
            if found.is_plain(chain[index]) or (index > 0 and _close(found.text[chain[index - 1].end : chain[index].start])):
                continue
            joined = _code_from(found, (chain, index), frozenset({OTP_DIGITS}))
            if joined is None and alone and len(found.chains) == 1 and index == 0:
                joined = _whole_chain(found, chain, frozenset({4, 5, 7, 8}))
            if joined:
                yield Hit("otp", chain[index].start, *joined)


_EXPIRY_THEN_CVV = re.compile(
    r"[\s,;.|]{0,4}(?:exp(?:iry)?|valid)?[\s:.]{0,3}(?:0?[1-9]|1[0-2])[/-](?:20)?\d\d[\s,;.|/-]{1,4}(\d{3,4})(?!\d)"
)
_THEN_CVV = re.compile(r"[\s,;.|/-]{1,3}(\d{3})(?![\d,]|\.\d)")


def find_cvv_after_card(found: Scan, end: int) -> Iterator[Hit]:
    """The three digits that people type after the number and the expiry date, without a name."""
    for pattern in (_EXPIRY_THEN_CVV, _THEN_CVV):
        if (match := pattern.match(found.text, end, end + 40)) and not found.is_plain(Atom("", *match.span(1))):
            yield Hit("cvv", *match.span(1), match.group(1))
            return


_PASSWORD = re.compile(
    rf"(?:\b(?:password|passwd|pwd|passphrase)\b|{any_of('पासवर्ड')})(?P<link>(?:\s*(?:[:=]|-\s)|\s+(?:(?:is|was|hai|are|to)\b|"
    rf"{any_of('है')})|\s+(?:for|of)\s+(?:my|the)\s+\w{{1,15}}\s+is\b){{0,2}})[\s\"'“”‘’`]{{0,4}}(?P<value>[^\s\"“”`{SEAM}]{{3,64}})"
)
_NOT_A_PASSWORD = frozenset(
    fold_text(
        "not wrong incorrect working expired blocked locked invalid reset showing asking forgotten forgot correct right same changed being "
        "saying the my a an too very still no rejected required safe weak strong compromised stolen leaked hacked unknown gone accepted "
        "also so again and or but for from with your their this that what why how page link field option problem issue error change "
        "hai nahi nahin galat bhul bhool gaya gayi kya kaise karna karo sahi set "
        "है नहीं गलत भूल गया क्या कैसे बदलना रीसेट काम"
    ).split()
)


def find_passwords(found: Scan) -> Iterator[Hit]:
    """What follows "my password is": believed when it looks like one, or when the words name it and the clause ends there."""
    text = found.text
    for match in _PASSWORD.finditer(text):
        link, value = match.group("link").strip(), match.group("value").rstrip(".,;!?)।'’")
        start = match.start("value")
        end = start + len(value)
        raw = found.folded.source[slice(*found.folded.span(start, end))] if value else ""
        plain = value in _NOT_A_PASSWORD or len(value) < 3 or value.startswith("[")
        odd = any(not char.isalpha() for char in value.replace("'", "")) or raw[1:] != raw[1:].lower()
        ends = not text[end:].strip(" .,;!?'\"") or text[end : end + 1] in ".,;!"
        if not plain and ((odd and (link or any(map(str.isdigit, value)))) or (link and (ends or link[-1] in ":="))):
            yield Hit("password", start, end, raw)


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
