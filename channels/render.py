"""Error code → words for the customer, per language. The text of an exception is never shown."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "hi"]

_TEXTS: dict[str, tuple[str, str]] = {
    "frame_malformed": ("That could not be read. Please try again.", "यह पढ़ा नहीं जा सका। कृपया फिर से कोशिश करें।"),
    "frame_unknown": ("This kind of message is not known here.", "इस प्रकार का संदेश यहाँ नहीं पहचाना जाता।"),
    "frame_too_large": ("That is too large to send in one piece.", "यह एक बार में भेजने के लिए बहुत बड़ा है।"),
    "message_too_long": ("Please keep a message under 4,000 characters.", "कृपया संदेश 4,000 अक्षरों से छोटा रखें।"),
    "message_empty": ("The message is empty.", "संदेश खाली है।"),
    "too_fast": ("That was a little fast. Please wait a moment.", "थोड़ा धीरे, कृपया एक पल रुकें।"),
    "inbox_full": ("We are still answering your earlier messages.", "हम आपके पिछले संदेशों का उत्तर दे रहे हैं।"),
    "request_unknown": ("That question is not open here.", "यह प्रश्न यहाँ खुला नहीं है।"),
    "request_kind": ("That answer does not fit the question.", "यह उत्तर प्रश्न से मेल नहीं खाता।"),
    "request_expired": ("The time for this answer has run out. Please ask again.", "इस उत्तर का समय समाप्त हो गया है। कृपया फिर से पूछें।"),
    "request_closed": ("This has been answered already.", "इसका उत्तर दिया जा चुका है।"),
    "request_not_delivered": ("Please look at the question again before you answer.", "कृपया उत्तर देने से पहले प्रश्न फिर देखें।"),
    "choice_not_offered": ("Please choose one of the options shown.", "कृपया दिखाए गए विकल्पों में से एक चुनें।"),
    "digest_mismatch": (
        "What you confirmed is not what was shown. Nothing has been done.",
        "जिसकी आपने पुष्टि की वह दिखाए गए से अलग है। कुछ भी नहीं किया गया है।",
    ),
    "session_expired": ("Your sign-in has run out. Please sign in again.", "आपका साइन-इन समाप्त हो गया है। कृपया फिर से साइन इन करें।"),
    "session_customer_differs": ("Please start a new chat to sign in as someone else.", "किसी और के रूप में साइन इन करने के लिए नई चैट शुरू करें।"),
    "conversation_not_found": ("This chat could not be found.", "यह चैट नहीं मिली।"),
    "files_not_taken": ("Files cannot be taken in this chat yet.", "इस चैट में अभी फ़ाइलें नहीं ली जा सकतीं।"),
    "bank_unavailable": ("The bank's systems are not answering just now. Please try again shortly.", "बैंक की प्रणाली अभी उत्तर नहीं दे रही है। कृपया थोड़ी देर बाद कोशिश करें।"),
}  # fmt: skip
_TOKEN = ("Please sign in again.", "कृपया फिर से साइन इन करें।")
_OTHER = ("Something went wrong on our side. Please try again.", "हमारी ओर से कुछ गड़बड़ हुई। कृपया फिर से कोशिश करें।")


def error_text(code: str, language: Language) -> str:
    """Words for a code; one general sentence for codes that say nothing to a customer."""
    texts = _TEXTS.get(code) or (_TOKEN if code.startswith("token_") else _OTHER)
    return texts[0 if language == "en" else 1]
