"""A sentence in two scripts put into one: "please मेरा balance बताओ" is "please mera balance batao".

Customers switch in the middle of a sentence. Patterns are written for one script at a time, so the words that carry a wish are given
their common Latin spelling where, and only where, a sentence has letters of both.
"""

from __future__ import annotations

import re

from models.parsers.text import fold

_LATIN: dict[str, str] = {
    fold(hindi): latin
    for latin, hindis in {
        "balance": "बैलेंस बैलेन्स", "card": "कार्ड", "block": "ब्लॉक", "band": "बंद", "lock": "लॉक", "login": "लॉगिन", "app": "ऐप", "password": "पासवर्ड",
        "account": "अकाउंट", "khate": "खाते", "khata": "खाता", "paise": "पैसे", "paisa": "पैसा", "payment": "पेमेंट भुगतान", "transaction": "ट्रांजैक्शन लेनदेन",
        "mera": "मेरा", "mere": "मेरे", "meri": "मेरी", "mujhe": "मुझे", "maine": "मैंने", "batao": "बताओ", "bataiye": "बताइए बताएं", "dikhao": "दिखाओ दिखाइए",
        "kya": "क्या", "kitna": "कितना", "kitne": "कितने", "kitni": "कितनी", "hai": "है", "hain": "हैं", "karo": "करो करें", "kar": "कर", "karna": "करना",
        "kijiye": "कीजिए", "do": "दो", "kho": "खो", "gaya": "गया", "gaye": "गए", "gayi": "गई", "gum": "गुम", "chori": "चोरी", "nahi": "नहीं", "mat": "मत",
        "chahiye": "चाहिए", "kat": "कट", "aur": "और", "se": "से", "baat": "बात", "agent": "एजेंट", "insaan": "इंसान", "bhi": "भी", "bhool": "भूल",
        "mein": "में", "ka": "का", "ki": "की", "ke": "के", "ko": "को", "usko": "उसे उसको", "please": "कृपया प्लीज़",
    }.items()
    for hindi in hindis.split()
}  # fmt: skip
_WORD = re.compile(r"[\u0900-\u0963\u0970-\u097f]+")
_ASCII_WORD = re.compile(r"[a-z]{2,}")


def in_one_script(plain: str) -> str | None:
    """The folded text with Hindi words in Latin letters, or None when it is written in one script anyway."""
    if not _WORD.search(plain) or not _ASCII_WORD.search(plain):
        return None
    return _WORD.sub(lambda match: _LATIN.get(match.group(), match.group()), plain)
