"""Personal data that is no secret: PAN, GSTIN, account number, IFSC, UPI id, phone number, e-mail address.

The customer's own conversation keeps it, since a flow may need a UPI id or a reference that looks like a phone number. Everything that
leaves the conversation — logs, exports, what a model is shown, reports — passes through `hide_personal` first. Secrets (cards, Aadhaar,
codes, passwords) are never stored at all: see `agents.masking`; `hide_all` takes out both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from agents.finders import ACCOUNT_WORD, REFERENCE_WORD, SEAM, Scan, any_of, scan
from agents.folding import Atom, fold
from agents.identifiers import is_iban, is_mobile
from agents.masking import mask

PersonalKind = Literal["pan", "gstin", "account", "ifsc", "upi", "phone", "email"]
_MARK: dict[PersonalKind, str] = {
    "pan": "[PAN]",
    "gstin": "[GSTIN]",
    "ifsc": "[IFSC]",
    "upi": "[UPI id]",
    "phone": "[phone number]",
    "email": "[e-mail]",
}


@dataclass(frozen=True, slots=True)
class Personal:
    """One find; `start` and `end` are offsets in the text as given. `value` is what was meant, without separators."""

    kind: PersonalKind
    start: int
    end: int
    value: str = field(repr=False)


#: Texts without any of these hold nothing to find; most log values and short messages end here.
_MAYBE = re.compile(
    r"@|[(\[]\s?at\s?[)\]]|[a-z]{4}[\s-]?[0o]|[a-z]{5}[\s-]?\d{4}|\d(?:[\s.()/-]{0,4}\d){6}|[^\x00-\x7f]|\bdouble\b|\bzero\b|\bnine\b|\bsix\b"
)
_B = r"(?<![a-z0-9])"
_E = r"(?![a-z0-9])"
_PAN = re.compile(rf"(?:{_B}|(?<=\bpan))[a-z]{{3}}[abcfghjlpt][a-z][\s-]?(?!0000)\d{{4}}[\s-]?[a-z]{_E}")
_NAMED_PAN = re.compile(r"\bpan\b[^\d\n]{0,24}?\b([a-z]{5}[\s-]?\d{4}[\s-]?[a-z])(?![a-z0-9])")
_GSTIN = re.compile(rf"(?:{_B}|(?<=gstin)|(?<=gst))(?:0[1-9]|[12]\d|3[0-8]|97|99)[a-z]{{5}}\d{{4}}[a-z][1-9a-z]z[0-9a-z]{_E}")
_IFSC = re.compile(rf"{_B}[a-z]{{4}}[\s-]?0[\s-]?(?=[a-z0-9]{{0,5}}\d)[a-z0-9]{{6}}{_E}")
_NAMED_IFSC = re.compile(r"\bifsc?\b[^\d\n]{0,16}?\b([a-z]{4}[\s-]?[0o][\s-]?[a-z0-9]{6})(?![a-z0-9])")
_IBAN = re.compile(rf"{_B}[a-z]{{2}}\d{{2}}(?:[a-z0-9]{{11,30}}|(?: [a-z0-9]{{4}}){{2,7}}(?: [a-z0-9]{{1,4}})?){_E}")
_AT = re.compile(r"\s?[(\[]\s?(?:at|@)\s?[)\]]\s?|@")
_LOCAL = re.compile(r"(?:[^\W_]|[._%+-]|[(\[]dot[)\]])+$")
_DOMAIN = re.compile(r"(?:[^\W_]|-){1,63}(?:(?:\.|\s?[(\[]\s?dot\s?[)\]]\s?|\sdot\s)(?:[^\W_]|-){1,63}){0,5}")
_MAX_LOCAL = 70
_ADDRESS_DOT = re.compile(r"\.|dot")
_PHONE_WORD = re.compile(
    r"\b(?:phones?|ph|mobiles?|mob|cell|call(?:ed|ing)?|contact|dial|whats ?app|sms|tel|telephone|fax|my number is|messages? to|registered(?: number| no| mobile)?|reach|ring|text (?:me|him|her)|helpline|landline)\b"
    rf"|{any_of('फ़ोन', 'फोन', 'मोबाइल', 'संपर्क', 'कॉल', 'व्हाट्सएप')}"
)
_ACCOUNT_NAME = re.compile(
    rf"{ACCOUNT_WORD.pattern}|\b(?:accounts?|acnt|acc(?:ount)?\s?(?:no|num|number)|a\s?/?\s?c\s?(?:no|num|number)?|savings?|benef(?:iciary)?|khaate|ifsc)\b|{any_of('खाता', 'खाते', 'अकाउंट', 'बचत')}"
)
_ACCOUNT_AFTER = re.compile(rf"[^\d\n]{{0,24}}(?:\b(?:a/c|acct?|account|khata|khaata|ifsc)\b|{any_of('खाता', 'खाते', 'अकाउंट')})")
_PLUS = re.compile(r"(?:\+|\b00)\s?$")
_NO_PHONE = re.compile(
    rf"{REFERENCE_WORD.pattern}|\b(?:social security|ssn|licen[cs]e|passport|address|version|invoice|batch|serial|employee)\b"
)
#: a social security number, an address of the internet, a day
_NO_PHONE_FORM = re.compile(r"\d{3}-\d\d-\d{4}|\d{1,3}(?:\.\d{1,3}){3}|\d{1,4}(?:[/-]\d{1,2}){2}|\d{1,2}(?:[/-]\d{1,2})[/-]\d{4}")
#: how numbers of other countries are written without any word for them
_PHONE_FORM = re.compile(
    r"(?:00[1-9]\d{0,2}[ .-])?\(?\d{3}\)?[ .-]?\d{3}[.-]\d{4}|0\d{1,4}(?:[ .-]\d{2,4}){2,4}|\(?0\d{1,4}\)?[ -]\d{3,5}[ -]?\d{3,4}"
)
_PHONE_AFTER = re.compile(r"[\s\\,-]{0,3}(?:x\d{2,6}\b|office|fax|home|mobile|work|cell)|\s?\bpe\b call|\s?par call")
_EXTENSION = re.compile(r"\s?(?:x|ext\.?)\s?\d{2,6}\b")
_PARTS = re.compile(r"[\n,;&|]|\s/|/\s")
_MAX_PHONE, _MAX_MOBILE, _COUNTRY_CODE = 15, 13, 3
_LOOK_BACK = 64
_NEAR = 32


def find_personal(text: str) -> tuple[Personal, ...]:
    """Every piece of personal data in `text`, in order, none overlapping. Linear in the length of the text.

    Numbers need their form and, where others share it, the words around them: ten digits after "order no" are no phone number.
    """
    folded = fold(text)
    if _MAYBE.search(folded.text) is None:
        return ()
    found = scan(folded)
    spans = sorted(_spans(found), key=lambda one: (one[1], -one[2]))
    hits: list[Personal] = []
    at = 0
    for kind, start, end, value in spans:
        if start >= at:
            hits.append(Personal(kind, *folded.span(start, end), value))
            at = end
    return tuple(hits)


def hide_personal(text: str) -> str:
    """`text` with its personal data named instead of shown; of an account its last four digits stay. Done twice it changes nothing more."""
    out, at = [], 0
    for hit in find_personal(text):
        out += [text[at : hit.start], f"[account ending {hit.value[-4:]}]" if hit.kind == "account" else _MARK[hit.kind]]
        at = hit.end
    return "".join([*out, text[at:]])


def hide_all(text: str) -> str:
    """Secrets and personal data both taken out: for what may hold text that never came through the door."""
    return hide_personal(mask(text).text)


_Span = tuple[PersonalKind, int, int, str]


def _spans(found: Scan) -> Iterator[_Span]:
    yield from _addresses(found.text)
    yield from _lettered(found.text)
    yield from _numbers(found)


def _addresses(text: str) -> Iterator[_Span]:
    """From each @ outwards, so that no pattern runs over the whole text: a domain with a dot is e-mail, without one a UPI id."""
    for sign in _AT.finditer(text):
        local = _LOCAL.search(text[max(0, sign.start() - _MAX_LOCAL) : sign.start()])
        domain = _DOMAIN.match(text, sign.end())
        if local is None or domain is None:
            continue
        start, end = sign.start() - len(local.group().lstrip(".-%+")), domain.end()
        name = text[start : sign.start()]
        dotted = _ADDRESS_DOT.search(domain.group()) is not None
        if not name or not any(map(str.isalnum, name)) or not (dotted or sign.group() == "@"):
            continue
        if dotted or (domain.group()[0].isalpha() and len(domain.group()) >= 2):
            yield "email" if dotted else "upi", start, end, text[start:end]


def _lettered(text: str) -> Iterator[_Span]:
    kinds: tuple[tuple[PersonalKind, re.Pattern[str]], ...] = (
        ("gstin", _GSTIN), ("pan", _PAN), ("pan", _NAMED_PAN), ("ifsc", _IFSC), ("ifsc", _NAMED_IFSC),
    )  # fmt: skip
    for kind, pattern in kinds:
        for match in pattern.finditer(text):
            group = match.re.groups
            yield kind, match.start(group), match.end(group), _plain(match.group(group))
    for match in _IBAN.finditer(text):
        written = match.group()
        while " " in written and not is_iban(written):
            written = written.rpartition(" ")[0]
        if is_iban(written):
            yield "account", match.start(), match.start() + len(written), _plain(written)


def _plain(text: str) -> str:
    return re.sub(r"[\s-]", "", text).upper()


def _numbers(found: Scan) -> Iterator[_Span]:
    for chain in (piece for every in found.chains for piece in _apart(found.text, every)):
        digits = "".join(atom.digits for atom in chain)
        start, end = chain[0].start, chain[-1].end
        if extension := _EXTENSION.match(found.text, end):
            end = extension.end()
        if not 6 <= len(digits) <= 20 or _joined_to_word(found.text, start, end):
            continue
        before = found.text[max(0, start - _LOOK_BACK) : start].rsplit(SEAM, 1)[-1]
        if len(chain) == 1 and any(left <= start and end <= right for left, right in found.plain):
            continue
        if _is_account(found.text, digits, before, end):
            yield "account", start, end, digits
        elif _is_phone(found.text, chain, digits, before):
            opening = start - 1 if before.endswith(("+", "(")) else start
            yield "phone", opening, end, digits


def _apart(text: str, chain: list[Atom]) -> Iterator[list[Atom]]:
    """The numbers of a chain: a new line, a comma, or ten digits written together part one from the next."""
    piece: list[Atom] = []
    for atom in chain:
        gap = text[piece[-1].end : atom.start] if piece else ""
        whole = len(atom.digits) >= 9 and sum(len(one.digits) for one in piece) > _COUNTRY_CODE
        if piece and (_PARTS.search(gap) or whole or len(piece[-1].digits) >= 9):
            yield piece
            piece = []
        piece.append(atom)
    yield piece


def _joined_to_word(text: str, start: int, end: int) -> bool:
    """Digits inside an id such as `cnv-9876543210ab` are none of these."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return before.isalnum() or before in {"_", "@"} or after.isalnum() or after in {"_", "@"}


def _nearest(pattern: re.Pattern[str], text: str) -> int:
    """Where the last match ends; -1 for none."""
    return max((match.end() for match in pattern.finditer(text)), default=-1)


def _is_account(text: str, digits: str, before: str, end: int) -> bool:
    if not 9 <= len(digits) <= 18:
        return False
    named, referred = _nearest(_ACCOUNT_NAME, before), _nearest(REFERENCE_WORD, before)
    called = _nearest(_PHONE_WORD, before) if len(digits) <= _MAX_MOBILE else -1
    if named >= 0:
        return named > max(referred, called)
    return max(referred, called) < 0 and not is_mobile(digits) and _ACCOUNT_AFTER.match(text, end, end + _NEAR + 16) is not None


def _is_phone(text: str, chain: list[Atom], digits: str, before: str) -> bool:
    start, end = chain[0].start, chain[-1].end
    written = text[start:end]
    referred, called = _nearest(_NO_PHONE, before[-_NEAR:]), _nearest(_PHONE_WORD, before[-_NEAR:])
    if referred > called or _NO_PHONE_FORM.fullmatch(written) or len(digits) > _MAX_PHONE:
        return False
    if is_mobile(digits) or _PLUS.search(before):
        return True
    if called < 0 and _PHONE_AFTER.match(text, end) is None and _PHONE_FORM.fullmatch(written) is None:
        return False
    return len(chain) > 1 or digits[0] == "0"
