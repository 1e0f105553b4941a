"""The signs of instructions aimed at the system, as patterns over folded text; `agents.injection` weighs them.

A strong sign is enough by itself. Of the weak ones two different kinds are needed: "act as", "unrestricted" and "ChatGPT" each stand in
harmless sentences, two of them together seldom do. Signs of others' text count only there: a memo has nobody to tell what to answer,
while a customer may well say "send the money" or "your reply". Every pattern is linear: gaps are bounded, nothing repeats inside a
repetition.
"""

from __future__ import annotations

import re

from agents.finders import any_of
from agents.folding import fold_text


def _p(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


_S = r"[^.!?\n]"
_OBJECT = (
    r"(?:i?u?nstructions?|prompts?|rules?|directives?|guidelines?|guardrails?|programming|polic(?:y|ies)|commands?|restrictions?|training|safety|orders?"
    r"|constraints?|filters?|protocols?|limitations?|inputs?)"
)
_SECRET = r"(?:pass ?words?|pass ?codes?|pass ?phrases?|passcode phrase|secret (?:keys?|words?|codes?|phrases?)|api keys?|credentials?|access codes?|secrets?|database|config(?:uration)?)"
_ASK = r"(?:give|tell|share|send|show|confirm|reveal|print|provide|hand over|disclose|leak|display|dump|list|output|spell|write)"

STRONG: dict[str, re.Pattern[str]] = {
    "override": _p(
        rf"\b(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?|overrid(?:e|ing)|bypass(?:ing)?|skip|drop|erase|abandon|pay no attention to|stop following|do(?: not|n't) (?:follow|obey|listen to))\b{_S}{{0,30}}"
        rf"\b(?:previous|prior|above|earlier|preceding|all|your|initial|original|old|any|these|existing|former)\b{_S}{{0,24}}\b{_OBJECT}\b",
        rf"\b(?:ignore|disregard|forget)\b{_S}{{0,16}}\b(?:everything|anything|all|what)\b{_S}{{0,20}}\b(?:above|before|previous|said|told|learned|so far|written)\b",
        r"\b(?:ignore|disregard|forget) (?:the|all|everything|what is|what's|all of the|all the) (?:above|preceding|foregoing)\b",
        rf"\bforgotten (?:about )?(?:all|any|your|the) (?:of )?(?:your |the )?{_OBJECT}\b",
        r"\b(?:do not|don't|never) (?:listen to|follow) (?:any |the )?(?:previous|prior|earlier)\b",
        rf"\b(?:you (?:are|have) (?:not bound|no longer bound|freed?)|not bound) (?:by|from) {_S}{{0,24}}\b{_OBJECT}\b",
        r"\b(?:system|developer|admin\w{0,9}|security|safety|training data|policy|root) override\b|\boverride (?:mode|code|protocol)\b",
    ),
    "reveal": _p(
        rf"\b(?:reveal|show|print|repeat|output|display|tell me|give me|leak|translate|summari[sz]e|copy|recite|what(?:'s| is| are| was| were| do| did))\b{_S}{{0,30}}\b(?:system|initial|hidden|secret|original|your|starting)\b"
        rf"{_S}{{0,8}}\b(?:prompts?|instructions?|message above|configuration|directives?|guidelines)\b",
        r"\byour (?:system|initial|starting|original|hidden) (?:prompt|instructions?|message)\b|\bsystem ?prompts?\b",
        rf"\b(?:write|list|describe|share|provide|put|render|format|encode|paraphrase|rephrase|reword|convert|dump|read|explain|recall|state|expose|return|reply with|spell out|know)\b{_S}{{0,24}}"
        rf"\b(?:your|these|initial|original|previous|given) (?:exact |full |entire |complete |original |custom |initial |own |internal |current |previous )?(?:instructions?|prompts?|directives?|configuration|initiali[sz]ation|setup)\b",
        r"\b(?:what|which|how|everything|anything|all|whatever|words|text)\b[^.!?\n]{0,24}\b(?:were|was|have|had|did|are) (?:you|i|they)?\s?(?:been |just )?(?:told|instructed|prompted|programmed|given (?:as|at|in|before|to start)|initiali[sz]ed|configured) (?:to|before|at|in|with|by|not|so far|initially|about yourself)\b",
        r"\b(?:exact|full|entire|internal|secret|hidden|complete|original) (?:instructions|prompt|directives|guidelines|rules)\b[^.!?\n]{0,30}\b(?:you|your|word|verbatim|given|above)\b",
        r"\b(?:text|words?|sentences?|lines?|content|message|instructions?|conversation|paragraphs?) (?:above|before this|preceding this|that came before)\b[^.\n]{0,60}\b(?:you are|verbatim|code ?(?:block|fence)|word for word|start|begin|include everything)",
        r"\b(?:start|begin)\w{0,5} (?:with|from|at)(?: the (?:words?|phrase|text|sentence))?\s{0,2}[\"'“‘]?you are\b|\bin (?:a )?(?:txt |text |markdown )?code ?(?:block|fence)\b[^\n]{0,40}\b(?:above|everything|instructions|prompt)",
        rf"\b(?:repeat|print|output|write|show|copy)\b{_S}{{0,20}}\b(?:everything|all|words?|text|lines?|sentences?|message)\b{_S}{{0,12}}\b(?:above|before this|verbatim)\b",
        rf"\b{_ASK}\b{_S}{{0,16}}\byour (?:own |full |current |whole )?{_SECRET}\b",
        rf"\b(?:what(?:'s| is)|{_ASK})\b{_S}{{0,14}}\b(?:password|passcode|secret (?:code|key|word)) (?:for|of|to) (?:our|your|this|the) system\b",
    ),
    "mode": _p(
        r"\b(?:developer|debug|god|admin|administrator|maintenance|jailbreak|jailbroken|unrestricted|sudo|dan|opposite|evil|root|system|override|diagnostic) mode\b",
        r"\bdo anything now\b|\bjailbr[eo]a?k|\bdan can do anything\b|\bas dan\b|\[dan\]|\bantigpt\b",
        r"\bfrom now (?:on|own)\b[^.!?\n]{0,30}\b(?:you (?:are|will|must|answer|act)|act|answer|respond|behave|reply only)\b",
        r"\b(?:pretend|imagine|act|roleplay|role[- ]play|behave)\b[^.!?\n]{0,20}\b(?:you have no (?:rules|limits|restrictions)|(?:to be|you are|you're|as|like) (?:an? |the |if you )?"
        r"(?:unrestricted|unfiltered|admin|administrator|developer|root|system|evil|dan|hacker|superuser|bank manager|linux|terminal))\b",
        r"\byou (?:have|are under|are not under) (?:no|any) (?:rules|limits|restrictions|filters|limitations)\b",
    ),
    "markup": _p(
        r"<\|?/?(?:im_start|im_end|system|assistant|user|endoftext|inst|information|instructions?|s|tool|tool_call|function_call|admin)\|?>|\[/?(?:inst|system|sys)\]|<</?sys>>",
        r"(?<!#)#{2,}\s{0,2}\(?(?:system|instruction|new instruction|assistant|human|response)",
        r"(?:^|\n)\s{0,4}(?:system|assistant|developer)(?:[ _]?(?:message|prompt|note|update))?\s{0,2}:",
        r"\"role\"\s{0,2}:\s{0,2}\"(?:system|assistant|tool|developer)\"",
        r"<[^<>\n]{0,30}\b(?:system|override|admin|security)[^<>\n]{0,30}\bmode\b[^<>\n]{0,20}>",
        r"\b(?:tool|function)[ _](?:result|output|response|call)\s{0,2}[:=]",
    ),
    "new_task": _p(
        r"\byour (?:real|true|new|actual|only|next) (?:task|purpose|goal|job|role|instructions?|objective|mission|orders?)\b",
        r"\b(?:reply|respond|answer|say|output|write)\b[^.!?\n]{0,12}\b(?:only|exactly|just|nothing but|with only|with exactly)\b[^.!?\n]{0,12}[\"'“‘]|\b(?:only|just|always) (?:reply|respond|answer|say|output|write)\b[^.!?\n]{0,12}[\"'“‘]",
        r"\b(?:end|start|begin|beginning) of (?:the )?(?:system|instructions?|prompt|user input|conversation|context|document)\b|(?<!-)-{3,}\s?(?:end|begin|system|new)\b|\b(?:begin|start) new (?:instructions?|session|conversation|system)\b",
        r"\{\{[^{}\n]{0,40}\}\}|\{%|\bdrop table\b|\bsudo \w|\bexec\(|\brm -rf\b|\bos\.system\b",
        r"\bnew (?:system )?(?:instructions?|rules|task|directive)s?\s{0,2}(?::|are\b|from the)|\bstrictly adhere to\b[^.!?\n]{0,30}\binstructions?\b",
        r"\b(?:important|urgent) (?:message|instructions?|notice) (?:from me|to the (?:ai|assistant|model|bot|system)|(?:for|to) (?:the |any |all )?(?:ai|assistants?|models?|bots?))",
        r"\b(?:before|instead of) (?:you can )?(?:solve|solving|doing|do|answering) (?:the|that|your) (?:task|question)",
        r"\b(?:note|message|instruction)s? (?:to|for) (?:the |any |all )?(?:ai|bots?|chat ?bots?|assistants?|llms?|language model|agent)\b",
        r"\b(?:call|invoke|run|use) the [a-z_]{3,30} (?:tool|function|api) with\b",
        r"\byou must (?:listen to|follow|obey) my (?:instructions?|commands?|orders?)\b|\bobey (?:me|my|the user)\b",
    ),
    "skip_the_gate": _p(
        r"\b(?:approve|authori[sz]e|release|execute|process|transfer|refund|credit)\b[^.!?\n]{0,40}\bwithout (?:any |the |an? )?(?:approval|verification|"
        r"otp|checks?|asking|consent|authentication|gate|confirmation|further checks)\b",
        r"\b(?:disable|turn off|switch off|bypass|skip|override|deactivate)\b[^.!?\n]{0,16}\b(?:fraud|security|safety|verification|authentication|approval|otp|kyc|policy|the gate)\b[^.!?\n]{0,8}\b(?:checks?|step|gate|controls?|limits?|for this|now)\b",
        r"\b(?:customer|user|caller|account holder|i am|session)\b[^.!?\n]{0,16}\b(?:is|has been|as|already)? ?(?:fully |already |pre-?)?(?:verified|authenticated|approved|authori[sz]ed)\b[^.!?\n]{0,30}\b(?:skip|grant|allow|level|bypass|approve|proceed|no otp)\b",
        r"\b(?:assume|consider|treat|regard|pretend|imagine|suppose|act as if|believe|take it)\b[^.!?\n]{0,24}\b(?:me|i|i'm|i am|the user|the customer|this user|this customer|security|otp|verification|kyc|identity|check|session)\b[^.!?\n]{0,24}"
        r"\b(?:verified|authenticated|passed|staff|admin|logged in|approved|authori[sz]ed|confirmed|trusted|cleared|completed|succeeded|done)\b",
        r"\b(?:grant|give) (?:me|this user|the user|user|yourself)\b[^.!?\n]{0,16}\b(?:admin|root|full|unlimited|elevated|staff|all)\b[^.!?\n]{0,12}\b(?:access|rights?|privileges?|permissions?)\b|\b(?:elevate|escalate|raise) (?:my|the user's|user) (?:access|privileges?|permissions?|role)\b|\bgrant all requests\b",
        r"\b(?:otp|verification|kyc|security|identity) (?:check )?(?:is |has )?(?:already )?(?:been )?(?:passed|verified|done|complete[d]?|waived|bypassed)\b[^.!?\n]{0,30}\b(?:so|now|proceed|skip|approve|continue|go ahead|show|release|transfer)\b",
        r"\b(?:set|change|raise) (?:the )?(?:auth|authentication|access|trust|security)[ _]?level\b|\bauth[ _]?level\s{0,2}=",
    ),
    "authority": _p(
        r"\b(?:i am|i'm|this is|as) (?:the|your|an?) (?:system |bot |ai )?(?:developer|administrator|admin|creator|programmer|root user|superuser)\b[^.!?\n]{0,60}\b(?:you|bot|mode|order|override|system|chat|show|print|grant)\b",
    ),
    "hinglish": _p(
        r"\b(?:pichhle|pichle|purane|pehle (?:ke|wale|ki)|saare|sare|sabhi|apne|tumhare|upar (?:ke|wale|ki))\b[^.!?\n]{0,24}\b(?:instructions?|nirdesh\w{0,2}|niyam|rules?|prompts?|baate?n?|hidayat\w{0,2}|aadesh)\b[^.!?\n]{0,24}\b(?:bhool|bhul|bhoo?l|ignore|chhod|chod|hata|andekha|nazarandaz|mat mano|tod)",
        r"\b(?:ignore|bhool|bhul|andekha)\b[^.!?\n]{0,12}\b(?:karo|kar do|jao|karke|maro)\b[^.!?\n]{0,20}\b(?:instructions?|nirdesh\w{0,2}|niyam|rules?)\b",
        r"\bsystem prompt\b|\b(?:apna|apne|tumhara|tumhare)\b[^.!?\n]{0,16}\b(?:prompt|instructions?|nirdesh\w{0,2})\b[^.!?\n]{0,16}\b(?:dikha|bata|likh|print|batao)",
        r"\b(?:ab ?se|abse) (?:tum|aap|tu|tumhe)\b[^.!?\n]{0,40}\b(?:ho|hai|bano|jawab|doge|karoge|manoge|bolo|maano)\b",
        r"\b(?:bina|without|binaa)\b[^.!?\n]{0,24}\b(?:otp|verification|verify|jaanch|janch|check|approval|manzoori|puche|pooche|permission)\b[^.!?\n]{0,24}\b(?:approve|transfer|bhej|refund|manzoor|pass|credit|release)",
        r"\b(?:maan lo|maano|man lo|samjho|socho) (?:ki |ke )?(?:tum|aap)\b[^.!?\n]{0,40}\b(?:manager|admin|developer|niyam|rules?|limit|rok|restriction)",
    ),
    "hinglish_more": _p(
        r"\b(?:rules?|niyam|instructions?|nirdesh\w{0,2}|guidelines?|polic(?:y|ies))\b[^.!?\n]{0,12}\b(?:bhool|bhul|ignore|chhod|chhodo|chodo|chod do|mat mano|mat maano|mat follow|tod do|todo|hatao|hata do|bypass|andekha|side me)",
        r"\b(?:tumhe|tumko|aapko|tujhe)\b[^.!?\n]{0,12}\bkya\b[^.!?\n]{0,16}\b(?:instructions?|nirdesh\w{0,2}|prompt|bola gaya|kaha gaya|sikhaya|diye gaye)",
        r"\b(?:tum|aap|tu)\b[^.!?\n]{0,10}\b(?:ab|ab se|abse|ek)\b[^.!?\n]{0,24}\b(?:manager|admin\w{0,9}|developer|hacker|ai|bot|model|assistant|officer|dan|insaan|unrestricted|free)\b[^.!?\n]{0,8}\b(?:ho|hai|bano|ban jao|ki tarah)\b",
        r"\b(?:admin|developer|debug|god|root|test|maintenance|system)\b[^.!?\n]{0,8}\b(?:mode|access|rights?)\b[^.!?\n]{0,8}\b(?:on|chalu|chalao|kholo|khol|do|dedo|de do|me jao|mein jao|activate|enable|karo)\b",
        r"\b(?:otp|verification|security|fraud|kyc|check|jaanch|pin)\b[^.!?\n]{0,14}\b(?:skip|bypass|hata do|hatao|band kar(?:o| do)?|chhod do|chhodo|off kar\w{0,2}|disable)\b[^.!?\n]{0,20}(?:\b(?:karo|kar|do|de|karke|kardo|aur|approve|transfer)\b|$)",
        r"\b(?:maan lo|maano|man lo|samjho|samajh lo|soch lo|farz karo)\b[^.!?\n]{0,40}\b(?:verif\w{1,8}|approve\w{0,1}|pass|login|otp|manager|staff|admin|ho gaya|ho chuka|sahi)\b",
        r"\b(?:customer|user|main|mai|mein|ye|yeh)\b[^.!?\n]{0,16}\b(?:verified|authenticated|verify ho|approved)\b[^.!?\n]{0,24}\b(?:approve|transfer|refund|release|skip|bhej|pass|de do|dedo|karo|kar do)\b",
        r"\b(?:sirf|bas|keval|only)\b[^.!?\n]{0,20}[\"'“‘]?\b(?:approved?|yes|haan|done|confirmed|success|verified)\b[\"'”’]?[^.!?\n]{0,8}\b(?:likho|bolo|bol|likh|kaho|jawab|reply|answer)\b|\bjawab (?:me|mein) (?:sirf|bas|keval)\b",
        r"\b(?:ai|bot|assistant|chat ?bot|system)\b[^.!?\n]{0,6}\b(?:ko|ke liye)\b[^.!?\n]{0,8}\b(?:nirdesh\w{0,2}|note|instructions?|aadesh|message|hukm|sandesh)\b",
        r"\b(?:main|mai|mein|me)\b[^.!?\n]{0,16}\b(?:developer|admin\w{0,9}|programmer|malik|owner|tumhara maalik)\b[^.!?\n]{0,8}\b(?:hu|hun|hoon|h)\b[^.!?\n]{0,40}\b(?:karo|kar|do|dikhao|batao|bypass|skip|approve|khol)\b",
        r"\b(?:sabhi|sare|saare|dusre|doosre|kisi aur)\b[^.!?\n]{0,8}\b(?:customers?|grahak\w{0,2}|users?)\b[^.!?\n]{0,20}\b(?:data|details?|balance|account|number|list)\b[^.!?\n]{0,12}\b(?:dikha|bata|de do|do|bhej|print)",
    ),
    "indic": _p(
        rf"(?:{any_of('निर्देश', 'नियम', 'प्रॉम्प्ट', 'आदेश')})[^।.!?\n]{{0,16}}(?:{any_of('भूल', 'अनदेखा', 'अनदेखी', 'नज़रअंदाज़', 'नजरअंदाज', 'मत मान', 'तोड़', 'हटा', 'छोड़', 'उपेक्षा', 'दिखा', 'बता दो', 'बताओ', 'लिख', 'दोहरा')})",
        rf"(?:{any_of('तुम', 'आप', 'तू')})[^।.!?\n]{{0,10}}(?:{any_of('अब', 'एक')})[^।.!?\n]{{0,24}}(?:{any_of('मैनेजर', 'प्रबंधक', 'एडमिन', 'डेवलपर', 'हैकर', 'एआई', 'बॉट', 'अधिकारी', 'आज़ाद', 'मॉडल')})[^।.!?\n]{{0,10}}(?:{any_of('हो', 'है', 'बनो', 'बन जा', 'की तरह')})",
        rf"(?:{any_of('मान लो', 'मानो', 'समझो', 'समझ लो', 'मान लीजिए', 'फ़र्ज़ करो')})[^।.!?\n]{{0,40}}(?:{any_of('सत्यापित', 'सत्यापन', 'वेरिफ', 'मंज़ूर', 'मंजूर', 'ओटीपी', 'मैनेजर', 'एडमिन', 'स्टाफ', 'पास हो', 'हो गया', 'हो चुक')})",
        rf"(?:{any_of('ग्राहक', 'यूज़र', 'यूजर', 'उपयोगकर्ता')})[^।.!?\n]{{0,16}}(?:{any_of('सत्यापित', 'वेरिफाइड', 'प्रमाणित')})[^।.!?\n]{{0,30}}(?:{any_of('मंज़ूर', 'मंजूर', 'रिफंड', 'ट्रांसफ', 'करो', 'कर दो', 'करें', 'छोड़')})",
        rf"(?:{any_of('ओटीपी', 'सत्यापन', 'सुरक्षा', 'जाँच', 'जांच', 'धोखाधड़ी')})[^।.!?\n]{{0,14}}(?:{any_of('छोड़ दो', 'हटा दो', 'बंद कर', 'बायपास', 'स्किप', 'मत माँग', 'मत मांग', 'मत पूछ')})",
        rf"(?:{any_of('एडमिन', 'डेवलपर', 'सिस्टम', 'डिबग', 'टेस्ट', 'रूट')}) (?:{any_of('मोड', 'एक्सेस', 'अधिकार')})|(?:{any_of('सिर्फ', 'सिर्फ़', 'केवल', 'बस')})[^।.!?\n]{{0,20}}(?:{any_of('स्वीकृत', 'मंज़ूर', 'मंजूर', 'हाँ', 'approved', 'अप्रूव्ड')})[^।.!?\n]{{0,8}}(?:{any_of('लिख', 'बोल', 'कह', 'जवाब')})",
        rf"(?:{any_of('एआई', 'बॉट', 'सहायक', 'असिस्टेंट', 'सिस्टम')})[^।.!?\n]{{0,6}}(?:{any_of('को', 'के लिए')})[^।.!?\n]{{0,8}}(?:{any_of('निर्देश', 'आदेश', 'संदेश', 'सूचना', 'नोट')})",
        rf"(?:{any_of('तुम्हें', 'आपको', 'तुमको')})[^।.!?\n]{{0,12}}(?:{any_of('क्या')})[^।.!?\n]{{0,16}}(?:{any_of('निर्देश', 'सिखाया', 'कहा गया', 'बताया गया', 'प्रॉम्प्ट')})|(?:{any_of('सभी', 'दूसरे', 'किसी और')})[^।.!?\n]{{0,8}}(?:{any_of('ग्राहक', 'यूज़र')})[^।.!?\n]{{0,20}}(?:{any_of('डेटा', 'जानकारी', 'बैलेंस', 'खात')})[^।.!?\n]{{0,12}}(?:{any_of('दिखा', 'बता', 'दो', 'भेज')})",
        rf"(?:{any_of('पिछले', 'पिछली', 'पुराने', 'पहले', 'सभी', 'सारे', 'अपने', 'ऊपर', 'पूर्व', 'इन', 'सब')})[^।.!?\n]{{0,24}}(?:{any_of('निर्देश', 'नियम', 'आदेश', 'बातों', 'बात को', 'प्रॉम्प्ट', 'हिदायत')})[^।.!?\n]{{0,24}}"
        rf"(?:{any_of('भूल', 'अनदेखा', 'अनदेखी', 'नज़रअंदाज़', 'नजरअंदाज', 'छोड़', 'हटा', 'उपेक्षा', 'मत मान', 'तोड़')})",
        rf"(?:{any_of('अनदेखा', 'उपेक्षा', 'नज़रअंदाज़', 'नजरअंदाज')})[^।.!?\n]{{0,12}}(?:{any_of('कर')})[^।.!?\n]{{0,30}}(?:{any_of('कहें', 'कहो', 'बताएं', 'बताओ', 'दें', 'दो', 'निर्देश', 'नियम')})",
        rf"(?:{any_of('सिस्टम प्रॉम्प्ट', 'सिस्टम प्रोम्प्ट', 'डेवलपर मोड', 'एडमिन मोड', 'ओवरराइड मोड', 'डिबग मोड', 'जेलब्रेक', 'सिस्टम रीसेट', 'डेटा ओवरराइड')})",
        rf"(?:{any_of('आप', 'तुम', 'आपका', 'तुम्हारा')})[^।.!?\n]{{0,30}}(?:{any_of('पासवर्ड', 'पासकोड', 'डेटाबेस', 'निर्देश')})[^।.!?\n]{{0,24}}(?:{any_of('साझा कर', 'बता', 'दे सकते', 'देते', 'प्रिंट', 'क्या होगा', 'दिखा')})",
        rf"(?:{any_of('हमारे सिस्टम', 'आपके सिस्टम', 'इस सिस्टम')})[^।.!?\n]{{0,16}}(?:{any_of('पासवर्ड', 'पासकोड')})",
        rf"(?:{any_of('बिना')})[^।.!?\n]{{0,24}}(?:{any_of('ओटीपी', 'सत्यापन', 'जाँच', 'जांच', 'पूछे', 'मंज़ूरी', 'मंजूरी', 'पुष्टि')})[^।.!?\n]{{0,30}}(?:{any_of('मंज़ूर', 'मंजूर', 'स्वीकृत', 'ट्रांसफ', 'भेज', 'रिफंड', 'पास', 'जारी')})",
        rf"(?:{any_of('अब से', 'अबसे')}) (?:{any_of('तुम', 'आप', 'तू')})",
        rf"(?:{any_of('পূর্ববর্তী', 'আগের', 'উপরের', 'সমস্ত', 'তোমার', 'আপনার', 'সব')})[^।.!?\n]{{0,24}}(?:{any_of('নির্দেশ', 'নিয়ম', 'কথা', 'বিষয়')})[^।.!?\n]{{0,24}}(?:{any_of('উপেক্ষা', 'ভুলে', 'অগ্রাহ্য')})",
        rf"(?:{any_of('তোমার', 'আপনার', 'আমাদের সিস্টেম')})[^।.!?\n]{{0,20}}(?:{any_of('পাসওয়ার্ড', 'পাসকোড', 'ডাটাবেস')})|{any_of('সিস্টেম প্রম্পট', 'সিস্টেম রিসেট')}",
    ),
    "other_languages": _p(
        r"\b(?:ignora|ignore|olvida|olvide|esque[cç]a|dimentica|ignorez|oublie[zr]?|ignoriere?n?|vergiss|vergessen sie)\b[^.!?\n]{0,30}\b(?:instrucciones|reglas|indicaciones|instru[cç](?:õ|o)es|regras|istruzioni|regole|instructions pr|consignes|r[eè]gles|anweisungen|instruktionen|regeln)",
        rf"(?:{any_of('игнорир', 'забуд')})[^.!?\n]{{0,30}}(?:{any_of('инструкц', 'указан', 'правил', 'предыдущ')})",
        rf"(?:{any_of('αγνο', 'ξέχασ', 'ξεχάστε')})[^.!?\n]{{0,30}}(?:{any_of('οδηγί', 'εντολ', 'κανόν')})",
        rf"(?:{any_of('지시', '명령', '지침', '규칙')})[^.!?\n]{{0,12}}(?:{any_of('무시', '잊')})",
        rf"(?:{any_of('指示', '命令', '指令', 'ルール')})[^。.!?\n]{{0,8}}(?:{any_of('無視', '忘れ')})|^[^\n]{{0,300}}{any_of('無視して')}",
        rf"(?:{any_of('忽略', '无视', '忘记', '不要理会')})[^。.!?\n]{{0,12}}(?:{any_of('指令', '指示', '规则', '提示词', '说明')})",
        rf"(?:{any_of('تجاهل', 'انس', 'انسى')})[^.!?\n]{{0,24}}(?:{any_of('التعليم', 'الأوامر', 'القواعد', 'السابق', 'الصابق')})",
        r"\b(?:password|passwort|contrase[nñ]a|mot de passe|senha)\b[^.!?\n]{0,16}\b(?:geben|dar|donner|dare|mir|dir)\b|\b(?:qual|cu[aá]l|quel|was) (?:[eèé]s?|est|ist) (?:la|el|le|das|a) (?:password|passwort|contrase[nñ]a|mot de passe|senha)",
    ),
}

WEAK: dict[str, re.Pattern[str]] = {
    "role": _p(
        r"\b(?:act (?:as|like) (?:a|an|the|if|you)|acting as|pretend(?:ing)? (?:to be|you|that you)|role-?play (?:as|with me)|play the (?:role|part)|you (?:are|re) (?:now|going to|about to|a|an) |you're (?:now|a|an) |you will (?:now )?(?:act|be|play|pose|pretend|take)"
        r"|in character|alter ego|immerse yourself|behave (?:as|like) (?:a|an|the)|i want you to (?:act|be|play|pretend|respond|answer|simulate|become|role)|take (?:on|up) the (?:role|persona)|impersonate|personify|let'?s play)\b",
        rf"(?:{any_of('भूमिका', 'किरदार', 'ভূমিকা')})",
    ),
    "story": _p(
        r"\b(?:role-?play\w{0,3}|simulat(?:e|or|ing)|persona|characters? (?:named|called)|fictional|hypothetical|personality|scenario)\b",
        rf"\b(?:imagine|suppose|assume) (?:that )?(?:you|we|yourself)\b|(?:{any_of('कल्पना क', 'काल्पनिक', 'मान लीजिए', 'মনে কর', 'কল্পনা কর')})",
    ),
    "limits": _p(
        r"\b(?:no|any|all|without|free (?:from|of)|not bound by|beyond)\b[^.!?\n]{0,24}\b(?:restrictions?|limits?|limitations|filters?|censorship|morals?|ethic(?:s|al)?|boundaries|moderation|disclaimers?|warnings?|refus\w{1,3})\b",
        r"\b(?:unrestricted|unfiltered|uncensored|unethical|unbound|amoral|immoral(?:ity)?|illegal(?:ity)?|illegality|unlimited language|inhumane|never refuses?|(?:cannot|can't|can not|never) (?:refuse|decline|reject|say no)|can do anything|profanit\w{1,3}|swear words|offensive|explicit|legal(?:ity)? or|no matter (?:how|what)|moralizing|openai polic\w{1,3}|content polic\w{1,3})\b",
        rf"(?:{any_of('सीमाओं से मुक्त', 'कोई नियम नहीं', 'बिना किसी रोक', 'সীমা থেকে মুক্ত')})",
    ),
    "model": _p(
        r"\b(?:chat ?gpt|gpt-?\d?|\w{2,12}gpt|openai|language models?|ai (?:model|assistant|chat ?bot|language)|as an ai|an ai|llms?|gemini|llama|chat ?bots?|artificial intelligence|virtual machine)\b",
        rf"(?:{any_of('एआई', 'चैटबॉट', 'भाषा मॉडल', 'एलएलएम', 'এআই')})",
    ),
    "form": _p(
        r"\[?insert[_ ](?:prompt|question|your)|\[prompt\]|\bprompts? (?:here|i give|below)|\bmy (?:first|next|1st) (?:question|prompt|request|query|command|sentence)\b|\byour responses?\b|\b(?:respond|answer|reply) (?:only|with|as|to (?:every|each|all|the|my|any)|in)\b",
        r"\b(?:only|just) (?:say|reply|respond|answer|output)\b|\boutput\b|\bstart (?:your|every|each|all)\b|\b(?:state|say|print) (?:the following|that)\b|\brepeat after me\b|\btwo (?:different |separate )?ways\b|\bif you understand\b|\bdo not (?:explain|write explanations|break)\b",
        rf"(?:{any_of('निम्नलिखित', 'जवाब में सिर्फ', 'उत्तर में केवल')})",
    ),
    "asks": _p(
        r"\b(?:tell|give|share|reveal|confirm|say|provide|disclose|print|type|show|hand|guess) (?:me|us|it|out|the|your|our|with me|with us)\b|\bwhat(?:'s| is| was)\b|\bi (?:need|want|will give you)\b(?! to)|\b(?:can|could|would|do) you (?:know|tell|give|share|reveal|confirm|say|provide|remember)\b",
        rf"(?:{any_of('बताओ', 'बताएं', 'बताइए', 'बता सकते', 'साझा कर', 'दे दो', 'दीजिए', 'दे सकते', 'क्या है', 'पुष्टि कर', 'কি', 'বলুন', 'দিন', 'নিশ্চিত')})",
    ),
    "secret": _p(
        rf"(?<!reset )(?<!change )(?<!forgot )\b(?:the|your|our|this|a|any) (?:secret |system |admin |master )?{_SECRET}\b(?! (?:for|of|to) (?:my|the|this|a|an) (?:e-?)?(?:pdf|statement|document|file|app|net|wi-?fi|attachment|card|account))(?! (?:reset|change|link|policy|is not|page|field|option))|(?<!{fold_text('मेरा ')})(?<!{fold_text('मेरे ')})(?<!{fold_text('अपना ')})(?<!{fold_text('नया ')})(?:{any_of('पासवर्ड', 'पासकोड', 'गुप्त कोड', 'পাসওয়ার্ড')})(?![^।.!?\n]{{0,24}}(?:{any_of('रीसेट', 'बदल', 'भूल', 'लिंक')}))",
        r"\b\w{2,14}'s (?:birth ?date|date of birth|e-?mail address|email|home address|phone number|account number|balance)\b",
        any_of("की जन्म तिथि", "का ईमेल", "के ईमेल", "জন্ম তারিখ"),
    ),
    "disguise": _p(
        r"\b(?:poem|haiku|acrostic|leet ?speak|base ?64|rot ?13|morse|cipher|encod(?:e|ed|ing)|letter by letter|spell (?:it )?out|reverse order|backwards|in hex|pig latin|smartgpt|three strings|two parts|part 1)\b",
        rf"(?:{any_of('कविता', 'हाइकु', 'क्रोस्टिक', 'बेस64', 'आधार64', 'स्ट्रिंग्स')})",
    ),
    "authority": _p(
        r"\b(?:i am|i'm) (?:actually |really )?(?:a|an|the|your) (?:bank (?:accountant|manager|officer|employee)|developer|administrator|admin|engineer|auditor|god|ceo)\b|\bauthori[sz]ed by\b|\bfor (?:educational|research|testing) purposes\b|\blast reminder\b",
    ),
}

#: Signs that count in text which others wrote: a payee's name or an article has nobody to instruct.
OF_OTHERS: dict[str, re.Pattern[str]] = {
    "to_the_reader": _p(
        r"\b(?:your|the|this|you) (?:response|answer|reply|summary|output|replies|responses)\b|\b(?:the|this|every|each) (?:user|customer)(?:'s)?\b[^.!?\n]{0,40}\b(?:should|must|to|that|has|is|information|data)\b",
        r"\b(?:ai|llm|assistant|chat ?bot|language model|bot|agent)s?\b[^.!?\n]{0,20}\b(?:should|must|please|reading|reads|note|approve|tell|say|will)\b",
        r"\b(?:todo|action required|attention|to do)\s{0,2}:\s{0,2}[a-z]",
        r"\b(?:tell|inform|assure|convince|ask) (?:the |this )?(?:user|customer|reader|client|them) (?:that|to|about)\b",
        r"<!--|\bconfidential instruction|\bsystem\s{0,2}[:>-]\s{0,2}\w|\b(?:ai|bot|assistant)\s{0,2}:\s{0,2}\w",
        r"\b(?:payee|payment|account|transaction|merchant|beneficiary|refund|dispute|sender|vendor|this)\b[^.!?\n]{0,12}\b(?:is|are|was|has been|already|pre)\b[^.!?\n]{0,8}\b(?:verified|trusted|approved|safe|white ?listed|exempt|pre-?approved|cleared)\b",
        r"\bno (?:further )?(?:checks?|otp|verification|approval|confirmation|review)\b[^.!?\n]{0,8}\b(?:needed|required|necessary)\b|\b(?:mark|flag|treat|consider|classify|record|log|list) (?:this |it |as |me |the \w{1,12} )?(?:as )?(?:safe|verified|approved|resolved|trusted|genuine|legit\w{0,5}|urgent|closed|paid)\b",
        r"\bauto[- ]?approved?\b|\b(?:do not|don't|never) (?:flag|block|tell|mention|inform|warn|alert|report|ask|verify|check|question)\b|\b(?:approve|refund|release|unblock|unfreeze|waive|authori[sz]e) (?:this|all|any|every|the|my|now|immediately|me)\b",
        r"\b(?:approve|manzoor|pass|verify|verified)\b[^.!?\n]{0,8}\b(?:karo|kar do|kardo|kare|kijiye|maano|samjho)\b|\b(?:mat (?:poocho|pucho|puchho|batana|bataana|roko|check))\b",
        rf"(?:{any_of('मंज़ूर', 'मंजूर', 'स्वीकृत', 'सत्यापित', 'अप्रूव', 'रिफंड', 'सुरक्षित')})[^।.!?\n]{{0,8}}(?:{any_of('कर दो', 'करो', 'करें', 'कर दें', 'मानो', 'मानें', 'समझो', 'समझें')})|(?:{any_of('मत पूछ', 'मत बता', 'मत रोक', 'न पूछ', 'न बता', 'जाँच न', 'जांच न')})",
    ),
    "task": _p(
        r"(?:^|[.!?:\n]\s{0,3})(?:please )?(?:explain|describe|translate|compose|rearrange|scramble|anagram|misspell|incorporate|integrate|concatenate|augment|embed|append|summari[sz]e|rewrite|respond|answer|formulate|provide (?:an?|the|your)|write an?|include an?|modify your|replace (?:letters|vowels|every|each)|remove (?:spaces|all)|use (?:anagrams|commonly)|introduce random)\b",
        r"(?:^|[.!?:\n]\s{0,3})(?:please )?(?:send|forward|e-?mail|post|upload|transfer|pay|refund|delete|approve|execute|change|update|invite|reset|release|grant|mark|waive|credit|increase)\b[^.!?\n]{0,60}\b(?:to|from|at|for|with|as|the|this|all|every|my)\b[^.!?\n]{0,40}(?:@|\baccount|\bpassword|\biban|\buser\b|\bcustomer\b|\bfile|\b[a-z]{2}\d{6,}|\bhttps?:|\bwww\.|\btransaction|\bdispute|\bimmediately|\brefund|\bcharges?\b|\bpayee|\blimit)",
        r"\b(?:ignore|forget|skip|bypass|disregard|override|waive|disable) (?:all|any|every|the|your|previous|this|everything|rules?|limits?|checks?|otp|charges?|fees?|fraud|security|verification|kyc)\b",
        r"\b(?:say|tell|reply|answer|print|show|reveal|give|grant|read out|display) (?:me |us |them |him |back )?(?:the customer|the user|customer|user|yes|done|approved|all|everything|system|your|passwords?|otp|balances?|secrets?|it is)\b",
        r"\b(?:refund|approve|release|credit|pay|transfer|send|unblock) (?:the )?(?:customer|user|him|her|them|me|everything|everyone|it|now|instantly|immediately|full|double|back|without|rs|inr|₹?\d)\b",
        r"\b(?:customer|user|grahak|inko|isko|sabko|mujhe|sab|pura|poora)\b[^.!?\n]{0,16}\b(?:bolo|batao|bata do|de do|dedo|dikhao|bhejo|bhej do|lauta do|transfer karo|refund karo|maaf kar\w{0,2})\b|\b(?:limit|otp|check|jaanch|rok|block)\b[^.!?\n]{0,6}\b(?:hata|hatao|mat mang\w{0,2}|mat pooch\w{0,2}|band kar\w{0,2})",
        rf"(?:{any_of('ग्राहक को', 'उपयोगकर्ता को', 'यूज़र को', 'मुझे', 'इसको', 'सबको', 'पैसे', 'रिफंड', 'सारे शुल्क', 'सीमा')})[^।.!?\n]{{0,16}}(?:{any_of('बोलो', 'बताओ', 'बता दो', 'दे दो', 'दो', 'दें', 'दिखाओ', 'भेजो', 'भेज दो', 'लौटा', 'माफ', 'हटा')})",
        r"\b(?:get|collect|gather|extract) (?:all|every)\b[^.!?\n]{0,40}\b(?:information|data|messages|records|numbers?)\b",
    ),
}
