"""A message becomes typed commands: plain wishes and values first, then the classifier, then the model — each only if it is needed.

The next reader is asked only when the one before is not sure and the turn's time allows. When none is sure the customer is asked
once more; nothing is ever guessed between two equal readings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

from agents.model_reader import NONE, pick_intent, possible_here
from agents.pasted import own_part
from agents.questions import is_question
from agents.screen import language_of, screen
from agents.unwished import says_not_to
from agents.values_said import Slots, said_values
from agents.wishes import Wish, own_words, wishes
from domain.clock import SystemClock
from domain.conversation import (
    Affirm,
    AskHuman,
    AskKnowledge,
    Cancel,
    CannotHandle,
    Chitchat,
    Clarify,
    Command,
    Correct,
    Deny,
    Flag,
    Language,
    Reader,
    Repeat,
    SetSlot,
    Start,
    Understanding,
)
from domain.errors import Unavailable
from domain.ports import ReadingContext
from models.intents import IntentReading
from models.parsers.answers import AnswerKind, ShortAnswer, read_answer
from models.parsers.text import fold
from models.port import ChatModel


class Classifier(Protocol):
    """The second reader as it is used here: `models.intents.IntentClassifier`, or a twin."""

    async def classify(self, text: str, *, deadline_s: float = ...) -> IntentReading: ...


#: The flow that a wish starts; the other intents are commands of their own.
FLOW_OF = {"balance": "balance", "dispute": "dispute", "block_card": "block_card", "login_problem": "login"}
_CHAT = frozenset({"greeting", "thanks", "goodbye", "who_are_you"})
#: What a plain wish counts for.
PARSED = 0.97
#: While an answer is awaited, a reading that would lead away from it has to be at least this sure.
SURE_WHILE_WAITING = 0.85
#: Below this the classifier has no reading worth asking about.
WORTH_ASKING = 0.35
#: What a reading counts for when classifier and model agree.
AGREED = 0.75
#: Less sure that it is no wish of ours, we rather ask.
SURE_OF_NONE = 0.6
#: Seconds of the budget that are kept back from the model.
RESERVE_S = 0.05
MAX_TEXT = 4000
#: Wishes of one message that are taken up.
MOST_WISHES = 3
#: A message of this many words or fewer, while words are awaited, is an answer rather than a new wish.
SHORT_ANSWER = 6
_MASKED = ("[card ending ", "[Aadhaar number]", "[one-time password]", "[CVV]", "[PIN]", "[password]", "[security answer]")


@dataclass(frozen=True, slots=True)
class _Heard:
    """A message with what can be said about it before any wish is looked for."""

    text: str
    context: ReadingContext
    slots: Slots
    language: Language
    flags: tuple[Flag, ...]
    plain: tuple[Wish, ...]
    #: The message takes back a value said before.
    corrected: bool

    def reading(self, commands: Sequence[Command], intent: str, confidence: float, reader: Reader) -> Understanding:
        return Understanding(
            commands=tuple(commands),
            intent=intent,
            confidence=round(min(max(confidence, 0.0), 1.0), 4),
            reader=reader,
            slots=self.slots,
            language=self.language,
            flags=self.flags,
        )

    @property
    def values(self) -> list[Command]:
        """The slots as commands: said anew, or corrected."""
        return _as_commands(self.slots, self.corrected)

    @property
    def asks(self) -> bool:
        """Whether it is a question while something else is awaited."""
        return self.context.expecting is not None and is_question(self.text)


class MessageReader:
    """The Understander. Without a classifier and a model it reads plain wishes and answers only, and says so when it cannot.

    `parsers=False` leaves the first reader out, values included: for measuring what each reader is worth, never for customers.
    """

    def __init__(
        self, clock: SystemClock, classifier: Classifier | None = None, model: ChatModel | None = None, *, parsers: bool = True
    ) -> None:
        self._clock, self._classifier, self._model = clock, classifier, model
        self._parsers = parsers

    async def understand(self, text: str, context: ReadingContext) -> Understanding:
        """Read a message. Never raises for what a customer writes; a reader that fails is passed over."""
        ends = self._clock.monotonic() + context.deadline_s
        text, whole = own_part(text[:MAX_TEXT]), text[:MAX_TEXT]
        heard = _hear(text, context, _flags(whole))
        if not self._parsers:
            return await self._read(replace(heard, slots={}), ends)
        if not any(char.isalnum() for char in text) and read_answer(text) is None:
            return heard.reading([CannotHandle(reason="empty")], "unclear", 1.0, "parser")
        if (answer := read_answer(text)) is not None:
            return await self._short(heard, answer, ends)
        return await self._read(heard, ends)

    async def _short(self, heard: _Heard, answer: ShortAnswer, ends: float) -> Understanding:
        """A yes, no, cancel, repeat or call for a person, and what follows it: "no, the 500 one"."""
        command = _ANSWERS[answer.kind]()
        if not answer.rest.strip():
            return heard.reading([command], answer.kind, PARSED, "parser")
        rest = _hear(answer.rest, heard.context, heard.flags)
        if answer.kind == "deny" and rest.slots and not rest.plain:
            fixed: list[Command] = [Correct(slot=name, value=value) for name, value in rest.slots.items()]
            return heard.reading([command, *fixed], answer.kind, PARSED, "parser")
        more = await self._read(rest, ends)
        if is_question(answer.rest) and not any(isinstance(each, Start | AskHuman) for each in more.commands):
            return heard.reading([command, AskKnowledge(question=answer.rest)], answer.kind, PARSED, "parser")
        said = [each for each in more.commands if not isinstance(each, CannotHandle | Clarify)]
        intent = more.intent if any(isinstance(each, Start | AskHuman) for each in said) else answer.kind
        return heard.reading([command, *said], intent, PARSED, "parser")

    async def _read(self, heard: _Heard, ends: float) -> Understanding:
        if self._parsers and heard.plain:
            return _plainly(heard)
        if self._parsers and _answers(heard):
            return heard.reading(heard.values, "answer", 0.9, "parser")
        found = await self._classify(heard.text, ends)
        if found is None:
            return _question(heard) if heard.asks else _unread(heard)
        waiting = heard.context.expecting
        leads_away = waiting is not None and FLOW_OF.get(found.intent, "") != heard.context.flow
        refused = found.intent in FLOW_OF and found.intent != "dispute" and says_not_to(heard.text)
        if found.sure and not refused and (not leads_away or found.confidence >= SURE_WHILE_WAITING):
            return heard.reading(_commands(heard, found.intent), found.intent, found.confidence, "classifier")
        if heard.asks:
            return _question(heard)
        if waiting is not None and waiting.kind == "text" and _is_short(heard.text):
            return heard.reading(heard.values, "answer", 0.5, "classifier")
        return await self._ask_model(heard, found, ends)

    async def _classify(self, text: str, ends: float) -> IntentReading | None:
        left = ends - self._clock.monotonic()
        if self._classifier is None or left <= 0:
            return None
        try:
            return await self._classifier.classify(text, deadline_s=left)
        except Unavailable:
            return None

    async def _ask_model(self, heard: _Heard, found: IntentReading, ends: float) -> Understanding:
        """The classifier is not sure: the model may confirm its first reading; otherwise the customer is asked."""
        left = ends - self._clock.monotonic() - RESERVE_S
        if found.confidence < WORTH_ASKING:
            return _unread(heard)
        picked = None
        asked = possible_here([name for name, _ in found.ranking], heard.context)
        if self._model is not None and left > RESERVE_S and found.intent in asked:
            try:
                picked = await pick_intent(self._model, heard.text, asked, left)
            except Unavailable:
                picked = None
        if picked == found.intent and (picked != NONE or found.confidence >= SURE_OF_NONE):
            return heard.reading(_commands(heard, found.intent), found.intent, max(found.confidence, AGREED), "model")
        return _asked_back(heard, found, picked)


def _flags(text: str) -> tuple[Flag, ...]:
    flags: tuple[Flag, ...] = screen(text)
    return (*flags, "secret") if any(mark in text for mark in _MASKED) else flags


def _hear(text: str, context: ReadingContext, flags: tuple[Flag, ...]) -> _Heard:
    plain = tuple(wishes(text))
    disputing = context.flow == "dispute" or any(wish.intent == "dispute" for wish in plain)
    said = said_values(text, context, about_payment=disputing)
    return _Heard(text, context, said.slots, language_of(text, context.language), flags, plain, said.corrected)


def _as_commands(slots: Slots, corrected: bool) -> list[Command]:
    kind = Correct if corrected else SetSlot
    return [kind(slot=name, value=value) for name, value in slots.items()]


_ANSWERS: dict[AnswerKind, Any] = {"affirm": Affirm, "deny": Deny, "cancel": Cancel, "repeat": Repeat, "human": AskHuman}


def _commands(heard: _Heard, intent: str) -> list[Command]:
    """The commands of one intent, with the values that were said."""
    if intent in FLOW_OF:
        return [Start(flow=FLOW_OF[intent]), *heard.values]
    if intent in _CHAT:
        return [Chitchat(kind=cast(Any, intent))]
    if intent in _ANSWERS or intent == "human":
        return [_ANSWERS[cast(AnswerKind, intent)](), *heard.values]
    return [CannotHandle(reason="out_of_scope"), *heard.values]


def _plainly(heard: _Heard) -> Understanding:
    """Wishes said in so many words, several in one message, and those that are said to be unwanted."""
    own = own_words(heard.text, list(heard.plain))
    wanted = [(wish.intent, words) for wish, words in zip(heard.plain, own, strict=True) if not wish.denied][:MOST_WISHES]
    if not wanted:
        dropped = any(FLOW_OF.get(wish.intent) == heard.context.flow for wish in heard.plain)
        return heard.reading([Cancel() if dropped else Deny()], "cancel" if dropped else "deny", 0.9, "parser")
    if any(intent == "human" for intent, _ in wanted):
        return heard.reading([AskHuman(), *heard.values], "human", PARSED, "parser")
    if len(heard.plain) == 1:
        return heard.reading(_commands(heard, wanted[0][0]), wanted[0][0], PARSED, "parser")
    commands: list[Command] = []
    told: list[Slots] = []
    for intent, words in wanted:
        disputing = intent == "dispute" or heard.context.flow == "dispute"
        said = said_values(words, heard.context, about_payment=disputing)
        told.append(said.slots)
        commands += _commands(replace(heard, slots=said.slots, corrected=said.corrected), intent)
    return replace(heard, slots=_agreed(told)).reading(commands, wanted[0][0], PARSED, "parser")


def _agreed(told: Sequence[Slots]) -> Slots:
    """What the wishes of one message say together; where they differ, each has only its own."""
    values: dict[str, set[str | int | bool]] = {}
    for slots in told:
        for name, value in slots.items():
            values.setdefault(name, set()).add(value)
    return {name: found.pop() for name, found in values.items() if len(found) == 1}


def _answers(heard: _Heard) -> bool:
    """Values said while words or a choice are awaited, or one of the options offered."""
    asked = heard.context.expecting
    if asked is None or asked.kind not in {"text", "choice"}:
        return bool(heard.slots) and heard.context.flow is not None and _is_short(heard.text)
    typed = fold(heard.text).strip(" .!?।,")
    return bool(heard.slots) or any(typed in {fold(option.title), fold(option.value)} for option in asked.options)


def _is_short(text: str) -> bool:
    return len(text.split()) <= SHORT_ANSWER and "?" not in text


def _question(heard: _Heard) -> Understanding:
    """Something is asked while something else is awaited: it is kept as asked, and is no answer."""
    asked = AskKnowledge(question=heard.text.strip())
    return heard.reading([asked, CannotHandle(reason="not_understood")], "unclear", 0.0, "parser")


def _unread(heard: _Heard) -> Understanding:
    return heard.reading([*heard.values, CannotHandle(reason="not_understood")], "unclear", 0.0, "parser")


def _asked_back(heard: _Heard, found: IntentReading, picked: str | None) -> Understanding:
    """Which wishes to ask about: the classifier's first, the model's, and the runner-up; none of them when it is no wish of ours.

    `intent` stays the likeliest reading, with its chance of being right; that it is not acted on is what the commands say.
    """
    reader: Reader = "model" if picked else "classifier"
    least = WORTH_ASKING / 3 if found.in_scope else 1 - SURE_OF_NONE
    likely = [name for name, chance in found.ranking if chance >= least]
    named = dict.fromkeys([found.intent, *([picked] if picked else []), *likely])
    options = tuple(FLOW_OF[name] for name in named if name in FLOW_OF)[:2]
    if options:
        return heard.reading([Clarify(options=options), *heard.values], found.intent, found.confidence, reader)
    return heard.reading([CannotHandle(reason="not_understood"), *heard.values], found.intent, found.confidence, reader)
