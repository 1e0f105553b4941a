"""What a text states that can be compared: amounts, dates, times, durations, percentages, references, plain numbers.

Two texts say the same number only if it is the same kind of thing: ₹2 is not 2 hours, and an account ending 5000 is not ₹5,000.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from agents.folding import fold_text

Kind = Literal["amount", "date", "time", "duration", "percent", "reference", "number"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One comparable piece. `value` is canonical; `start` and `end` are its place in the text, not part of what is claimed."""

    kind: Kind
    value: str
    start: int = 0
    end: int = 0

    @property
    def meaning(self) -> tuple[str, str]:
        return self.kind, self.value


_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_UNITS.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), start=2)
}
_SCALES = {
    "hundred": 100,
    "thousand": 10**3,
    "lakh": 10**5,
    "lakhs": 10**5,
    "lac": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "crores": 10**7,
}
_NUMBER_WORDS = re.compile(
    rf"\b(?:{'|'.join([*_SMALL, *_SCALES])})(?:(?:\s+|-|\s+and\s+)(?:{'|'.join([*_SMALL, *_SCALES])})){{0,12}}\b"
)
_COUNTED = re.compile(
    r"\s*(?:₹|rs\b|rupee|paise|hour|minute|second|day|week|month|year|working|business|percent|%|lakh|crore|thousand|hundred)"
)


def _spelled(words: list[str]) -> int:
    total = group = 0
    for word in words:
        if word == "hundred":
            group = max(group, 1) * 100
        elif word in _SCALES:
            total += max(group, 1) * _SCALES[word]
            group = 0
        else:
            group += _SMALL[word]
    return total + group


def digits_for_words(text: str) -> str:
    """Folded text with number words as digits: "five thousand rupees" → "5000 rupees". A lone "one" is a pronoun unless counted."""

    def put(match: re.Match[str]) -> str:
        words = [word for word in re.split(r"[\s-]+", match.group()) if word != "and"]
        if re.search(r"\d\s*$", text[max(0, match.start() - 4) : match.start()]):
            return match.group()  # "5 lakh": the figure is written already
        if words == ["one"] and not _COUNTED.match(text, match.end()):
            return match.group()
        return str(_spelled(words))

    return _NUMBER_WORDS.sub(put, text)


_MONTHS = {
    fold_text(name): number
    for number, names in enumerate(
        (
            ("january", "jan", "जनवरी"),
            ("february", "feb", "फ़रवरी", "फरवरी"),
            ("march", "mar", "मार्च"),
            ("april", "apr", "अप्रैल"),
            ("may", "मई"),
            ("june", "jun", "जून"),
            ("july", "jul", "जुलाई"),
            ("august", "aug", "अगस्त"),
            ("september", "sept", "sep", "सितंबर", "सितम्बर"),
            ("october", "oct", "अक्टूबर", "अक्तूबर"),
            ("november", "nov", "नवंबर", "नवम्बर"),
            ("december", "dec", "दिसंबर", "दिसम्बर"),
        ),
        start=1,
    )
    for name in names
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_SCALE = r"k|thousand|lakhs?|lacs?|million|crores?|cr|" + "|".join(map(fold_text, ("हज़ार", "हजार", "लाख", "करोड़")))
_SCALE_VALUE = {"k": 10**3, "cr": 10**7, **_SCALES, "lacs": 10**5} | {
    fold_text(word): value for word, value in (("हज़ार", 10**3), ("हजार", 10**3), ("लाख", 10**5), ("करोड़", 10**7))
}
_FIGURE = r"\d{1,15}(?:,\d{2,3}){0,6}(?:\.\d{1,4})?"
_CURRENCY = r"₹|rs\.?|inr|rupees?|\$|usd|dollars?|€|eur|euros?|£|gbp|pounds?|¥|" + "|".join(map(fold_text, ("रुपये", "रुपए", "रु")))
_UNIT = r"seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|" + "|".join(
    map(fold_text, ("सेकंड", "मिनट", "घंटे", "घंटा", "दिन", "दिनों", "हफ़्ते", "सप्ताह", "महीने", "साल", "वर्ष"))
)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("iso", re.compile(r"(?<![\w-])(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?![\w-])")),
    ("dmy", re.compile(r"(?<![\w/.-])(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>(?:20)?\d\d)(?![\w/-])")),
    (
        "day_month",
        re.compile(rf"(?<![\w,.])(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_MONTH})\b\.?(?:,?\s+(?P<y>20\d\d)(?!\d))?"),
    ),
    ("month_day", re.compile(rf"\b(?P<m>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,])(?:,?\s+(?P<y>20\d\d)(?!\d))?")),
    (
        "time",
        re.compile(
            r"(?<![\w:])(?P<h>\d{1,2})(?::(?P<n>\d\d))(?::\d\d)?\s?(?P<p>[ap]\.?m\b)?|(?<!\w)(?P<h2>\d{1,2})\s?(?P<p2>[ap]\.?m)\b"
        ),
    ),
    ("percent", re.compile(rf"(?<![\w.])(?P<v>{_FIGURE})\s?(?:%|percent\b|per cent\b|{fold_text('प्रतिशत')})")),
    ("duration", re.compile(rf"(?<![\w.])(?P<v>{_FIGURE})[\s-]?(?P<k>working |business |calendar )?(?P<u>{_UNIT})(?![^\W\d_])")),
    (
        "reference",
        re.compile(r"(?<![\w])(?=[a-z0-9-]{0,40}[a-z])(?=[a-z0-9-]{0,40}\d)[a-z0-9]{1,30}(?:-[a-z0-9]{1,30}){0,5}(?!\w)"),
    ),
    (
        "amount",
        re.compile(
            rf"(?:{_CURRENCY})\s{{0,2}}(?P<v>{_FIGURE})(?:\s?(?P<s>{_SCALE})\b)?|(?P<v2>{_FIGURE})(?:\s?(?P<s2>{_SCALE})\b)?\s{{0,2}}(?:{_CURRENCY})(?!\w)"
        ),
    ),
    ("scaled", re.compile(rf"(?<![\w.])(?P<v>{_FIGURE})\s?(?P<s>{_SCALE})(?!\w)")),
    ("number", re.compile(r"\d[\d,]*(?:\.\d+)?")),
)
_SHORT_FORMS = re.compile(r"\d+(?:st|nd|rd|th|k|cr|am|pm|hrs?|mins?|secs?|days?)$")


#: XX1234, as masked account and card numbers are shown
_MASKED = re.compile(r"x{1,12}\d{3,4}")


def _decimal(figure: str, scale: str | None = None) -> str:
    value = Decimal(figure.replace(",", "")) * _SCALE_VALUE.get(scale or "", 1)
    return f"{value.normalize():f}"


_FOREIGN = (
    ("usd", re.compile(r"\$|usd|dollar")),
    ("eur", re.compile(r"€|eur")),
    ("gbp", re.compile(r"£|gbp|pound")),
    ("jpy", re.compile("¥")),
)


def _foreign(amount: str) -> str:
    """The currency of an amount that is not in rupees, so that $5,000 is never taken for ₹5,000."""
    return next((f" {code}" for code, pattern in _FOREIGN if pattern.search(amount)), "")


def _date(match: re.Match[str]) -> str:
    month, year = match["m"], match["y"]
    number = _MONTHS[month] if month in _MONTHS else int(month)
    return f"{int(match['d'])}-{number}" + (f"-{year[-2:]}" if year else "")


def _time(match: re.Match[str]) -> str:
    hour, half = int(match["h"] or match["h2"]), (match["p"] or match["p2"] or "").replace(".", "")
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return f"{hour}:{match['n'] or '00'}"


def _claim(name: str, match: re.Match[str]) -> Claim | None:
    at = match.start()
    if name in {"iso", "dmy", "day_month", "month_day"}:
        return Claim("date", _date(match), at)
    if name == "time":
        return Claim("time", _time(match), at)
    if name == "percent":
        return Claim("percent", _decimal(match["v"]), at)
    if name == "duration":
        unit = match["u"].rstrip("s") if match["u"].isascii() else match["u"]
        return Claim("duration", f"{_decimal(match['v'])} {(match['k'] or '').strip()}{unit[:4]}", at)
    if name == "reference":
        return None if _SHORT_FORMS.fullmatch(match.group()) else Claim("reference", match.group(), at)
    if name == "amount":
        figure = _decimal(match["v"] or match["v2"], match["s"] or match["s2"])
        return Claim("amount", figure + _foreign(match.group()), at)
    if name == "scaled":
        return Claim("number", _decimal(match["v"], match["s"]), at)
    return Claim("number", match.group().rstrip(",").replace(",", ""), at)


@lru_cache(maxsize=64)
def claims(text: str) -> tuple[Claim, ...]:
    """All comparable pieces of `text`, in the order of the text. Every digit of it belongs to one.

    One check asks several times about the same template, so the last few answers are kept.
    """
    return claims_in(figures_written(text))


def figures_written(text: str) -> str:
    """Folded text with number words as digits: what `claims_in` reads."""
    return digits_for_words(fold_text(text))


def claims_in(left: str) -> tuple[Claim, ...]:
    """As `claims`, of a text that is folded already; places are those of this text."""
    found: list[Claim] = []
    for name, pattern in _PATTERNS:
        for match in list(pattern.finditer(left)):
            if (claim := _claim(name, match)) is not None:
                found.append(replace(claim, end=match.end()))
                left = left[: match.start()] + "\x00" * len(match.group()) + left[match.end() :]
    return tuple(sorted(found, key=lambda claim: claim.start))


def unsupported(stated: Sequence[Claim], known: Sequence[Claim]) -> Iterator[Claim]:
    """Claims of a text that `known` does not hold. A date may leave out the year; a bare number may stand for an amount."""
    meanings = {claim.meaning for claim in known}
    short_dates = {claim.value.rsplit("-", 1)[0] for claim in known if claim.kind == "date" and claim.value.count("-") == 2}
    meanings |= {("number", claim.value.lstrip("x*")) for claim in known if _MASKED.fullmatch(claim.value)}
    amounts = {claim.value for claim in known if claim.kind == "amount"}
    for claim in stated:
        supported = claim.meaning in meanings
        if claim.kind == "date" and claim.value.count("-") == 1:
            supported = supported or claim.value in short_dates
        if claim.kind == "number" and len(claim.value) > 2:
            supported = supported or _same_amount(claim.value, amounts)
        if not supported:
            yield claim


def _same_amount(figure: str, amounts: set[str]) -> bool:
    return not figure.startswith("0") and _decimal(figure) in amounts
