"""Plain ways to say the wishes that are known, and what looks like one of them and is about something else.

Precise rather than complete: what these patterns do not know goes on to the classifier.
"""

from __future__ import annotations

import re

from models.parsers.text import LETTER, fold

_EDGE = rf"(?<![{LETTER}])"


def _plain(*alternatives: str) -> re.Pattern[str]:
    return re.compile(_EDGE + "(?:" + "|".join(alternatives) + ")")


def _hindi(*words: str) -> str:
    return "|".join(fold(word) for word in words)


def _whole(*alternatives: str) -> re.Pattern[str]:
    """Nothing but this, with polite words around it."""
    polite = r"(?:sir|madam|ma'am|team|there|ji|all|dear|everyone|again|so much|very much|a lot|bhai|please|ok|okay|and|good day|today|for (?:your|the|all your) help|bahut|बहुत|जी|सर|मैडम|आपका)"
    return re.compile(
        rf"(?:{polite}[\s,]*)*(?:{'|'.join(alternatives)})(?:[\s,!.]*(?:{polite}|{'|'.join(alternatives)}))*[\s!.।😀-🙏]*"
    )


_HUMAN_NOUN = (
    r"(?:human(?: being)?|person|agent|representative|rep|operator|executive|manager|officer|advisor|someone|somebody|staff|employee|customer care|"
    r"customer service|customer support|support team|insaan|insan|aadmi|vyakti|" + _hindi("इंसान", "व्यक्ति", "एजेंट", "अधिकारी", "मैनेजर", "आदमी", "कर्मचारी", "कस्टमर केयर") + ")"
)  # fmt: skip
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "human",
        _plain(
            rf"(?:talk|speak|chat|connect(?: me)?|transfer(?: me)?|put me|hand me|get me|give me|call me|escalate)\b[^.!?]{{0,25}}\b{_HUMAN_NOUN}",
            rf"(?:want|need|prefer|like) (?:to have )?(?:a |an |some )?(?:real |live |actual )?{_HUMAN_NOUN}\b(?! ?(?:name|number))",
            rf"{_HUMAN_NOUN} (?:se|से) (?:baat|bat|{_hindi('बात')})",
            r"(?:real|live|actual) (?:human|person|agent)|not a (?:bot|robot|machine) please",
        ),
    ),
    (
        "block_card",
        _plain(
            r"(?:block|freeze|hotlist|lock|disable|deactivate|stop) (?:\w+ ){0,4}(?:cards?)\b",
            r"(?:lost|misplaced|(?:can'?t|cannot|can not) find) (?:\w+ ){0,3}card\b|card (?:has |is |was |got |has been |been )*(?:lost|stolen|misplaced|missing)|card (?:ending|no|number|with|in) (?:\w+ ){0,3}(?:is|was|got|has been) (?:lost|stolen|misplaced|missing)",
            r"(?:stole|snatched) (?:\w+ ){0,3}(?:card|wallet|purse)\b|card (?:ko |turant |jaldi |abhi |ke liye )*(?:block|band|lock|freeze) (?:mat |nahi |nahin |na |to |hi )?(?:kar|kijiye|kr)|card (?:kho|gum|chori|chhin)\b|(?:block|band|lock|freeze) (?:mat |nahi |na )?(?:kar\w*|kijiye|krdo|krna) (?:\w+ ){0,2}card\b",
            rf"{fold('कार्ड')} (?:\S+ ){{0,2}}(?:{_hindi('ब्लॉक', 'बंद', 'लॉक', 'फ्रीज़')}) (?:(?:{_hindi('मत', 'नहीं', 'न')}) )?(?:{_hindi('कर', 'करो', 'करें', 'करना', 'करवा', 'कीजिए')})|{fold('कार्ड')} (?:{_hindi('खो', 'गुम', 'चोरी')})",
        ),
    ),
    (
        "login_problem",
        _plain(
            r"(?:can'?t|cannot|can not|could ?n[o']?t|unable to|not able to|trouble|problems?|issues?|fail\w* to|difficulty|won't let me)\s(?:\w+ ){0,4}?(?:log(?:ging)? ?(?:in|on)|sign(?:ing)? ?in|access (?:\w+ ){0,3}(?:app|net ?banking|online banking))\b",
            r"log ?in (?:\w+ ){0,4}(?:problem|issue|error|fail\w*|not work\w*|nahi|nahin)|log ?in nahi|(?:forgot|forgotten|reset|bhool\w*) (?:\w+ ){0,3}(?:password|user ?id|username)\b|password (?:\w+ ){0,2}(?:bhool|forgot|reset)|locked out",
            r"(?:app|net ?banking|online banking|mobile banking) (?:is |does |has |me |mein )?(?:not |n't |nahi |nahin )(?:open\w*|work\w*|load\w*|khul|chal|let)|(?:app|account) (?:nahi|nahin) khul",
            _hindi("लॉगिन नहीं", "लॉग इन नहीं", "पासवर्ड भूल", "ऐप नहीं खुल", "ऐप नहीं चल", "लॉगिन में"),
        ),
    ),
    (
        "balance",
        _plain(
            r"(?:what|how much|check|show|tell|see|know|view|get|give|display|need|want|bata\w*|dikha\w*|kitna|kitni|fetch|look up|enquir\w*|inquir\w*)\b[^.!?,]{0,40}\b(?:balance|bal)\b(?! transfer| sheet| is (?:wrong|not|less|low))",
            r"(?:my |account |available |current |savings? |a/c |bank |mera |khate ka )?(?:account )?balance(?: (?:bhi |to |toh |zara |jara |abhi |mera |mat |nahi |nahin |kya |ka |kaise |kese )*(?:please|pls|check|kya|kitna|batao|bataiye|bata|enquiry|inquiry|dikhao|dikha|hai|chahiye|now|today|in|of)\b|\s*\??$)",
            r"(?:show|check|see|tell me|what are|view) (?:my |the )?(?:available|remaining) (?:funds?|money|amount|cash)\b",
            r"how much (?:money |cash |funds? )?(?:do i have|have i got|is (?:there )?(?:left )?in|is left|i have|remains|can i (?:spend|withdraw|use))",
            r"(?:kitna|kitne|kitni) (?:paisa|paise|balance|amount|rakam)\b[^.!?]{0,12}\b(?:hai|hain|bacha|bache|bachi|pada)|(?:paisa|paise) (?:kitna|kitne) (?:hai|hain|bach\w*)",
            rf"(?:{_hindi('बैलेंस', 'बैलेन्स')})|(?:{_hindi('खाते', 'अकाउंट', 'बैंक')}) [^.!?।]{{0,12}}(?:{_hindi('कितना', 'कितने', 'कितनी')})|(?:{_hindi('कितना', 'कितने')}) (?:{_hindi('पैसा', 'पैसे', 'रुपये')}) (?:{_hindi('है', 'हैं', 'बचे', 'बचा')})",
        ),
    ),
    (
        "dispute",
        _plain(
            r"disput\w*|charge ?back|raise a complaint (?:about|against|for) (?:\w+ ){0,3}(?:payment|transaction|charge)|report (?:\w+ ){0,3}(?:payment|transaction|charge|fraud)",
            r"(?:money|amount|paise|paisa|rs|rupees|\d) (?:\w+ ){0,4}(?:was |were |is |got |has been |have been )(?:\w+ )?(?:debited|deducted|taken|stolen|cut|withdrawn|charged)",
            r"(?:debited|deducted|charged|withdrawn|taken|cut) (?:\w+ ){0,5}(?:wrongly|without|from my|twice|by mistake|incorrectly|but)",
            r"(?:paise|paisa|rs|rupaye|rupees|rupee|amount|\d)\b (?:\w+ ){0,4}(?:kat|kut|nikal|katt) (?:ga[yi]\w*|liye|liya|gye|hue)|(?:wrong|strange|suspicious|weird) (?:transaction|payment|charge|debit)",
            rf"(?:{_hindi('पैसे', 'पैसा', 'रुपये', 'राशि', 'रकम')})[^.!?।]{{0,30}}(?:{_hindi('कट', 'निकल', 'कटे')}) ?(?:{_hindi('गए', 'गया', 'गई', 'गये', 'लिए')})|(?:{_hindi('भुगतान', 'लेनदेन', 'ट्रांजैक्शन', 'पेमेंट')})[^.!?।]{{0,20}}(?:{_hindi('शिकायत', 'विवाद')})|{fold('विवाद')}",
        ),
    ),
    ("who_are_you", _plain(
        r"(?:are you|r u|am i (?:talking|chatting|speaking) (?:to|with))\s(?:a |an |the )?(?:real |live |actual )?(?:bot|robot|chat ?bot|human|person|ai|machine|computer)\b|who (?:are|r) (?:you|u)\b|what are you\b|your name",
        r"(?:tum|aap|ap) (?:kaun|kon)\b|(?:tum|aap) (?:robot|bot|insaan|insan|machine)", _hindi("आप कौन", "तुम कौन", "क्या आप इंसान", "क्या आप मशीन", "क्या आप रोबोट", "आपका नाम"),
    )),
    ("thanks", _whole(r"thanks?", r"thank you", r"thank u", r"thx", r"ty", r"thanku", r"much appreciated", r"appreciate it", r"dhanya?wa?a?d", r"dhanyavad", r"shukriya", _hindi("धन्यवाद", "शुक्रिया", "थैंक यू", "थैंक्स"))),
    ("goodbye", _whole(r"(?:good ?)?bye(?: bye)?", r"see (?:you|ya)(?: later)?", r"take care", r"good ?night", r"(?:thanks?|thank you)[\s,]+(?:good ?)?bye", r"alvida", r"tata", r"that'?s all", r"that is all", r"nothing else", r"i'?m done", r"bas itna hi", _hindi("अलविदा", "फिर मिलेंगे", "बाय", "बस इतना ही"))),
    ("greeting", _whole(r"hi+", r"hello+", r"hey+", r"hlo", r"hola", r"good (?:morning|afternoon|evening)", r"namaste", r"namaskar", r"namaskaram", r"pranam", _hindi("नमस्ते", "नमस्कार", "हेलो", "हैलो", "हाय", "प्रणाम"))),
)  # fmt: skip
WHOLE = frozenset({"thanks", "goodbye", "greeting"})
_NOT_A_BLOCK = _plain(
    r"un-?block\w*|unlock\w*|unfreeze|why (?:is|was|has|did|do|would|have|are)|(?:will|would|going to|about to|threat\w*(?: to)?) (?:be |get )?(?:block|freez|lock|deactivat|disabl)\w*|(?:kyu|kyun|kyon)\b|(?:is|was|has been|got) (?:already )?(?:blocked|frozen|locked)|reactivate|activate",
    _hindi("क्यों", "अनब्लॉक"),
)
_NOT_A_BALANCE = _plain(
    r"(?:minimum|min|low|insufficient|average|opening|closing|negative|outstanding) (?:account )?bal\w*|balance (?:transfer|sheet)",
    r"per day|daily|limits?\b|interest|byaj|byaaj|rate of|" + _hindi("ब्याज", "सीमा"),
    r"(?:another|other|different) (?:customer|person|man)|(?:some ?one|some ?body) else'?s?",
)
_NOT_A_HUMAN = _plain(
    r"am i (?:talking|chatting|speaking)|are you|is this|r u|is (?:a|any|some) (?:real )?(?:person|human|one) (?:reading|typing|writing|behind)"
)
#: Cards, accounts, quarrels that are none of the bank's, unless the bank's are named too.
_OTHERS_CARD = re.compile(
    rf"^(?!.*(?:debit|credit|atm|bank|{_hindi('डेबिट', 'क्रेडिट', 'एटीएम')})).*(?:(?:\b(?:sim|ration|library|metro|pan|aadhaa?r|adhaa?r|id|identity|gift|visiting|voter|health|loyalty|"
    rf"membership|memory|graphics|report|green) card)|\bsim\b|{_hindi('सिम', 'राशन कार्ड', 'मेट्रो कार्ड', 'आधार कार्ड', 'पैन कार्ड', 'लाइब्रेरी कार्ड')})"
)
_OTHERS_BALANCE = _plain(
    r"(?:besides|except|apart from|other than) (?:the |my )?balance|balance ke (?:alawa|siva)|(?:metro|gift|sim|mobile|phone|recharge|data|prepaid|dth|fastag|jio|airtel)\b(?! ?bank)[^.!?]{0,25}\bbal(?:ance)?\b|balance\b[^.!?]{0,20}\b(?:metro|gift|sim|recharge|fastag)|balance (?:of (?:work|power|nature)|diet|bike)",
    rf"(?:{_hindi('मेट्रो', 'मोबाइल', 'फोन', 'सिम', 'रिचार्ज', 'फास्टैग')})(?! बैंक)[^.!?।]{{0,25}}{fold('बैलेंस')}|{fold('बैलेंस के अलावा')}",
)
_OTHERS_LOGIN = _plain(
    r"(?:facebook|fb|insta\w*|whats ?app|telegram|netflix|hotstar|youtube|gmail|google|yahoo|twitter|linkedin|amazon|flipkart|swiggy|zomato|irctc|digilocker|college|school|university|wi-?fi|laptop|windows|zoom)\b",
    r"e-?mail (?:account |id )?(?:ka )?(?:password|log ?in)|"
    + _hindi("फेसबुक", "इंस्टाग्राम", "व्हाट्सऐप", "नेटफ्लिक्स", "जीमेल", "कॉलेज", "स्कूल", "लैपटॉप"),
)
_OTHERS_DISPUTE = re.compile(
    rf"^(?!.*(?:payment|transaction|charge|debit|paid|upi|₹|\d{{3}}|{_hindi('भुगतान', 'पैसे', 'लेनदेन', 'पेमेंट')})).*(?:landlord|neighbou?r|tenant|property|court|land|divorce|employer|parking|family|"
    rf"zameen|makan malik|padosi|{_hindi('मकान मालिक', 'पड़ोसी', 'ज़मीन', 'संपत्ति', 'परिवार')})"
)
#: What looks like a wish and is about something else.
OTHER_MEANING: dict[str, tuple[re.Pattern[str], ...]] = {
    "block_card": (_NOT_A_BLOCK, _OTHERS_CARD),
    "balance": (_NOT_A_BALANCE, _OTHERS_BALANCE),
    "login_problem": (_OTHERS_LOGIN,),
    "dispute": (_OTHERS_DISPUTE,),
    "human": (_NOT_A_HUMAN,),
}
#: A word for money or payment, or a figure.
ABOUT_MONEY = re.compile(
    rf"{_EDGE}(?:payment|transaction|transfer|purchase|charge|debit(?! card)|txn|upi|paid|pay|money|amount|rs|rupees?|paise|paisa|withdrawal|{_hindi('भुगतान', 'पैसे', 'पैसा', 'लेनदेन', 'पेमेंट', 'रुपये', 'ट्रांजैक्शन', 'खरीद')})|₹|\d{{3,}}"
)
