"""Ways to say yes, no, cancel, repeat and "a person" as a whole message, in English, Hindi and Hinglish."""

from __future__ import annotations

AFFIRM = (
    "yes", "y", "yep", "yeah", "yea", "ya", "yup", "yess", "yes yes", "ok", "okay", "okey", "k", "sure", "of course", "correct", "right",
    "that's right", "thats right", "that is right", "that's correct", "that is correct", "that's it", "that's the one", "that one",
    "exactly", "absolutely", "definitely", "confirm", "confirmed", "i confirm", "i agree", "agreed", "go ahead", "do it", "proceed",
    "please proceed", "sounds good", "fine", "it is", "i do", "yes it is", "yes i do", "yes that's right", "yes that's correct", "yes that one",
    "yes this one", "this one", "yes correct", "yes right", "yes sure", "yes ok", "yes confirm", "yes go ahead", "yes do it", "yes proceed",
    "haan", "han", "haa", "ha", "haanji", "hanji", "ji haan", "ji han", "ji", "haan ji", "han ji", "haan haan", "bilkul", "haan bilkul",
    "sahi", "sahi hai", "haan sahi hai", "theek", "theek hai", "thik hai", "tik hai", "thik h", "haan theek hai", "haan thik hai", "haan yahi",
    "haan yahi hai", "yahi", "yahi hai", "yahi wala", "wahi", "wahi hai", "haan wahi", "kar do", "kardo", "haan kar do", "kar dijiye", "kijiye", "zaroor", "jaroor",
    "pakka", "aage badho", "accha", "achha", "हां", "हा", "जी", "जी हां", "हां जी", "हांजी", "बिल्कुल", "बिलकुल", "सही", "सही है", "ठीक", "ठीक है", "हां सही है",
    "हां ठीक है", "हां यही", "यही", "यही है", "हां यही है", "वही", "वही है", "कर दो", "कर दीजिए", "हां कर दो", "हां कर दीजिए", "कीजिए", "ज़रूर", "पक्का", "अच्छा",
    "\U0001f44d", "\U0001f44c", "\u2705", "\u2714", "\U0001f197",
)  # fmt: skip
DENY = (
    "no", "n", "nope", "nah", "na", "noo", "no no", "not this", "not this one", "not that", "not that one", "wrong", "wrong one", "incorrect", "that's wrong",
    "thats wrong", "that is wrong", "not correct", "that's not it", "thats not it", "that is not it", "not right", "that's not right", "it is not", "it isn't", "i don't", "i do not", "don't",
    "do not", "never", "not at all", "no it isn't", "no it is not", "no i don't", "no that's wrong", "no wrong", "no not this", "no not this one", "no not that one",
    "nahi", "nahin", "nai", "nhi", "ji nahi", "nahi ji", "nahi nahi", "bilkul nahi", "galat", "galat hai", "ye nahi", "yeh nahi", "ye wala nahi", "yeh wala nahi", "woh nahi", "wo nahi", "nahi ye nahi",
    "sahi nahi hai", "mat karo", "mat kijiye", "नहीं", "नही", "ना", "जी नहीं", "नहीं जी", "बिल्कुल नहीं", "गलत", "गलत है", "ये नहीं", "यह नहीं", "ये वाला नहीं", "यह वाला नहीं", "वो नहीं", "वह नहीं",
    "मत करो", "मत कीजिए", "सही नहीं है", "\U0001f44e", "\u274c", "\U0001f6ab",
)  # fmt: skip
CANCEL = (
    "cancel", "cancel it", "cancel this", "cancel that", "cancel please", "stop", "stop it", "stop this", "quit", "exit", "abort", "forget it", "forget about it",
    "forget that", "never mind", "nevermind", "leave it", "drop it", "let it be", "leave it there", "i changed my mind", "changed my mind", "don't do it", "do not do it",
    "i want to cancel", "i want to stop", "no cancel", "no cancel it", "no stop", "no leave it", "no forget it", "no never mind", "start over", "rehne do", "rehne dijiye", "rahne do", "rahne dijiye", "chhodo", "chodo", "chhod do",
    "chod do", "chhod dijiye", "jane do", "jaane do", "cancel karo", "cancel kar do", "cancel kardo", "cancel kijiye", "cancel kar dijiye", "band karo", "ruk jao", "ruko", "nahi rehne do", "nahi chahiye",
    "ab nahi chahiye", "रहने दो", "रहने दीजिए", "छोड़ो", "छोड़ दो", "छोड़ दीजिए", "जाने दो", "जाने दीजिए", "रद्द करो", "रद्द करें", "रद्द कर दो", "रद्द कर दीजिए", "रद्द", "बंद करो", "रुको", "रुक जाओ",
    "कैंसल", "कैंसिल", "कैंसिल करो", "कैंसिल कर दो", "नहीं चाहिए", "अब नहीं चाहिए", "नहीं रहने दो",
)  # fmt: skip
REPEAT = (
    "repeat", "repeat that", "repeat it", "repeat please", "say again", "say that again", "say it again", "again", "once more", "one more time", "come again", "pardon", "pardon me",
    "what did you say", "what was that", "sorry what", "can you repeat", "can you repeat that", "could you repeat", "could you repeat that", "can you say that again", "could you say that again", "i didn't get that", "i did not get that",
    "i didn't understand", "i did not understand", "i don't understand", "send again", "send it again", "resend", "resend it", "resend otp", "resend the otp", "resend code", "resend the code", "send otp again", "send the otp again", "send the code again", "i didn't get the otp", "i did not get the otp", "i didn't receive the otp",
    "otp nahi aaya", "otp nahi mila", "otp dobara bhejo", "dobara otp bhejo", "phir se bhejo", "dobara bhejo", "dobara", "dobara bolo", "dobara boliye", "dobara bataiye", "dobara batao", "phir se", "phir se bolo", "phir se boliye", "phir se batao", "phir se bataiye", "fir se", "fir se bolo", "fir se batao", "ek baar aur",
    "samajh nahi aaya", "samjha nahi", "samjhi nahi", "kya kaha", "kya bola", "दोबारा", "दुबारा", "फिर से", "दोबारा बोलो", "दोबारा बोलिए", "दोबारा बताइए", "फिर से बोलिए", "फिर से बताइए", "एक बार और", "समझ नहीं आया", "समझा नहीं",
    "क्या कहा", "दोबारा भेजो", "फिर से भेजो", "दोबारा भेजिए", "फिर से भेजिए", "फिर से भेजें", "दोबारा भेजें", "ओटीपी नहीं आया", "ओटीपी दोबारा भेजो",
)  # fmt: skip
HUMAN = (
    "human", "a human", "human please", "agent", "an agent", "live agent", "real person", "a real person", "person", "a person", "representative", "operator", "customer care", "customer service", "customer support", "executive", "manager", "officer",
    "talk to agent", "talk to an agent", "talk to a human", "talk to human", "talk to a person", "speak to a human", "speak to an agent", "speak to a person", "speak to someone", "talk to someone", "talk to somebody", "speak with someone", "chat with agent", "chat with an agent", "connect me to an agent", "connect me to a human", "connect me to a person", "connect to agent",
    "i want a human", "i want an agent", "i want a person", "i need a human", "i need an agent", "i need a person", "i want to talk to a human", "i want to talk to a person", "i want to talk to an agent", "i want to talk to someone", "i want to speak to a human", "i want to speak to a person", "i want to speak to an agent", "i want to speak to someone", "i want to talk to a real person", "i want to speak to a real person", "let me talk to a human", "let me talk to a person", "can i talk to a human", "can i talk to a person", "can i talk to someone", "can i speak to someone", "can i speak to a person", "can i talk to an agent", "give me a human",
    "kisi insaan se baat karni hai", "insaan se baat karni hai", "insaan se baat karao", "insan se baat karni hai", "agent se baat karni hai", "agent se baat karao", "agent se baat karwao", "customer care se baat karni hai", "customer care se baat karao", "kisi aadmi se baat karni hai", "kisi vyakti se baat karni hai", "kisi se baat karni hai", "kisi se baat karao", "manager se baat karni hai", "manager se baat karao",
    "इंसान", "व्यक्ति", "एजेंट", "इंसान से बात करनी है", "किसी इंसान से बात करनी है", "मुझे किसी इंसान से बात करनी है", "मुझे इंसान से बात करनी है", "किसी व्यक्ति से बात करनी है", "मुझे किसी व्यक्ति से बात करनी है", "एजेंट से बात करनी है", "मुझे एजेंट से बात करनी है", "एजेंट से बात कराओ", "एजेंट से बात कराइए", "कस्टमर केयर", "कस्टमर केयर से बात करनी है", "किसी से बात करनी है", "किसी से बात कराइए", "मैनेजर से बात करनी है",
)  # fmt: skip
