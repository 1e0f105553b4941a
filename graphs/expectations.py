"""What a typed message means to a flow that waits: an answer, a correction, or something else while a button or code is awaited. Pure.

A yes to a proposal never comes out of here: it counts only from the button, with its digest.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Literal

from domain.conversation import Affirm, Answer, Ask, Correct, Deny, Repeat, SetSlot, Start, Understanding
from graphs.claims import SINGLING, claim_from

Meant = Literal["affirm", "deny", "correct", "repeat", "other"]
#: What to say while something else than words is awaited.
AWAITED = {
    "choice": "conversation.wait_reminder_choice",
    "confirm": "conversation.wait_reminder_confirm",
    "otp": "conversation.wait_reminder_otp",
    "security_answer": "conversation.wait_reminder_answer",
    "file": "conversation.wait_reminder_file",
}
_OTHER = re.compile(
    r"\b(other one|another one|different one|not that|not this|wrong one|the other|dusra|dusri|doosra|doosri|woh nahi|ye nahi|yeh nahi)\b"
    r"|दूसरा|दूसरी|दूसरे|वह नहीं|वो नहीं|यह नहीं|ये नहीं"
)
_RESEND = re.compile(
    r"\b(resend|send (it |me )?(again|another|a new)|new (code|otp)|did ?n.t (get|receive)|not received|nahi aaya|phir se bhej)|फिर से भेज|दोबारा भेज|नहीं आया|नया कोड"
)
_ORDINALS = (
    ("first", "1", "1st", "पहला", "पहली", "pehla", "pehli"),
    ("second", "2", "2nd", "दूसरा", "दूसरी", "dusra", "dusri"),
    ("third", "3", "3rd", "तीसरा", "तीसरी", "teesra", "teesri"),
    ("fourth", "4", "4th", "चौथा", "चौथी", "chautha"),
    ("fifth", "5", "5th", "पाँचवाँ", "पांचवां", "paanchva"),
    ("sixth", "6", "6th", "छठा"),
    ("seventh", "7", "7th", "सातवाँ"),
)


def folded(text: str) -> str:
    """Text to compare: one spelling of each character, lower case, single spaces, no full stops or marks at the ends."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(" .!?।,")


def slots_of(reading: Understanding, flow: str | None = None) -> dict[str, Any]:
    """All values a message gave, from commands and slots; a correction wins.

    With `flow`, and several wishes in the message, only those that belong to the wish for it: the values that follow its `start`.
    """
    commands = list(reading.commands)
    starts = [place for place, command in enumerate(commands) if isinstance(command, Start)]
    given: dict[str, Any] = dict(reading.slots)
    if flow is not None and len(starts) > 1 and any(isinstance(command, SetSlot | Correct) for command in commands):
        own = next((place for place in starts if commands[place] == Start(flow=flow)), 0)
        commands = commands[own : next((place for place in starts if place > own), len(commands))]
        given = {}
    for command in commands:
        if isinstance(command, SetSlot | Correct):
            given[command.slot] = command.value
    return given


def meaning(reading: Understanding, text: str) -> Meant:
    """How the words are meant towards what was asked."""
    kinds = {type(command) for command in reading.commands}
    if Repeat in kinds:
        return "repeat"
    told = claim_from(slots_of(reading))
    if Correct in kinds or _OTHER.search(folded(text)) or (Deny in kinds and told):
        return "correct"
    if Deny in kinds:
        return "deny"
    return "affirm" if Affirm in kinds else "other"


def answer_to(ask: Ask, reading: Understanding, text: str) -> Answer | None:
    """The answer that a typed message is to this wait, or None where it is none."""
    meant, slots = meaning(reading, text), slots_of(reading)
    words = Answer(kind="text", value=text, slots=claim_from(slots), meant=meant)
    if ask.kind == "text":
        return words
    if ask.kind == "choice":
        chosen = choose(ask, text, meant, slots)
        if chosen is not None:
            return Answer(kind="choice", value=chosen)
        return words if meant == "correct" or words.slots else None
    if ask.kind == "confirm":
        if meant == "correct" or any(name in words.slots for name in SINGLING):
            return words.model_copy(update={"meant": "correct"})
        return Answer(kind="confirm", value=False, digest=ask.digest) if meant == "deny" else None
    # A secret is never a plain text; the only thing words can do is ask for the code again.
    wants_another = ask.purpose == "otp" and (meant == "repeat" or _RESEND.search(folded(text)))
    return words.model_copy(update={"meant": "repeat"}) if wants_another else None


def choose(ask: Ask, text: str, meant: Meant, slots: dict[str, Any]) -> str | None:
    """The option that was typed instead of pressed: its words, its place, a kind of dispute, yes or no."""
    values = [option.value for option in ask.options]
    typed = folded(text)
    for option in ask.options:
        if typed in {folded(option.title), folded(option.value)}:
            return option.value
    if slots.get("dispute_type") in values:
        return str(slots["dispute_type"])
    if set(values) == {"yes", "other"}:
        if claim_from(slots):
            return None  # more was said: the flow takes it as a correction
        return {"affirm": "yes", "deny": "other", "correct": "other"}.get(meant)
    if meant == "deny" and "none" in values:
        return "none"
    return _by_place(typed, values)


def _by_place(typed: str, values: list[str]) -> str | None:
    words = typed.replace("the ", "").replace(" one", "").replace("option ", "").replace(" वाला", "").replace(" वाली", "")
    for place, names in enumerate(_ORDINALS[: len(values)]):
        if words in names:
            return values[place]
    return None


def awaited_words(ask: Ask) -> str:
    """The template that says what is awaited instead of words."""
    return AWAITED.get(ask.purpose or "", AWAITED.get(ask.kind, AWAITED["choice"]))
