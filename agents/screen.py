"""What a message is besides its request: instructions aimed at the system, abuse, distress, a script nobody here reads.

A flag never changes what a customer may do; it lowers noise, tells staff, and picks a kinder reply. The gate stays the boundary.
"""

from __future__ import annotations

import re
import unicodedata

from agents.finders import any_of
from agents.folding import fold_text
from agents.injection import injection_signs
from domain.conversation import Flag, Language

#: Longest text that is looked at: what matters of a pasted page is at its start.
MAX_SCREENED = 4000

_ABUSE = re.compile(
    r"\b(?:f+u+c+k+\w{0,4}|motherf\w{0,8}|bastards?|assholes?|a\*\*hole|bitch(?:es)?|bullshit|dickheads?|cunts?|sh[i1]thead|piece of shit|"
    r"madarch?[ou]d|maderchod|bh?enchod|behenchod|bsdk|bhosd\w{0,5}|chuti?y[ae]\w{0,2}|chutiy\w{0,3}|harami|haramkhor|kamin[ae]|kutt[ae]|"
    r"saal[ae] (?:chor|kutt|harami)\w{0,2}|gaandu?|randi|idiots?|stupid (?:bot|bank|people|machine|idiot)|shut up|moron|scum)\b"
    rf"|{any_of('मादरचोद', 'बहनचोद', 'भोसड़ी', 'चूतिया', 'हरामी', 'हरामखोर', 'कमीने', 'कमीना', 'कुत्ते', 'साले चोर', 'रंडी', 'गांडू')}"
)
#: Somebody in danger or in despair, not merely upset: this flag brings a person and help lines.
_DISTRESS = re.compile(
    r"\b(?:suicid\w{0,3}|kill(?:ing)? myself|end (?:my life|it all)|want to die|don'?t want to live|no reason to live|better off dead"
    r"|(?:harm|hurt)(?:ing)? myself|lost everything|(?:all )?my life savings|ruined my life|nothing left to live|can'?t go on"
    r"|(?:is|are|he|she|they|husband|man|men|caller|police|officer)\b[^.!?\n]{0,20} (?:threatening|blackmailing|beating|forcing) me|digital arrest"
    r"|mar ja(?:unga|ungi|au|un)\b|jaan de (?:dunga|dungi|du)|khudkushi|aatmahatya|jeena nahi chaht|sab kuch (?:lut|khatam) (?:ho )?gaya)"
    rf"|{any_of('आत्महत्या', 'खुदकुशी', 'मर जाऊँगा', 'मर जाऊंगा', 'मर जाऊँगी', 'जान दे दूँगा', 'जान दे दूंगा', 'जीना नहीं चाहत', 'सब कुछ लुट', 'सब कुछ खत्म', 'धमकी दे रह', 'डिजिटल अरेस्ट')}"
)
_HINGLISH = frozenset(
    fold_text(
        "hai hain h nahi nahin mera meri mere mujhe mujhko kya kaise kyu kyun kab kahan karo karna karo kar diya dijiye batao bataiye bata paisa "
        "paise rupaye kat gaya gaye gayi hua hui hue ho raha rahi rahe tha thi aur lekin magar abhi kal aaj parso bhai ji haan haa theek thik "
        "wapas vapas chahiye kitna kitne khata band karwa karwana maine humne aapne aap tum yeh woh usne isko usko se ko ka ki ke mein par liye "
        "nai galat sahi samajh nhi kuch koi sab bahut jaldi dikhao dekhna"
    ).split()
)


def _scripts(text: str) -> tuple[int, int, int]:
    """How many letters are Latin, Devanagari, other."""
    latin = devanagari = other = 0
    for char in text:
        if not char.isalpha():
            continue
        if "\u0900" <= char <= "\u097f":
            devanagari += 1
        elif ord(char) < 0x250 or 0x1E00 <= ord(char) < 0x1F00 or unicodedata.normalize("NFKC", char).isascii():
            latin += 1
        else:
            other += 1
    return latin, devanagari, other


def language_of(text: str, default: Language) -> Language:
    """The language to answer in: Devanagari means Hindi, Latin letters mean English (Hinglish included), neither keeps `default`."""
    latin, devanagari, _ = _scripts(text[:MAX_SCREENED])
    if latin + devanagari == 0:
        return default
    return "hi" if devanagari > latin else "en"


def is_hinglish(text: str) -> bool:
    """Hindi in Latin letters: at least two of its commonest words, making a fifth of the message."""
    words = re.findall(r"[a-z']+", fold_text(text[:MAX_SCREENED]))
    hits = sum(word in _HINGLISH for word in words)
    return hits >= 2 and hits * 5 >= len(words)


def screen(text: str, *, of_others: bool = False) -> tuple[Flag, ...]:
    """Flags of a message, or of a text that others wrote (`of_others`: what tools return). Linear in the length of the text."""
    folded = fold_text(text[:MAX_SCREENED])
    latin, devanagari, other = _scripts(text[:MAX_SCREENED])
    flags: list[Flag] = []
    if injection_signs(text[:MAX_SCREENED], of_others=of_others):
        flags.append("injection")
    if _ABUSE.search(folded):
        flags.append("abuse")
    if _DISTRESS.search(folded):
        flags.append("distress")
    if other > latin + devanagari:
        flags.append("unknown_language")
    return tuple(flags)
