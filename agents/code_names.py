"""What short secrets are called, and the words that tell a code from an amount, a postal code or the last digits of a card.

Words only; `agents.codes` does the looking. Everything is written as folded text has it: lower case, ASCII digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.finders import SEAM, Kind, any_of
from agents.folding import fold_text

OTP_DIGITS = 6
#: How far before a name is looked for the word that makes it another thing ("branch code").
REACH_BEFORE = 16


@dataclass(frozen=True, slots=True)
class Code:
    """A short code known by its name: how it is called, and how many digits it has."""

    kind: Kind
    name: re.Pattern[str]
    sizes: frozenset[int]
    #: sizes believed near the name without linking words
    free: frozenset[int] = frozenset()
    #: size believed right before the name without a linking word ("482913 otp"); 0 for never
    bare: int = 0
    #: what stands before the name where it means something else
    unless: re.Pattern[str] | None = None

    def names(self, text: str) -> Iterator[re.Match[str]]:
        """Where the code is named."""
        for match in self.name.finditer(text):
            if self.unless is None or self.unless.search(text[max(0, match.start() - REACH_BEFORE) : match.start()]) is None:
                yield match


_OTP = (
    r"\b(?:otps?|[o0] ?t ?p|opt(?= (?:is|was|hai|h|number|no|code|aa?ya|nahi|mila|bhej\w{0,3}|\d)\b)|o\.t\.p\.?|one[ -]time[ -](?:password|passcode|pin|code|number)"
    r"|2fa|(?:verification|authenti\w{1,9}|auth|confirmation|access|log ?in|two[ -]step|two[ -]factor|sms|activation|validation)[ -](?:code|number|pin)"
    r"|passcode|(?:six|6)[ -]?digits?(?: \w{1,8})? (?:code|number|pin))\b|\botp(?=\d)|(?<=\d)otp\b"
    rf"|{any_of('ओटीपी', 'ओ टी पी', 'ओ.टी.पी', 'वन टाइम पासवर्ड', 'सत्यापन कोड', 'वेरिफिकेशन कोड')}"
)
_CVV = (
    r"\b(?:cvv2?|cvc2?|cvn|csc|c\.v\.v\.?|c v v|cvv ?(?:code|number|no)|security code|card verification(?: value| code| number)?"
    r"|back ?side (?:number|code|digits?)|(?:behind|back of|rear of|reverse of)(?: the| my| your)? (?:debit |credit )?card"
    r"|(?:code|numbers?|digits?) (?:at|on|from) (?:the )?(?:back|behind|rear|reverse)(?: side)?|card ke (?:piche|peeche|pichhe)"
    r"|(?:piche|peeche|pichhe) (?:ka|ke|wala|wale) (?:(?:teen|tin|3) )?(?:number|no|ank|digits?|code))\b|\bcvv(?=\d)"
    rf"|{any_of('सीवीवी', 'सी वी वी', 'सिक्योरिटी कोड', 'सुरक्षा कोड', 'कार्ड के पीछे', 'पीछे वाला कोड', 'पीछे का नंबर', 'पीछे के तीन')}"
)
_PIN = (
    r"\b(?:[mti]?-?pins?|pin (?:no|number)|p i n|(?:unlock|secret|atm) code|secret number)\b|\bpin(?=\d)|(?<=\d)pin\b"
    rf"|{any_of('पिन', 'एमपिन')}"
)
_OTHER_CODE = re.compile(
    r"(?:\b(?:pin|post|postal|zip|area|std|ifsc|ifs|micr|swift|bsr|branch|sort|bank|promo|coupon|offer|discount|referral|error|response|status|qr|bar|hsn"
    r"|country|dial|product|item|merchant|mcc|reason|reference|ref|employee|customer|agent|order|tracking|source)"
    rf"|{any_of('शाखा', 'पिन', 'बैंक', 'एरर', 'डाक', 'क्षेत्र')})[ -]?$"
)
#: A bare "code" names a one-time password when six digits follow, unless the word before says which other code it is.
CODES = (
    Code("otp", re.compile(_OTP), frozenset({4, 5, 6, 7, 8}), frozenset({4, 6}), bare=6),
    Code("cvv", re.compile(_CVV), frozenset({3, 4}), frozenset({3}), bare=3),
    Code("pin", re.compile(_PIN), frozenset({4, 5, 6}), frozenset({4, 6}), bare=6),
    Code("otp", re.compile(rf"\bcodes?\b|{any_of('कोड')}"), frozenset({OTP_DIGITS}), unless=_OTHER_CODE),
)
#: "post code" and "PIN code" of six digits: where somebody lives.
POSTAL = re.compile(rf"[ -]?(?:codes?\b|{any_of('कोड')})")
BARE_PIN = frozenset({"pin", fold_text("पिन")})
#: Digits after this are a card's, not the PIN's.
CARD = re.compile(rf"\b(?:card|account|a/c|khata)\b|{any_of('कार्ड', 'खाता', 'खाते')}")
ADDRESS = re.compile(
    r"\b(?:address|street|road|nagar|sector|city|district|flat|house|colony|area|locality|town|village|gali|pata|deliver\w{0,3}|branch|shift(?:ed|ing)?)\b"
    rf"|{any_of('पता', 'गली', 'नगर', 'सेक्टर', 'जिला', 'शहर', 'मकान')}"
)
#: Words that may stand between a code's name and its digits, however few digits these are.
LINKS = frozenset(
    fold_text(
        "as is was it its are no number num code my your mera meri mere the this that here i he she they told gave given shared entered "
        "enter typed sent got received him her them which hai h he ye yeh yah wo woh ko ka ki ke tha thi aaya aya aayi mila mili bola "
        "diya di bataya batayi of for on card atm upi debit credit account mobile bank with please pls check use verify one current old "
        "new say says said came come mine s just and ending xx xxx xxxx txn transaction payment rs inr to a changed set from have "
        "were be by us me you we someone caller guy man person who asked ask app phone sms net banking login using used put keyed dial "
        "always hamesha ever actually also only still now today correct right wrong first second last digit digits value back side behind at in "
        "ne se maine usne unhone usko use unko unhe bhi toh aur par pe mein wala wali kar daal dala dal dali likha bheja bhej gaya "
        "gayi raha rahi rakha kiya naya purana nayi share bata batao dikha dikhaya abhi mujhe hamara apna apni ek hua rakhi hota "
        "है हैं था थी यह ये वह मेरा मेरी नंबर आया मिला दिया बताया का की को से कोड अभी मुझे उसे उसको मैंने उसने ने पर में डाला भेजा लिखा "
        "हमेशा शेयर किया गया कर दी अपना अपनी कार्ड एटीएम यूपीआई हमारा नया पुराना रखा"
    ).split()
)
#: The word right before the digits that shows they are something else: "otp for 5000", "otp for card ending 1234", "since 2019".
NOT_LAST = frozenset(
    fold_text(
        "of for with on and ending ends xx xxx xxxx x a c card account acct first second last one payment transaction txn rs inr in at "
        "since till until by before after around approx flat room branch worth only total"
    ).split()
)
#: Three digits are no last four of a card: "the CVV of my card 123".
NOT_LAST_OF = {"otp": NOT_LAST, "pin": NOT_LAST, "cvv": NOT_LAST - {"card", "on", "of"}}
SET_TO = re.compile(r"\bto(?: be)?\s*$")
NUMBER_OF_ELSE = re.compile(r"\b(?:card|account|acct?|a/c|mobile|phone|contact) (?:no|num|number)\W{0,4}(?:is\W{0,2})?$")
#: What the digits count or belong to, said right after them: "cvv is 3 digits", "pin se 2350 nikle", "4321 card".
UNIT = re.compile(
    r"[\s-]{0,2}(?:digits?|days?|hours?|hrs?|min(?:ute)?s?|sec(?:ond)?s?|times?|years?|months?|weeks?|attempts?|tries|payments?|transactions?|txns?|ank|"
    r"baje|baar|bar|din|ghante|mahine|saal|gone|debited|deducted|lost|withdrawn|kat|kate|katgaye|gaye|gye|nikal\w{0,3}|nikle|paid|only|rs|people|customers"
    r"|complaint|ticket|ref(?:erence)?|rrn|utr|order|case|request|(?:ka|ki) (?:payment|transaction|txn)|card ?(?:ka|ki|ke|block\w{0,3})?$|wala card|wale card)\b"
    rf"|\s{{0,2}}(?:{any_of('बार', 'दिन', 'घंटे', 'मिनट', 'बजे', 'अंक', 'कट', 'निकाल', 'निकल', 'रुपये', 'साल', 'शिकायत')})"
)
WORD = re.compile(r"[^\s\d,.:;=\-–—>#()\"'’!*|/?]+")
#: "… OTP for your payment at X is 482913", as the bank's own message says it.
STATED = re.compile(rf"(?:\bis|\bhai|{any_of('है')}|:)\s*$")
SENTENCE = re.compile(r"[.!?।](?:\s|$)")
#: Between two codes told in one breath.
AND = re.compile(
    rf"\s{{0,2}}(?:,|/|&|and|or|then|and then|aur|ya|phir|to|se|was|tha|ab|now|{any_of('और', 'या', 'से', 'था', 'अब', 'था अब')}|tha ab|matlab)\s{{0,2}}"
)
#: Said before digits that are a sum or a card's last ones: "paid 5000 with otp", "card 4321 ka pin".
SUM_BEFORE = re.compile(
    r"\b(?:of|paid|for|rs|inr|amount|payments?|lost|ending|ends|last|x{2,4}|card|account)[ .:]{0,2}(?:in |with )?$"
)
MEANS = re.compile(r"\b(?:with|without|by|using|use)\b")
#: Between a name and digits: the digits are about this instead.
ABOUT_ELSE = re.compile(
    r"\b(?:amount|balance|rs|rupees|paid|lost|debited|deducted|withdrawn|transferred|ref|reference|rrn|utr|arn|txn id|transaction id|ticket|complaint"
    r"|dispute|case|order|request|pin ?code|postal|zip|employee|folio|policy|loan|invoice|bill|flat|last (?:four|4|digits?)|ending)\b"
    rf"|{any_of('राशि', 'शिकायत', 'आखिरी', 'अंतिम')}|{SEAM}"
)
IS_AFTER = re.compile(rf"\s{{0,2}}(?:hai|h|tha|thi)\b|\s{{0,2}}(?:{any_of('है', 'था', 'थी')})")
#: The bank's own message, digits first: "482913 is your Demo Bank verification code".
IS_YOUR = re.compile(r"\s{0,2}is (?:your|the|ur)\b[^\d\n]{0,40}$")
#: "Use 482913 to verify": no name at all.
USE_TO = re.compile(
    r"\b(?:use|enter)\s(\d{4,8})\s(?:to|for) (?:verif\w{1,6}|log ?in|sign ?in|confirm\w{0,3}|authenticat\w{1,3}|complet\w{1,3}|authori[sz]\w{1,3})\b"
)
#: A one-time password of letters and digits.
LETTERED_OTP = re.compile(
    r"\b(?:otp|(?<!r )(?<!c )code)\s{0,2}(?:is\s|[:=-])\s{0,2}((?=[a-z0-9]{0,7}\d)(?=[a-z0-9]{0,7}[a-z])[a-z0-9]{6,8})\b(?!-)"
)
#: Part of a longer number: "060-25-2440", "12.05.2026".
GOES_ON = re.compile(r"[-/.]\d")
#: "my cvv is" as a whole message: the digits come in the next one.
NAME_LAST = re.compile(rf"^[\s\w']{{0,20}}$|(?:\bis|\bhai|{any_of('है')}|[:=\-])\s*$")
ASKS = re.compile(rf"\b(?:not|no|n't|where|resend|again|why|how|nahi|nahin|get)\b|\?|{any_of('नहीं', 'कहाँ', 'कब')}")
