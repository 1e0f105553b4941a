"""What a message says about a payment or account besides figures and dates: who was paid, what went wrong, which kind of account.

Only what is said plainly becomes a slot. A wrong merchant would make the right payment unfindable, so in doubt there is none.
"""

from __future__ import annotations

import re

from agents.wordlists import wording
from models.parsers.text import LETTER, fold, words_pattern

_EDGE, _END = rf"(?<![{LETTER}])", rf"(?![{LETTER}])"


def _phrases(*alternatives: str) -> re.Pattern[str]:
    return re.compile(_EDGE + "(?:" + "|".join(alternatives) + ")")


def _hindi(*words: str) -> str:
    return "|".join(fold(word) for word in words)


_PAYMENT = r"(?:payment|transaction|transfer|purchase|charge|debit|order|withdrawal|spend|upi|txn|this|it|that|these|those|any|them|bill)"
_DISPUTE_TYPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "duplicate",
        _phrases(
            r"(?:charged|debited|deducted|billed|paid|taken|cut|gone|went|happened|kat\w*|kata) (?:me |out |through )?(?:twice|two times|double|2 times|2x|again)",
            r"duplicate|double (?:payment|charge|debit|deduct\w*|transaction)|charged me (?:twice|double)|same (?:payment|amount|transaction) (?:twice|two times|again)",
            r"twice|two times|do baar|doh? bar|dobara kat|2 baar|double kat",
            _hindi("दो बार", "दोबारा कट", "डबल", "दुबारा कट"),
        ),
    ),
    (
        "wrong_amount",
        _phrases(
            r"(?:wrong|incorrect|different|higher|extra|more) (?:amount|charge|total|money)|overcharged|charged (?:me )?(?:too much|more|extra|\S{1,12} instead)",
            r"too much (?:was )?(?:charged|debited|deducted|taken)|zyada (?:paise?|kat\w*|charge)|jyada (?:paise?|kat\w*)|galat (?:amount|rakam|raashi)",
            _hindi("गलत राशि", "ज्यादा पैसे", "ज्यादा कट", "अधिक राशि", "गलत रकम"),
        ),
    ),
    (
        "not_received",
        _phrases(
            r"(?:not|never|n't) (?:been )?(?:received|delivered|arrived?|shipped|come|get|got) (?:the |my |any |this )?(?:goods?|product|order|item|parcel|delivery|package|service|ticket)",
            r"(?:goods?|product|order|item|parcel|delivery|package|service|ticket)s? (?:has |have |was |were |did |is )?(?:not|never|n't)",
            r"(?:saman|saamaan|order|parcel|product|delivery) (?:abhi tak )?(?:nahi|nahin)|refund (?:has |is )?(?:not|never|nahi)",
            _hindi("सामान नहीं", "ऑर्डर नहीं", "पार्सल नहीं", "डिलीवरी नहीं", "सामान अभी तक नहीं"),
        ),
    ),
    (
        "failed_transfer",
        _phrases(
            r"(?:payment|transaction|transfer|upi|imps|neft|withdrawal|recharge|it) (?:has |was |is |got |did )?(?:failed|declined|not go through|stuck|pending|fail|timed out)",
            r"failed (?:upi |imps |neft |atm )?(?:payment|transaction|transfer|withdrawal|recharge)|(?:debited|deducted|cut|gone) but",
            r"(?:atm|machine)[^.!?]{0,40}(?:no cash|not? (?:dispense|give|come|pay)|cash (?:nahi|nahin|not))|no cash (?:came|from|dispensed)|did(?:n't| not) dispense",
            r"fail ho gay[ai]|(?:kat|kut) ga[yi]\w* (?:par|lekin|magar|but|aur)[^.!?]{0,30}(?:nahi|fail|nahin)|transaction fail",
            _hindi("फेल", "असफल", "विफल", "अटक गया", "नकद नहीं", "कैश नहीं"),
        ),
    ),
    (
        "subscription",
        _phrases(
            r"subscription|auto ?-?(?:pay|debit|renew\w*|deduct\w*)|recurring|mandate|membership|free trial|standing instruction|e-?nach",
            _hindi("सब्सक्रिप्शन", "ऑटो पे", "ऑटोपे", "सदस्यता"),
        ),
    ),
    (
        "wrong_payee",
        _phrases(
            r"(?:to |in |into )(?:the |a |some )?(?:wrong|incorrect|another|other|different) (?:person|account|number|upi(?: id)?|payee|recipient|beneficiary|man|guy)",
            r"wrong (?:person|account|payee|recipient|beneficiary|upi(?: id)?)|sent (?:it |money )?by mistake|mistakenly (?:sent|transferred|paid)",
            r"galat (?:account|khate|khaate|number|insaan|aadmi|upi|bande)",
            _hindi("गलत खाते", "गलत नंबर", "गलत व्यक्ति", "गलत आदमी", "गलती से भेज"),
        ),
    ),
    (
        "unauthorised",
        _phrases(
            rf"(?:did ?n[o']?t|did not|never|have ?n't|have not|had not|haven't) (?:even )?(?:make|made|do|done|did|authori[sz]ed?|approved?|initiated?|give|given|placed?|swiped?|sanction(?:ed)?|spen[dt]|use|used) (?:\S+ ){{0,3}}{_PAYMENT}",
            rf"(?:do ?n[o']?t|do not|can'?t|cannot|can not|did ?n[o']?t|did not) (?:even )?(?:recogni[sz]e|know|remember|identify|recall) (?:\S+ ){{0,3}}{_PAYMENT}",
            r"un-?authori[sz]ed|fraud\w*|not (?:made |done )?by me|(?:was|is)(?:n't| not) me|wasnt me|not me|not mine|(?:some ?one|some ?body) else|with ?out my (?:knowledge|permission|consent|approval)|unknown (?:transaction|payment|debit|charge|person)",
            r"stolen|hack(?:ed|er)?|scam(?:med)?|(?:maine|mene|mai ne|main ne|humne) (?:\w+ ){0,4}(?:nahi|nahin|nhi) (?:ki|kiya|kiye|kari|di|diya)|bina (?:meri |mere )?(?:permission|ijazat|bataye|puche)",
            _hindi("मैंने नहीं", "मैने नहीं", "धोखा", "धोखाधड़ी", "फ्रॉड", "मेरी अनुमति के बिना", "बिना अनुमति", "किसी और ने", "अनधिकृत", "ठगी", "हैक"),
            rf"{fold('मैंने')} [^.!?।]{{0,40}}{fold('नहीं')} (?:{_hindi('किया', 'की', 'किए', 'कि')})",
        ),
    ),
)  # fmt: skip


def dispute_type(text: str) -> str | None:
    """What went wrong with a payment. Several at once: a named fault goes before "I did not do it", two faults give none."""
    plain = fold(text)
    found = [name for name, pattern in _DISPUTE_TYPES if pattern.search(plain)]
    faults = [name for name in found if name != "unauthorised"]
    if len(faults) == 1:
        return faults[0] if "unauthorised" not in found or faults[0] in {"duplicate", "subscription"} else None
    return "unauthorised" if found == ["unauthorised"] else None


_ACCOUNT_TYPES = (
    ("credit_card", words_pattern("credit card account", "credit card", "क्रेडिट कार्ड")),
    ("savings", words_pattern("savings", "saving", "savings account", "bachat", "बचत", "सेविंग", "सेविंग्स")),
    ("current", words_pattern("current account", "current a/c", "chalu khata", "चालू खाता", "चालू खाते", "करंट अकाउंट")),
    ("overdraft", words_pattern("overdraft", "od account", "ओवरड्राफ्ट")),
    ("deposit", words_pattern("fixed deposit", "fd", "rd", "recurring deposit", "deposit account", "सावधि जमा", "एफडी")),
    (
        "wallet",
        re.compile(
            rf"{_EDGE}(?<!lost my )(?<!stole my )(?:wallet|{fold('वॉलेट')}){_END}(?! (?:(?:was|is|got|has|been|were|bhi) )*(?:stolen|lost|missing|snatched|gone|chori|kho|gum|chhin))"
        ),
    ),
)


def account_type(text: str) -> str | None:
    """The kind of account named, if exactly one is."""
    plain = fold(text)
    found = [name for name, pattern in _ACCOUNT_TYPES if pattern.search(plain)]
    return found[0] if len(found) == 1 else None


#: Capitalised words that are no merchants, and words after "at" that are places or times of no use.
_NO_MERCHANT = frozenset(
    fold(
        "i my me we upi atm imps neft rtgs rs inr otp pin cvv sms card debit credit account savings current bank app india hi hello please the a an "
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november "
        "december jan feb mar apr jun jul aug sep sept oct nov dec am pm today yesterday tomorrow night home work office morning noon midnight "
        "all least once last first that this which what one two same time around about night shop store market merchant mall restaurant hotel "
        "your their his her our it balance payment transaction amount money phone number branch wrong [card"
    ).split()
)
_NAME = r"[A-Z0-9][\w&.'’-]{1,30}(?: (?:[A-Z&][\w&.'’-]{0,30}|of|and|the)){0,3}"
_CALLED = (
    re.compile(rf"\b(?:at|from|to|with|by|on|in|for|paid|pay)\s+(?:the\s+)?({_NAME})"),
    re.compile(rf"\b({_NAME})\s+(?:ko|pe|par|mein|me|se|wala|wali|walon|ka|ki|को|पर|में|से|का|की|वाला|वाली)(?![\w])"),
    re.compile(r"[\"“'‘]([^\"”'’\n]{3,40})[\"”'’]"),
    re.compile(rf"\b(?:merchant|shop|store|company|website|payee|seller)(?:'s)?(?: name)? (?:is|was|called|named|:|hai)\s+({_NAME}|[\w&.'-]{{3,30}})", re.IGNORECASE),
)  # fmt: skip
_AT_SMALL = re.compile(
    r"\bat ([a-z][a-z0-9&'-]{2,30}(?: (?:store|stores|mart|bazaar|bazar|cafe|foods|pharmacy|motors|travels))?)\b"
)
_COUNTED = re.compile(r"\d+(?:st|nd|rd|th)?")
_TAIL = re.compile(r"(?: (?:of|and|the)| for| on)+$")


def merchant(text: str) -> str | None:
    """Who was paid, when the message names exactly one: after "at" or "to" with a capital, in quotes, or "merchant is …"."""
    found = [match.group(1) for pattern in _CALLED for match in pattern.finditer(text[:600])]
    if not found:
        found = [match.group(1) for match in _AT_SMALL.finditer(text[:600].lower())]
    names = dict.fromkeys(name for name in map(_tidy, found) if name)
    return next(iter(names)) if len(names) == 1 else None


def _tidy(name: str) -> str:
    words = _TAIL.sub("", name.strip(" .,!?-'’")).split()
    while words and words[-1].lower().strip(".,") in _NO_MERCHANT:
        words.pop()
    if not words or words[0][0].isdigit() and _COUNTED.fullmatch(words[0].lower()):
        return ""
    if words[0].lower().strip(".,'’") in _NO_MERCHANT or not any(char.isalpha() for char in words[0]):
        return ""
    if len(words) == 1 and (words[0].lower() in wording().plain or words[0].lower() in wording().lemma or len(words[0]) < 3):
        return ""
    return " ".join(words)[:40]
