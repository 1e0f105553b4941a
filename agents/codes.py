"""Where the short secrets are: one-time passwords, CVV, PIN.

They have no checksum: they are known by the words around them (`agents.code_names`), or by what the conversation is waiting for. Words
that link a name to digits make any size a code; without them only the usual size is believed, and only where nothing says that the
digits are a sum, a date, a count, a postal code, a reference or the end of a card's number.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from agents import code_names as names
from agents.code_names import CODES, OTP_DIGITS, REACH_BEFORE, WORD, Code
from agents.finders import SEAM, Hit, Scan
from agents.folding import Atom

#: Characters between a name and its digits: with linking words, without them, and for a one-time password of six digits.
_MAX_LINK, _MAX_FREE, _MAX_OTP = 60, 48, 90
#: How many groups of digits after a name are looked at: a pasted OTP message names a card or an amount first.
_MAX_GROUPS = 6
#: Characters around digits in which an address is looked for.
_NEAR_ADDRESS = 60
_Place = tuple[list[Atom], int]


def _links(gap: str, not_last: frozenset[str]) -> bool:
    if SEAM in gap or names.NUMBER_OF_ELSE.search(gap):
        return False
    words: list[str] = WORD.findall(gap)
    return all(word in names.LINKS for word in words) and (not words or words[-1] not in not_last)


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
    return None if best and names.GOES_ON.match(found.text, best[0]) else best


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
        for name in code.names(found.text):
            after = bisect_left(starts, name.end())
            yield from _after_name(found, places[after : after + _MAX_GROUPS], name, code)
            before = bisect_right(ends, name.start()) - 1
            if before >= 0 and (hit := _before_name(found, places[before], name, code)):
                yield hit
    for pattern in (names.USE_TO, names.LETTERED_OTP):
        for match in pattern.finditer(found.text):
            yield Hit("otp", *match.span(1), match[1])


def _after_name(found: Scan, places: list[_Place], name: re.Match[str], code: Code) -> Iterator[Hit]:
    """The code after its name, and further ones of its size that are told in the same breath."""
    hit: Hit | None = None
    for chain, index in places:
        start = chain[index].start
        if hit and start < hit.end:
            continue
        gap = found.bare[hit.end if hit else name.end() : start]
        if len(gap) > _MAX_OTP:
            return
        joined = _code_from(found, (chain, index), code.sizes)
        if found.is_plain(chain[index]) or not joined or names.UNIT.match(found.text, joined[0]):
            continue
        end, digits = joined
        if _is_postal(found.text, name, code, start, end):
            continue
        if hit and len(digits) != len(hit.value):
            continue
        if (
            _believed(found.text, gap, digits, code)
            if hit is None
            else names.AND.fullmatch(gap) or _is_free(found.text, gap, digits, code)
        ):
            hit = Hit(code.kind, start, end, digits)
            yield hit


def _is_postal(text: str, name: re.Match[str], code: Code, start: int, end: int) -> bool:
    """Six digits after "pin" that say where somebody lives."""
    if code.kind != "pin" or sum(map(str.isdigit, text[start:end])) != 6:
        return False
    if names.POSTAL.match(text, name.end()):
        return True
    near = text[max(0, name.start() - _NEAR_ADDRESS) : name.start()] + text[end : end + _NEAR_ADDRESS]
    return name[0] in names.BARE_PIN and names.ADDRESS.search(near) is not None


def _believed(text: str, gap: str, digits: str, code: Code) -> bool:
    """Whether what stands between a name and digits lets these be the code."""
    if len(gap) <= _MAX_LINK and _links(gap, names.NOT_LAST_OF[code.kind]):
        return True
    if code.kind == "pin" and names.SET_TO.search(gap) and not names.SENTENCE.search(gap):
        return True
    return _is_free(text, gap, digits, code)


def _is_free(text: str, gap: str, digits: str, code: Code) -> bool:
    """Digits of the usual size near the name, with nothing between that says they are something else."""
    usual = len(digits) in code.free or (code.kind == "cvv" and bool(code.free) and "amex" in text)
    otp = code.kind == "otp" and len(digits) == OTP_DIGITS
    if code.kind == "pin" and names.CARD.search(gap):
        return False
    if not usual or len(gap) > (_MAX_OTP if otp else _MAX_FREE) or names.ABOUT_ELSE.search(gap):
        return False
    if otp and names.STATED.search(gap):
        return True
    round_sum = len(digits) >= 4 and digits.endswith("000" if len(digits) == OTP_DIGITS else "00")
    words: list[str] = WORD.findall(gap)
    other = bool(words) and words[-1] in names.NOT_LAST_OF[code.kind] and not (otp and words[-1] == "one")
    return not (round_sum or other or names.SENTENCE.search(gap))


def _before_name(found: Scan, place: _Place, name: re.Match[str], code: Code) -> Hit | None:
    """ "482913 is my otp", "123 cvv"."""
    chain, index = place
    gap = found.bare[chain[index].end : name.start()]
    if len(gap) > _MAX_LINK or found.is_plain(chain[index]) or (hit := _code_before(found, place, code)) is None:
        return None
    before = found.text[max(0, hit.start - REACH_BEFORE) : hit.start]
    if names.UNIT.match(found.text, hit.end) or names.SUM_BEFORE.search(before):
        return None
    if _is_postal(found.text, name, code, hit.start, hit.end):
        return None
    if code.kind == "otp" and len(hit.value) == OTP_DIGITS and names.IS_YOUR.fullmatch(gap):
        return hit
    if WORD.search(gap) or names.IS_AFTER.match(found.text, name.end()):
        return hit if _links(gap, frozenset()) and not names.MEANS.search(gap) else None
    return hit if len(hit.value) == code.bare and len(gap) <= 3 and not gap.strip(" -:") else None


def find_announced_code(found: Scan, previous: str) -> Iterator[Hit]:
    """A message of digits alone after one that ended by naming a code."""
    if len(found.chains) != 1 or WORD.search(found.text.replace(SEAM, " ")):
        return
    for code in CODES:
        *_, name = [None, *code.names(previous)]
        if (
            name is None
            or len(previous) > 80
            or names.ASKS.search(previous)
            or not names.NAME_LAST.search(previous[name.end() :])
        ):
            continue
        if joined := _whole_chain(found, found.chains[0], code.sizes):
            yield Hit(code.kind, found.chains[0][0].start, *joined)
            return


def find_awaited_otp(found: Scan) -> Iterator[Hit]:
    """While an OTP is awaited: six digits anywhere, or a message of 4 to 8 digits and nothing else."""
    alone = not WORD.search(found.text)
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
