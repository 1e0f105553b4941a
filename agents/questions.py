"""Whether a message asks something: of use while a yes, a choice or words are awaited, so that a question is no answer to them."""

from __future__ import annotations

import re

from models.parsers.text import LETTER, fold

_WHO = r"(?:i|you|u|we|they|it|this|that|there|the|my|your|someone|anyone)"
#: Hindi *do* is two and *is* is this, so English auxiliaries count only before a pronoun.
_ASKS = re.compile(
    rf"^(?:(?:so|and|but|ok|okay|wait|also|sorry|please|hey) )*(?:what|why|how|when|where|which|who|whose|whom|(?:is|are|am|was|can|could|will|would|do|does|did|"
    rf"should|shall|may|has|have) {_WHO})\b"
    rf"|(?<![{LETTER}])(?:kyu|kyun|kyon|kyo|kab|kaise|kaisa|kahan|kaha|kaun|kaunsa|kaunsi|kitna|kitne|kitni|"
    + "|".join(map(fold, ("क्यों", "कब", "कैसे", "कैसा", "कहाँ", "कौन", "कौनसा", "कितना", "कितने", "कितनी")))
    + rf")(?![{LETTER}])"
    rf"|^(?:kya|{fold('क्या')}) \S+ \S"
)
_KYA_LAST = (" kya", " " + fold("क्या"))
#: A message longer than this may ask something somewhere; it is no plain question.
MAX_QUESTION = 300


def is_question(text: str) -> bool:
    """A question mark after words, or words that ask, in three ways of speaking."""
    plain = fold(text[: MAX_QUESTION + 1]).strip(" .!।")
    if len(plain) > MAX_QUESTION or len(plain.split()) < 2:
        return False
    return bool(_ASKS.search(plain)) or plain.endswith(("?", *_KYA_LAST))
