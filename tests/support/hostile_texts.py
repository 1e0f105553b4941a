"""Texts made to be slow to read: repeated pieces, nested brackets, long runs of digits, what regular expressions choke on, and their mixtures.

Everything is drawn from a seeded generator, so that a slow text can be made again from its recipe.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

LONGEST = 4000
#: What people write every day; the measure of "normal".
ORDINARY = (
    "What is my balance?", "mera balance kitna hai", "मेरे खाते में कितना बैलेंस है", "I did not make the ₹5,000 payment at MegaMart yesterday",
    "please block my card ending 4321", "kal 5000 kat gaye maine nahi kiye", "no, the other one", "haan ji", "I can't log in to the app since Monday",
    "UPI failed but 1,200 rupees were debited, RRN 412345678901", "actually it was 12 November, not the 10th", "मुझे किसी व्यक्ति से बात करनी है",
    "thanks a lot!", "my OTP is not coming, what should I do?", "what is the interest rate on a fixed deposit of 2 lakh for three years",
    "Hello, I was charged twice by Swift Foods on 3rd October at 5 pm, please look into it and tell me my balance too.",
)  # fmt: skip
#: Pieces that stand next to the patterns' own words: figures, marks, brackets, letters of other scripts, what is invisible.
_PIECES = (
    "a", "A", "z ", "aA", "1", "12", "1,", "1.", "1 ", "0", "9" * 12, "4111111111111111 ", "12/11/", "1/1 ", "1:1:", "5 pm ", "xx1", "₹", "₹1,", "rs ", "rs. ", "5 lakh ",
    "sava ", "half a ", "do hazaar ", "twenty ", "(", "[", "{", "<", "((", "[[card", "[card ending ", "<|im", "](", "-", "--", "a-", "a-1-", "_", ".", "..", ". ", ", ",
    ",a", "\"", "“", "'", "`", "@", "a@", "a.b@", "@a.", "/", "://", "http://a.", "\\", "|", "#", "###", "=", "==", "%", "%20", "\t", "\n", "\n\n", "> ", "\nOn ", "\r\n", " ",
    "\u200b", "\u200d", "\u202e", "\ufeff", "\u0301", "\ufe0f", "😀", "👍🏽", "नहीं ", "का ", "और ", "ि", "़", "क़", "हज़ार ", "१", "مرحبا ", "שלום", "Привет ", "ΑΒ", "你好", "ﷺ", "①", "１", "ｃａｒｄ ",
    "not ", "not but ", "nahi ", "no, ", "yes ", "yes and ", "and ", "ok ", "my ", "is ", "is my ", "the ", "of ", "to the ", "at The ", "At ", "paid ", "from ", "since ", "before ", "last ", "1 nov to ",
    "otp ", "otp is ", "cvv ", "pin ", "password is ", "password: ", "my password ", "card ", "card number ", "account ", "ref ", "utr ", "dsp ", "aadhaar ", "ignore all ", "previous ", "you are ", "act as ",
    "what is ", "block ", "block the ", "card block ", "can't ", "show my ", "talk to ", "paise kat ", "money was ", "did not ", "recognise ", "QUJD", "SGVsbG8=", "AAAA",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hostile:
    """A text and how it was made."""

    text: str
    recipe: str


@cache
def pattern_words() -> tuple[str, ...]:
    """Every word of every compiled pattern and word list of the read path, once: hostile texts are made of what the patterns look for."""
    words: set[str] = set()
    for name, module in sorted(sys.modules.items()):
        if not name.startswith(("agents.", "models.parsers.")):
            continue
        for value in vars(module).values():
            if isinstance(value, re.Pattern):
                words.update(re.findall(r"[a-z\u0904-\u0939][a-z\u0900-\u0963]{1,20}", str(value.pattern)))
            elif isinstance(value, frozenset | dict | tuple) and len(value) < 2000:
                words.update(word for word in value if isinstance(word, str) and len(word) < 30)
    return tuple(sorted(words))


def repeated(piece: str) -> Hostile:
    """The piece again and again, as long as a message may be."""
    return Hostile((piece * (LONGEST // max(len(piece), 1) + 1))[:LONGEST], f"{piece!r} repeated")


def fixed() -> Iterator[Hostile]:
    """The texts that are always tried."""
    yield from map(repeated, _PIECES)
    half = LONGEST // 2
    for opening, closing in ("()", "[]", "{}", "<>", ("“", "”"), ("[card ", "]")):
        yield Hostile((opening * half + closing * half)[:LONGEST], f"{opening!r} nested in itself")
    for size in (13, 19, 40, 400, LONGEST):
        yield Hostile(("9" * size + " ") * (LONGEST // (size + 1) or 1), f"runs of {size} digits")
        yield Hostile(" ".join(["4", "1", "1", "1-1", "1", "1", "1"] * (LONGEST // 16))[:LONGEST], "digits with gaps")
    for end in ("!", " x", "1", "है", "@"):
        for inside in ("a", "1", " ", "a ", "1 ", "aa,", "\u200b"):
            yield Hostile(inside * (LONGEST // len(inside) - 2) + end, f"{inside!r} repeated, then {end!r}")


def drawn(seed: int) -> Iterator[Hostile]:
    """Endlessly more: random sentences of the patterns' own words and hostile pieces, repeated, nested, cut and mixed."""
    rng = random.Random(seed)
    words = [*pattern_words(), *_PIECES]
    while True:
        kind = rng.randrange(5)
        if kind == 0:
            piece = "".join(rng.choice(words) + rng.choice(("", " ", ", ", "  ")) for _ in range(rng.randint(1, 3)))
            yield repeated(piece or "a")
        elif kind == 1:
            text = "".join(rng.choice(words) + rng.choice((" ", " ", ", ", "")) for _ in range(LONGEST // 5))
            yield Hostile(text[:LONGEST], f"words at random, drawn from {seed}")
        elif kind == 2:
            first, then = rng.choice(words) + " ", rng.choice(words) + rng.choice((" ", ""))
            yield Hostile((first + then * LONGEST)[:LONGEST], f"{first!r}, then {then!r} repeated")
        elif kind == 3:
            first, then, last = (rng.choice(words) for _ in range(3))
            filling = (then + " ") * (LONGEST // (len(then) + 1) - 8)
            yield Hostile(f"{first} {filling}{last}"[:LONGEST], f"{first!r}, {then!r} repeated, {last!r}")
        else:
            ordinary = rng.choice(ORDINARY)
            mixed = "".join(rng.choice((char, char, char, rng.choice(words), char * 40)) for char in ordinary * 20)
            yield Hostile(mixed[:LONGEST], f"{ordinary!r} with pieces between")
